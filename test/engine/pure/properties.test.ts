import { expect } from 'chai';
import fc from 'fast-check';
import type { ObservedBusy } from '../../../src/adapter/observation.ts';
import { isLocking } from '../../../src/domain/busy.ts';
import { instant, MINUTE, plus } from '../../../src/domain/instant.ts';
import { type Interval, overlaps } from '../../../src/domain/interval.ts';
import { freeLane } from '../../../src/domain/lanes.ts';
import { busyFingerprint, type Listing } from '../../../src/domain/listing.ts';
import type { Situation } from '../../../src/engine/draft.ts';
import { at, directory, span } from '../../support/clinic.ts';
import { atWest, look, NOTHING, NOW, NOWHERE, seenBlock, seenBusy, unmet } from './world.ts';

/** Any history of two platforms, read one after the other, and what must hold after each reading. */

type Booking = {
  readonly n: number;
  readonly start: number;
  readonly kind: 'appointment' | 'hold' | 'block';
};
/** All that a platform shows at one moment, and which of our blocks have landed there. */
type Reading = {
  readonly side: 'east' | 'west';
  readonly bookings: readonly Booking[];
  readonly landed: number;
  readonly reversed: boolean;
};

const booking: fc.Arbitrary<Booking> = fc.record({
  n: fc.integer({ min: 1, max: 4 }),
  start: fc.integer({ min: 0, max: 8 }),
  kind: fc.constantFrom('appointment' as const, 'appointment' as const, 'hold' as const, 'block' as const),
});

const reading: fc.Arbitrary<Reading> = fc.record({
  side: fc.constantFrom('east' as const, 'west' as const),
  bookings: fc.uniqueArray(booking, { selector: ({ n }) => n, maxLength: 4 }),
  landed: fc.nat(255),
  reversed: fc.boolean(),
});

const intervalOf = ({ start, n }: Booking): Interval => span(start * 5, start * 5 + 10 + (n % 2) * 10);

const rowOf = (side: Reading['side'], each: Booking): ObservedBusy =>
  seenBusy(each.n, intervalOf(each), {
    ...(side === 'west' ? atWest(each.n) : {}),
    busyKind: each.kind,
    expiresAt: each.kind === 'hold' ? at(600) : null,
  });

const calendarOf = (side: Reading['side']): string => (side === 'east' ? 'e-doctor' : 'w-doctor');

/** A complete reading: what is not in it is not there. */
function sightings(read: Reading, situation: Situation) {
  const ours = situation.listings.filter(({ connectionId }) => connectionId === read.side);
  const blocks = ours
    .filter(
      ({ kind, desired }, index) => kind === 'block' && desired !== null && (read.landed >> (index % 8)) & 1,
    )
    .map(({ subjectId, interval }) => seenBlock(subjectId, interval, { calendar: calendarOf(read.side) }));
  const rows = [...read.bookings.map((each) => rowOf(read.side, each)), ...blocks];
  const present = read.reversed ? rows.reverse() : rows;
  const shown = new Set(present.map((row) => row.externalId));
  const absent = ours
    .filter(({ known, externalId }) => known !== null && (externalId === null || !shown.has(externalId)))
    .map((listing) => unmet(listing));
  return { present, absent };
}

const moment = (index: number) => plus(NOW, index * 2 * MINUTE);

/** Reads all in turn and hands each step to `check`. */
function live(
  history: readonly Reading[],
  check: (before: Situation, read: Reading, index: number) => Situation,
): Situation {
  return history.reduce(check, NOWHERE);
}

const step = (before: Situation, read: Reading, index: number): Situation =>
  look(read.side, before, { ...sightings(read, before), at: moment(index) }).after;

const PARAMETERS = { seed: 20_191_020, numRuns: 400 };
const histories = fc.array(reading, { minLength: 1, maxLength: 6 });

