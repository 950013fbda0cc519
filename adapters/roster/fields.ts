import { DAY } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { instantOf, isDay, startOf, Unreadable } from './times.ts';

/** What holds of a field whatever the format. */

export const TEXT_MAX = 200;

/** Days are the whole of them, the last one too; instants are half-open. @throws Unreadable */
export function periodOf({ start, end }: { start: string; end: string }, zone: string): Interval {
  const found = {
    start: named('period.start', () => (isDay(start) ? startOf(start, zone) : instantOf(start, zone))),
    end: named('period.end', () => (isDay(end) ? startOf(end, zone, 1) : instantOf(end, zone))),
  };
  if (found.start >= found.end) throw new Unreadable('period: it ends before it begins');
  return found;
}

/** Longer than anybody works, so that one wrong year does not make a supply of a decade. */
const LONGEST_MILLISECONDS = 7 * DAY;

/** @throws Unreadable */
export function checked(found: Interval, period: Interval | null): Interval {
  if (found.start >= found.end) throw new Unreadable('end: before start');
  if (found.end - found.start > LONGEST_MILLISECONDS)
    throw new Unreadable('end: more than a week after start');
  if (period && (found.start < period.start || found.start >= period.end))
    throw new Unreadable('start: not within the period');
  return found;
}

/** @throws Unreadable that says of what. */
export function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) throw new Unreadable(`${name}: ${error.message}`);
    throw error;
  }
}
