import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { ListingRow, SeenListing } from './agenda.ts';

/** How a connection was, minute by minute, and what there is still to be brought to it. */

/** Some minutes of a connection together. What is null nothing is known of. */
export type HistoryPoint = {
  /** When the first of these minutes began. */
  readonly at: Instant;
  /** Changes that were confirmed there. */
  readonly delivered: number;
  /** From the change where it was made to its confirmation here: in the middle, and at the most. */
  readonly lagMillisecondsMedian: number | null;
  readonly lagMillisecondsMax: number | null;
  /** Of the calendar that was confirmed longest ago, at the most. */
  readonly ageMilliseconds: number | null;
  readonly differing: number;
  readonly failures: number;
  readonly isOpen: boolean;
  readonly isPaused: boolean;
};

export type HistoryQuery = {
  readonly connectionId: string;
  readonly window: Interval;
  /** How much time is put together into a point. */
  readonly stepMilliseconds: number;
};

export type DifferingQuery = {
  readonly connectionId: string;
  /** Null = of any schedule. */
  readonly scheduleIds: readonly string[] | null;
  readonly limit: number;
};

export type DifferingRow = ListingRow & { readonly interval: Interval };
export type DifferingListing = SeenListing & { readonly interval: Interval };

export type HistoryReader = {
  /** Oldest first; where nobody worked there is no point. */
  readonly connectionHistory: (query: HistoryQuery) => Promise<HistoryPoint[]>;
  /** Whose known state is not the wanted one: the soonest time first. */
  readonly differingListings: (query: DifferingQuery) => Promise<DifferingRow[]>;
};

export type ConnectionHistory = {
  readonly points: HistoryReader['connectionHistory'];
  readonly differing: (query: DifferingQuery) => Promise<DifferingListing[]>;
};

export type HistoryKeeper = {
  /** Erases samples of minutes that began before then, some at a time; returns how many. */
  readonly forgetSamples: (before: Instant, limit: number) => Promise<number>;
};
