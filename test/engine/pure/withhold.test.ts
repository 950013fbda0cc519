import { expect } from 'chai';
import type { Instant } from '../../../src/domain/instant.ts';
import type { Fingerprint } from '../../../src/domain/listing.ts';
import { isSettledBefore } from '../../../src/engine/withhold.ts';
import { at } from '../../support/clinic.ts';

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
