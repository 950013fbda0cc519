import { expect } from 'chai';
import { plus } from '../../../src/domain/instant.ts';
import { busyFingerprint } from '../../../src/domain/listing.ts';
import type { Situation } from '../../../src/engine/draft.ts';
import { at, span } from '../../support/clinic.ts';
import { atWest, idOf, listingAt, look, NOTHING, NOW, NOWHERE, seenBusy } from './world.ts';

const EAST = idOf('east', 1);
const WEST = idOf('west', 1);

const eastern = seenBusy(1, span(0, 20), { changedAt: at(-63) });
const western = seenBusy(1, span(10, 30), { ...atWest(1), changedAt: at(-62) });

const later = (minutes: number) => plus(NOW, minutes * 60_000);

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
      expect(changes.conflicts.map(({ busyId, withBusyId }) => ({ busyId, withBusyId }))).to.deep.equal([
        { busyId: outside, withBusyId: inside },
      ]);
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
    const cancelled = { listing: listingAt(both, 'e-doctor', EAST), sequence: null };
    const { after, changes, told } = look('east', both, { absent: [cancelled], at: later(2) });
    expect(lanes(after)).to.deep.equal({ [WEST]: 0 });
    expect(changes.ended).to.deep.equal([EAST]);
    expect(changes.busy.map(({ id, lane }) => ({ id, lane }))).to.deep.equal([{ id: WEST, lane: 0 }]);
    expect(changes.conflicts).to.deep.equal([]);
    expect(told).to.deep.equal(['busy.ended']);
    expect(listingAt(after, 'e-doctor', WEST).desired).to.equal(busyFingerprint('block', span(10, 30)));
  });

  it('are a conflict no more when the first is moved away', () => {
    const both = second.west(first.east()).after;
    const { after, changes } = look('east', both, { present: [seenBusy(1, span(40, 60))], at: later(2) });
    expect(lanes(after)).to.deep.equal({ [EAST]: 0, [WEST]: 0 });
    expect(changes.conflicts).to.deep.equal([]);
  });

  it('leave the lane to whoever waited longest, when several waited', () => {
    const third = seenBusy(2, span(5, 25), { ...atWest(2), changedAt: at(-64) });
    const all = look('west', second.west(first.east()).after, { present: [third], at: later(2) }).after;
    expect(lanes(all)).to.deep.equal({ [EAST]: 0, [WEST]: null, [idOf('west', 2)]: null });
    const cancelled = { listing: listingAt(all, 'e-doctor', EAST), sequence: null };
    const { after, changes } = look('east', all, { absent: [cancelled], at: later(3) });
    expect(lanes(after)).to.deep.equal({ [WEST]: null, [idOf('west', 2)]: 0 });
    expect(changes.conflicts.map(({ busyId, withBusyId }) => ({ busyId, withBusyId }))).to.deep.equal([
      { busyId: WEST, withBusyId: idOf('west', 2) },
    ]);
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

describe('a walk-in service with two lanes', () => {
  const visit = (n: number, more: Parameters<typeof seenBusy>[2] = {}) =>
    seenBusy(n, span(0, 20), { calendar: 'e-walk-in', changedAt: at(-100 + n), ...more });
  const ids = [1, 2, 3].map((n) => idOf('east', n)) as [string, string, string];

  it('takes two visits at once, and the third is in conflict with both', () => {
    const { after, changes, told } = look('east', NOWHERE, { present: [visit(1), visit(2), visit(3)] });
    expect(lanes(after)).to.deep.equal({ [ids[0]]: 0, [ids[1]]: 1, [ids[2]]: null });
    expect(changes.conflicts.map(({ busyId, withBusyId }) => [busyId, withBusyId])).to.have.deep.members([
      [ids[2], ids[0]],
      [ids[2], ids[1]],
    ]);
    expect(told.filter((type) => type === 'conflict.detected')).to.have.length(2);
  });

  it('gives the lane of a visit that is cancelled to the one that waits', () => {
    const all = look('east', NOWHERE, { present: [visit(1), visit(2), visit(3)] }).after;
    const cancelled = { listing: listingAt(all, 'e-walk-in', ids[0]), sequence: null };
    const { after, changes } = look('east', all, { absent: [cancelled], at: later(1) });
    expect(lanes(after)).to.deep.equal({ [ids[1]]: 1, [ids[2]]: 0 });
    expect(changes.conflicts).to.deep.equal([]);
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
