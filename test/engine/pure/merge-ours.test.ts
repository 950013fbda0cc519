import { expect } from 'chai';
import { markOf } from '../../../src/adapter/observation.ts';
import { plus } from '../../../src/domain/instant.ts';
import { busyFingerprint, type Listing } from '../../../src/domain/listing.ts';
import type { Situation } from '../../../src/engine/draft.ts';
import type { Missed } from '../../../src/engine/merge.ts';
import { at, busy, listing, span, uuid } from '../../support/clinic.ts';
import {
  idOf,
  listingAt,
  look,
  NOTHING,
  NOW,
  NOWHERE,
  seenBlock,
  seenBusy,
  seenSlot,
  unmet,
} from './world.ts';

const ID = idOf('east', 1);
const BLOCK = busyFingerprint('block', span(0, 20));
const LATER = plus(NOW, 60_000);

/** A booking of east, and our block of it at west as the given changes leave it. */
function mirrored(more: Partial<Listing>): Situation {
  const { after } = look('east', NOWHERE, { present: [seenBusy(1, span(0, 20))] });
  return {
    ...after,
    listings: after.listings.map((each) =>
      each.connectionId === 'west' ? { ...each, knownAt: NOW, ...more } : each,
    ),
  };
}

const shown = (more: Parameters<typeof seenBlock>[2] = {}) =>
  seenBlock(ID, span(0, 20), { calendar: 'w-doctor', externalId: 'b-1', ...more });

describe('a block of ours at a platform', () => {
  it('is known by its mark, and its echo changes nothing', () => {
    const before = mirrored({ known: BLOCK, externalId: 'b-1' });
    const { changes, merged } = look('west', before, { present: [shown()], at: LATER });
    expect(changes).to.deep.equal(NOTHING);
    expect(merged.lookAgain).to.equal(false);
  });

  it('is known by its id there, should the platform have dropped the mark', () => {
    const before = mirrored({ known: BLOCK, externalId: 'b-1' });
    expect(look('west', before, { present: [shown({ mark: null })], at: LATER }).changes).to.deep.equal(
      NOTHING,
    );
  });

  it('is acknowledged when the answer to the write was lost', () => {
    const before = mirrored({ known: null, unsure: true });
    const { changes, after } = look('west', before, { present: [shown({ revision: 'r9' })], at: LATER });
    expect(changes).to.deep.equal({ ...NOTHING, listings: [listingAt(after, 'w-doctor', ID)] });
    expect(listingAt(after, 'w-doctor', ID)).to.include({
      desired: BLOCK,
      known: BLOCK,
      unsure: false,
      externalId: 'b-1',
      revision: 'r9',
      knownAt: LATER,
    });
  });

  describe('of which a write may be under way', () => {
    const asked = mirrored({ known: null, unsure: true, externalId: 'b-0', sequence: 3 });
    const unsureAfter = (before: Situation, absent: Missed, readsBack = true): boolean =>
      listingAt(look('west', before, { absent: [absent], readsBack, at: LATER }).after, 'w-doctor', ID)
        .unsure;
    const removed = (before: Situation, sequence: number | null): Missed => ({
      by: 'removal',
      listing: listingAt(before, 'w-doctor', ID),
      sequence,
    });

    it('is looked for before it is written again, though a reading does not meet it: it may land after that', () => {
      expect(unsureAfter(asked, unmet(listingAt(asked, 'w-doctor', ID)))).to.equal(true);
    });

    it('is to be written once a reading does not meet it, where the platform can’t be asked for it', () => {
      expect(unsureAfter(asked, unmet(listingAt(asked, 'w-doctor', ID)), false)).to.equal(false);
    });

    for (const sequence of [4, null]) {
      it(`is doubtful after the removal of what stood there before, numbered ${sequence}`, () => {
        for (const readsBack of [true, false])
          expect(unsureAfter(asked, removed(asked, sequence), readsBack)).to.equal(true);
      });
    }

    it('and which is not wanted any more is looked for too', () => {
      const unwanted = mirrored({ desired: null, known: null, unsure: true, externalId: 'b-0', sequence: 3 });
      expect(unsureAfter(unwanted, removed(unwanted, 4))).to.equal(true);
    });

    it('is doubtful as long as what stood there before is seen', () => {
      const moving = mirrored({
        known: busyFingerprint('block', span(20, 40)),
        unsure: true,
        externalId: 'b-1',
        sequence: 3,
      });
      const old = seenBlock(ID, span(20, 40), { calendar: 'w-doctor', externalId: 'b-1', sequence: 3 });
      const { after } = look('west', moving, { present: [old], at: LATER });
      expect(listingAt(after, 'w-doctor', ID)).to.include({ unsure: true, desired: BLOCK });
    });

    it('is sure when what is told to be gone is what was to be taken away', () => {
      const leaving = mirrored({ desired: null, known: BLOCK, unsure: true, externalId: 'b-1', sequence: 3 });
      expect(unsureAfter(leaving, removed(leaving, 4))).to.equal(false);
    });
  });

  it('is put back when somebody removed it there', () => {
    const before = mirrored({ known: BLOCK, externalId: 'b-1' });
    const gone = unmet(listingAt(before, 'w-doctor', ID));
    const { changes, after } = look('west', before, { absent: [gone], at: LATER });
    const stands = listingAt(after, 'w-doctor', ID);
    expect(stands).to.include({ desired: BLOCK, known: null, revision: null });
    expect(stands.desired).to.not.equal(stands.known);
    expect(changes).to.deep.equal({ ...NOTHING, listings: [stands] });
  });

  it('is put back when somebody moved it there', () => {
    const before = mirrored({ known: BLOCK, externalId: 'b-1' });
    const moved = seenBlock(ID, span(20, 40), { calendar: 'w-doctor', externalId: 'b-1' });
    const { changes, after } = look('west', before, { present: [moved], at: LATER });
    expect(listingAt(after, 'w-doctor', ID)).to.include({
      desired: BLOCK,
      known: busyFingerprint('block', span(20, 40)),
    });
    expect(changes.busy).to.deep.equal([]);
  });

  it('that a late write brings back is known to be there, so it is to be removed', () => {
    const before = { live: [], conflicts: [], listings: mirrored({ desired: null, known: null }).listings };
    const { changes, after } = look('west', before, { present: [shown()], at: LATER });
    expect(listingAt(after, 'w-doctor', ID)).to.include({ desired: null, known: BLOCK, externalId: 'b-1' });
    expect(changes.busy).to.deep.equal([]);
  });

  it('is not believed to be gone by a reading that began before it was written', () => {
    const before = mirrored({ known: BLOCK, externalId: 'b-1', knownAt: LATER });
    const gone = unmet(listingAt(before, 'w-doctor', ID));
    const { changes, merged } = look('west', before, { absent: [gone], asOf: LATER, at: plus(LATER, 1) });
    expect(changes).to.deep.equal(NOTHING);
    expect(merged.lookAgain).to.equal(true);
  });
});

