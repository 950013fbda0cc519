import type { Instant } from './instant.ts';
import { type Interval, overlaps } from './interval.ts';

/** Whether a schedule is on offer, and for which time (FHIR R4, Schedule.active and Schedule.planningHorizon). */
export type Offering = {
  readonly active: boolean;
  /** What begins sooner is not on offer; null = without bound. */
  readonly start: Instant | null;
  /** What ends later is not on offer; null = without bound. */
  readonly end: Instant | null;
};

/** What holds where nobody said otherwise. */
export const ON_OFFER: Offering = { active: true, start: null, end: null };

/**
 * Whether time of the schedule may be booked, as far as that is for the schedule to say: all of it must be on offer.
 * @param closed by its roster (supply.ts).
 */
export const isOffered = (
  { active, start, end }: Offering,
  interval: Interval,
  closed: readonly Interval[],
): boolean =>
  active &&
  (start === null || interval.start >= start) &&
  (end === null || interval.end <= end) &&
  !closed.some((each) => overlaps(each, interval));
