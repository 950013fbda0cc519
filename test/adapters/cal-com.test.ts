import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import targets, { simulator } from '../../adapters/cal-com/conformance.ts';
import { bookingsIn, busyOf } from '../../adapters/cal-com/normalize.ts';
import { sign } from '../../adapters/cal-com/signature.ts';
import { eventTypeId } from '../../adapters/cal-com/simulator/house.ts';
import { numberOf } from '../../adapters/cal-com/simulator/platform.ts';
import { startSimulator } from '../../adapters/cal-com/simulator/start.ts';
import { BookingPage } from '../../adapters/cal-com/wire.ts';
import { make } from '../../src/conformance/commands.ts';
import { type Context, faultOf, known, operation, PATIENT } from '../../src/conformance/context.ts';
import { conforms } from '../../src/conformance/mocha.ts';
import type { FreeTime } from '../../src/conformance/target.ts';
import { DAY, formatInstant, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';
import { watchedCases } from '../support/watched-simulator.ts';

for (const target of targets) conforms('cal-com', target);

const { own, agenda } = watchedCases(simulator, startSimulator);
const owner = numberOf('dr-tremblay');

/** Whoever takes that time behind our back, as the platform lets them. */
const rival = ({ calendar }: Context, { interval: time }: FreeTime, reference: string | null) =>
  agenda().take({ calendar, interval: time, slotId: null, reference, expiresAt: null });

/** Once the answer to our booking is on its way: what happens between it and our look at it. */
const afterTheBooking = (context: Context, act: () => void): void => {
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
    ({ method, path }) => method === 'POST' && path === '/v2/bookings',
  );
};

const settings = (context: Context, other: Record<string, unknown>) => ({
  settings: { ...context.bench.settings(context.proxy.url), ...other },
});

