import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import targets, { googleTarget, simulator } from '../../adapters/google-calendar/conformance.ts';
import { eventBody } from '../../adapters/google-calendar/event.ts';
import { externalIdOf, idOf, normalize } from '../../adapters/google-calendar/normalize.ts';
import { CLIENT } from '../../adapters/google-calendar/simulator/account.ts';
import type { Offer } from '../../adapters/google-calendar/simulator/platform.ts';
import { startSimulator } from '../../adapters/google-calendar/simulator/start.ts';
import { EventPage } from '../../adapters/google-calendar/wire.ts';
import { markOf } from '../../src/adapter/observation.ts';
import type { Agenda } from '../../src/adapter/simulator/agenda.ts';
import { make, unmake } from '../../src/conformance/commands.ts';
import { type Context, faultOf, known, marked, operation } from '../../src/conformance/context.ts';
import { conforms, ownCases } from '../../src/conformance/mocha.ts';
import type { FreeTime } from '../../src/conformance/target.ts';
import { DAY, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';

for (const target of targets) conforms('google-calendar', target, 'gold');

/** A service account of this run alone. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const ACCOUNT = 'passerelle@projet-fictif.invalid';

/** Of the simulator that a case runs on. */
let agenda: Agenda<Offer>;
const own = ownCases(
  googleTarget({
    ...simulator,
    start: async (options) => {
      const started = await startSimulator({ ...options, days: 10 }, { [ACCOUNT]: publicKey });
      agenda = started.agenda;
      return started;
    },
  }),
);

const isList = ({ method, path }: { method: string; path: string }): boolean =>
  method === 'GET' && path.includes('/events?');
const refusal = (code: number, reason: string) => ({
  kind: 'status' as const,
  status: code,
  body: () => JSON.stringify({ error: { errors: [{ domain: 'usageLimits', reason }], code } }),
});
const settings = (context: Context, other: Record<string, unknown>) => ({
  settings: { ...context.bench.settings(context.proxy.url), ...other },
});
const asServiceAccount = (context: Context, key: unknown) =>
  settings(context, {
    ...{ clientId: undefined, clientSecret: undefined, refreshToken: undefined },
    serviceAccountKey: JSON.stringify({ client_email: ACCOUNT, private_key: key, type: 'service_account' }),
    subject: 'dre.fictive@clinique-fictive.invalid',
  });
const grants = async ({ bench }: Context): Promise<number> => {
  const log = (await (await fetch(`${bench.baseUrl}/_sim/log`)).json()) as { path: string }[];
  return log.filter(({ path }) => path === '/token').length;
};

/** Adds to what a list answers. */
const adding = (context: Context, ...events: object[]): void =>
  context.proxy.set(
    {
      kind: 'tamper',
      change: (body) => {
        const page = JSON.parse(body);
        return JSON.stringify({ ...page, items: [...page.items, ...events] });
      },
    },
    isList,
  );

/** Somebody takes that time, once our write is on its way. */
const afterOurs = (context: Context, method: string, time: FreeTime, taken: string[]): void => {
  let done = false;
  context.proxy.set(
    {
      kind: 'tamper',
      change: (body) => {
        const wanted = { calendar: context.calendar, interval: time.interval, slotId: null };
        if (!done) taken.push(agenda.take({ ...wanted, reference: null, expiresAt: null }).id);
        done = true;
        return body;
      },
    },
    (request) => request.method === method,
  );
};

describe('google-calendar, by itself', () => {
  describe('tokens', () => {
    own('asks once for all calls that wait, and keeps what it got', async (context) => {
      const platform = context.connect();
      await Promise.all([1, 2, 3].map(() => context.read(platform)));
      await context.read(platform);
      expect(await grants(context)).to.equal(1);
    });

    own('asks anew once a token ends', async (context) => {
      let offset = 0;
      const { bench, adapter } = context;
      const clock = { now: () => plus(context.now(), offset), sleep: async () => undefined };
      const platform = adapter.connect({
        connectionId: 'own',
        settings: adapter.manifest.settings.parse(bench.settings(context.proxy.url)),
        limits: adapter.manifest.limits,
        pace: (call) => call(),
        targets: { problemOf: async () => null, problemOfAddress: () => null, lookup: () => () => undefined },
        environment: { clock, random: { next: () => 0.5 }, ids: { next: () => '' } },
        maps: bench.maps,
        zoneOf: () => bench.zone,
        transport: undefined,
      });
      for (const minutes of [0, 58, 60]) {
        offset = minutes * MINUTE;
        await platform.check(AbortSignal.timeout(5_000));
        expect(await grants(context), `after ${minutes} minutes`).to.equal(minutes === 60 ? 2 : 1);
      }
      await platform.close();
    });

    own('asks anew once where one is refused, and no more than once', async (context) => {
      const platform = context.connect();
      await context.read(platform);
      let refused = 0;
      context.proxy.set(refusal(401, 'authError'), () => ++refused === 1);
      expect((await context.read(platform)).end.kind).to.equal('end');
      expect(await grants(context)).to.equal(2);
      context.proxy.set(refusal(401, 'authError'));
      expect((await faultOf(() => context.read(platform))).kind).to.equal('unauthorized');
      expect(await grants(context)).to.equal(3);
    });

    own('asks for leave to list calendars apart from leave for events', async (context) => {
      const platform = context.connect();
      await context.read(platform);
      expect(await grants(context)).to.equal(1);
      await platform.calendars?.(AbortSignal.timeout(5000));
      expect(await grants(context)).to.equal(2);
      await context.read(platform);
      expect(await grants(context)).to.equal(2);
    });

    own('signs for a service account, that acts for a user', async (context) => {
      expect((await context.read(context.connect(asServiceAccount(context, privateKey)))).end.kind).to.equal(
        'end',
      );
      const other = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      }).privateKey;
      for (const key of [other, 'no key']) {
        const fault = await faultOf(() => context.read(context.connect(asServiceAccount(context, key))));
        expect(fault.kind).to.equal('unauthorized');
        expect(fault.message).not.to.contain(key);
      }
    });

    own('wants either a key file or a refresh token', async (context) => {
      const { settings: schema } = context.adapter.manifest;
      const given = context.bench.settings(context.proxy.url);
      for (const wrong of [
        { clientSecret: undefined },
        { serviceAccountKey: '{}' },
        { serviceAccountKey: JSON.stringify({ client_email: ACCOUNT, private_key: privateKey }) },
        { subject: 'dre.fictive@example.invalid' },
      ]) {
        expect(schema.safeParse({ ...given, ...wrong }).success, JSON.stringify(wrong)).to.equal(false);
      }
    });
  });

  describe('errors', () => {
    own('is throttled by a 403 that says so, and unauthorized by any other', async (context) => {
      const platform = context.connect();
      const time = await context.free();
      for (const reason of ['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded']) {
        context.proxy.set({ ...refusal(403, reason), headers: { 'retry-after': '7' } });
        for (const call of [
          () => context.read(platform),
          () => make('block', context, platform, time, context.mark()),
        ]) {
          const fault = await faultOf(call);
          expect([fault.kind, fault.retryAfterMilliseconds]).to.deep.equal(['throttled', 7_000]);
        }
      }
      for (const reason of ['forbidden', 'requiredAccessLevel', '']) {
        context.proxy.set(refusal(403, reason));
        expect((await faultOf(() => context.read(platform))).kind).to.equal('unauthorized');
      }
    });

    own('says of a calendar that is not shared with it that it is not to be found', async (context) => {
      const platform = context.connect();
      const mark = context.mark();
      const { interval: time } = await context.free();
      const calendar = 'personne@clinique-fictive.invalid';
      const fault = await faultOf(() =>
        operation(platform, 'block')({ calendar, mark, interval: time, known: null }),
      );
      expect(fault.kind).to.equal('unauthorized');
      expect(fault.message).to.contain('not shared with this account');
    });
  });

  describe('changes', () => {
    own('reads all again when the platform asks for a full sync', async (context) => {
      const platform = context.connect();
      const { end } = await context.read(platform);
      agenda.forget();
      const cursor = end.kind === 'end' ? end.cursor : null;
      expect((await context.read(platform, cursor)).end.kind).to.equal('cursorExpired');
    });

    own('reads all again when an instance of a series is among the changes', async (context) => {
      const platform = context.connect();
      const { end } = await context.read(platform);
      adding(context, { id: 'serie01_20261126T190000Z', status: 'cancelled', recurringEventId: 'serie01' });
      const cursor = end.kind === 'end' ? end.cursor : null;
      expect((await context.read(platform, cursor)).end.kind).to.equal('cursorExpired');
    });

    own('tells that an event which came to take no time is gone', async (context) => {
      const platform = context.connect();
      const { end } = await context.read(platform);
      const times = {
        start: { dateTime: '2026-11-30T10:00:00Z' },
        end: { dateTime: '2026-11-30T11:00:00Z' },
      };
      adding(context, {
        id: 'free01',
        etag: '"1"',
        status: 'confirmed',
        transparency: 'transparent',
        ...times,
      });
      const cursor = end.kind === 'end' ? end.cursor : null;
      const { rows, removed } = await context.read(platform, cursor);
      expect(rows).to.deep.equal([]);
      const externalId = externalIdOf(context.calendar, 'free01');
      expect(removed).to.deep.equal([{ kind: 'busy', externalId, sequence: null }]);
    });

    own(
      'reads all again once the window leaves what its token was for, and with other settings',
      async (context) => {
        const { end } = await context.read(context.connect());
        const cursor = end.kind === 'end' ? end.cursor : null;
        const later = interval(context.window().start, plus(context.window().end, 2 * DAY));
        expect((await context.read(context.connect(), cursor, later)).end.kind).to.equal('cursorExpired');
        const other = context.connect(settings(context, { events: 'block' }));
        expect((await context.read(other, cursor)).end.kind).to.equal('cursorExpired');
      },
    );

    own('goes through all pages, of the whole and of the changes', async (context) => {
      const platform = context.connect();
      const { end } = await context.read(platform);
      const made = Array.from({ length: 2_600 }, (_, index) => {
        const start = plus(context.now(), 11 * DAY + index * MINUTE);
        const wanted = { calendar: context.calendar, interval: interval(start, plus(start, MINUTE)) };
        const taken = agenda.take({ ...wanted, slotId: null, reference: null, expiresAt: null });
        return externalIdOf(context.calendar, taken.id);
      });
      for (const cursor of [null, end.kind === 'end' ? end.cursor : null]) {
        const before = context.proxy.seen.length;
        const { rows, end: ended } = await context.read(platform, cursor);
        const busy = rows.filter(({ kind }) => kind === 'busy').map(({ externalId }) => externalId);
        expect(busy).to.deep.equal(made);
        expect(context.proxy.seen.length - before).to.equal(2);
        expect(ended.kind === 'end' && ended.cursor).to.be.a('string');
      }
    });
  });

  describe('writes', () => {
    own('makes again under the same id what was deleted', async (context) => {
      const platform = context.connect();
      const [time, other] = [await context.free(), await context.free()];
      const mark = context.mark();
      const first = known(await make('block', context, platform, time, mark));
      await unmake('block', context, platform, mark, first);
      expect(known(await make('block', context, platform, other, mark)).externalId).to.equal(
        first.externalId,
      );
      expect((await context.periodsAt(other.interval)).map(({ reference }) => reference)).to.deep.equal([
        mark,
      ]);
    });

    own('brings what stands under our mark to the time that is wanted now', async (context) => {
      const platform = context.connect();
      const [time, other] = [await context.free(), await context.free()];
      const mark = context.mark();
      await make('block', context, platform, time, mark);
      await make('block', context, platform, other, mark);
      expect(await context.periodsAt(time.interval)).to.deep.equal([]);
      expect(await context.periodsAt(other.interval)).to.have.length(1);
    });

    own('takes its booking away when somebody came in between', async (context) => {
      const time = await context.free();
      const taken: string[] = [];
      afterOurs(context, 'POST', time, taken);
      const answer = await make('book', context, context.connect(), time, context.mark());
      expect(answer).to.deep.equal({ outcome: 'taken' });
      const standing = (await context.periodsAt(time.interval)).map(({ id }) => id);
      expect(standing).to.deep.equal(taken.map((id) => externalIdOf(context.calendar, id)));
    });

    own('puts a booking back when somebody came in between', async (context) => {
      const platform = context.connect();
      const [from, to] = [await context.free(), await context.free()];
      const mark = context.mark();
      const made = known(await make('book', context, platform, from, mark));
      afterOurs(context, 'PATCH', to, []);
      const command = { calendar: context.calendar, mark, known: made, slot: null, interval: to.interval };
      expect(await operation(platform, 'move')(command)).to.deep.equal({ outcome: 'taken' });
      expect((await context.periodsAt(from.interval)).map(({ id }) => id)).to.deep.equal([made.externalId]);
    });

    own('is unsure when it could not see what came of its booking', async (context) => {
      const time = await context.free();
      const mark = context.mark();
      const platform = context.connect();
      let isWritten = false;
      context.proxy.set({ kind: 'status', status: 500 }, (request) => {
        if (request.method === 'POST') isWritten = true;
        return isWritten && isList(request);
      });
      expect((await faultOf(() => make('book', context, platform, time, mark))).kind).to.equal('unsure');
      context.proxy.set(null);
      expect(await platform.readBack?.(context.calendar, mark)).to.have.length(1);
    });

    own('leaves an invitation that only its organizer may move where it is', async (context) => {
      const platform = context.connect();
      const [from, to] = [await context.free(), await context.free()];
      const mark = context.mark();
      const made = known(await make('book', context, platform, from, mark));
      context.proxy.set(refusal(403, 'forbiddenForNonOrganizer'), ({ method }) => method === 'PATCH');
      const command = { calendar: context.calendar, mark, known: made, slot: null, interval: to.interval };
      expect(await operation(platform, 'move')(command)).to.deep.equal({ outcome: 'taken' });
    });

    own('removes nothing that is not ours where it knows no version', async (context) => {
      const platform = context.connect();
      const time = await context.free();
      const externalId = (await context.patientBooks(time)) ?? '';
      const stranger = { externalId, revision: null };
      expect(await unmake('block', context, platform, context.mark(), stranger)).to.deep.equal({
        outcome: 'taken',
      });
      expect(await context.periodsAt(time.interval)).to.have.length(1);
    });

    own('takes what it cannot read for taken', async (context) => {
      adding(context, { id: 'unreadable01', status: 'confirmed' });
      const answer = await make('book', context, context.connect(), await context.free(), context.mark());
      expect(answer).to.deep.equal({ outcome: 'taken' });
    });

    own(
      'sends nobody a message, names the patient only where it is told to, and asks for no title',
      async (context) => {
        const bodies: string[] = [];
        context.proxy.set({ kind: 'tamper', change: (body) => bodies[bodies.push(body) - 1] ?? body });
        const mark = context.mark();
        const platform = context.connect();
        await make('book', context, platform, await context.free(), mark);
        const written = context.proxy.seen.filter(({ method }) => method === 'POST').at(-1);
        expect(written?.path).to.contain('sendUpdates=none');
        expect(JSON.parse(written?.body ?? '{}').summary).to.equal('Rendez-vous – Passerelle');
        const named = context.connect(settings(context, { patientInEvents: true }));
        await make('book', context, named, await context.free(), context.mark());
        const last = context.proxy.seen.filter(({ method }) => method === 'POST').at(-1);
        expect(JSON.parse(last?.body ?? '{}').summary).to.equal('Zyxwvut-Fictive, Qwerty-Fictive');
        expect(marked((await context.read(named)).rows, mark)).to.have.length(1);
        expect(bodies.join()).not.to.match(/summary|Fictive/);
      },
    );
  });

  it('has a simulator that knows our events again after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'google-calendar-'));
    const stateFile = join(folder, 'state.json');
    const mark = markOf('0b7c4f9e-1111-4222-8333-444455556666');
    const time = interval(parseInstant('2026-11-30T17:00:00Z'), parseInstant('2026-11-30T17:20:00Z'));
    const marks: unknown[] = [];
    for (const round of ['makes', 'finds']) {
      const { url, agenda: kept, close } = await startSimulator({ stateFile, days: 1 });
      const calendar = kept.calendars[0]?.id ?? '';
      const form = { grant_type: 'refresh_token', client_id: CLIENT.clientId };
      const secrets = { client_secret: CLIENT.clientSecret, refresh_token: CLIENT.refreshToken };
      const body = new URLSearchParams({ ...form, ...secrets });
      const granted = (await (await fetch(`${url}/token`, { method: 'POST', body })).json()) as {
        access_token: string;
      };
      const headers = { authorization: `Bearer ${granted.access_token}`, 'content-type': 'application/json' };
      const events = `${url}/calendar/v3/calendars/${encodeURIComponent(calendar)}/events`;
      if (round === 'makes') {
        const event = eventBody({ mark, interval: time, kind: 'block', patient: null }, 'America/Toronto');
        await fetch(events, { method: 'POST', headers, body: JSON.stringify(event) });
      }
      const { items } = EventPage.parse(await (await fetch(events, { headers })).json());
      const { rows } = normalize(items, {
        id: calendar,
        zone: kept.zone,
        events: 'appointment',
        owner: null,
      });
      marks.push(rows.map((row) => [row.mark, row.busyKind, row.interval]));
      await close();
    }
    expect(marks).to.deep.equal([[[mark, 'block', time]], [[mark, 'block', time]]]);
    await rm(folder, { recursive: true });
  });

  describe('its fixture', () => {
    const calendar = { id: 'dre', zone: 'America/Toronto', events: 'appointment', owner: null } as const;
    const text = readFileSync(
      new URL('../../adapters/google-calendar/fixtures/events.json', import.meta.url),
      'utf8',
    );
    const { items } = EventPage.parse(JSON.parse(text));

    it('is read: what is ours, a copy of it, whole days, series, absences, local times', () => {
      const { rows, touchesSeries } = normalize(items, calendar);
      expect(touchesSeries).to.equal(true);
      const read = rows.map((row) => [
        row.externalId,
        row.busyKind,
        row.mark === null ? null : idOf(row.mark),
        new Date(row.interval.start).toISOString(),
        (row.interval.end - row.interval.start) / MINUTE,
      ]);
      const ours = 'passerelle0b7c4f9e111142228333444455556666';
      expect(read).to.deep.equal([
        [`dre/${ours}`, 'appointment', ours, '2026-11-26T14:20:00.000Z', 20],
        ['dre/3qk1copied0id', 'appointment', null, '2026-11-27T14:20:00.000Z', 20],
        ['dre/tentative01', 'appointment', null, '2026-11-26T15:00:00.000Z', 20],
        // The day on which clocks go back, from 00:00 EDT to 00:00 EST.
        ['dre/allday01', 'block', null, '2026-11-01T04:00:00.000Z', 25 * 60],
        ['dre/serie01_20261126T190000Z', 'appointment', null, '2026-11-26T19:00:00.000Z', 30],
        ['dre/absence01', 'block', null, '2026-12-01T14:00:00.000Z', 180],
        // 01:30 to 01:50 happens twice, and nobody says which: it takes both.
        ['dre/local01', 'appointment', null, '2026-11-01T05:30:00.000Z', 80],
      ]);
      expect(rows[0]?.changedAt).to.equal(parseInstant('2026-11-20T14:30:00Z'));
      expect(JSON.stringify(rows)).not.to.contain('Fictive');
    });

    it('tells what takes no time, and sets aside what names no instant', () => {
      const { removed, rejected } = normalize(items, calendar);
      const gone = removed.map(({ externalId }) => externalId);
      expect(gone).to.deep.equal(
        ['transparent01', 'declined01', 'lieu01', 'nolength01', 'deleted01'].map((id) => `dre/${id}`),
      );
      expect(rejected.map(({ externalId, reason }) => [externalId, reason])).to.deep.equal([
        ['dre/nowhere01', 'start: names no instant'],
      ]);
    });

    it('is read by whom the calendar belongs to, where that is said', () => {
      const declined = ({ rows }: ReturnType<typeof normalize>) =>
        rows.every(({ externalId }) => externalId !== 'dre/declined01');
      expect(declined(normalize(items, { ...calendar, owner: 'DRE.fictive@example.invalid' }))).to.equal(
        true,
      );
      expect(declined(normalize(items, { ...calendar, owner: 'dr.fictif@example.invalid' }))).to.equal(false);
    });

    it('has other external ids in the calendar of whoever else is invited', () => {
      const ids = ['dre', 'dr'].flatMap((id) =>
        normalize(items, { ...calendar, id }).rows.map(({ externalId }) => externalId),
      );
      expect(new Set(ids).size).to.equal(ids.length);
    });
  });
});
