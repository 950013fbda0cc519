import { expect } from 'chai';
import type { BusyKind } from '../../../src/domain/busy.ts';
import { Directory } from '../../../src/domain/directory.ts';
import { plus } from '../../../src/domain/instant.ts';
import type { Interval } from '../../../src/domain/interval.ts';
import { busyFingerprint, type Listing } from '../../../src/domain/listing.ts';
import type { Situation } from '../../../src/engine/draft.ts';
import { at, busy, CALENDARS, entries, listing, span, uuid } from '../../support/clinic.ts';
import { atWest, idOf, listingAt, look, NOTHING, NOW, NOWHERE, seenBusy, unmet } from './world.ts';

/** A walk-in service with two lanes that both platforms sell. */
const directory = new Directory(
  entries([
    ...CALENDARS,
    { connectionId: 'west', externalId: 'w-walk-in', scheduleId: 'walk-in-here', topology: 'block' },
  ]),
);

const visit = (n: number, interval: Interval) => seenBusy(n, interval, { calendar: 'e-walk-in' });
const later = (minutes: number) => plus(NOW, minutes * 60_000);

const reads = (before: Situation, minutes: number, ...present: ReturnType<typeof visit>[]) =>
  look('east', before, { present, at: later(minutes), directory });

/** The time that is to be closed at west. */
const closed = (situation: Situation): string[] =>
  situation.listings
    .filter(
      ({ kind, connectionId, desired }) => kind === 'block' && connectionId === 'west' && desired !== null,
    )
    .map(({ desired }) => String(desired))
    .sort();
const lanes = ({ live }: Situation) => Object.fromEntries(live.map(({ id, lane }) => [id, lane]));
const blocks = (...intervals: Interval[]) => intervals.map((each) => busyFingerprint('block', each)).sort();

