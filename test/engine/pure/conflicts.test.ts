import { expect } from 'chai';
import { plus } from '../../../src/domain/instant.ts';
import { busyFingerprint } from '../../../src/domain/listing.ts';
import { conflictId } from '../../../src/engine/conflicts.ts';
import type { Situation } from '../../../src/engine/draft.ts';
import type { Changes } from '../../../src/engine/ports/store.ts';
import { at, span } from '../../support/clinic.ts';
import { atWest, idOf, listingAt, look, NOTHING, NOW, NOWHERE, seenBusy, unmet } from './world.ts';

const EAST = idOf('east', 1);
const WEST = idOf('west', 1);

const eastern = seenBusy(1, span(0, 20), { changedAt: at(-63) });
const western = seenBusy(1, span(10, 30), { ...atWest(1), changedAt: at(-62) });

const later = (minutes: number) => plus(NOW, minutes * 60_000);

const pairs = ({ conflicts }: Changes): string[][] => conflicts.map(({ a, b }) => [a.busyId, b.busyId]);

const lanes = ({ live }: Situation): Record<string, number | null> =>
  Object.fromEntries(live.map((busy) => [busy.id, busy.lane]));

describe('two platforms that sell the same time', () => {
  const first = {
    east: () => look('east', NOWHERE, { present: [eastern] }).after,
    west: () => look('west', NOWHERE, { present: [western] }).after,
  };
  const second = {
    east: (before: Situation) => look('east', before, { present: [eastern], at: later(1) }),
    west: (before: Situation) => look('west', before, { present: [western], at: later(1) }),
  };

  for (const [one, other, inside, outside] of [
    ['east', 'west', EAST, WEST],
    ['west', 'east', WEST, EAST],
  ] as const) {
    it(`are a conflict once both are read, ${one} before ${other}: both are kept, the later read outside of the lock`, () => {
      const { after, changes, told } = second[other](first[one]());
      expect(lanes(after)).to.deep.equal({ [inside]: 0, [outside]: null });
      expect(pairs(changes)).to.deep.equal([[EAST, WEST].sort()]);
      expect(changes.conflicts[0]).to.deep.include({
        connectionId: other,
        detectedAt: later(1),
        settlement: null,
        endedAt: null,
      });
      expect(told).to.deep.equal(['busy.observed', 'conflict.detected']);
      expect(changes.events[1]).to.include({ connectionId: other, busyId: outside, withBusyId: inside });
      expect(changes.appointments.map(({ id, status }) => ({ id, status }))).to.deep.equal([
        { id: outside, status: 'booked' },
      ]);
      expect(changes.ended.concat(changes.appointmentStatuses.map(({ id }) => id))).to.deep.equal([]);
    });
  }

  it('have one conflict between them, by the same id whichever was read first', () => {
    const ids = [second.west(first.east()), second.east(first.west())].map(({ changes }) =>
      changes.conflicts.map(({ id }) => id),
    );
    expect(ids[0]).to.have.length(1);
    expect(ids[0]).to.deep.equal(ids[1]);
  });

  it('are not told again when either is read again', () => {
    const both = second.west(first.east()).after;
    expect(look('east', both, { present: [eastern], at: later(2) }).changes).to.deep.equal(NOTHING);
    expect(look('west', both, { present: [western], at: later(2) }).changes).to.deep.equal(NOTHING);
  });

  it('close the time of each at the other', () => {
    const both = second.west(first.east()).after;
    expect(listingAt(both, 'w-doctor', EAST).desired).to.equal(busyFingerprint('block', span(0, 20)));
    expect(listingAt(both, 'e-doctor', WEST).desired).to.equal(busyFingerprint('block', span(10, 30)));
  });

  it('are a conflict no more when the first is cancelled: the second takes its lane', () => {
    const both = second.west(first.east()).after;
    const cancelled = unmet(listingAt(both, 'e-doctor', EAST));
    const { after, changes, told } = look('east', both, { absent: [cancelled], at: later(2) });
    expect(lanes(after)).to.deep.equal({ [WEST]: 0 });
    expect(changes.ended).to.deep.equal([EAST]);
    expect(changes.busy.map(({ id, lane }) => ({ id, lane }))).to.deep.equal([{ id: WEST, lane: 0 }]);
    expect(
      changes.conflicts.map(({ id, settlement, endedAt }) => ({ id, settlement, endedAt })),
    ).to.deep.equal([{ id: conflictId(EAST, WEST), settlement: null, endedAt: later(2) }]);
    expect(told).to.deep.equal(['busy.ended', 'conflict.ended']);
    expect(changes.events[1]).to.deep.include({ conflictId: conflictId(EAST, WEST), interval: span(10, 20) });
    expect(listingAt(after, 'e-doctor', WEST).desired).to.equal(busyFingerprint('block', span(10, 30)));
  });

  it('are a conflict no more when the first is moved away', () => {
    const both = second.west(first.east()).after;
    const { after, told } = look('east', both, { present: [seenBusy(1, span(40, 60))], at: later(2) });
    expect(lanes(after)).to.deep.equal({ [EAST]: 0, [WEST]: 0 });
    expect(told).to.deep.equal(['busy.moved', 'conflict.ended']);
    expect(after.conflicts).to.deep.equal([]);
  });

  it('leave the lane to whoever waited longest, when several waited', () => {
    const third = seenBusy(2, span(5, 25), { ...atWest(2), changedAt: at(-64) });
    const all = look('west', second.west(first.east()).after, { present: [third], at: later(2) }).after;
    expect(lanes(all)).to.deep.equal({ [EAST]: 0, [WEST]: null, [idOf('west', 2)]: null });
    const cancelled = unmet(listingAt(all, 'e-doctor', EAST));
    const { after } = look('east', all, { absent: [cancelled], at: later(3) });
    expect(lanes(after)).to.deep.equal({ [WEST]: null, [idOf('west', 2)]: 0 });
    // The two that waited were in conflict with each other all along.
    expect(after.conflicts.map(({ id }) => id)).to.deep.equal([conflictId(WEST, idOf('west', 2))]);
    expect(after.conflicts[0]?.detectedAt).to.equal(later(2));
  });

  it('are no conflict when they only touch', () => {
    const after = seenBusy(1, span(20, 40), atWest(1));
    const { changes } = look('west', first.east(), { present: [after], at: later(1) });
    expect(changes.conflicts).to.deep.equal([]);
    expect(changes.busy.map((busy) => busy.lane)).to.deep.equal([0]);
  });

  it('are no conflict when one of them is a block or a hold, but a hold that becomes a booking is', () => {
    const block = seenBusy(1, span(0, 20), { ...atWest(1), busyKind: 'block' });
    expect(look('west', first.east(), { present: [block], at: later(1) }).changes.conflicts).to.deep.equal(
      [],
    );
    const hold = seenBusy(1, span(0, 20), { ...atWest(1), busyKind: 'hold', expiresAt: at(-50) });
    const held = look('west', first.east(), { present: [hold], at: later(1) });
    expect(held.changes.conflicts).to.deep.equal([]);
    expect(held.changes.busy.map((busy) => busy.lane)).to.deep.equal([null]);
    const booked = look('west', held.after, { present: [seenBusy(1, span(0, 20), atWest(1))], at: later(2) });
    expect(booked.changes.conflicts).to.have.length(1);
  });
});