describe('cal-com, by itself', () => {
  own('cancels its booking when a patient of the site came in between', async (context) => {
    const time = await context.free();
    const others: string[] = [];
    afterTheBooking(context, () => others.push(rival(context, time, null).id));
    const answer = await make('book', context, context.connect(), time, context.mark());
    expect(answer).to.deep.equal({ outcome: 'taken' });
    expect((await context.periodsAt(time.interval)).map(({ id }) => id)).to.deep.equal(others);
  });

  own('keeps its booking against one of a gateway that came after it', async (context) => {
    const time = await context.free();
    const mark = context.mark();
    afterTheBooking(context, () => rival(context, time, context.mark()));
    const { externalId } = known(await make('book', context, context.connect(), time, mark));
    const standing = (await context.periodsAt(time.interval)).find(({ id }) => id === externalId);
    expect(standing?.reference).to.equal(mark);
  });

  own('is unsure when it could not see what came of its booking', async (context) => {
    const time = await context.free();
    const mark = context.mark();
    const platform = context.connect();
    let isWritten = false;
    context.proxy.set({ kind: 'status', status: 500 }, ({ method, path }) => {
      if (method === 'POST') isWritten = true;
      return isWritten && method === 'GET' && path.startsWith('/v2/bookings');
    });
    expect((await faultOf(() => make('book', context, platform, time, mark))).kind).to.equal('unsure');
    context.proxy.set(null);
    expect(await platform.readBack?.(context.calendar, mark)).to.have.length(1);
  });

  own('does not take the time of a patient who fills the form', async (context) => {
    const time = await context.free();
    const body = { eventTypeId: eventTypeId(owner, 1), slotStart: formatInstant(time.interval.start) };
    const held = await fetch(`${context.bench.baseUrl}/v2/slots/reservations`, {
      method: 'POST',
      headers: { authorization: 'Bearer cal_cle_du_simulateur', 'cal-api-version': '2024-09-04' },
      body: JSON.stringify(body),
    });
    expect(held.status).to.equal(201);
    const answer = await make('book', context, context.connect(), time, context.mark());
    expect(answer).to.deep.equal({ outcome: 'taken' });
    expect((await context.periodsAt(time.interval)).map(({ kind }) => kind)).to.deep.equal(['held']);
  });

  own('confirms its booking where the event type asks for it', async (context) => {
    const platform = context.connect(settings(context, { eventTypeIds: [eventTypeId(owner, 2)] }));
    const time = await context.free();
    const mark = context.mark();
    known(await make('book', context, platform, time, mark));
    const paths = context.proxy.seen.filter(({ method }) => method === 'POST').map(({ path }) => path);
    expect(paths.map((path) => path.split('/').at(-1))).to.deep.equal(['bookings', 'confirm']);
  });

  own('offers no event type for several at once, and says so', async (context) => {
    const several = eventTypeId(owner, 3);
    const platform = context.connect(settings(context, { eventTypeIds: [several] }));
    const { rows, rejected } = await context.read(platform);
    expect(rows.filter(({ kind }) => kind === 'slot')).to.deep.equal([]);
    expect(rejected.map(({ externalId }) => externalId)).to.deep.equal([String(several)]);
  });

  own('tells the platform of the patient what it needs, and no more', async (context) => {
    const platform = context.connect();
    const said = async (patient: typeof PATIENT | null) => {
      const time = await context.free();
      const command = { calendar: context.calendar, mark: context.mark(), slot: null, hold: null, patient };
      known(await operation(platform, 'book')({ ...command, interval: time.interval }));
      const { body } = context.proxy.seen.filter(({ path }) => path === '/v2/bookings').at(-1) ?? {
        body: '',
      };
      return JSON.parse(body).attendee;
    };
    const common = { timeZone: 'America/Toronto', language: 'fr' };
    expect(await said(PATIENT)).to.deep.equal({
      name: `${PATIENT.given} ${PATIENT.family}`,
      email: PATIENT.email,
      phoneNumber: '+15145550199',
      ...common,
    });
    expect(await said(null)).to.deep.equal({
      name: 'Réservation Passerelle',
      email: 'rdv@clinique.invalid',
      ...common,
    });
  });

  own('misses no booking when another is cancelled between two pages', async (context) => {
    const { calendar } = context;
    const made = Array.from({ length: 300 }, (_, index) => {
      const start = plus(context.now(), 36 * DAY + index * 20 * MINUTE);
      const time = interval(start, plus(start, 20 * MINUTE));
      return rival(context, { interval: time, slot: null }, null);
    });
    let isFirst = true;
    context.proxy.set(
      {
        kind: 'tamper',
        change: (body) => {
          const [cancelled] = made;
          if (isFirst && cancelled) agenda().remove(cancelled);
          isFirst = false;
          return body;
        },
      },
      ({ path }) => path.startsWith('/v2/bookings'),
    );
    const { rows } = await context.read(context.connect());
    const read = rows
      .filter(({ kind, calendar: of }) => kind === 'busy' && of === calendar)
      .map((row) => row.externalId);
    expect(read).to.deep.equal(made.slice(1).map(({ id }) => id));
  });

  own('waits as long as the platform’s own header says', async (context) => {
    const platform = context.connect();
    const asked = async (reset: string) => {
      context.proxy.set({ kind: 'status', status: 429, headers: { 'x-ratelimit-reset-default': reset } });
      return (await faultOf(() => context.read(platform))).retryAfterMilliseconds;
    };
    expect(await asked('42')).to.equal(42_000);
    const at = Math.floor(context.now() / 1000) + 30;
    expect(await asked(String(at))).to.be.within(25_000, 30_000);
  });

  own('hears nothing that is not signed, whole and of now', async (context) => {
    const platform = context.connect();
    const secret = 'a-secret-of-the-suite';
    const hear = (body: string, signature: string | undefined) =>
      platform.webhook?.({ headers: { 'x-cal-signature-256': signature }, body: Buffer.from(body) });
    // As short as a template of the clinic's can make it.
    const body = JSON.stringify({ triggerEvent: 'BOOKING_CREATED', createdAt: formatInstant(context.now()) });
    expect(hear(body, sign(secret, body))).to.deep.equal({ outcome: 'hint', calendars: null });
    for (const wrong of [undefined, '', 'no-secret-provided', sign('another-secret-of-it', body)]) {
      expect(hear(body, wrong)).to.deep.equal({ outcome: 'refused', reason: 'signature' });
    }
    expect(hear('{}', sign(secret, '{}'))).to.deep.equal({ outcome: 'refused', reason: 'malformed' });
  });

  it('reads its fixture: a request, what is cancelled, another’s, a time without offset', () => {
    const text = readFileSync(
      new URL('../../adapters/cal-com/fixtures/bookings.json', import.meta.url),
      'utf8',
    );
    const { bookings, rejected } = bookingsIn(BookingPage.parse(JSON.parse(text)).data);
    const rows = bookings.flatMap((booking) => busyOf(booking, new Set(['50'])) ?? []);
    expect(rows.map(({ externalId, mark, interval: time }) => [externalId, mark, time.start])).to.deep.equal([
      [
        'bookingUid123',
        'passerelle:0b7c4f9e-1111-4222-8333-444455556666',
        parseInstant('2026-11-26T14:20:00Z'),
      ],
      ['bookingUid124', null, parseInstant('2026-11-26T15:00:00Z')],
    ]);
    expect(rejected.map(({ externalId }) => externalId)).to.deep.equal(['bookingUid127']);
    expect(JSON.stringify(rows)).not.to.contain('Fictive');
  });
});