describe('two lanes of a walk-in service on two platforms', () => {
  it('are not closed elsewhere by the first visit: there is room for another', () => {
    const { after, changes } = reads(NOWHERE, 0, visit(1, span(0, 20)));
    expect(closed(after)).to.deep.equal([]);
    expect(changes.busy.map((busy) => busy.lane)).to.deep.equal([0]);
  });

  it('are closed by the visit that takes the last one, for the time of both', () => {
    const first = reads(NOWHERE, 0, visit(1, span(0, 20))).after;
    expect(closed(reads(first, 1, visit(2, span(10, 30))).after)).to.deep.equal(
      blocks(span(0, 20), span(10, 30)),
    );
  });

  it('stay open where visits only follow one another', () => {
    const first = reads(NOWHERE, 0, visit(1, span(0, 20))).after;
    expect(closed(reads(first, 1, visit(2, span(20, 40))).after)).to.deep.equal([]);
  });

  it('are opened again when one of the two is cancelled, or moved away', () => {
    const both = reads(NOWHERE, 0, visit(1, span(0, 20)), visit(2, span(0, 20))).after;
    expect(closed(both)).to.have.length(2);
    const gone = unmet(listingAt(both, 'e-walk-in', idOf('east', 1)));
    const cancelled = look('east', both, { absent: [gone], at: later(1), directory });
    expect(closed(cancelled.after)).to.deep.equal([]);
    expect(closed(reads(both, 1, visit(1, span(60, 80))).after)).to.deep.equal([]);
  });

  it('are closed by a block of the clinic, whatever is free', () => {
    const lunch = seenBusy(1, span(0, 60), { calendar: 'e-walk-in', busyKind: 'block' });
    expect(closed(reads(NOWHERE, 0, lunch).after)).to.deep.equal(blocks(span(0, 60)));
  });

  describe('and time that somebody asked us for', () => {
    const ours = { actorId: 'walk-in', scheduleId: 'walk-in-here' };
    const asked = (kind: BusyKind, more: Partial<Listing>): Situation => ({
      conflicts: [],
      live: [busy(50, span(0, 20), { ...ours, kind, originId: kind === 'hold' ? null : 'east' })],
      listings: [
        listing(50, span(0, 20), { ...ours, calendar: 'e-walk-in', known: null, externalId: null, ...more }),
      ],
    });
    /** A second visit takes the last lane. */
    const filled = (before: Situation) => reads(before, 0, visit(1, span(0, 20))).after;
    const closedFor = (situation: Situation) =>
      situation.listings
        .filter(
          ({ kind, connectionId, desired }) =>
            kind === 'block' && connectionId === 'west' && desired !== null,
        )
        .map(({ subjectId }) => subjectId);

    it('are not closed for what its platform has not confirmed, although it fills a lane', () => {
      const after = filled(asked('appointment', { unsure: true }));
      expect(closedFor(after)).to.deep.equal([idOf('east', 1)]);
    });

    it('are closed for what was accepted while its platform was down, when the last lane is taken', () => {
      const after = filled(asked('appointment', { home: 'stands' }));
      expect(closedFor(after)).to.have.members([uuid(50), idOf('east', 1)]);
    });

    it('leave a block that stands for a hold at its own platform as it is', () => {
      const block = busyFingerprint('block', span(0, 20));
      const held = asked('hold', {
        kind: 'block',
        home: 'stands',
        desired: block,
        known: block,
        externalId: 'e-50',
      });
      const before = reads(held, 0, visit(2, span(20, 40))).after;
      expect(listingAt(before, 'e-walk-in', uuid(50)).desired, 'there is room for one more').to.equal(block);
      const full = filled(held);
      expect(listingAt(full, 'e-walk-in', uuid(50)).desired).to.equal(block);
      expect(closedFor(full)).to.have.members([uuid(50), idOf('east', 1)]);
      const gone = unmet(listingAt(full, 'e-walk-in', idOf('east', 1)));
      const { after } = look('east', full, { absent: [gone], at: later(1), directory });
      expect(listingAt(after, 'e-walk-in', uuid(50)).desired).to.equal(block);
      expect(closedFor(after)).to.deep.equal([]);
    });
  });

  it('are left as they are by a reading that brings nothing new', () => {
    const both = reads(NOWHERE, 0, visit(1, span(0, 20)), visit(2, span(0, 20))).after;
    expect(reads(both, 1, visit(1, span(0, 20)), visit(2, span(0, 20))).changes).to.deep.equal(NOTHING);
  });

  it('are changed for a visit whose time is free only in pieces of both, which is no conflict', () => {
    const before = reads(NOWHERE, 0, visit(1, span(0, 15)), visit(2, span(15, 20)), visit(3, span(15, 30)));
    const gone = unmet(listingAt(before.after, 'e-walk-in', idOf('east', 2)));
    const { after: apart } = look('east', before.after, { absent: [gone], at: later(1), directory });
    expect(lanes(apart)).to.deep.equal({ [idOf('east', 1)]: 0, [idOf('east', 3)]: 1 });
    const { after, changes } = reads(apart, 2, visit(4, span(5, 20)));
    expect(changes.conflicts).to.deep.equal([]);
    expect(lanes(after)).to.deep.equal({ [idOf('east', 1)]: 0, [idOf('east', 3)]: 0, [idOf('east', 4)]: 1 });
  });

  describe('where who came first is kept', () => {
    const clinic = entries([...CALENDARS]);
    const keepFirst = new Directory({
      ...clinic,
      schedules: clinic.schedules.map((each) => ({
        ...each,
        policy: { ...each.policy, conflicts: 'keep-first' },
      })),
      calendars: directory.calendarsOn('east').concat(directory.calendarsOn('west')),
    });
    const made = (n: number, connectionId: 'east' | 'west', minutes: number) => ({
      connectionId,
      row: seenBusy(n, span(0, 20), {
        ...(connectionId === 'west' ? atWest(n) : {}),
        calendar: connectionId === 'west' ? 'w-walk-in' : 'e-walk-in',
        changedAt: at(minutes),
      }),
    });
    /** Each is read by itself, in this order; who is there in the end. */
    const readInTurn = (...visits: ReturnType<typeof made>[]) =>
      visits.reduce(
        (before, { connectionId, row }, index) =>
          look(connectionId, before, { present: [row], at: later(index), directory: keepFirst }).after,
        NOWHERE,
      );

    it('cancel the last of three and nobody else, whoever was heard of last', () => {
      const [first, second, third] = [made(1, 'east', -63), made(2, 'west', -62), made(3, 'east', -61)];
      const orders = [
        [first, second, third],
        [third, second, first],
        [second, third, first],
        [third, first, second],
      ];
      for (const order of orders) {
        const { live } = readInTurn(...order);
        expect(live.map(({ id }) => id)).to.have.members([idOf('east', 1), idOf('west', 2)]);
        expect(new Set(live.map(({ lane }) => lane))).to.deep.equal(new Set([0, 1]));
      }
    });
  });
});