describe('a conflict that goes on', () => {
  const both = () => {
    const one = look('east', NOWHERE, { present: [eastern] }).after;
    return look('west', one, { present: [western], at: later(1) }).after;
  };
  const westAt = (from: number, to: number, minutes: number, before: Situation) =>
    look('west', before, { present: [seenBusy(1, span(from, to), atWest(1))], at: later(minutes) });

  it('keeps its id and its age when one is moved and still meets the other, and is not told again', () => {
    const { after, told } = westAt(15, 35, 2, both());
    expect(told).to.deep.equal(['busy.moved']);
    const sides = after.conflicts.flatMap(({ a, b }) => [a, b]);
    expect(sides.find(({ busyId }) => busyId === WEST)?.interval).to.deep.equal(span(15, 35));
    expect(after.conflicts[0]?.detectedAt).to.equal(later(1));
  });

  it('begins anew, in its own row, when the two meet again after they did not', () => {
    const apart = westAt(40, 60, 2, both()).after;
    const { changes, told } = westAt(10, 30, 3, apart);
    expect(told).to.deep.equal(['busy.moved', 'conflict.detected']);
    expect(changes.conflicts).to.have.length(1);
    expect(changes.conflicts[0]).to.include({
      id: conflictId(EAST, WEST),
      detectedAt: later(3),
      endedAt: null,
    });
  });

  it('calls the same booking a, whoever holds the lock', () => {
    const found = both();
    const after = look('east', found, {
      absent: [unmet(listingAt(found, 'e-doctor', EAST))],
      at: later(2),
    }).after;
    const again = look('east', after, { present: [eastern], at: later(3) });
    expect(lanes(again.after)).to.deep.equal({ [WEST]: 0, [EAST]: null });
    const sides = (situation: Situation) =>
      situation.conflicts.map(({ id, a, b }) => [id, a.busyId, b.busyId]);
    expect(sides(again.after)).to.deep.equal(sides(found));
    expect(again.after.conflicts[0]?.connectionId).to.equal('east');
  });

  const settled = (situation: Situation): Situation => ({
    ...situation,
    conflicts: situation.conflicts.map((each) => ({
      ...each,
      settlement: { resolution: 'keep-both', by: 'admin', at: later(2) },
    })),
  });

  it('and was settled by keeping both is left alone, however often they are read', () => {
    const kept = settled(both());
    expect(look('west', kept, { present: [western], at: later(3) }).changes).to.deep.equal(NOTHING);
    expect(look('east', kept, { present: [eastern], at: later(3) }).changes).to.deep.equal(NOTHING);
  });

  it('and was settled by keeping both is open again when one of them is moved', () => {
    const { after, told } = westAt(5, 25, 3, settled(both()));
    expect(told).to.deep.equal(['busy.moved', 'conflict.detected']);
    expect(after.conflicts[0]).to.deep.include({ settlement: null, detectedAt: later(3) });
  });

  it('and was settled by keeping both is over without another word when one of them ends', () => {
    const kept = settled(both());
    const cancelled = unmet(listingAt(kept, 'w-doctor', WEST));
    const { changes, told } = look('west', kept, { absent: [cancelled], at: later(3) });
    expect(told).to.deep.equal(['busy.ended']);
    expect(changes.conflicts[0]).to.deep.include({
      settlement: { resolution: 'keep-both', by: 'admin', at: later(2) },
      endedAt: later(3),
    });
  });
});

