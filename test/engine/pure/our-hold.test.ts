import { expect } from 'chai';
import { markOf, type ObservedBusy } from '../../../src/adapter/observation.ts';
import { type Instant, plus } from '../../../src/domain/instant.ts';
import { busyFingerprint, type Fingerprint } from '../../../src/domain/listing.ts';
import type { Situation } from '../../../src/engine/draft.ts';
import { busy, listing, span, uuid } from '../../support/clinic.ts';
import { look, NOTHING, NOW, unmet } from './world.ts';

/** What a platform still says of a hold of ours that has become a booking, or is becoming one. */

const ID = uuid(1);
const TIME = span(0, 20);
const EXPIRES_AT = plus(NOW, 300_000);
const HOLD = busyFingerprint('hold', TIME, EXPIRES_AT);
const BOOKING = busyFingerprint('appointment', TIME);
const BLOCK = busyFingerprint('block', TIME);
const LATER = plus(NOW, 60_000);

const shown = (busyKind: ObservedBusy['busyKind'], expiresAt: Instant | null = null): ObservedBusy => ({
  kind: 'busy',
  externalId: busyKind === 'block' ? 'b-1' : 'r-1',
  calendar: 'e-doctor',
  interval: TIME,
  mark: markOf(ID),
  revision: null,
  sequence: null,
  busyKind,
  expiresAt,
  changedAt: null,
});

function world(
  kind: 'hold' | 'appointment',
  desired: Fingerprint | null,
  known: Fingerprint | null,
): Situation {
  return {
    live: [
      busy(1, TIME, {
        kind,
        originId: kind === 'hold' ? null : 'east',
        expiresAt: kind === 'hold' ? EXPIRES_AT : null,
      }),
    ],
    listings: [
      listing(1, TIME, {
        desired,
        known,
        externalId: known && (known === BLOCK ? 'b-1' : 'r-1'),
        knownAt: NOW,
      }),
    ],
    conflicts: [],
  };
}
const absent = (situation: Situation) => situation.listings.map((each) => unmet(each)).slice(0, 1);

describe('a hold of ours, as its platform shows it', () => {
  it('is our own echo', () => {
    const before = world('hold', HOLD, HOLD);
    expect(look('east', before, { present: [shown('hold', EXPIRES_AT)], at: LATER }).changes).to.deep.equal(
      NOTHING,
    );
  });

  it('stands once its answer is found that was lost, and closes the others, and is no booking', () => {
    const before = world('hold', HOLD, null);
    const { changes } = look('east', before, { present: [shown('hold', EXPIRES_AT)], at: LATER });
    expect(
      changes.listings.map(({ connectionId, desired }) => [connectionId, desired]),
    ).to.deep.include.members([
      ['east', HOLD],
      ['west', busyFingerprint('block', TIME)],
    ]);
    expect(changes.appointmentStatuses).to.deep.equal([]);
    expect(changes.events).to.deep.equal([]);
  });

  it('that is prolonged there lasts as long as it does there, and stays ours', () => {
    const until = plus(EXPIRES_AT, 60_000);
    const { after } = look('east', world('hold', HOLD, HOLD), { present: [shown('hold', until)], at: LATER });
    expect(after.live[0]).to.include({ kind: 'hold', expiresAt: until, originId: null });
  });

  it('that is gone there is over here, with the appointment that it was to be', () => {
    const before = world('hold', HOLD, HOLD);
    const { after, changes } = look('east', before, { absent: absent(before), at: LATER });
    expect(after.live).to.deep.equal([]);
    expect(changes.appointmentStatuses).to.deep.equal([{ id: ID, status: 'cancelled' }]);
  });
});

describe('a booking that was a hold of ours', () => {
  it('is no hold again, whatever late news says', () => {
    for (const known of [null, HOLD]) {
      const { after } = look('east', world('appointment', BOOKING, known), {
        present: [shown('hold', EXPIRES_AT)],
        at: LATER,
      });
      expect(after.live[0]).to.include({ kind: 'appointment' });
      expect(after.listings[0]).to.include({ desired: BOOKING, known: HOLD });
    }
  });

  it('does not end with the hold, which may run out while it is booked', () => {
    const before = world('appointment', BOOKING, HOLD);
    const { after, changes } = look('east', before, { absent: absent(before), at: LATER });
    expect(after.live).to.have.length(1);
    expect(after.listings[0]).to.include({ desired: BOOKING, known: null });
    expect(changes.appointmentStatuses).to.deep.equal([]);
  });

  it('is confirmed when it is seen where the hold was', () => {
    const before = world('appointment', BOOKING, HOLD);
    const { changes } = look('east', before, { present: [shown('appointment')], at: LATER });
    expect(changes.appointmentStatuses).to.deep.equal([{ id: ID, status: 'booked' }]);
  });

  it('that ended is not made anew by late news of the hold', () => {
    const before: Situation = { ...world('appointment', null, null), live: [] };
    const { after } = look('east', before, { present: [shown('hold', EXPIRES_AT)], at: LATER });
    expect(after.live).to.deep.equal([]);
    expect(after.listings[0]).to.include({ desired: null, known: HOLD });
  });

  it('has the block taken away that stood in place of the hold, and nothing else', () => {
    for (const known of [null, BOOKING]) {
      const before = world('appointment', BOOKING, known);
      const { after } = look('east', before, { present: [shown('block')], at: LATER });
      const toRemove = after.listings.filter((each) => each.desired === null && each.known !== null);
      expect(toRemove.map(({ externalId, kind }) => [externalId, kind])).to.deep.equal([['b-1', 'block']]);
      expect(after.live[0]).to.include({ kind: 'appointment' });
      expect(after.listings[0]).to.include({ desired: BOOKING, known });
    }
  });

  it('knows the block in place of the hold as long as that is to be booked over', () => {
    const before = world('appointment', BOOKING, BLOCK);
    expect(look('east', before, { present: [shown('block')], at: LATER }).changes).to.deep.equal(NOTHING);
  });

  it('does not end with that block', () => {
    const before = world('appointment', BOOKING, BLOCK);
    const { after, changes } = look('east', before, { absent: absent(before), at: LATER });
    expect(after.live).to.have.length(1);
    expect(after.listings[0]).to.include({ desired: BOOKING, known: null });
    expect(changes.appointmentStatuses).to.deep.equal([]);
  });

  it('is confirmed when it is seen beside that block, in either order', () => {
    for (const present of [
      [shown('block'), shown('appointment')],
      [shown('appointment'), shown('block')],
    ]) {
      const { after, changes } = look('east', world('appointment', BOOKING, BLOCK), { present, at: LATER });
      expect(changes.appointmentStatuses).to.deep.equal([{ id: ID, status: 'booked' }]);
      expect(after.listings[0]).to.include({ desired: BOOKING, known: BOOKING, externalId: 'r-1' });
    }
  });

  it('that ended leaves that block to be taken away', () => {
    const before: Situation = { ...world('appointment', null, BLOCK), live: [] };
    const { after } = look('east', before, { present: [shown('block')], at: LATER });
    expect(after.live).to.deep.equal([]);
    expect(after.listings[0]).to.include({ desired: null, known: BLOCK, externalId: 'b-1' });
  });
});
