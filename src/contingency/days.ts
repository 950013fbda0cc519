import { midnight, toLocal } from '../adapter/zone.ts';
import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';

/** Today and tomorrow as a place has them: the nights when clocks change make one of them 23 or 25 hours long. */
export type TwoDays = {
  /** From the midnight before to the one after both. */
  readonly window: Interval;
  /** Where tomorrow begins. */
  readonly middle: Instant;
};

export const twoDays = (now: Instant, zone: string): TwoDays => ({
  window: { start: midnight(now, zone, 0), end: midnight(now, zone, 2) },
  middle: midnight(now, zone, 1),
});

/** What is asked of the store: each schedule of the directory with the two days of its own zone. */
export const stretchesOf = (
  directory: Directory,
  now: Instant,
): ({ readonly scheduleId: string } & TwoDays)[] =>
  directory.entries.schedules.map(({ id }) => ({ scheduleId: id, ...twoDays(now, directory.zoneOf(id)) }));

/** `2026-11-24`, where the clock of that zone is. */
export const dateOf = (at: Instant, zone: string): string => toLocal(at, zone).slice(0, 10);

/** `09:20`, where the clock of that zone is. */
export const timeOf = (at: Instant, zone: string): string => toLocal(at, zone).slice(11, 16);
