import type { ObservedShift } from '../../adapter/observation.ts';
import type { Coverage } from '../../domain/coverage.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Calendar } from '../../domain/schedule.ts';
import type { Unsupplied } from '../../domain/supply.ts';

/** Shifts that rosters publish, and the time of schedules that no shift has any more. */

export type RosterCalendar = Pick<Calendar, 'connectionId' | 'externalId'>;

export type ShiftWrite = ObservedShift & {
  readonly id: string;
  readonly connectionId: string;
  /** That its calendar is linked to. */
  readonly scheduleId: string;
};

export type StoredShift = ShiftWrite;

export type KnownShift = {
  readonly id: string;
  readonly calendar: string;
  readonly externalId: string;
  /** When it last changed. */
  readonly knownAt: Instant;
};

/** What a transaction asks the database about them. */
export type StoredRosters = {
  readonly shiftsByIds: (ids: readonly string[]) => Promise<StoredShift[]>;
  /** Shifts of these calendars that start within the window, and are not over at `now`. */
  readonly shiftsShown: (
    connectionId: string,
    calendars: readonly string[],
    window: Interval,
    now: Instant,
  ) => Promise<KnownShift[]>;
  readonly writeShifts: (shifts: readonly ShiftWrite[], at: Instant) => Promise<void>;
  readonly removeShifts: (ids: readonly string[]) => Promise<void>;
  /** Shifts of these calendars that overlap the window, in order of their start. */
  readonly shiftsOn: (calendars: readonly RosterCalendar[], window: Interval) => Promise<StoredShift[]>;
  /** From when to when these calendars are published; null = they have no shift. */
  readonly publishedOn: (calendars: readonly RosterCalendar[]) => Promise<Interval | null>;
  /** Of these schedules, in order. */
  readonly unsuppliedTime: (
    scheduleIds: readonly string[],
  ) => Promise<(Unsupplied & { readonly scheduleId: string })[]>;
  /** These, and no others. */
  readonly writeUnsupplied: (scheduleId: string, unsupplied: readonly Unsupplied[]) => Promise<void>;
};

/** What a report of a roster is made of, and nothing of a patient. */
export type RosterReader = Pick<StoredRosters, 'shiftsOn' | 'publishedOn' | 'unsuppliedTime'> & {
  /** Slots of the schedules that overlap the window and are not closed. */
  readonly slotsOffered: (
    scheduleIds: readonly string[],
    window: Interval,
  ) => Promise<{ slotId: string; interval: Interval; isFree: boolean }[]>;
  /** Appointments of the schedules that stand and overlap the window. */
  readonly timeBooked: (
    scheduleIds: readonly string[],
    window: Interval,
  ) => Promise<{ busyId: string; interval: Interval }[]>;
};

/** One practitioner at one place, as far as one roster says when. */
export type RosterReport = Coverage & {
  /** That the roster is linked to. */
  readonly scheduleId: string;
  /** It, and the others whose time the same roster tells. */
  readonly scheduleIds: readonly string[];
  readonly connectionIds: readonly string[];
  readonly published: Interval | null;
  /** When it was published last, by its own account; null = it does not say. */
  readonly publishedAt: Instant | null;
  readonly shifts: number;
};

export type Rosters = {
  /** @param query `scheduleId` null = of all schedules with a roster, of no more than `limit` of them. */
  readonly report: (query: {
    readonly scheduleId: string | null;
    readonly window: Interval;
    readonly limit: number;
  }) => Promise<RosterReport[]>;
};

export type RosterKeeper = {
  /** Erases shifts that were over before then, and what was remembered of their time, some at a time; returns how many. */
  readonly forgetShifts: (before: Instant, limit: number) => Promise<number>;
};