describe('a walk-in service with two lanes', () => {
  const visit = (n: number, more: Parameters<typeof seenBusy>[2] = {}) =>
    seenBusy(n, span(0, 20), { calendar: 'e-walk-in', changedAt: at(-100 + n), ...more });
  const ids = [1, 2, 3].map((n) => idOf('east', n)) as [string, string, string];

  it('takes two visits at once, and the third is in conflict with both', () => {
    const { after, changes, told } = look('east', NOWHERE, { present: [visit(1), visit(2), visit(3)] });
    expect(lanes(after)).to.deep.equal({ [ids[0]]: 0, [ids[1]]: 1, [ids[2]]: null });
    expect(pairs(changes)).to.have.deep.members([[ids[2], ids[0]].sort(), [ids[2], ids[1]].sort()]);
    expect(told.filter((type) => type === 'conflict.detected')).to.have.length(2);
  });

  it('gives the lane of a visit that is cancelled to the one that waits', () => {
    const all = look('east', NOWHERE, { present: [visit(1), visit(2), visit(3)] }).after;
    const cancelled = unmet(listingAt(all, 'e-walk-in', ids[0]));
    const { after, changes } = look('east', all, { absent: [cancelled], at: later(1) });
    expect(lanes(after)).to.deep.equal({ [ids[1]]: 1, [ids[2]]: 0 });
    expect(changes.conflicts.map(({ endedAt }) => endedAt)).to.deep.equal([later(1), later(1)]);
  });
});

describe('bookings that change places in one reading', () => {
  it('are no conflict in the end, whatever their order', () => {
    const before = look('east', NOWHERE, {
      present: [seenBusy(1, span(0, 20)), seenBusy(2, span(20, 40))],
    }).after;
    const rows = [seenBusy(1, span(20, 40)), seenBusy(2, span(0, 20))];
    for (const present of [rows, [...rows].reverse()]) {
      const { after, changes } = look('east', before, { present, at: later(1) });
      expect(lanes(after)).to.deep.equal({ [idOf('east', 1)]: 0, [idOf('east', 2)]: 0 });
      expect(changes.conflicts).to.deep.equal([]);
      expect(changes.events.map((event) => event.type)).to.deep.equal(['busy.moved', 'busy.moved']);
    }
  });
});
