import fc from 'fast-check';
import { instant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';

/** Times are drawn from a short axis, so that intervals often touch, share an end or lie inside of each other. */

const AXIS = 24;

export const anyInterval: fc.Arbitrary<Interval> = fc
  .tuple(fc.integer({ min: 0, max: AXIS - 1 }), fc.integer({ min: 1, max: 8 }))
  .map(([start, length]) => ({ start: instant(start), end: instant(start + length) }));

export const anyIntervals = fc.array(anyInterval, { maxLength: 6 });

/**
 * Every whole unit of time that the intervals cover, one by one: the slow and obvious way to say the same, so that the
 * algebra is held against something that shares no line with it.
 */
export function unitsOf(intervals: Iterable<Interval>): Set<number> {
  const units = new Set<number>();
  for (const { start, end } of intervals)
    for (let unit = start as number; unit < end; unit += 1) units.add(unit);
  return units;
}

export const sorted = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

/** The units that one unit wide gaps, or overlaps, would show: whether the list is in order, disjoint and not touching. */
export const isCanonical = (intervals: readonly Interval[]): boolean =>
  intervals.every((each, index) => {
    const before = intervals[index - 1];
    return each.start < each.end && (before === undefined || before.end < each.start);
  });

export const SEED = 20_191_020;
