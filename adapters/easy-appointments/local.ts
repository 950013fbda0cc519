import { Temporal } from 'temporal-polyfill';
import { readLocal, toLocal } from '../../src/adapter/zone.ts';
import { later, MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, interval, sameInterval } from '../../src/domain/interval.ts';

/**
 * Intervals as Easy!Appointments writes them: two local times without an offset. Outside of the hour that happens twice
 * that is exact. Inside of it nobody can say which of the two is meant, so both are: what is taken takes both, and what is
 * to be closed closes both. That is the safe side of it: a free half is lost one night a year, and none is sold twice.
 */

export type LocalSpan = { readonly start: string; readonly end: string };

/** It takes nothing shorter (EVENT_MINIMUM_DURATION of its constants). */
const SHORTEST_MILLISECONDS = 5 * MINUTE;

const reading = (local: string, zone: string) => readLocal(local.replace(' ', 'T'), zone);

/** From the first instant that the beginning can mean to the last that the end can. @throws RangeError if it ends first. */
export function intervalOf({ start, end }: LocalSpan, zone: string): Interval {
  const until = reading(end, zone);
  return interval(reading(start, zone).at, until.kind === 'repeated' ? until.second : until.at);
}

/** The local times that cover it: more than it says where the clocks go back within, or it is very short. */
export function spanOf({ start, end }: Interval, zone: string): LocalSpan {
  const last = later(end, plus(start, SHORTEST_MILLISECONDS));
  const times = [
    toLocal(start, zone),
    toLocal(last, zone),
    ...repeatedWithin({ start, end: last }, zone),
  ].sort();
  return { start: spaced(times[0]), end: spaced(times.at(-1)) };
}

const spaced = (local = ''): string => local.replace('T', ' ');

/** Whether the local times say that interval, and no more. */
export const isExact = (wanted: Interval, zone: string): boolean =>
  sameInterval(intervalOf(spanOf(wanted, zone), zone), wanted);

/** What the clock shows right after and right before it goes back, where it does so within: it shows all between twice. */
function repeatedWithin({ start, end }: Interval, zone: string): readonly string[] {
  const next = Temporal.Instant.fromEpochMilliseconds(start)
    .toZonedDateTimeISO(zone)
    .getTimeZoneTransition('next');
  if (!next || next.epochMilliseconds >= end) return [];
  const lost = next.subtract({ nanoseconds: 1 }).offsetNanoseconds - next.offsetNanoseconds;
  if (lost <= 0) return [];
  const after = next.toPlainDateTime();
  return [after, after.add({ nanoseconds: lost })].map((each) => each.toString({ smallestUnit: 'second' }));
}

/** Whether two zones are one to whoever reads a clock in the interval, as America/Montreal and America/Toronto. */
export function sameZone(a: string, b: string, { start, end }: Interval): boolean {
  const middle = plus(start, Math.round((end - start) / 2));
  try {
    return [start, middle, end].every((at) => toLocal(at, a) === toLocal(at, b));
  } catch {
    return false;
  }
}