describe('after any history of readings', () => {
  it('the fixture of these properties has one doctor on two platforms, with one lane', () => {
    expect(directory.calendarsOf('doctor').map((calendar) => calendar.externalId)).to.deep.equal([
      calendarOf('east'),
      calendarOf('west'),
    ]);
    expect(directory.schedule('doctor-here').capacity).to.equal(1);
    expect(instant(NOW)).to.be.lessThan(at(0));
  });

  it('the same reading once more changes nothing, at the same moment or later', () => {
    fc.assert(
      fc.property(histories, (history) => {
        live(history, (before, read, index) => {
          const seen = sightings(read, before);
          const first = look(read.side, before, { ...seen, at: moment(index) });
          expect(first.merged.lookAgain).to.equal(false);
          for (const delay of [0, MINUTE]) {
            const again = look(read.side, first.after, { ...seen, at: plus(moment(index), delay) });
            expect(again.changes).to.deep.equal(NOTHING);
            expect(again.after).to.deep.equal(first.after);
          }
          return first.after;
        });
      }),
      PARAMETERS,
    );
  });

  it('no two bookings share a lane, and none is outside of the lock that could be inside', () => {
    fc.assert(
      fc.property(histories, (history) => {
        live(history, (before, read, index) => {
          const after = step(before, read, index);
          for (const one of after.live) {
            const others = after.live.filter((other) => other.id !== one.id);
            const sharing = others.filter(
              (other) =>
                one.lane !== null && other.lane === one.lane && overlaps(one.interval, other.interval),
            );
            expect(sharing).to.deep.equal([]);
            if (isLocking(one.kind) && one.lane === null) {
              expect(freeLane(one.interval, 1, others)).to.equal(null);
            }
          }
          return after;
        });
      }),
      PARAMETERS,
    );
  });

  it('what a platform shows is what is taken, and the other one is to be closed there and nowhere else', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const shown = new Map<string, readonly Booking[]>();
        live(history, (before, read, index) => {
          const after = step(before, read, index);
          shown.set(read.side, read.bookings);
          const expected = [...shown].flatMap(([side, bookings]) =>
            bookings.map((each) => `${side} ${busyFingerprint(each.kind, intervalOf(each))}`),
          );
          const taken = after.live.map(
            (busy) => `${busy.originId} ${busyFingerprint(busy.kind, busy.interval)}`,
          );
          expect(taken).to.have.members(expected);
          const closed = after.listings.filter(({ kind, desired }) => kind === 'block' && desired !== null);
          expect(closed.map((block) => `${block.connectionId} ${block.desired}`)).to.have.members(
            after.live.map(
              (busy) =>
                `${busy.originId === 'east' ? 'west' : 'east'} ${busyFingerprint('block', busy.interval)}`,
            ),
          );
          return after;
        });
      }),
      PARAMETERS,
    );
  });

  it('two different bookings of disjoint times mean the same in either order, in one batch or in two', () => {
    const pair = fc
      .tuple(booking, booking)
      .filter(([a, b]) => a.n !== b.n && !overlaps(intervalOf(a), intervalOf(b)));
    fc.assert(
      fc.property(
        histories,
        pair,
        fc.constantFrom('east' as const, 'west' as const),
        (history, [a, b], side) => {
          // Numbers above those of the history: they are new, and their times lie after it.
          const rows = [a, b].map((each) => rowOf(side, { ...each, n: each.n + 4, start: each.start + 20 }));
          const before = live(history, step);
          const options = { at: moment(history.length) };
          const read = (situation: Situation, present: readonly ObservedBusy[]) =>
            look(side, situation, { present, ...options }).after;
          const reversed = [...rows].reverse();
          const results = [
            read(before, rows),
            read(before, reversed),
            read(read(before, rows.slice(0, 1)), rows.slice(1)),
            read(read(before, rows.slice(1)), rows.slice(0, 1)),
          ].map(inOrder);
          for (const result of results.slice(1)) expect(result).to.deep.equal(results[0]);
          expect(results[0]?.live.length).to.equal(before.live.length + 2);
        },
      ),
      { ...PARAMETERS, numRuns: 200 },
    );
  });
});

const inOrder = ({ live: periods, listings, conflicts }: Situation): Situation => ({
  conflicts: [...conflicts].sort((a, b) => (a.id < b.id ? -1 : 1)),
  live: [...periods].sort((a, b) => (a.id < b.id ? -1 : 1)),
  listings: [...listings].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
});

const nameOf = ({ connectionId, calendar, subjectId }: Listing): string =>
  `${connectionId}/${calendar}/${subjectId}`;
