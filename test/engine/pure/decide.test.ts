import { expect } from 'chai';
import { type Instant, plus } from '../../../src/domain/instant.ts';
import type { Fingerprint, Listing, ListingKind } from '../../../src/domain/listing.ts';
import {
  decide,
  isStale,
  type Ours,
  oursOf,
  type Role,
  roleOf,
  type Sight,
  type Theirs,
  theirsOf,
} from '../../../src/engine/decide.ts';
import { at, listing, span } from '../../support/clinic.ts';

/**
 * What the decision must be, written out a second time and by hand, so that a slip in the engine's own table shows.
 * source: the platform holds the booking. mirror: the platform only shows what we hold.
 */
const EXPECTED = `
  role    ours     | unchanged    as-wanted    absent       different
  source  kept     | acknowledge  never        end          follow
  source  pending  | acknowledge  acknowledge  end          follow
  source  dropped  | acknowledge  acknowledge  never        acknowledge
  source  over     | acknowledge  never        never        follow
  mirror  kept     | acknowledge  never        acknowledge  acknowledge
  mirror  pending  | acknowledge  acknowledge  acknowledge  acknowledge
  mirror  dropped  | acknowledge  acknowledge  never        acknowledge
  mirror  over     | acknowledge  never        never        acknowledge
`;

const [OLD, NEW, OTHER] = ['old', 'new', 'other'] as readonly string[] as [
  Fingerprint,
  Fingerprint,
  Fingerprint,
];

/** States that stand for each of ours; `pending` also begins from nothing. */
const STATES: Record<Ours, Pick<Listing, 'desired' | 'known'>> = {
  kept: { desired: OLD, known: OLD },
  pending: { desired: NEW, known: OLD },
  dropped: { desired: null, known: OLD },
  over: { desired: null, known: null },
};

const [HEADER = [], ...ROWS] = EXPECTED.trim()
  .split('\n')
  .map((line) => line.replace('|', '').trim().split(/\s+/));
const COLUMNS = HEADER.slice(2) as Theirs[];

const expectedOf = (role: Role, ours: Ours, theirs: Theirs): string | undefined =>
  ROWS.find((row) => row[0] === role && row[1] === ours)?.[2 + COLUMNS.indexOf(theirs)];

const KINDS: Record<Role, readonly ListingKind[]> = { source: ['booking'], mirror: ['block', 'offer'] };

const fresh = (seen: Fingerprint | null): Sight => ({ seen, sequence: null, asOf: at(0) });

const standing = (state: Pick<Listing, 'desired' | 'known'>, kind: ListingKind): Listing =>
  listing(1, span(60, 75), { ...state, kind, knownAt: at(-10) });

