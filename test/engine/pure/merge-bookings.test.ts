import { expect } from 'chai';
import { instant, plus } from '../../../src/domain/instant.ts';
import { busyFingerprint } from '../../../src/domain/listing.ts';
import type { Situation } from '../../../src/engine/draft.ts';
import { at, span } from '../../support/clinic.ts';
import { atWest, idOf, listingAt, look, NOTHING, NOW, NOWHERE, seenBusy, unmet } from './world.ts';

const ID = idOf('east', 1);
const LATER = plus(NOW, 60_000);
const APPOINTMENT = busyFingerprint('appointment', span(0, 20));
const BLOCK = busyFingerprint('block', span(0, 20));

/** A patient booked 09:00 to 09:20 at east, and we have read it. */
const booked = (): Situation => look('east', NOWHERE, { present: [seenBusy(1, span(0, 20))] }).after;

describe('a booking that a platform took', () => {
  it('is taken in: busy, an appointment, closed elsewhere, told', () => {
    const { changes, told, merged } = look('east', NOWHERE, {
      present: [seenBusy(1, span(0, 20), { revision: 'r1', sequence: 4, changedAt: at(-65) })],
    });
    expect(changes.busy).to.deep.equal([
      {
        id: ID,
        actorId: 'doctor',
        scheduleId: 'doctor-here',
        kind: 'appointment',
        interval: span(0, 20),
        lane: 0,
        originId: 'east',
        expiresAt: null,
        changedAt: at(-65),
      },
    ]);
    expect(changes.appointments).to.deep.equal([
      {
        id: ID,
        scheduleId: 'doctor-here',
        slotId: null,
        status: 'booked',
        document: `{"resourceType":"Appointment","id":"${ID}"`,
        sealedPatient: null,
      },
    ]);
    expect(told).to.deep.equal(['busy.observed']);
    expect(changes.ended.concat(changes.conflicts.map((conflict) => conflict.id))).to.deep.equal([]);
    expect(merged.lookAgain).to.equal(false);
    expect(
      changes.listings.map((each) => [each.connectionId, each.kind, each.desired, each.known]),
    ).to.deep.equal([
      ['east', 'booking', APPOINTMENT, APPOINTMENT],
      ['west', 'block', BLOCK, null],
    ]);
    const { externalId, revision, sequence, knownAt } = changes.listings[0] ?? {};
    expect({ externalId, revision, sequence, knownAt }).to.deep.equal({
      externalId: 'e-1',
      revision: 'r1',
      sequence: 4,
      knownAt: NOW,
    });
  });

  it('changes nothing when it is read again', () => {
    const { changes, merged } = look('east', booked(), { present: [seenBusy(1, span(0, 20))], at: LATER });
    expect(changes).to.deep.equal(NOTHING);
    expect(merged.lookAgain).to.equal(false);
    expect(merged.draft.affected.window).to.equal(null);
  });

  it('is never dated later than now, should the clock of the platform run ahead', () => {
    const { changes } = look('east', NOWHERE, { present: [seenBusy(1, span(0, 20), { changedAt: at(0) })] });
    expect(changes.busy[0]?.changedAt).to.equal(NOW);
  });

  it('follows when it is moved, and closes the new time in place of the old', () => {
    const { changes, told, after } = look('east', booked(), {
      present: [seenBusy(1, span(40, 60))],
      at: LATER,
    });
    expect(told).to.deep.equal(['busy.moved']);
    expect(after.live.map((busy) => [busy.id, busy.interval, busy.lane])).to.deep.equal([
      [ID, span(40, 60), 0],
    ]);
    expect(listingAt(after, 'w-doctor', ID)).to.include({
      desired: busyFingerprint('block', span(40, 60)),
      known: null,
    });
    expect(listingAt(after, 'w-doctor', ID).interval).to.deep.equal(span(40, 60));
    expect(changes.appointments).to.have.length(1);
    // The slots of the old time and of the new one may have another status now.
    expect(
      look('east', booked(), { present: [seenBusy(1, span(40, 60))], at: LATER }).merged.draft.affected,
    ).to.deep.equal({ actorIds: ['doctor'], window: span(0, 60) });
  });

  it('is over when it is cancelled there: the time is free and the blocks are withdrawn', () => {
    const before = booked();
    const listing = listingAt(before, 'e-doctor', ID);
    const { changes, told, after } = look('east', before, {
      absent: [unmet(listing)],
      at: LATER,
    });
    expect(changes.ended).to.deep.equal([ID]);
    expect(changes.appointmentStatuses).to.deep.equal([{ id: ID, status: 'cancelled' }]);
    expect(told).to.deep.equal(['busy.ended']);
    expect(after.live).to.deep.equal([]);
    expect(listingAt(after, 'e-doctor', ID)).to.include({ desired: null, known: null });
    expect(listingAt(after, 'w-doctor', ID)).to.include({ desired: null });
  });

  it('comes back under the same id when it is booked again there', () => {
    const before = booked();
    const gone = look('east', before, {
      absent: [unmet(listingAt(before, 'e-doctor', ID))],
      at: LATER,
    }).after;
    const { after, told } = look('east', gone, {
      present: [seenBusy(1, span(0, 20))],
      at: plus(LATER, 60_000),
    });
    expect(told).to.deep.equal(['busy.observed']);
    expect(after.live.map((busy) => busy.id)).to.deep.equal([ID]);
    expect(listingAt(after, 'w-doctor', ID).desired).to.equal(BLOCK);
  });

  it('is ignored on a calendar that nobody linked', () => {
    const { changes } = look('east', NOWHERE, {
      present: [seenBusy(1, span(0, 20), { calendar: 'stranger' })],
    });
    expect(changes).to.deep.equal(NOTHING);
  });
});

