import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import targets, { simulator } from '../../adapters/easy-appointments/conformance.ts';
import { intervalOf, spanOf } from '../../adapters/easy-appointments/local.ts';
import { createBusy } from '../../adapters/easy-appointments/normalize.ts';
import { startSimulator } from '../../adapters/easy-appointments/simulator/start.ts';
import { make } from '../../src/conformance/commands.ts';
import { type Context, faultOf, known, operation, PATIENT } from '../../src/conformance/context.ts';
import { conforms } from '../../src/conformance/mocha.ts';
import type { FreeTime } from '../../src/conformance/target.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';
import { watchedCases } from '../support/watched-simulator.ts';

for (const target of targets) conforms('easy-appointments', target);

const { own, agenda } = watchedCases(simulator, startSimulator);

const ZONE = 'America/Toronto';
const between = (start: string, end: string) => interval(parseInstant(start), parseInstant(end));
const authorization = { authorization: 'Bearer jeton-du-simulateur' };
const api = async (context: Context, method: string, path: string, body?: unknown): Promise<unknown> => {
  const answer = await fetch(`${context.bench.baseUrl}/api/v1/${path}`, {
    method,
    headers: authorization,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return text === '' ? null : JSON.parse(text);
};
const customers = async (context: Context) =>
  (await api(context, 'GET', 'customers?length=100')) as {
    id: number;
    lastName: string;
    email: string | null;
  }[];

/** Whoever takes that time behind our back, as the platform lets them. */
const rival = ({ calendar }: Context, { interval: time }: FreeTime, reference: string | null) =>
  agenda().take({ calendar, interval: time, slotId: null, reference, expiresAt: null });

/** Once the answer to a write is on its way: what happens between it and our look at it. */
const afterTheWrite = (context: Context, method: string, act: () => void): void => {
  let done = false;
  context.proxy.set(
    {
      kind: 'tamper',
      change: (body) => {
        if (!done) act();
        done = true;
        return body;
      },
    },
    (request) => request.method === method && request.path.includes('/appointments'),
  );
};

describe('easy-appointments, by itself', () => {
  own('takes its booking away when somebody else had the time before it', async (context) => {
    const time = await context.free();
    // What the site said before the other came.
    const hours = JSON.stringify([spanOf(time.interval, ZONE).start.slice(11, 16)]);
    const other = rival(context, time, null);
    context.proxy.set({ kind: 'tamper', change: () => hours }, ({ path }) =>
      path.includes('/availabilities'),
    );
    const answer = await make('book', context, context.connect(), time, context.mark());
    expect(answer).to.deep.equal({ outcome: 'taken' });
    expect((await context.periodsAt(time.interval)).map(({ id }) => id)).to.deep.equal([other.id]);
  });

  own('gives way to a patient of the site who came after it', async (context) => {
    const time = await context.free();
    const others: string[] = [];
    afterTheWrite(context, 'POST', () => others.push(rival(context, time, null).id));
    const answer = await make('book', context, context.connect(), time, context.mark());
    expect(answer).to.deep.equal({ outcome: 'taken' });
    expect((await context.periodsAt(time.interval)).map(({ id }) => id)).to.deep.equal(others);
  });

  own('keeps its booking against one of a gateway that came after it', async (context) => {
    const time = await context.free();
    const mark = context.mark();
    afterTheWrite(context, 'POST', () => rival(context, time, context.mark()));
    const { externalId } = known(await make('book', context, context.connect(), time, mark));
    expect((await context.periodsAt(time.interval)).find(({ id }) => id === externalId)?.reference).to.equal(
      mark,
    );
  });

  own('books once when two gateways want the same time at once', async (context) => {
    for (let round = 0; round < 5; round += 1) {
      const time = await context.free();
      const answers = await Promise.all(
        [1, 2, 3].map(() => make('book', context, context.connect(), time, context.mark())),
      );
      expect(answers.filter(({ outcome }) => outcome === 'done')).to.have.length(1);
      expect(await context.periodsAt(time.interval)).to.have.length(1);
    }
  });

  own('is unsure when it could not see what came of its booking', async (context) => {
    const time = await context.free();
    const mark = context.mark();
    const platform = context.connect();
    context.proxy.set(
      { kind: 'status', status: 500 },
      ({ method, path }) => method === 'GET' && path.includes('/appointments'),
    );
    expect((await faultOf(() => make('book', context, platform, time, mark))).kind).to.equal('unsure');
    context.proxy.set(null);
    expect(await platform.readBack?.(context.calendar, mark)).to.have.length(1);
  });

  own('puts a booking back when somebody took the time it was moved to', async (context) => {
    const platform = context.connect();
    const [from, to] = [await context.free(), await context.free()];
    const mark = context.mark();
    const made = known(await make('book', context, platform, from, mark));
    afterTheWrite(context, 'PUT', () => rival(context, to, context.mark()));
    const { calendar } = context;
    const command = { calendar, mark, known: made, interval: to.interval, slot: to.slot };
    expect(await operation(platform, 'move')(command)).to.deep.equal({ outcome: 'taken' });
    expect((await context.periodsAt(from.interval)).map(({ id }) => id)).to.deep.equal([made.externalId]);
  });

  own('links the patient whom the clinic has, and nobody else of the same address', async (context) => {
    const platform = context.connect();
    const { email, given, family } = PATIENT;
    const bookFor = async (patient: typeof PATIENT) => {
      const time = await context.free();
      const command = { calendar: context.calendar, mark: context.mark(), slot: null, patient, hold: null };
      return operation(platform, 'book')({ ...command, interval: time.interval });
    };
    known(await bookFor(PATIENT));
    known(await bookFor(PATIENT));
    expect((await customers(context)).map((each) => each.email)).to.deep.equal([email]);
    await api(context, 'PUT', 'settings/require_email', { value: '0' });
    known(await bookFor({ ...PATIENT, given: `${given}-Enfant` }));
    expect((await customers(context)).map((each) => [each.lastName, each.email])).to.deep.equal([
      [family, email],
      [family, null],
    ]);
    for (const { path } of context.proxy.seen) expect(decodeURIComponent(path)).not.to.contain(email);
  });

  own('says that a mandatory field is missing, and never which value', async (context) => {
    const fault = await faultOf(async () => {
      const time = await context.free();
      const command = { calendar: context.calendar, mark: context.mark(), slot: null, hold: null };
      const patient = { ...PATIENT, phone: null };
      return operation(context.connect(), 'book')({ ...command, interval: time.interval, patient });
    });
    expect(fault.kind).to.equal('malformed');
    expect(fault.message).not.to.contain(PATIENT.family);
  });

  own('closes both halves of the hour that happens twice, and knows its own block again', async (context) => {
    const wanted = between('2027-11-07T01:30:00-05:00', '2027-11-07T01:50:00-05:00');
    const platform = context.connect();
    const mark = context.mark();
    known(await make('block', context, platform, { interval: wanted, slot: null }, mark));
    const both = between('2027-11-07T01:30:00-04:00', '2027-11-07T01:50:00-05:00');
    const raw = await context.raw();
    expect(
      raw.periods.filter(({ reference }) => reference?.startsWith(mark)).map((each) => each.interval),
    ).to.deep.equal([both]);
    const [found] = (await platform.readBack?.(context.calendar, mark)) ?? [];
    expect(found?.interval).to.deep.equal(wanted);
  });

  own('does not book over what is closed behind the first of it', async (context) => {
    const [first, second] = [await context.free(), await context.free()];
    expect(second.interval.start, 'one after the other').to.equal(first.interval.end);
    known(await make('block', context, context.connect(), second, context.mark()));
    const long = { interval: interval(first.interval.start, second.interval.end), slot: null };
    expect(await make('book', context, context.connect(), long, context.mark())).to.deep.equal({
      outcome: 'taken',
    });
    expect(await customers(context), 'nobody is written down').to.deep.equal([]);
  });

  own('never books in the hour that happens twice', async (context) => {
    const night = between('2027-11-07T01:30:00-05:00', '2027-11-07T01:50:00-05:00');
    const time = { interval: night, slot: null };
    const before = context.proxy.seen.length;
    expect(await make('book', context, context.connect(), time, context.mark())).to.deep.equal({
      outcome: 'taken',
    });
    expect(context.proxy.seen.slice(before)).to.deep.equal([]);
  });

  own('offers nothing sooner or later than the clinic’s settings allow', async (context) => {
    const starts = async () => {
      const { rows } = await context.read(context.connect());
      return rows.flatMap((row) => (row.kind === 'slot' ? [row.interval.start] : []));
    };
    const all = await starts();
    await api(context, 'PUT', 'settings/book_advance_timeout', { value: String(7 * 24 * 60) });
    await api(context, 'PUT', 'settings/future_booking_limit', { value: '14' });
    const some = await starts();
    const [soonest, latest] = [context.now() + 7 * 86_400_000, context.now() + 15 * 86_400_000];
    expect(some).to.deep.equal(
      all.filter(
        (start) =>
          start > soonest && start < latest && some.at(-1) !== undefined && start <= (some.at(-1) ?? 0),
      ),
    );
    expect(some).not.to.have.length(0);
    expect(all.length).to.be.greaterThan(some.length);
  });

  own('does not read in another time zone than the provider’s', async (context) => {
    const platform = context.connect();
    context.proxy.set(
      { kind: 'tamper', change: (body) => body.replaceAll('America/Toronto', 'UTC') },
      ({ path }) => path.includes('/providers'),
    );
    const fault = await faultOf(() => context.read(platform));
    expect([fault.kind, fault.message]).to.deep.equal([
      'malformed',
      "a provider's time zone is not America/Toronto, as the configuration says",
    ]);
  });

  own('reads a blocked period as closing each calendar', async (context) => {
    const period = { name: 'Fête', start: '2027-01-01 00:00:00', end: '2027-01-02 00:00:00' };
    const { id } = (await api(context, 'POST', 'blocked_periods', period)) as { id: number };
    const { rows } = await context.read(context.connect());
    const found = rows.find((row) => row.externalId === `blocked-${id}#${context.calendar}`);
    expect(found).to.deep.include({ kind: 'busy', busyKind: 'block' });
    expect(found?.interval).to.deep.equal(between('2027-01-01T00:00:00-05:00', '2027-01-02T00:00:00-05:00'));
  });

  own('hears which provider changed, of one who knows the secret only', async (context) => {
    const platform = context.connect();
    const body = Buffer.from(
      JSON.stringify({ action: 'appointment_save', payload: { id_users_provider: '12' } }),
    );
    const hear = (secret: string | undefined, said = body) =>
      platform.webhook?.({ headers: { 'x-ea-token': secret }, body: said });
    expect(hear('a-secret-of-the-suite')).to.deep.equal({ outcome: 'hint', calendars: ['12'] });
    for (const wrong of [undefined, '', 'a-secret-of-the-suitf', 'a-secret-of-the-suite ']) {
      expect(hear(wrong)).to.deep.equal({ outcome: 'refused', reason: 'signature' });
    }
    const closed = Buffer.from('{"action":"blocked_period_save","payload":{"id":3}}');
    expect(hear('a-secret-of-the-suite', closed)).to.deep.equal({ outcome: 'hint', calendars: null });
    expect(hear('a-secret-of-the-suite', Buffer.from('[]'))).to.deep.equal({
      outcome: 'refused',
      reason: 'malformed',
    });
  });

  it('reads its fixture: notes around our mark, the hour that happens twice, an end before the start', () => {
    const fixture = readFileSync(
      new URL('../../adapters/easy-appointments/fixtures/appointments.json', import.meta.url),
      'utf8',
    );
    const { rows, rejected } = createBusy(() => ZONE).appointments(new Set(['7']))(JSON.parse(fixture));
    expect(rows.map(({ externalId, mark, interval: time }) => [externalId, mark, time])).to.deep.equal([
      ['41', null, between('2026-11-26T09:20:00-05:00', '2026-11-26T09:40:00-05:00')],
      ['42', null, between('2026-11-01T01:30:00-04:00', '2026-11-01T01:50:00-05:00')],
      [
        '43',
        'passerelle:0b7c4f9e-1111-4222-8333-444455556666',
        between('2026-11-26T10:00:00-05:00', '2026-11-26T10:20:00-05:00'),
      ],
    ]);
    expect(rejected.map(({ externalId }) => externalId)).to.deep.equal(['44']);
    expect(JSON.stringify([rows, rejected.map(({ reason }) => reason)])).not.to.contain('Rappeler');
  });

  it('covers in local times what goes over the change of the clocks', () => {
    // 01:50 of the first 01:00 to 02:00, to 01:10 of the second.
    const over = between('2026-11-01T01:50:00-04:00', '2026-11-01T01:10:00-05:00');
    expect(spanOf(over, ZONE)).to.deep.equal({ start: '2026-11-01 01:00:00', end: '2026-11-01 02:00:00' });
    const covered = intervalOf(spanOf(over, ZONE), ZONE);
    expect(covered.start <= over.start && covered.end >= over.end).to.equal(true);
  });
});
