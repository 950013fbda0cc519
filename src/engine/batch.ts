import type { ObservedBusy, ObservedShift, ObservedSlot, Removal } from '../adapter/observation.ts';
import type { Gone, SuspectLimit } from '../domain/absence.ts';
import type { Instant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';

/** What is committed together: a page of a reading, its end, or a delivery of a platform. */
export type Batch = {
  readonly connectionId: string;
  /** The latest instant at which all of it can have been true. */
  readonly asOf: Instant;
  /** When all that then stood there had been read (merge.ts); null = the batch is itself a reading. */
  readonly settledAt: Instant | null;
  readonly rows: readonly (ObservedSlot | ObservedBusy)[];
  readonly removed: readonly Removal[];
  /** Of a roster; left out = none. */
  readonly shifts?: readonly ObservedShift[];
  /** Nothing was ever read to its end there: what it shows may have stood for months. */
  readonly isFirst: boolean;
  /** What a complete reading of these calendars did not meet; null = the reading was not complete. */
  readonly missing: Missing | null;
};

export type Missing = {
  readonly feedId: string;
  readonly calendars: readonly string[];
  readonly window: Interval;
  readonly seenSlots: ReadonlySet<string>;
  readonly seenBusy: ReadonlySet<string>;
  /** By `shiftId`; left out = it is no roster. */
  readonly seenShifts?: Pick<ReadonlySet<string>, 'has'>;
  /** Records that stand there and could only not be read: nothing of theirs is missing. */
  readonly rejected: ReadonlySet<string>;
  /** Beyond it nothing is taken for gone; null = a person said that it is. */
  readonly limit: SuspectLimit | null;
  /** Since when the feed is suspect; null = it is not. */
  readonly suspectSince: Instant | null;
  /** What the same reading was told of as removed: it is missing too, though it is not known any more. */
  readonly removed: readonly Gone[];
  /** External ids of the slots that the same reading showed for the first time. */
  readonly created: readonly string[];
};

/** Whether the row is one of a rejected record's. */
export const isRejected = (externalId: string, rejected: ReadonlySet<string>): boolean =>
  rejected.has(externalId) || rejected.has(externalId.slice(0, Math.max(0, externalId.lastIndexOf('#'))));
