import { expect } from 'chai';
import { markOf } from '../../../src/adapter/observation.ts';
import { plus } from '../../../src/domain/instant.ts';
import { busyFingerprint, type Listing } from '../../../src/domain/listing.ts';
import type { Situation } from '../../../src/engine/draft.ts';
import { span, uuid } from '../../support/clinic.ts';
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
const EVEN_LATER = plus(LATER, 60_000);

/** A booking of east, and our block of it at west as b-1. */
function mirrored(more: Partial<Listing> = {}): Situation {
  const { after } = look('east', NOWHERE, { present: [seenBusy(1, span(0, 20))] });
  return {
    ...after,
    listings: after.listings.map((each) =>
      each.connectionId === 'west'
        ? { ...each, known: BLOCK, externalId: 'b-1', sequence: 10, knownAt: NOW, ...more }
        : each,
    ),
  };
}

const block = (externalId: string, sequence: number) =>
  seenBlock(ID, span(0, 20), { calendar: 'w-doctor', externalId, sequence });

const toRemove = (situation: Situation): (string | null)[] =>
  situation.listings
    .filter(({ desired, known }) => desired === null && known !== null)
    .map(({ externalId }) => externalId);

describe('our mark under another id than we know', () => {
  it('beside the one that we know is one too many, and is taken away', () => {
    for (const present of [
      [block('b-1', 10), block('b-2', 12)],
      [block('b-2', 12), block('b-1', 10)],
    ]) {
      const { after, changes } = look('west', mirrored(), { present, at: LATER });
      expect(toRemove(after)).to.deep.equal(['b-2']);
      expect(listingAt(after, 'w-doctor', ID)).to.include({ externalId: 'b-1', known: BLOCK, unsure: false });
      expect(changes.busy).to.deep.equal([]);
      expect(look('west', after, { present, at: EVEN_LATER }).changes).to.deep.equal(NOTHING);
      const again = look('west', after, { present: [block('b-2', 12)], at: EVEN_LATER });
      expect(again.changes, 'its own listing answers for it').to.deep.equal(NOTHING);
    }
  });

  it('of a write whose answer was lost: one is ours, each other one too many', () => {
    const before = mirrored({ known: null, externalId: null, sequence: null, unsure: true });
    const { after } = look('west', before, { present: [block('b-1', 10), block('b-2', 12)], at: LATER });
    expect(listingAt(after, 'w-doctor', ID)).to.include({ externalId: 'b-1', known: BLOCK, unsure: false });
    expect(toRemove(after)).to.deep.equal(['b-2']);
  });

  it('alone is a doubt: somebody has to look, and the id that we knew stays', () => {
    const { after, changes } = look('west', mirrored(), { present: [block('b-2', 12)], at: LATER });
    expect(changes).to.deep.equal({ ...NOTHING, listings: [listingAt(after, 'w-doctor', ID)] });
    expect(listingAt(after, 'w-doctor', ID)).to.include({ externalId: 'b-1', unsure: true });
  });

  it('alone when somebody looked, takes the place of the one that we knew, whatever its version', () => {
    for (const sequence of [8, 12]) {
      const before = mirrored({ unsure: true });
      const { after } = look('west', before, { present: [block('b-2', sequence)], at: LATER });
      expect(listingAt(after, 'w-doctor', ID)).to.include({ externalId: 'b-2', known: BLOCK, unsure: false });
      expect(toRemove(after)).to.deep.equal([]);
    }
  });

  it('on a slot that we publish is one too many as well', () => {
    const slotId = uuid(60);
    const offer = (n: number) =>
      seenSlot(n, span(0, 20), { calendar: 'w-doctor', mark: markOf(slotId), sequence: n });
    const { after } = look('west', NOWHERE, { present: [offer(1)] });
    const published: Situation = {
      conflicts: [],
      live: [],
      listings: after.listings.map((each) => ({ ...each, desired: each.known })),
    };
    const seen = look('west', published, { present: [offer(1), offer(2)], at: LATER });
    expect(toRemove(seen.after)).to.deep.equal(['slot-2']);
  });

  it('on a booking is a visit, and never taken away for its id', () => {
    const visit = seenBusy(2, span(20, 40), { mark: markOf(ID), calendar: 'w-doctor', externalId: 'w-2' });
    const { after } = look('west', mirrored(), { present: [block('b-1', 10), visit], at: LATER });
    expect(toRemove(after)).to.deep.equal([]);
  });
});

describe('news that comes late', () => {
  const SETTLED = plus(NOW, 30_000);
  const made = (seconds: number) => seenBusy(1, span(0, 20), { changedAt: plus(NOW, seconds * 1_000) });

  it('of a booking that a reading since did not meet is not believed: it is read again', () => {
    for (const seconds of [10, 30]) {
      const { changes, merged } = look('east', NOWHERE, {
        present: [made(seconds)],
        settledAt: SETTLED,
        at: LATER,
      });
      expect(changes).to.deep.equal(NOTHING);
      expect(merged.lookAgain).to.equal(true);
    }
  });

  it('of a booking that is over does not bring it back', () => {
    const { after: booked } = look('east', NOWHERE, { present: [made(1)] });
    const gone = unmet(listingAt(booked, 'e-doctor', ID));
    const { after: over } = look('east', booked, { absent: [gone], at: LATER });
    expect(over.live).to.deep.equal([]);
    const late = look('east', over, { present: [made(1)], settledAt: LATER, at: EVEN_LATER });
    expect(late.changes).to.deep.equal(NOTHING);
    expect(late.merged.lookAgain).to.equal(true);
  });

  it('of what we took away under the number that it last had is not believed either: a removal may have none', () => {
    const seen = seenBusy(1, span(0, 20), { sequence: 7 });
    const { after: booked } = look('east', NOWHERE, { present: [seen] });
    const gone = unmet(listingAt(booked, 'e-doctor', ID));
    const { after: over } = look('east', booked, { absent: [gone], at: LATER });
    const late = look('east', over, { present: [seen], settledAt: NOW, at: EVEN_LATER });
    expect(late.changes).to.deep.equal(NOTHING);
    expect(late.merged.lookAgain).to.equal(true);
    const newer = { present: [{ ...seen, sequence: 8 }], settledAt: NOW, at: EVEN_LATER };
    expect(look('east', over, newer).after.live).to.have.length(1);
    const read = { present: [seen], at: EVEN_LATER };
    expect(look('east', over, read).after.live, 'a reading that began since is').to.have.length(1);
  });

  it('is believed when it is younger than that reading, when no reading was, or when it has no date', () => {
    for (const [row, settledAt] of [
      [made(31), SETTLED],
      [made(10), null],
      [seenBusy(1, span(0, 20), { changedAt: null }), SETTLED],
    ] as const) {
      const { told, merged } = look('east', NOWHERE, { present: [row], settledAt, at: LATER });
      expect(told).to.deep.equal(['busy.observed']);
      expect(merged.lookAgain).to.equal(false);
    }
  });

  it('of a booking that stands, such as a move, is compared as ever', () => {
    const { after } = look('east', NOWHERE, { present: [made(1)] });
    const moved = seenBusy(1, span(20, 40), { changedAt: plus(NOW, 2_000) });
    const { told } = look('east', after, { present: [moved], settledAt: SETTLED, at: LATER });
    expect(told).to.deep.equal(['busy.moved']);
  });
});
