import { DAY, HOUR, MINUTE, SECOND } from '../instant.ts';
import { candidatesOf, type Period } from './period.ts';
import type { Rule } from './rule.ts';
import { type Wall, wall, weekdayOf } from './wall.ts';

/**
 * Recurrence rules (RFC 5545, 3.3.10), bounded. ical.js is not used for it: its iterator has no bound and hangs on a
 * rule that never matches (FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30). Here time is walked period by period inside the range,
 * so a rule that never matches costs as many steps as the range has periods.
 */

const PERIODS_MAX = 50_000;
const CANDIDATES_MAX = 200_000;

export type Expanded = {
  /** Starts of instances inside the range, in order. */
  readonly walls: readonly Wall[];
  /** Nothing comes after the range any more: COUNT or UNTIL was reached. */
  readonly finished: boolean;
};

/** Whether the first start is an instance though the rule does not match it: of an event it is (3.8.5.3). */
export type FirstStart = 'counts' | 'as-ruled';

/**
 * The starts of a rule inside [from, to).
 * @param until inclusive, or null. @returns `unbounded` when it would take more steps than any calendar needs.
 */
export function expand(
  rule: Rule,
  start: Wall,
  until: Wall | null,
  range: { readonly from: Wall; readonly to: Wall },
  first: FirstStart = 'counts',
): Expanded | 'unbounded' {
  const walls: Wall[] = [];
  const filled = withDefaults(rule, start);
  let produced = 0;
  let candidates = 0;
  const take = (at: Wall): boolean => {
    if ((until !== null && at > until) || (rule.count !== null && produced >= rule.count)) return false;
    produced += 1;
    if (range.from <= at && at < range.to) walls.push(at);
    return true;
  };
  if (first === 'counts') take(start);
  let period = firstPeriod(rule, start, range.from);
  for (let steps = 0; period.start < range.to; steps += 1, period = later(period, rule.interval)) {
    if (rule.count !== null && produced >= rule.count) return { walls, finished: true };
    if (until !== null && period.start > until) return { walls, finished: true };
    if (steps >= PERIODS_MAX) return 'unbounded';
    const found = candidatesOf(filled, start, period);
    candidates += found === 'unbounded' ? CANDIDATES_MAX : found.length;
    if (found === 'unbounded' || candidates > CANDIDATES_MAX) return 'unbounded';
    for (const at of found) {
      const isAhead = at > start || (at === start && first === 'as-ruled');
      if (isAhead && !take(at)) return { walls, finished: true };
    }
  }
  const finished = (until !== null && until < range.to) || (rule.count !== null && produced >= rule.count);
  return { walls, finished };
}

/** What a rule leaves open is taken from the start (RFC 5545, 3.3.10: "the information is taken from DTSTART"). */
function withDefaults(rule: Rule, start: Wall): Rule {
  const day = [{ nth: null, day: weekdayOf(start) }];
  if (rule.byYearDay || rule.byMonthDay || rule.byDay) return rule;
  if (rule.byWeekNumber) return { ...rule, byDay: day };
  const date = new Date(start);
  const byMonthDay = [date.getUTCDate()];
  if (rule.frequency === 'WEEKLY') return { ...rule, byDay: day };
  if (rule.frequency === 'MONTHLY') return { ...rule, byMonthDay };
  if (rule.frequency !== 'YEARLY') return rule;
  return { ...rule, byMonthDay, byMonth: rule.byMonth ?? [date.getUTCMonth() + 1] };
}

const UNIT_MILLISECONDS = {
  SECONDLY: SECOND,
  MINUTELY: MINUTE,
  HOURLY: HOUR,
  DAILY: DAY,
  WEEKLY: 7 * DAY,
} as const;

/** The period of the start; without COUNT nothing before the range matters, so straight to the one before it. */
function firstPeriod(rule: Rule, start: Wall, from: Wall): Period {
  const first = periodOf(rule, start);
  if (rule.count !== null || from <= start) return first;
  const skipped = Math.floor(periodsBetween(first, from) / rule.interval) - 1;
  return skipped > 0 ? later(first, skipped * rule.interval) : first;
}

function periodOf({ frequency, weekStart }: Rule, at: Wall): Period {
  const date = new Date(at);
  if (frequency === 'YEARLY' || frequency === 'MONTHLY') {
    const month = frequency === 'YEARLY' ? 0 : date.getUTCMonth();
    return monthsFrom(frequency, date.getUTCFullYear(), month);
  }
  const length = UNIT_MILLISECONDS[frequency];
  const into =
    frequency === 'WEEKLY'
      ? ((weekdayOf(at) - weekStart + 7) % 7) * DAY + modulo(at, DAY)
      : modulo(at, length);
  return { frequency, start: wall(at - into), end: wall(at - into + length) };
}

function later(period: Period, units: number): Period {
  const { frequency } = period;
  if (frequency === 'YEARLY' || frequency === 'MONTHLY') {
    const date = new Date(period.start);
    const months = frequency === 'YEARLY' ? 12 * units : units;
    return monthsFrom(frequency, date.getUTCFullYear(), date.getUTCMonth() + months);
  }
  const by = UNIT_MILLISECONDS[frequency] * units;
  return { frequency, start: wall(period.start + by), end: wall(period.end + by) };
}

const monthsFrom = (frequency: 'YEARLY' | 'MONTHLY', year: number, month: number): Period => ({
  frequency,
  start: wall(Date.UTC(year, month)),
  end: wall(Date.UTC(year, month + (frequency === 'YEARLY' ? 12 : 1))),
});

function periodsBetween(first: Period, at: Wall): number {
  const { frequency } = first;
  if (frequency !== 'YEARLY' && frequency !== 'MONTHLY')
    return (at - first.start) / UNIT_MILLISECONDS[frequency];
  const [a, b] = [new Date(first.start), new Date(at)];
  const years = b.getUTCFullYear() - a.getUTCFullYear();
  return frequency === 'YEARLY' ? years : years * 12 + b.getUTCMonth() - a.getUTCMonth();
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