describe('decide', () => {
  it('has a row for each role and each of ours', () => {
    expect(ROWS.map((row) => row.slice(0, 2).join(' '))).to.have.members(
      ['source', 'mirror'].flatMap((role) => Object.keys(STATES).map((ours) => `${role} ${ours}`)),
    );
    expect(COLUMNS).to.have.members(['unchanged', 'as-wanted', 'absent', 'different']);
  });

  for (const [role, ours, ...cells] of ROWS as [Role, Ours, ...string[]][]) {
    const state = STATES[ours];
    const seen: Record<Theirs, Fingerprint | null> = {
      unchanged: state.known,
      'as-wanted': state.desired,
      absent: null,
      different: OTHER,
    };
    const possible = COLUMNS.map((theirs, index) => [theirs, cells[index]] as const).filter(
      ([, verdict]) => verdict !== 'never',
    );
    const title = possible.map(([theirs, verdict]) => `${theirs} → ${verdict}`).join(', ');
    it(`${role}, ${ours}: ${title}`, () => {
      for (const kind of KINDS[role]) {
        for (const [theirs, verdict] of possible) {
          expect(decide(standing(state, kind), fresh(seen[theirs])), `${kind}, ${theirs}`).to.equal(verdict);
        }
      }
    });
  }

  it('takes a thing that we never knew there, and want, for pending', () => {
    const begun = { desired: NEW, known: null };
    expect(oursOf(begun)).to.equal('pending');
    const verdicts = (kind: ListingKind) =>
      [null, NEW, OTHER].map((seen) => decide(standing(begun, kind), fresh(seen)));
    expect(verdicts('booking')).to.deep.equal(['acknowledge', 'acknowledge', 'follow']);
    expect(verdicts('block')).to.deep.equal(['acknowledge', 'acknowledge', 'acknowledge']);
  });

  // Only what equals what matters, so three different fingerprints and null are all the values there are.
  it('meets no case that excludes itself, whatever is desired, known and seen', () => {
    const values = [null, OLD, NEW, OTHER];
    const met = new Set<string>();
    for (const kind of ['booking', 'block', 'offer'] as const) {
      for (const desired of values) {
        for (const known of values) {
          for (const seen of values) {
            const state = { desired, known };
            const [role, ours, theirs] = [roleOf({ kind }), oursOf(state), theirsOf(state, seen)];
            met.add(`${role} ${ours} ${theirs}`);
            expect(decide(standing(state, kind), fresh(seen))).to.equal(expectedOf(role, ours, theirs));
          }
        }
      }
    }
    const possible = ROWS.flatMap(([role, ours, ...cells]) =>
      cells.flatMap((verdict, index) => (verdict === 'never' ? [] : [`${role} ${ours} ${COLUMNS[index]}`])),
    );
    expect([...met]).to.have.members(possible);
  });
});

describe('a sight is stale', () => {
  const KNOWN_AT = at(0);
  const older = plus(KNOWN_AT, -1);
  const newer = plus(KNOWN_AT, 1);
  // Sequences decide where both sides have one, and then time says nothing.
  const cases: readonly (readonly [
    known: number | null,
    seen: number | null,
    asOf: Instant,
    stale: boolean,
    why: string,
  ])[] = [
    [null, null, older, true, 'seen before we learned of it'],
    [null, null, KNOWN_AT, true, 'seen at the very moment at which we learned of it'],
    [null, null, newer, false, 'seen after we learned of it'],
    [7, 6, newer, true, 'an older sequence, although it arrived later'],
    [7, 7, older, false, 'the same sequence, although it is of an earlier reading'],
    [7, 8, older, false, 'a newer sequence, although it is of an earlier reading'],
    [7, null, older, true, 'no sequence in the sight: time decides'],
    [7, null, newer, false, 'no sequence in the sight: time decides'],
    [null, 8, older, true, 'no sequence known: time decides'],
    [null, 8, newer, false, 'no sequence known: time decides'],
    [0, 0, older, false, 'a sequence of zero is one'],
  ];
  for (const [known, seen, asOf, stale, why] of cases) {
    const when = asOf === older ? 'before' : asOf === newer ? 'after' : 'at';
    it(`${stale ? 'yes' : 'no '}: known ${known}, seen ${seen}, ${when} knownAt (${why})`, () => {
      const sight = { seen: OTHER, sequence: seen, asOf };
      expect(isStale({ known: OLD, sequence: known, knownAt: KNOWN_AT }, sight)).to.equal(stale);
      const row = { ...standing(STATES.kept, 'booking'), sequence: known, knownAt: KNOWN_AT };
      expect(decide(row, sight)).to.equal(stale ? 'stale' : 'follow');
    });
  }

  it('by time where what is gone is seen as it last stood: its removal may have had no number', () => {
    const gone = { ...standing(STATES.over, 'booking'), sequence: 7, knownAt: KNOWN_AT };
    const seen = (sequence: number, asOf: Instant) => decide(gone, { seen: OTHER, sequence, asOf });
    expect([seen(7, older), seen(7, newer)]).to.deep.equal(['stale', 'follow']);
    expect([seen(6, newer), seen(8, older)]).to.deep.equal(['stale', 'follow']);
  });
});
