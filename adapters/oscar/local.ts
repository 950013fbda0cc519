import { Temporal } from 'temporal-polyfill';
import { Fault } from '../../src/adapter/faults.ts';
import { midnight, readLocal, toLocal } from '../../src/adapter/zone.ts';
import { type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';

/** Intervals as OSCAR keeps them: a local date, and the local times of the first and the last minute. */

export type Day = string & { readonly __unit: 'ISO date' };

/** @param date ISO. @param time local, HH:mm. @param minutes by the clock, as from 01:50 to 03:10 when it skips an hour. */
export function intervalOf(date: Day, time: string, minutes: number, zone: string): Interval {
  const from = Temporal.PlainDateTime.from(`${date}T${time}`);
  const start = readLocal(from.toString(), zone).at;
  const end = readLocal(from.add({ minutes }).toString(), zone);
  // Where the end comes twice nobody can say which is meant: all of it is taken.
  return interval(start, end.kind === 'repeated' ? end.second : end.at);
}

export type Span = {
  readonly date: Day;
  /** HH:mm */
  readonly time: string;
  /** As they pass: OSCAR adds them to the start by its own zone. */
  readonly minutes: number;
  /** As the clock shows them afterwards, which is all that OSCAR keeps. */
  readonly clockMinutes: number;
};

/** Whole minutes that cover it. @throws Fault `malformed` where it has no such form: it ends on another day, or before it begins. */
export function spanOf({ start, end }: Interval, zone: string): Span {
  const from = Math.floor(start / MINUTE) * MINUTE;
  const minutes = Math.ceil((end - from) / MINUTE);
  const first = toLocal(from as Instant, zone);
  const last = toLocal((from + (minutes - 1) * MINUTE) as Instant, zone);
  if (first.slice(0, 10) !== last.slice(0, 10)) {
    throw new Fault('malformed', 'OSCAR has one date for an appointment, and this time goes past midnight');
  }
  if (last < first) {
    throw new Fault('malformed', 'OSCAR has no word for a time over which the clocks go back');
  }
  const clockMinutes = minutesOf(last) - minutesOf(first) + 1;
  return { date: first.slice(0, 10) as Day, time: first.slice(11, 16), minutes, clockMinutes };
}

const minutesOf = (local: string): number => Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));

/** The local days that an interval touches, in order. */
export function daysOf({ start, end }: Interval, zone: string): readonly Day[] {
  const days: Day[] = [];
  let day = Temporal.PlainDate.from(toLocal(start, zone).slice(0, 10));
  const last = Temporal.PlainDate.from(toLocal(plus(end, -1), zone).slice(0, 10));
  for (; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 }))
    days.push(day.toString() as Day);
  return days;
}

/** Today and the days after it, so many in all. */
export const daysAhead = (now: Instant, count: number, zone: string): readonly Day[] =>
  daysOf({ start: now, end: midnight(now, zone, count) }, zone);

const DAY = /^\d{4}-\d\d-\d\d$/;
export const dayIn = (text: string | null): Day | null =>
  text !== null && DAY.test(text) ? (text as Day) : null;
