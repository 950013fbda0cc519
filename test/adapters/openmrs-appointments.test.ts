import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import targets, { simulator } from '../../adapters/openmrs-appointments/conformance.ts';
import { closedBy } from '../../adapters/openmrs-appointments/plan.ts';
import { WORLD } from '../../adapters/openmrs-appointments/simulator/platform.ts';
import { startSimulator } from '../../adapters/openmrs-appointments/simulator/start.ts';
import { make, unmake } from '../../src/conformance/commands.ts';
import {
  type Context,
  faultOf,
  known,
  namesPatient,
  operation,
  PATIENT,
} from '../../src/conformance/context.ts';
import { conforms } from '../../src/conformance/mocha.ts';
import type { FreeTime } from '../../src/conformance/target.ts';
import { DAY, formatInstant, HOUR, instant, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import { watchedCases } from '../support/watched-simulator.ts';

for (const target of targets) conforms('openmrs-appointments', target);

const { own, agenda } = watchedCases(simulator, startSimulator);

const ZONE = 'America/Toronto';
const between = (start: string, end: string) => interval(parseInstant(start), parseInstant(end));
const last = (path: string): string => path.split('?')[0]?.split('/').at(-1) ?? '';
const asked = ({ proxy }: Context, from = 0): string[] =>
  proxy.seen.slice(from).map(({ path }) => last(path));
const settingsOf = ({ bench, proxy }: Context) => bench.settings(proxy.url);

/** Whoever takes that time behind our back, as OpenMRS lets them. */
const rival = ({ calendar }: Context, { interval: time }: FreeTime) =>
  agenda().take({ calendar, interval: time, slotId: null, reference: null, expiresAt: null });

/** Acts once the answer to that write is on its way, and before anybody looks at it. */
const afterTheWrite = (context: Context, to: string, act: () => void): void => {
  let done = false;
  const once = (body: string): string => {
    if (!done) act();
    done = true;
    return body;
  };
  context.proxy.set(
    { kind: 'tamper', change: once },
    (request) => context.isWrite(request) && last(request.path) === to,
  );
};

describe('openmrs-appointments, by itself', () => {
  own('reads both forms of time, statuses, and who is taken by it', async (context) => {
    const file = new URL('../../adapters/openmrs-appointments/fixtures/appointments.json', import.meta.url);
    const body = readFileSync(file, 'utf8')
      .replaceAll('PROVIDER', context.calendar)
      .replaceAll('CLOSER', WORLD.blockPatientUuid);
    context.proxy.set({ kind: 'tamper', change: () => body }, ({ path }) => path.endsWith('/search'));
    const platform = context.connect({ settings: { ...settingsOf(context), hasUnavailability: false } });
    const { rows, rejected } = await context.read(platform);
    const busy = rows.flatMap((row) => (row.kind === 'busy' ? [row] : []));
    const start = ({ start }: Interval): string => formatInstant(start).slice(11, 16);
    expect(busy.map((row) => [row.externalId, start(row.interval), row.busyKind, row.mark])).to.deep.equal([
      ['appointment-1', '14:00', 'appointment', null],
      ['appointment-2', '14:20', 'appointment', null],
      ['appointment-6', '14:40', 'appointment', null],
      ['appointment-8', '15:20', 'block', 'passerelle:0b7c4f9e-1111-4222-8333-444455556666'],
      // Staff gave it to somebody: it is theirs, whatever the comments say.
      ['appointment-9', '15:40', 'appointment', null],
      ['appointment-10', '16:00', 'appointment', 'passerelle:0b7c4f9e-1111-4222-8333-444455556668'],
    ]);
    expect(rejected.map(({ raw: _, ...told }) => told)).to.deep.equal([
      { externalId: 'appointment-6', reason: 'unmapped code Rescheduled in status' },
      { externalId: 'appointment-11', reason: 'endDateTime: custom' },
      { externalId: 'appointment-12', reason: 'startDateTime: custom; endDateTime: custom' },
    ]);
    expect(JSON.stringify(busy)).not.to.match(/[Ff]ictif|FICT/);
  });

  own('asks for conflicts before it books, and looks at the provider before and after', async (context) => {
    known(await make('book', context, context.connect(), await context.free(), context.mark()));
    expect(asked(context)).to.deep.equal(['search', 'conflicts', 'appointments', 'search']);
  });

  own('takes closed time for taken, and writes nothing', async (context) => {
    const { calendar } = context;
    const time = await context.free();
    agenda().block(calendar, time.interval, null);
    expect(await make('book', context, context.connect(), time, context.mark())).to.deep.equal({
      outcome: 'taken',
    });
    expect(context.proxy.seen.filter(context.isWrite)).to.deep.equal([]);
  });

  own('gives way to whoever books in the same moment', async (context) => {
    const time = await context.free();
    afterTheWrite(context, 'appointments', () => rival(context, time));
    expect(await make('book', context, context.connect(), time, context.mark())).to.deep.equal({
      outcome: 'taken',
    });
    expect((await context.periodsAt(time.interval)).map(({ reference }) => reference)).to.deep.equal([null]);
  });

  own('is unsure of a booking that it could not look at, and finds it by its mark', async (context) => {
    const platform = context.connect();
    const time = await context.free();
    const mark = context.mark();
    let searches = 0;
    context.proxy.set({ kind: 'status', status: 500 }, ({ path }) => {
      searches += path.endsWith('/search') ? 1 : 0;
      return path.endsWith('/search') && searches === 2;
    });
    expect((await faultOf(() => make('book', context, platform, time, mark))).kind).to.equal('unsure');
    expect((await platform.readBack?.(context.calendar, mark))?.map((row) => row.interval)).to.deep.equal([
      time.interval,
    ]);
  });

  own('puts a booking back where somebody was faster at its new time', async (context) => {
    const platform = context.connect();
    const [from, to] = [await context.free(), await context.free()];
    const booked = known(await make('book', context, platform, from, context.mark()));
    const command = {
      calendar: context.calendar,
      mark: context.mark(),
      known: booked,
      interval: to.interval,
      slot: null,
    };
    afterTheWrite(context, 'appointment', () => rival(context, to));
    expect(await operation(platform, 'move')(command)).to.deep.equal({ outcome: 'taken' });
    expect((await context.periodsAt(from.interval)).map(({ id }) => id)).to.deep.equal([booked.externalId]);
    expect((await context.periodsAt(to.interval)).map(({ reference }) => reference)).to.deep.equal([null]);
  });

  own('gives all else back as it was when a booking gets another time', async (context) => {
    const platform = context.connect({ settings: { ...settingsOf(context), patientInComments: true } });
    const [from, to] = [await context.free(), await context.free()];
    const mark = context.mark();
    const booked = known(await make('book', context, platform, from, mark));
    const command = { calendar: context.calendar, mark, known: booked, interval: to.interval, slot: null };
    expect((await operation(platform, 'move')(command)).outcome).to.equal('done');
    const [created, updated] = context.proxy.seen.filter(context.isWrite).map(({ body }) => JSON.parse(body));
    expect(updated.comments).to.equal(created.comments);
    expect(updated).to.deep.include({
      uuid: booked.externalId,
      patientUuid: WORLD.bookingPatientUuid,
      serviceUuid: WORLD.serviceUuid,
      locationUuid: WORLD.locationUuid,
      appointmentKind: 'Scheduled',
      providers: [{ uuid: context.calendar, response: 'ACCEPTED' }],
    });
    expect(updated.startDateTime).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000\+0000$/);
  });

  own('names the patient in the comments where the clinic wants it, and nowhere else', async (context) => {
    const time = await context.free();
    await make('book', context, context.connect(), time, context.mark());
    expect(namesPatient(JSON.stringify(context.proxy.seen))).to.equal(false);
    const other = context.connect({ settings: { ...settingsOf(context), patientInComments: true } });
    await make('book', context, other, await context.free(), context.mark());
    const naming = context.proxy.seen.filter(({ body }) => namesPatient(body));
    expect(naming.map(({ path }) => last(path))).to.deep.equal(['appointments']);
    for (const { body } of naming) {
      expect(JSON.parse(body).comments.split('\n')[1]).to.equal(`${PATIENT.family}, ${PATIENT.given}`);
    }
  });

  own('cancels nobody who has come already', async (context) => {
    const platform = context.connect();
    const time = await context.free();
    const mark = context.mark();
    const booked = known(await make('book', context, platform, time, mark));
    const arrived = (body: string) => body.replace('"status":"Scheduled"', '"status":"Arrived"');
    context.proxy.set({ kind: 'tamper', change: arrived }, ({ path }) => path.endsWith(booked.externalId));
    expect(await unmake('book', context, platform, mark, booked)).to.deep.equal({ outcome: 'taken' });
    expect(await context.periodsAt(time.interval)).to.have.length(1);
  });

  own('goes through pages by the start, and leaves none out', async (context) => {
    const { calendar } = context;
    const start = plus(context.now(), HOUR);
    const before = (await context.read(context.connect())).rows.filter(({ kind }) => kind === 'busy').length;
    const searches = (from: number) => asked(context, from).filter((name) => name === 'search').length;
    const from = context.proxy.seen.length;
    for (let count = 0; count < 450; count += 1) {
      // Three begin at once.
      const at = plus(start, Math.floor(count / 3) * MINUTE);
      agenda().take({
        calendar,
        interval: interval(at, plus(at, MINUTE)),
        slotId: null,
        reference: null,
        expiresAt: null,
      });
    }
    const { rows } = await context.read(context.connect());
    const busy = rows.filter(({ kind }) => kind === 'busy');
    expect(busy).to.have.length(before + 450);
    expect(new Set(busy.map(({ externalId }) => externalId)).size).to.equal(before + 450);
    expect(searches(from)).to.equal(3);
  });

  own('takes a page that is full of one moment for a fault, not for all there is', async (context) => {
    const { calendar } = context;
    const at = plus(context.now(), HOUR);
    for (let count = 0; count < 300; count += 1) {
      agenda().take({
        calendar,
        interval: interval(at, plus(at, MINUTE)),
        slotId: null,
        reference: null,
        expiresAt: null,
      });
    }
    expect((await faultOf(() => context.read(context.connect()))).kind).to.equal('malformed');
  });

  own('says that it cannot be read where the module knows no unavailability', async (context) => {
    context.proxy.set(
      { kind: 'status', status: 404 },
      ({ path }) => last(path) === 'appointmentUnavailability',
    );
    expect((await faultOf(() => context.read(context.connect()))).kind).to.equal('malformed');
    const platform = context.connect({ settings: { ...settingsOf(context), hasUnavailability: false } });
    expect((await context.read(platform)).end.kind).to.equal('end');
  });
});

