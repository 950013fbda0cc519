import { expect } from 'chai';
import type { Interval } from '../../domain/interval.ts';
import { always, type Case, graded, hand, hasAgenda, isAsked } from '../case.ts';
import { type Context, faultOf, type Reading } from '../context.ts';
import { SECRET } from '../target.ts';

const key = ({ start, end }: Interval): string => `${start}-${end}`;

/** A reading after `change`, from where an earlier one ended. */
async function readingAfter(context: Context, change: () => Promise<void>): Promise<Reading> {
  const platform = context.connect();
  const first = await context.read(platform);
  await change();
  return context.read(platform, first.end.kind === 'end' ? first.end.cursor : null);
}

export const READING: readonly Case[] = graded('bronze', [
  {
    id: 'check',
    title: 'proves address and credentials by its cheapest call',
    applies: always,
    run: async (context) => {
      await context.connect().check(AbortSignal.timeout(5000));
    },
  },
  {
    id: 'whole-reading',
    title: 'reads all that stands in the calendar, and says that this was all',
    applies: isAsked,
    run: async (context) => {
      const { rows, rejected, end } = await context.read(context.connect());
      const raw = await context.raw();
      const window = context.window();
      // A platform may give more than it was asked for.
      const inside = ({ interval: time }: { interval: Interval }) =>
        time.start < window.end && time.end > window.start;
      const given = rows.filter(inside);
      // What has begun is on offer to nobody, so a platform may show it or not.
      const isAhead = ({ interval: time }: { interval: Interval }) => time.start > context.now();
      const slots = given
        .filter((row) => row.kind === 'slot' && isAhead(row))
        .map((row) => key(row.interval));
      const busy = given.filter(({ kind }) => kind === 'busy').map((row) => key(row.interval));
      expect(slots.sort()).to.deep.equal(
        raw.slots
          .filter((slot) => inside(slot) && isAhead(slot))
          .map((slot) => key(slot.interval))
          .sort(),
      );
      const offered = new Set(raw.slots.map((slot) => key(slot.interval)));
      for (const row of given) if (row.kind === 'slot') expect(offered).to.include(key(row.interval));
      expect(busy.sort()).to.deep.equal(
        raw.periods
          .filter(inside)
          .map((each) => key(each.interval))
          .sort(),
      );
      expect(rejected).to.deep.equal([]);
      expect(end.kind === 'end' && end.complete !== null).to.equal(true);
      expect(new Set(rows.map(({ kind, externalId }) => `${kind} ${externalId}`)).size).to.equal(rows.length);
    },
  },
  {
    id: 'booking-observed',
    title: 'observes a patient’s booking, without the patient',
    applies: hasAgenda,
    run: async (context) => {
      const time = await context.free();
      const { rows } = await readingAfter(context, async () => {
        expect(await context.patientBooks(time)).to.be.a('string');
      });
      const found = rows.filter((row) => row.kind === 'busy' && key(row.interval) === key(time.interval));
      expect(found).to.have.length(1);
      expect(found[0]).to.deep.include({ busyKind: 'appointment', mark: null, calendar: context.calendar });
    },
  },
  {
    id: 'cancellation-observed',
    title: 'observes that a booking is gone',
    applies: hasAgenda,
    run: async (context) => {
      const time = await context.free();
      const booking = await context.patientBooks(time);
      if (booking === null) throw new Error('the patient could not book');
      const { rows, removed, end } = await readingAfter(context, () => context.patientCancels(booking));
      expect(rows.some((row) => row.kind === 'busy' && key(row.interval) === key(time.interval))).to.equal(
        false,
      );
      // Either it says so, or it says that it read all and the booking was not there.
      const told = removed.some(({ kind, externalId }) => kind === 'busy' && externalId === booking);
      expect(told || (end.kind === 'end' && end.complete !== null)).to.equal(true);
    },
  },
  {
    id: 'malformed-record',
    title: 'sets a malformed record aside, says where without a value, and reads on',
    applies: isAsked,
    run: async (context) => {
      const platform = context.connect();
      const before = await context.read(platform);
      const { addMalformed } = hand(context.bench.tamper, 'answer a record that does not fit');
      context.proxy.set({ kind: 'tamper', change: addMalformed });
      const after = await context.read(platform);
      expect(after.rows.length).to.equal(before.rows.length);
      expect(after.shifts.length).to.equal(before.shifts.length);
      expect(after.rejected).to.not.have.length(0);
      // The raw form, which is sealed before it is stored, is the one place for a value.
      const said = after.rejected.map(({ raw: _, ...told }) => told);
      expect(JSON.stringify(said)).not.to.contain(SECRET);
      const nameless = after.rejected.some(({ externalId }) => externalId === null);
      const complete = after.end.kind === 'end' ? after.end.complete : null;
      expect(nameless && complete !== null, 'absence means nothing beside a nameless record').to.equal(false);
    },
  },
  {
    id: 'malformed-envelope',
    title: 'takes an answer outside of the contract for a fault, never for an empty agenda',
    applies: isAsked,
    run: async (context) => {
      const platform = context.connect();
      const deep = '['.repeat(20_000);
      const hostile = [
        '',
        'null',
        '[]',
        '{}',
        '<html></html>',
        deep,
        '{"__proto__":{"elements":[]}}',
        '"\\u0000"',
      ];
      for (const body of hostile) {
        context.proxy.set({ kind: 'tamper', change: () => body });
        const fault = await faultOf(() => context.read(platform));
        expect(fault.kind, body.slice(0, 40)).to.equal('malformed');
      }
    },
  },
  {
    id: 'cursor-expired',
    title: 'says when a cursor is no more, and begins again from the start',
    applies: ({ pull }) => pull === 'delta',
    run: async (context) => {
      const platform = context.connect();
      const { end } = await context.read(platform, 'not-a-cursor-of-this-platform');
      expect(end.kind).to.equal('cursorExpired');
      const again = await context.read(platform);
      expect(again.end.kind === 'end' && again.end.complete !== null).to.equal(true);
    },
  },
  {
    id: 'cursor-goes-on',
    title: 'goes on from its cursor: no news, no rows',
    applies: ({ pull }) => pull === 'delta',
    run: async (context) => {
      const { rows, removed, shifts, end } = await readingAfter(context, async () => undefined);
      expect([...rows, ...removed, ...shifts]).to.deep.equal([]);
      expect(end.kind === 'end' && end.complete).to.equal(null);
    },
  },
  {
    id: 'unmapped-code',
    title: 'gives null for an attribute whose code is unmapped, reports the code and keeps the slot',
    isExemptable: true,
    applies: hasAgenda,
    run: async (context) => {
      const { emptyMaps } = context.bench;
      if (!emptyMaps) throw new Error('a platform without codes is exempt, and says so in its manifest');
      const { rows, rejected } = await context.read(context.connect({ maps: emptyMaps }));
      const mapped = await context.read(context.connect());
      expect(rows.length).to.equal(mapped.rows.length);
      const slot = rows.find((row) => row.kind === 'slot');
      expect(slot?.kind === 'slot' && slot.attributes).to.include({
        eligibility: null,
        reasons: null,
        mode: null,
      });
      const said = rejected.filter(({ externalId }) => externalId === slot?.externalId);
      expect(said.map(({ reason }) => reason).join()).to.match(/unmapped code/);
    },
  },
]);
