import { DAY, HOUR, MINUTE, SECOND } from '../instant.ts';
import type { Frequency, Rule } from './rule.ts';
import { dayOf, type Wall, wall, weekdayOf } from './wall.ts';

/** Which times of one period (a year, a month … a second) a recurrence rule chooses. */

export type Period = { readonly frequency: Frequency; readonly start: Wall; readonly end: Wall };

/** Times of day that one rule may name: one a minute. */
const TIMES_MAX = 24 * 60;

/** In order, BYSETPOS applied. @param rule with what it leaves open filled in from `start`. */
export function candidatesOf(rule: Rule, start: Wall, period: Period): readonly Wall[] | 'unbounded' {
  const times = timesOf(rule, start, period);
  if (times.length > TIMES_MAX) return 'unbounded';
  const found: Wall[] = [];
  if (times.length > 0) {
    for (let day = dayOf(period.start); day < period.end; day = wall(day + DAY)) {
      if (isDayChosen(rule, day)) for (const time of times) found.push(wall(day + time));
    }
  }
  if (!rule.bySetPosition) return found;
  const chosen = new Set(rule.bySetPosition.map((n) => (n > 0 ? n - 1 : found.length + n)));
  return found.filter((_, index) => chosen.has(index));
}

/** Milliseconds after midnight. A frequency finer than a day has its own hour (minute, second), which BYHOUR limits. */
function timesOf(rule: Rule, start: Wall, { frequency, start: at }: Period): readonly number[] {
  const [own, first] = [new Date(at), new Date(start)];
  const bySecond = frequency === 'SECONDLY';
  const byMinute = bySecond || frequency === 'MINUTELY';
  const byHour = byMinute || frequency === 'HOURLY';
  const hours = choose(rule.byHour, byHour ? own.getUTCHours() : null, first.getUTCHours());
  const minutes = choose(rule.byMinute, byMinute ? own.getUTCMinutes() : null, first.getUTCMinutes());
  const seconds = choose(rule.bySecond, bySecond ? own.getUTCSeconds() : null, first.getUTCSeconds());
  if (hours.length * minutes.length * seconds.length > TIMES_MAX)
    return new Array<number>(TIMES_MAX + 1).fill(0);
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => hour * HOUR + minute * MINUTE + second * SECOND)),
  );
}

/** Expands when the period is wider (`own` null), limits when the period is this very hour, minute or second. */
function choose(by: readonly number[] | null, own: number | null, first: number): readonly number[] {
  if (own !== null) return by === null || by.includes(own) ? [own] : [];
  return by === null ? [first] : [...new Set(by)].sort((a, b) => a - b);
}

function isDayChosen(rule: Rule, day: Wall): boolean {
  const date = new Date(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (rule.byMonth && !rule.byMonth.includes(month + 1)) return false;
  const inMonth = place(day, Date.UTC(year, month), Date.UTC(year, month + 1));
  if (rule.byMonthDay && !isAt(rule.byMonthDay, inMonth)) return false;
  const inYear = place(day, Date.UTC(year, 0), Date.UTC(year + 1, 0));
  if (rule.byYearDay && !isAt(rule.byYearDay, inYear)) return false;
  if (rule.byWeekNumber && !isAt(rule.byWeekNumber, weekNumber(day, rule.weekStart))) return false;
  if (!rule.byDay) return true;
  // 3.3.10: a number before a weekday counts within the month, or within the year of a yearly rule without BYMONTH.
  const monthly = rule.frequency === 'MONTHLY' || (rule.frequency === 'YEARLY' && rule.byMonth !== null);
  const counts = monthly || (rule.frequency === 'YEARLY' && rule.byWeekNumber === null);
  const days = monthly ? inMonth : inYear;
  const nth: Place = {
    fromStart: Math.ceil(days.fromStart / 7),
    fromEnd: -Math.ceil(-days.fromEnd / 7),
  };
  return rule.byDay.some(
    (each) => each.day === weekdayOf(day) && (each.nth === null || !counts || isAt([each.nth], nth)),
  );
}

/** Counted from 1, and from −1 backwards. */
type Place = { readonly fromStart: number; readonly fromEnd: number };

const place = (day: Wall, start: number, end: number): Place => ({
  fromStart: (day - start) / DAY + 1,
  fromEnd: (day - end) / DAY,
});

const isAt = (wanted: readonly number[], at: Place): boolean =>
  wanted.some((n) => n === at.fromStart || n === at.fromEnd);

/** Week 1 has at least four days of the year (3.3.10); its fourth day says whose year a week is. */
function weekNumber(day: Wall, weekStart: number): Place {
  const fourth = wall(day - ((weekdayOf(day) - weekStart + 7) % 7) * DAY + 3 * DAY);
  const year = new Date(fourth).getUTCFullYear();
  const inYear = place(fourth, Date.UTC(year, 0), Date.UTC(year + 1, 0));
  return { fromStart: Math.ceil(inYear.fromStart / 7), fromEnd: -Math.ceil(-inYear.fromEnd / 7) };
}
