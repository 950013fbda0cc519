import { earlier, type Instant, later } from './instant.ts';

/** A half-open stretch of time, [start, end): two intervals that only touch do not overlap. */
export type Interval = { readonly start: Instant; readonly end: Instant };

/** @throws RangeError unless start < end. */
export function interval(start: Instant, end: Instant): Interval {
  if (!(start < end)) throw new RangeError(`an interval must start before it ends: ${start} … ${end}`);
  return { start, end };
}

export const overlaps = (a: Interval, b: Interval): boolean => a.start < b.end && b.start < a.end;

export const contains = (outer: Interval, inner: Interval): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

export const sameInterval = (a: Interval, b: Interval): boolean => a.start === b.start && a.end === b.end;

export function intersection(a: Interval, b: Interval): Interval | null {
  const start = later(a.start, b.start);
  const end = earlier(a.end, b.end);
  return start < end ? { start, end } : null;
}

/** The smallest interval that holds them all, or null of none. */
export function hull(intervals: Iterable<Interval>): Interval | null {
  let found: Interval | null = null;
  for (const each of intervals) {
    found = found ? { start: earlier(found.start, each.start), end: later(found.end, each.end) } : each;
  }
  return found;
}

/** The same time as disjoint intervals in order; those that overlap or touch become one. */
export function union(intervals: Iterable<Interval>): Interval[] {
  const merged: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && next.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: later(last.end, next.end) };
    } else merged.push(next);
  }
  return merged;
}

/** What is left of `from` once every one of `taken` is cut out of it. */
export function subtract(from: Interval, taken: Iterable<Interval>): Interval[] {
  const left: Interval[] = [];
  let start = from.start;
  for (const cut of union(taken)) {
    if (cut.end <= start) continue;
    if (cut.start >= from.end) break;
    if (cut.start > start) left.push({ start, end: cut.start });
    start = later(start, cut.end);
  }
  if (start < from.end) left.push({ start, end: from.end });
  return left;
}
