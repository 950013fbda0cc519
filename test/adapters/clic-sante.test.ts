import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import targets, { target } from '../../adapters/clic-sante/conformance.ts';
import { type Context, faultOf } from '../../src/conformance/context.ts';
import { conforms, ownCases } from '../../src/conformance/mocha.ts';

for (const each of targets) conforms('clic-sante', each, 'bronze');

const own = ownCases(target);
const appointments = readFileSync(
  new URL('../../adapters/clic-sante/fixtures/appointments.json', import.meta.url),
  'utf8',
);

const answering = (context: Context, path: string, change: (body: string) => string): void =>
  context.proxy.set({ kind: 'tamper', change }, (seen) => seen.path.includes(path));

const withTimes =
  (...times: object[]) =>
  () =>
    JSON.stringify({ availabilities: times });

describe('clic-sante, by itself', () => {
  own(
    'normalizes the statuses that R4 does not have, keeps the codes, and reads no patient',
    async (context) => {
      answering(context, '/fhir/', () => appointments);
      const { rows, rejected } = await context.read(context.connect());
      const busy = rows.filter((row) => row.kind === 'busy');
      expect(busy.map((row) => [row.externalId, row.busyKind, row.revision])).to.deep.equal([
        ['1', 'appointment', 'TAKEN undefined '],
        ['2', 'hold', 'awaiting_confirmation undefined '],
        ['4', 'appointment', 'CONFIRMED cancelled-public present '],
        ['5', 'block', 'TAKEN not-eligible '],
        ['7', 'block', 'ESCALATED undefined '],
      ]);
      expect(rejected.map(({ externalId, reason }) => [externalId, reason])).to.deep.equal([
        ['5', 'unmapped code not-eligible in participant.status'],
        ['7', 'unmapped code escalated in status'],
      ]);
      expect(JSON.stringify([rows, rejected.map(({ raw: _, ...told }) => told)])).not.to.contain('Fictive');
      expect(busy[0]?.interval.start).to.equal(Date.parse('2026-12-02T12:00:00Z'));
    },
  );

  own(
    'reads UTC, whatever zone it asked for, and an id once for all variants of a service',
    async (context) => {
      const place = Number(context.calendar);
      answering(
        context,
        '/schedules/day',
        withTimes(
          { id: 1, start: '2026-12-02T14:10:00+00:00', place },
          { id: 2, start: '2026-12-02T14:25:00', place },
          // Of another place, which was not asked for.
          { id: 3, start: '2026-12-02T14:40:00+00:00', place: place + 1 },
        ),
      );
      const { rows } = await context.read(context.connect());
      const slots = rows.filter(({ kind }) => kind === 'slot');
      expect(slots.map(({ externalId, interval: { start, end } }) => [externalId, start, end])).to.deep.equal(
        [
          ['1', Date.parse('2026-12-02T14:10:00Z'), Date.parse('2026-12-02T14:25:00Z')],
          ['2', Date.parse('2026-12-02T14:25:00Z'), Date.parse('2026-12-02T14:40:00Z')],
        ],
      );
      const asked = context.proxy.seen.filter(({ path }) => path.includes('/schedules/'));
      expect(asked.every(({ path }) => path.includes('timezone=America%2FToronto'))).to.equal(true);
    },
  );

  own(
    'takes a day that is not found for empty, and an establishment that is not found for a fault',
    async (context) => {
      const notFound = { kind: 'status', status: 404 } as const;
      context.proxy.set(notFound, ({ path }) => path.includes('/schedules/day'));
      const { rows, end } = await context.read(context.connect());
      expect(rows.filter(({ kind }) => kind === 'slot')).to.deep.equal([]);
      expect(end.kind === 'end' && end.complete !== null).to.equal(true);
      for (const path of ['/services', '/schedules/public', '/fhir/']) {
        context.proxy.set(notFound, (seen) => seen.path.includes(path));
        expect((await faultOf(() => context.read(context.connect()))).kind, path).to.equal('malformed');
      }
    },
  );

  own('asks for no day that cannot be booked', async (context) => {
    answering(context, '/schedules/public', () =>
      JSON.stringify({ availabilities: [], daysComplete: ['2026-12-02'] }),
    );
    await context.read(context.connect());
    expect(context.proxy.seen.filter(({ path }) => path.includes('/schedules/day'))).to.deep.equal([]);
  });

  own('follows pages on its own server only', async (context) => {
    const link = [{ relation: 'next', url: 'http://127.0.0.2:1/fhir/Appointment?page=1' }];
    answering(context, '/fhir/', (body) => JSON.stringify({ ...JSON.parse(body), link }));
    const fault = await faultOf(() => context.read(context.connect()));
    expect(fault.message).to.equal('the next page of appointments is on another server');
  });

  own('reads what is free alone where no appointments are configured', async (context) => {
    await context.patientBooks(await context.free());
    const { appointments: _, ...settings } = context.bench.settings(context.proxy.url);
    const { rows } = await context.read(context.connect({ settings }));
    expect(new Set(rows.map(({ kind }) => kind))).to.deep.equal(new Set(['slot']));
    expect(context.proxy.seen.some(({ path }) => path.startsWith('/fhir/'))).to.equal(false);
  });
});