describe('unavailability of OpenMRS', () => {
  const row = (startDate: string, startTime: string, endDate: string, endTime: string) => ({
    ...{ uuid: 'u', location: null, service: null, provider: 'p', startDate, startTime, endDate, endTime },
  });
  const window = interval(
    parseInstant('2026-11-01T04:00:00Z'),
    instant(Date.parse('2026-11-01T04:00:00Z') + 40 * DAY),
  );
  const times = (each: ReturnType<typeof row>) =>
    closedBy(each, 'p', window, ZONE).map(({ externalId, interval: time }) => [externalId, time]);

  it('of several days is those hours of each, as the platform compares them', () => {
    expect(times(row('2026-10-30', '09:00', '2026-11-02', '12:00'))).to.deep.equal([
      // From 09:00 EST, on the day on which the clocks went back.
      ['u#2026-11-01', between('2026-11-01T14:00:00Z', '2026-11-01T17:00:00Z')],
      ['u#2026-11-02', between('2026-11-02T14:00:00Z', '2026-11-02T17:00:00Z')],
    ]);
  });

  it('whose hours end before they begin is all between the first and the last moment', () => {
    expect(times(row('2026-11-03', '13:00', '2026-11-05', '12:00'))).to.deep.equal([
      ['u', between('2026-11-03T18:00:00Z', '2026-11-05T17:00:00Z')],
    ]);
  });

  it('that ends before it begins on one day cannot be read', () => {
    expect(() => times(row('2026-11-03', '13:00', '2026-11-03', '12:00'))).to.throw(RangeError);
  });
});
