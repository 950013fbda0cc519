import type { SlotStatus } from '../../domain/slot.ts';
import type { After } from './front.ts';

/** Slots as they are published in bulk: in columns, since a province has millions and nobody parses a document for each. */

export type PublicationQuery = {
  readonly schedules: readonly {
    readonly id: string;
    /** Its slots that start then or later may not be booked yet; null = all may. */
    readonly releasedUntilMs: number | null;
  }[];
  /** The slots of all other calendars are too old, or in doubt, and are not told as free. */
  readonly confirmedCalendars: readonly { readonly connectionId: string; readonly calendar: string }[];
  /** Half-open bounds on the start, epoch ms. */
  readonly start: { readonly fromMs: number; readonly beforeMs: number };
  /** Null = all of them. */
  readonly since: PublishedSince | null;
};

/** What may be told otherwise than it was: rows that changed, and free slots that are told otherwise as time goes by. */
export type PublishedSince = {
  readonly changedFromMs: number;
  /** Free slots that were released within so many milliseconds. */
  readonly releasedWithinMs: number;
};

export type PublishedSlot = {
  readonly id: string;
  readonly scheduleId: string;
  readonly startMs: number;
  readonly endMs: number;
  /** As it is told: free only if it may be booked now, else busy-unavailable. */
  readonly status: SlotStatus;
  /** As JSON text, quotes and escapes included; null = it has none. */
  readonly bookingUrl: string | null;
  /** Stands for all of the above: another text or another version, another mark. */
  readonly mark: string;
};

/** What slots amount to: of two sets that differ the tallies differ. */
export type PublicationTally = { readonly slots: number; readonly marks: bigint };

export type PublicationReader = {
  /** In the order of start and id. @param after the last one of the page before. */
  readonly publishedSlots: (
    query: PublicationQuery,
    after: After | null,
    limit: number,
  ) => Promise<PublishedSlot[]>;
  readonly publicationTally: (query: PublicationQuery) => Promise<PublicationTally>;
};
