import type { Removal } from '../../adapter/observation.ts';
import type { Absence } from '../../domain/absence.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Legibility } from '../../domain/legibility.ts';

/** What the database keeps of the readings of a feed. */

export type FeedKey = { readonly connectionId: string; readonly feedId: string };

/** A reading missed so much at once that nothing of it was taken for gone (domain/absence.ts). */
export type Suspicion = Absence & {
  /** When the first reading began that missed it. */
  readonly since: Instant;
};

/** Most of its records could not be read (domain/legibility.ts). */
export type Unreadable = Legibility & {
  /** When the first reading began that found it so. */
  readonly since: Instant;
};

export type FeedState = FeedKey & {
  readonly cursor: string | null;
  /**
   * When the whole reading began that gave the cursor, while its list may have lagged behind it: what the list did not
   * show yet is before the cursor, and no delta tells it. Null = it has been read again since, or needs not be.
   */
  readonly unsettledAt: Instant | null;
  /** When the last whole reading began; a delta builds on it. */
  readonly completeAt: Instant | null;
  /** When the last reading began that reached its end: everything of this feed was true then. */
  readonly confirmedAt: Instant | null;
  readonly dueAt: Instant;
  /** When the reading began that is under way, or whose process died; null = there is none. */
  readonly beganAt: Instant | null;
  /** Null = nothing is held back. */
  readonly suspicion: Suspicion | null;
  /** Null = it can be read. */
  readonly unreadable: Unreadable | null;
  /** When a person said that what is missing is gone; null = nobody did. */
  readonly acceptedAt: Instant | null;
};

/** What a reading that reached its end leaves behind. */
export type FeedRead = Pick<FeedState, 'cursor' | 'unsettledAt' | 'dueAt' | 'suspicion' | 'unreadable'> & {
  /** Null leaves it as it was. */
  readonly confirmedAt: Instant | null;
  /** All that stood there then was shown, and decided on. Null leaves it as it was. */
  readonly asOf: Instant | null;
  readonly completeAt: Instant | null;
};

export type RejectedWrite = {
  /** Null where it could not be read. */
  readonly externalId: string | null;
  readonly reason: string;
  readonly sealedRaw: Uint8Array | null;
};

export type RejectedRow = Omit<RejectedWrite, 'sealedRaw'> & {
  readonly feedId: string;
  /** Readings, and messages, that met it. */
  readonly occurrences: number;
  /** Those of this reason whose id could not be read are one row; 1 of any other. */
  readonly records: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly hasRaw: boolean;
  /** Null where it has none, or none was asked for. */
  readonly sealedRaw: Uint8Array | null;
};

/** Something that a removal names, and that we know to be ahead. */
export type NamedAhead = Pick<Removal, 'kind' | 'externalId'> & {
  /** Of the slot or the busy period. */
  readonly id: string;
  readonly calendar: string;
};
