import type { Page } from '../adapter/observation.ts';
import type { Instant } from '../domain/instant.ts';

/** How a feed is read (observe.ts), and what came of it. */

export type Progress = { readonly rows: number; readonly slotsChanged: number };

export type ReadResult =
  | {
      readonly outcome: 'read';
      readonly rows: number;
      readonly slotsChanged: number;
      /** Everything of the feed was true then: when it began, or earlier where the platform's answer was. Null = it is suspect or unreadable: nothing is confirmed. */
      readonly confirmedAt: Instant | null;
      readonly isSuspect: boolean;
    }
  /** Not due, being read by another, or its connection is paused or open. */
  | { readonly outcome: 'skipped' }
  | { readonly outcome: 'failed'; readonly error: unknown };

export type ReadOptions = {
  /** Although it is not due. */
  readonly force?: boolean;
  /** From the start, whatever the cursor. */
  readonly whole?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** In place of what the platform would answer. */
  readonly brought?: Brought;
  readonly signal: AbortSignal;
};

/** What a person saw there, and when. */
export type Brought = {
  readonly asOf: Instant;
  /** Those of the feed that it is about. */
  readonly calendars: readonly string[];
  readonly pages: () => AsyncIterable<Page>;
};
