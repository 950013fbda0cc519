import { expect } from 'chai';
import type { Instant } from '../../../src/domain/instant.ts';
import { busyFingerprint, type Fingerprint } from '../../../src/domain/listing.ts';
import { isSettledBefore, withheld } from '../../../src/engine/withhold.ts';
import { at, directory, listing, span, uuid } from '../../support/clinic.ts';

const BLOCK = 'block/1/2' as Fingerprint;
const later = (instant: Instant): Instant => (instant + 1) as Instant;

describe('time is closed, and what was sold before is known', () => {
  const knownAt = at(0);
  const closed = { desired: BLOCK, known: BLOCK, unsure: false, knownAt };

  for (const [what, listing, asOf, isSettled] of [
    ['a block, and all of a later instant', closed, later(knownAt), true],
    ['a block, and all of the very instant', closed, knownAt, false],
    ['a block, and nothing', closed, null, false],
    ['an offer that was withdrawn', { ...closed, desired: null, known: null }, later(knownAt), true],
    ['a block that may not have landed', { ...closed, unsure: true }, later(knownAt), false],
    ['a block that is to be laid', { ...closed, known: null }, later(knownAt), false],
    ['a block that is to be taken away', { ...closed, desired: null }, later(knownAt), false],
  ] as const) {
    it(`${isSettled ? 'yes' : 'no'}: ${what}`, () => {
      expect(isSettledBefore(listing, asOf)).to.equal(isSettled);
    });
  }
});

describe('a slot that is withheld, and was moved into time that has passed', () => {
  const slot = {
    slotId: uuid(9),
    scheduleId: 'doctor-here',
    connectionId: 'east',
    calendar: 'e-doctor',
    externalId: 'slot',
    version: 1,
    interval: span(-40, -20),
    content: 'hash',
    status: 'free' as const,
    withheld: true,
    awaitedBy: null,
  };
  const blockAt = (interval: ReturnType<typeof span>) => {
    const stands = busyFingerprint('block', interval);
    return listing(9, interval, { kind: 'block', desired: stands, known: stands });
  };
  const decide = (block: ReturnType<typeof listing>) =>
    withheld(
      [slot],
      {
        directory,
        slots: [slot],
        existing: [block],
        sold: [],
        handed: [],
        limited: [],
        seen: [],
        at: at(-10),
      },
      () => 'closed',
    ).listings;

  it('keeps no time closed where it was before', () => {
    const before = blockAt(span(0, 20));
    expect(decide(before)).to.deep.equal([{ ...before, desired: null }]);
    expect(decide(blockAt(slot.interval))).to.deep.equal([]);
  });
});