describe('something under our mark that we know nothing of', () => {
  const orphan = uuid(77);

  it('is to be removed when it is a block', () => {
    const { changes, after } = look('west', NOWHERE, {
      present: [seenBlock(orphan, span(0, 20), { calendar: 'w-doctor', externalId: 'b-9', revision: 'r1' })],
    });
    expect(changes.busy).to.deep.equal([]);
    expect(changes.events).to.deep.equal([]);
    expect(listingAt(after, 'w-doctor', orphan)).to.include({
      kind: 'block',
      desired: null,
      known: BLOCK,
      externalId: 'b-9',
      revision: 'r1',
      scheduleId: 'doctor-here',
    });
  });

  it('is to be removed when it is a slot', () => {
    const { after } = look('west', NOWHERE, {
      present: [seenSlot(9, span(0, 20), { calendar: 'w-doctor', mark: markOf(orphan) })],
    });
    const stands = listingAt(after, 'w-doctor', orphan);
    expect(stands).to.include({ kind: 'offer', desired: null, externalId: 'slot-9' });
    expect(stands.known).to.be.a('string');
  });

  it('stays to be removed, and nothing more, when it is read again', () => {
    const row = seenBlock(orphan, span(0, 20), { calendar: 'w-doctor', externalId: 'b-9' });
    const { after } = look('west', NOWHERE, { present: [row] });
    expect(look('west', after, { present: [row], at: LATER }).changes).to.deep.equal(NOTHING);
  });

  // A patient holds its confirmation; a database that was set back, or another gateway, is no reason to cancel it.
  it('is kept when it is a booking: no patient is cancelled for want of a row', () => {
    const row = seenBusy(1, span(0, 20), { mark: markOf(orphan) });
    const { after, told } = look('east', NOWHERE, { present: [row] });
    expect(after.live.map(({ kind, lane }) => ({ kind, lane }))).to.deep.equal([
      { kind: 'appointment', lane: 0 },
    ]);
    expect(after.listings.filter((each) => each.desired === null)).to.deep.equal([]);
    expect(told).to.deep.equal(['busy.observed']);
    expect(look('east', after, { present: [row], at: LATER }).changes).to.deep.equal(NOTHING);
  });

  it('is left alone when it is a slot of the platform itself', () => {
    expect(look('east', NOWHERE, { present: [seenSlot(1, span(0, 20))] }).changes).to.deep.equal(NOTHING);
  });
});

