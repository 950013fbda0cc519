import type { Instant } from '../domain/instant.ts';
import type { Fingerprint, Listing } from '../domain/listing.ts';

/**
 * The heart of Passerelle: what an observation means. A three-way merge of what we last knew of a thing at a platform
 * (base), what we want of it (ours) and what was just observed (theirs). It reads no clock, no database, no network.
 */

/** Whose word counts. `source`: the platform's, it holds the booking. `mirror`: ours, the platform only shows it. */
export type Role = 'source' | 'mirror';

/**
 * Ours, beside what we last knew.
 * `kept`: it is there as we want it. `pending`: we want it there, or otherwise than it is. `dropped`: it is there and
 * we want it gone. `over`: it is gone, as we want.
 */
export type Ours = 'kept' | 'pending' | 'dropped' | 'over';

/**
 * Theirs, beside what we last knew and what we want.
 * `unchanged`: as we knew. `as-wanted`: what we were about to make it. `absent`: gone. `different`: something else.
 */
export type Theirs = 'unchanged' | 'as-wanted' | 'absent' | 'different';

/**
 * `acknowledge`: this is what the platform shows now; what we want stays, and delivery sees to the difference.
 * `follow`: the platform changed its booking (or made it anew), so our own state changes with it.
 * `end`: the booking is over there, so it is over.
 */
export type Verdict = 'acknowledge' | 'follow' | 'end';

/** Every case, in the order in which one would explain them. `never` = the two states exclude each other. */
const TABLE = {
  source: {
    kept: {
      unchanged: 'acknowledge', // Nothing happened, or our own echo.
      'as-wanted': 'never',
      absent: 'end', // Cancelled at the platform.
      different: 'follow', // Moved at the platform, or a hold became a booking.
    },
    pending: {
      unchanged: 'acknowledge', // Our write has not landed (yet).
      'as-wanted': 'acknowledge', // It has landed, though perhaps we never got the answer.
      absent: 'end', // We were changing it and it was cancelled there: the patient's word is the later one.
      different: 'follow', // Both changed it: the patient holds the platform's confirmation, not ours.
    },
    dropped: {
      unchanged: 'acknowledge', // Our cancellation has not landed yet.
      'as-wanted': 'acknowledge', // It has.
      absent: 'never', // To be gone is what we want, so that is as-wanted.
      different: 'acknowledge', // Moved while we were cancelling: it is still to be cancelled.
    },
    over: {
      unchanged: 'acknowledge', // Still gone.
      'as-wanted': 'never',
      absent: 'never',
      different: 'follow', // Booked again under the same id.
    },
  },
  mirror: {
    kept: {
      unchanged: 'acknowledge', // Our own echo.
      'as-wanted': 'never',
      absent: 'acknowledge', // Somebody removed it there; the time is still taken, so it is put back.
      different: 'acknowledge', // Somebody moved it there; likewise.
    },
    pending: {
      unchanged: 'acknowledge', // Our write has not landed (yet).
      'as-wanted': 'acknowledge', // It has.
      absent: 'acknowledge', // Gone while we were changing it: to be made anew.
      different: 'acknowledge', // Changed by somebody else meanwhile: ours is written over it.
    },
    dropped: {
      unchanged: 'acknowledge', // Our removal has not landed yet.
      'as-wanted': 'acknowledge', // It has.
      absent: 'never',
      different: 'acknowledge', // Changed, and still to be removed.
    },
    over: {
      unchanged: 'acknowledge', // Still gone.
      'as-wanted': 'never',
      absent: 'never',
      different: 'acknowledge', // It came back, by a late write of ours: to be removed.
    },
  },
} as const satisfies Record<Role, Record<Ours, Record<Theirs, Verdict | 'never'>>>;

export const roleOf = (listing: Pick<Listing, 'kind'>): Role =>
  listing.kind === 'booking' ? 'source' : 'mirror';

export function oursOf({ desired, known }: Pick<Listing, 'desired' | 'known'>): Ours {
  if (desired === null) return known === null ? 'over' : 'dropped';
  return desired === known ? 'kept' : 'pending';
}

export function theirsOf(
  { desired, known }: Pick<Listing, 'desired' | 'known'>,
  seen: Fingerprint | null,
): Theirs {
  if (seen === known) return 'unchanged';
  if (seen === desired) return 'as-wanted';
  return seen === null ? 'absent' : 'different';
}

/** What was seen of a thing, and how old that sight is. */
export type Sight = {
  /** Null = it is not there. */
  readonly seen: Fingerprint | null;
  readonly sequence: number | null;
  /** The latest instant at which this can have been true: when the reading began, less the platform's staleness. */
  readonly asOf: Instant;
};

/**
 * Whether the sight is older than what we know. Sequences decide where the platform has them; else a reading that
 * began before we last learned of the thing, or began to write it, says nothing against it.
 */
export function isStale(listing: Known, sight: Sight): boolean {
  const { sequence, knownAt } = listing;
  if (sequence !== null && sight.sequence !== null && !tellsNothing(listing, sight))
    return sight.sequence < sequence;
  return sight.asOf <= knownAt;
}

type Known = Pick<Listing, 'known' | 'sequence' | 'knownAt'>;

/**
 * What is gone was last there under this sequence, and few platforms number a removal: a list that lags shows it so, and
 * so does one that missed it before.
 */
export const tellsNothing = (
  { known, sequence }: Pick<Listing, 'known' | 'sequence'>,
  sight: Sight,
): boolean => known === null && sight.seen !== null && sight.sequence === sequence;

/** The verdict on a sight of a listing, or `stale`. */
export function decide(listing: Listing, sight: Sight): Verdict | 'stale' {
  if (isStale(listing, sight)) return 'stale';
  const verdict = TABLE[roleOf(listing)][oursOf(listing)][theirsOf(listing, sight.seen)];
  if (verdict === 'never') throw new Error('a case that excludes itself');
  return verdict;
}
