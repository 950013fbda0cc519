import { MINUTE } from './instant.ts';
import { type Interval, intersection, overlaps, subtract, union } from './interval.ts';
import type { Shift } from './shift.ts';
import { suppliedBy, type Unsupplied, type UnsuppliedCause } from './supply.ts';

/** What a roster publishes beside what patients are offered: how much of it is on offer, and what is offered beyond it. Pure. */

export type Offered = {
  readonly slotId: string;
  readonly interval: Interval;
  readonly isFree: boolean;
};

export type BookedTime = { readonly busyId: string; readonly interval: Interval };

export type CoverageInput = {
  readonly window: Interval;
  readonly shifts: readonly Shift[];
  /** From when to when the roster is published; null = it is not. */
  readonly published: Interval | null;
  /** Slots that may be booked, or are: not those that are closed. */
  readonly offered: readonly Offered[];
  readonly booked: readonly BookedTime[];
  readonly unsupplied: readonly Unsupplied[];
  /** The local days of the window, in order, by which minutes are summed. */
  readonly days: readonly { readonly day: string; readonly interval: Interval }[];
};

export type DayCoverage = {
  readonly day: string;
  /** Of shifts in which patients could be seen. */
  readonly shiftMinutes: number;
  /** Of these, on offer or booked. */
  readonly coveredMinutes: number;
};

export type Outside<Thing> = Thing & { readonly cause: UnsuppliedCause };

export type Coverage = {
  readonly days: readonly DayCoverage[];
  /** Shift time with neither a slot nor a booking, the shortest left out. */
  readonly gaps: readonly Interval[];
  /** Slots that are free where no shift is. */
  readonly phantoms: readonly Outside<Offered>[];
  /** Bookings where no shift is: patients who may come to nobody. */
  readonly bookedOutside: readonly Outside<BookedTime>[];
};

/** What is left between two slots is no shift that somebody forgot to publish. */
const GAP_LEAST_MILLISECONDS = 15 * MINUTE;

export function coverageOf(input: CoverageInput): Coverage {
  const { window, booked, offered, unsupplied, days } = input;
  const supplied = within(window, suppliedBy(input.shifts));
  const covered = union([...offered, ...booked].map(({ interval }) => interval));
  const gaps = supplied.flatMap((shift) => subtract(shift, covered));
  const causeOf = causes(input.published, supplied, unsupplied);
  const outside = <Thing extends { readonly interval: Interval }>(things: readonly Thing[]) =>
    things
      .filter(({ interval }) => overlaps(interval, window))
      .flatMap((thing): Outside<Thing>[] => {
        const cause = causeOf(thing.interval);
        return cause === null ? [] : [{ ...thing, cause }];
      });
  return {
    days: days.map(({ day, interval }) => {
      const shiftMinutes = minutesOf(within(interval, supplied));
      return { day, shiftMinutes, coveredMinutes: shiftMinutes - minutesOf(within(interval, gaps)) };
    }),
    gaps: gaps.filter(({ start, end }) => end - start >= GAP_LEAST_MILLISECONDS),
    phantoms: outside(offered.filter(({ isFree }) => isFree)),
    bookedOutside: outside(booked),
  };
}

/** Why time is not, or not wholly, within a shift; null = it is, or the roster says nothing of it yet. */
function causes(
  published: Interval | null,
  supplied: readonly Interval[],
  unsupplied: readonly Unsupplied[],
) {
  const withdrawn = unsupplied.filter(({ cause }) => cause === 'withdrawn');
  return (interval: Interval): UnsuppliedCause | null => {
    const left = subtract(interval, supplied);
    if (left.length === 0) return null;
    if (left.some((each) => withdrawn.some((gone) => overlaps(gone.interval, each)))) return 'withdrawn';
    return published && left.some((each) => overlaps(each, published)) ? 'outside' : null;
  };
}

const within = (window: Interval, intervals: readonly Interval[]): Interval[] =>
  intervals.flatMap((each) => intersection(window, each) ?? []);

/** Of disjoint intervals, in minutes; parts of one count. */
export const minutesOf = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, { start, end }) => sum + (end - start), 0) / MINUTE;