describe('a hold that a platform gave', () => {
  const hold = (expiresAt: number) =>
    seenBusy(1, span(0, 20), { busyKind: 'hold', expiresAt: instant(expiresAt) });
  const held = (): Situation => look('east', NOWHERE, { present: [hold(at(-50))] }).after;

  it('closes the time elsewhere, without an appointment', () => {
    const { changes } = look('east', NOWHERE, { present: [hold(at(-50))] });
    expect(changes.busy.map(({ kind, lane, expiresAt }) => ({ kind, lane, expiresAt }))).to.deep.equal([
      { kind: 'hold', lane: 0, expiresAt: at(-50) },
    ]);
    expect(changes.appointments).to.deep.equal([]);
    expect(changes.listings.map((each) => each.desired)).to.include(BLOCK);
  });

  it('becomes an appointment under the same id, and the block elsewhere is not touched', () => {
    const { changes, told, after } = look('east', held(), { present: [seenBusy(1, span(0, 20))], at: LATER });
    expect(after.live.map(({ id, kind, expiresAt }) => ({ id, kind, expiresAt }))).to.deep.equal([
      { id: ID, kind: 'appointment', expiresAt: null },
    ]);
    expect(told).to.deep.equal(['busy.observed']);
    expect(changes.appointments.map(({ id, status }) => ({ id, status }))).to.deep.equal([
      { id: ID, status: 'booked' },
    ]);
    expect(changes.listings.map((each) => each.connectionId)).to.deep.equal(['east']);
  });

  it('that is prolonged keeps its block, and nobody is told', () => {
    const { changes, told, after } = look('east', held(), { present: [hold(at(-40))], at: LATER });
    expect(after.live.map((busy) => busy.expiresAt)).to.deep.equal([at(-40)]);
    expect(told).to.deep.equal([]);
    expect(changes.listings.map((each) => each.connectionId)).to.deep.equal(['east']);
  });

  it('that is released opens the time elsewhere, and cancels no appointment', () => {
    const before = held();
    const { changes, after } = look('east', before, {
      absent: [unmet(listingAt(before, 'e-doctor', ID))],
      at: LATER,
    });
    expect(changes.ended).to.deep.equal([ID]);
    expect(changes.appointmentStatuses).to.deep.equal([]);
    expect(listingAt(after, 'w-doctor', ID).desired).to.equal(null);
  });
});