describe('a booking of our own', () => {
  const OURS = uuid(50);
  const WANTED = busyFingerprint('appointment', span(0, 20));
  const asked = (more: Partial<Listing> = {}): Situation => ({
    live: [busy(50, span(0, 20))],
    conflicts: [],
    listings: [
      listing(50, span(0, 20), { known: null, unsure: true, externalId: null, knownAt: at(-61), ...more }),
    ],
  });
  const landed = (more: Parameters<typeof seenBusy>[2] = {}) =>
    seenBusy(8, span(0, 20), { mark: markOf(OURS), ...more });

  it('that landed is confirmed, closed elsewhere and told, although the answer was lost', () => {
    const { changes, told, after } = look('east', asked(), { present: [landed({ revision: 'r2' })] });
    expect(changes.appointmentStatuses).to.deep.equal([{ id: OURS, status: 'booked' }]);
    // Its document stays as it was written when it was claimed: it may carry a comment.
    expect(changes.appointments).to.deep.equal([]);
    expect(told).to.deep.equal(['appointment.booked']);
    expect(listingAt(after, 'e-doctor', OURS)).to.include({
      desired: WANTED,
      known: WANTED,
      unsure: false,
      externalId: 'e-8',
      revision: 'r2',
    });
    expect(listingAt(after, 'w-doctor', OURS)).to.include({ kind: 'block', desired: BLOCK, known: null });
    expect(after.live.map(({ id, lane }) => ({ id, lane }))).to.deep.equal([{ id: OURS, lane: 0 }]);
  });

  it('is confirmed once', () => {
    const { after } = look('east', asked(), { present: [landed()] });
    expect(look('east', after, { present: [landed()], at: LATER }).changes).to.deep.equal(NOTHING);
  });

  it('closes nothing elsewhere as long as its platform has not confirmed it', () => {
    const gone = unmet(listingAt(asked(), 'e-doctor', OURS));
    const { changes } = look('east', asked(), { absent: [gone], present: [seenBusy(2, span(40, 60))] });
    expect(changes.listings.map(({ subjectId, kind }) => [subjectId, kind])).to.have.deep.members([
      [idOf('east', 2), 'booking'],
      [idOf('east', 2), 'block'],
    ]);
  });

  it('follows the platform when it took it at another time', () => {
    const { after, changes } = look('east', asked(), { present: [landed({ interval: span(20, 40) })] });
    expect(after.live.map(({ id, interval }) => ({ id, interval }))).to.deep.equal([
      { id: OURS, interval: span(20, 40) },
    ]);
    expect(changes.appointments.map(({ id, status }) => ({ id, status }))).to.deep.equal([
      { id: OURS, status: 'booked' },
    ]);
    expect(listingAt(after, 'w-doctor', OURS).desired).to.equal(busyFingerprint('block', span(20, 40)));
  });

  describe('that was accepted while its platform was down', () => {
    const accepted = asked({ home: 'stands', unsure: false, knownAt: at(-60) });
    const theirs = idOf('west', 1);
    const other = (more: Parameters<typeof seenBusy>[2] = {}) =>
      seenBusy(1, span(10, 30), { externalId: 'w-1', calendar: 'w-doctor', ...more });
    const blockOfTheirs = ({ listings }: Situation) =>
      listings.find(({ kind, subjectId }) => kind === 'block' && subjectId === theirs)?.desired ?? null;

    it('is not to find a block of another there, laid by us, until it has landed', () => {
      const met = look('west', accepted, { present: [other()] });
      expect(met.told).to.include('conflict.detected');
      expect(blockOfTheirs(met.after)).to.equal(null);
      const { after } = look('east', met.after, { present: [landed()], at: LATER });
      expect(blockOfTheirs(after)).to.equal(busyFingerprint('block', span(10, 30)));
    });

    it('is not to find the block of a lunch hour there, either', () => {
      const met = look('west', accepted, { present: [other({ busyKind: 'block' })] });
      expect(blockOfTheirs(met.after)).to.equal(null);
      const { after } = look('east', met.after, { present: [landed()], at: LATER });
      expect(blockOfTheirs(after)).to.equal(busyFingerprint('block', span(10, 30)));
    });

    it('leaves other time alone', () => {
      const { after } = look('west', accepted, { present: [other({ interval: span(20, 40) })] });
      expect(blockOfTheirs(after)).to.equal(busyFingerprint('block', span(20, 40)));
    });
  });

  it('goes on to be cancelled there when it is seen once more after we ended it', () => {
    const before = { ...asked({ desired: null, known: WANTED, externalId: 'e-8', unsure: false }), live: [] };
    const { changes } = look('east', before, { present: [landed()] });
    expect(changes).to.deep.equal(NOTHING);
  });

  it('that the clinic moves to another agenda stays booked, there and back', () => {
    const before = look('east', asked(), { present: [landed()] }).after;
    const there = look('east', before, { present: [landed({ calendar: 'e-walk-in' })], at: LATER }).after;
    expect(there.live.map(({ id, actorId }) => ({ id, actorId }))).to.deep.equal([
      { id: OURS, actorId: 'walk-in' },
    ]);
    expect(listingAt(there, 'e-walk-in', OURS)).to.include({
      desired: WANTED,
      known: WANTED,
      externalId: 'e-8',
    });
    expect(listingAt(there, 'e-doctor', OURS)).to.include({ desired: null, known: null });
    const back = look('east', there, { present: [landed()], at: plus(LATER, 60_000) }).after;
    expect(back.live.map(({ id, actorId }) => ({ id, actorId }))).to.deep.equal([
      { id: OURS, actorId: 'doctor' },
    ]);
    expect(listingAt(back, 'e-walk-in', OURS)).to.include({ desired: null, known: null });
    expect(listingAt(back, 'w-doctor', OURS).desired).to.equal(BLOCK);
  });
});
