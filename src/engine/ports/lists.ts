import type { WrongLine } from '../../adapter/contract.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Bilingual } from '../../domain/schedule.ts';

/** What a person copied from a platform's screen, or says of one time there. */

export type ListCommand = {
  readonly text: string;
  /** The calendar of lines that name none. */
  readonly calendar: string | null;
  /** When it was seen; null = now. */
  readonly seenAt: Instant | null;
  /**
   * All that stands on these days is in it, of the calendar that is named, or of those that its lines name. The first and the
   * last day by the calendar where the place is, as 2026-11-24; null = the first, or the last, that is in the list. Null = it
   * is not said to be complete: nothing is missing.
   */
  readonly complete: { readonly from: string | null; readonly to: string | null } | null;
  /** Although some of its lines cannot be read. */
  readonly partial: boolean;
};

export type ListOutcome =
  | {
      readonly outcome: 'read';
      readonly rows: number;
      readonly slotsChanged: number;
      readonly wrong: readonly WrongLine[];
      readonly calendars: readonly {
        readonly calendar: string;
        /** It says all of the calendar as far ahead as that is read. */
        readonly confirmed: boolean;
        /** So much of it is missing that nothing was taken for gone. */
        readonly isSuspect: boolean;
      }[];
    }
  /** Lines cannot be read, so nothing of it was taken. */
  | { readonly outcome: 'wrong-lines'; readonly wrong: readonly WrongLine[] }
  | { readonly outcome: 'refused'; readonly reason: Bilingual }
  | { readonly outcome: 'unavailable'; readonly reason: Bilingual };

export type Lists = {
  /** @throws RangeError on a connection that is not configured. */
  readonly take: (connectionId: string, command: ListCommand) => Promise<ListOutcome>;
};