describe('a booking that its platform moves to another agenda', () => {
  const toWalkIn = (interval = span(0, 20)) => seenBusy(1, interval, { calendar: 'e-walk-in' });

  for (const [what, interval] of [
    ['at another hour', span(40, 60)],
    ['at the same hour', span(0, 20)],
  ] as const) {
    it(`${what} takes the time there and gives it back where it was`, () => {
      const { after, told } = look('east', booked(), { present: [toWalkIn(interval)], at: LATER });
      expect(after.live.map(({ id, actorId, interval: time }) => ({ id, actorId, time }))).to.deep.equal([
        { id: ID, actorId: 'walk-in', time: interval },
      ]);
      expect(told).to.deep.equal(['busy.moved']);
      expect(listingAt(after, 'e-doctor', ID)).to.include({ desired: null, known: null, externalId: null });
      expect(listingAt(after, 'e-walk-in', ID)).to.include({ externalId: 'e-1', scheduleId: 'walk-in-here' });
      expect(listingAt(after, 'w-doctor', ID).desired).to.equal(null);
    });
  }

  it('changes nothing when it is read again there', () => {
    const moved = look('east', booked(), { present: [toWalkIn()], at: LATER }).after;
    const { changes } = look('east', moved, { present: [toWalkIn()], at: plus(LATER, 60_000) });
    expect(changes).to.deep.equal(NOTHING);
  });

  it('makes room for another booking that waited for its lane', () => {
    const both = look('west', booked(), { present: [seenBusy(1, span(0, 20), atWest(1))], at: LATER }).after;
    expect(both.live.map((busy) => busy.lane)).to.deep.equal([0, null]);
    const { after } = look('east', both, { present: [toWalkIn()], at: plus(LATER, 60_000) });
    expect(after.live.map(({ actorId, lane }) => [actorId, lane])).to.deep.equal([
      ['walk-in', 0],
      ['doctor', 0],
    ]);
  });

  it('is looked for again when the sight is too old to be believed', () => {
    const { changes, merged } = look('east', booked(), { present: [toWalkIn()], asOf: plus(NOW, -1) });
    expect(changes).to.deep.equal(NOTHING);
    expect(merged.lookAgain).to.equal(true);
  });
});

describe('a sight that is older than what we know', () => {
  const known = (sequence: number | null): Situation =>
    look('east', NOWHERE, { present: [seenBusy(1, span(0, 20), { sequence })] }).after;

  it('by time changes nothing, and the same is to be looked at again', () => {
    const moved = look('east', known(null), { present: [seenBusy(1, span(40, 60))], asOf: NOW });
    expect(moved.changes).to.deep.equal(NOTHING);
    expect(moved.merged.lookAgain).to.equal(true);
    const listing = listingAt(known(null), 'e-doctor', ID);
    const gone = look('east', known(null), { absent: [unmet(listing)], asOf: NOW });
    expect(gone.changes).to.deep.equal(NOTHING);
    expect(gone.merged.lookAgain).to.equal(true);
  });

  it('by time asks for no second look when it says what we know', () => {
    const { changes, merged } = look('east', known(null), { present: [seenBusy(1, span(0, 20))], asOf: NOW });
    expect(changes).to.deep.equal(NOTHING);
    expect(merged.lookAgain).to.equal(false);
  });

  it('by its sequence changes nothing, and a second look would tell no more', () => {
    const late = seenBusy(1, span(40, 60), { sequence: 6 });
    const moved = look('east', known(7), { present: [late], at: LATER });
    expect(moved.changes).to.deep.equal(NOTHING);
    expect(moved.merged.lookAgain).to.equal(false);
    const listing = listingAt(known(7), 'e-doctor', ID);
    const gone = look('east', known(7), { absent: [{ by: 'removal', listing, sequence: 6 }], at: LATER });
    expect(gone.changes).to.deep.equal(NOTHING);
    expect(gone.merged.lookAgain).to.equal(false);
  });

  it('does not end a booking that the same delivery shows anew, whatever their order', () => {
    const before = known(3);
    const listing = listingAt(before, 'e-doctor', ID);
    const { after, told } = look('east', before, {
      present: [seenBusy(1, span(40, 60), { sequence: 5 })],
      absent: [{ by: 'removal', listing, sequence: 4 }],
      at: LATER,
    });
    expect(told).to.deep.equal(['busy.moved']);
    expect(after.live.map((busy) => busy.interval)).to.deep.equal([span(40, 60)]);
    expect(listingAt(after, 'e-doctor', ID).sequence).to.equal(5);
  });
});
