import { z } from 'zod';
import { FREQUENCIES, type Rule, type Weekday } from '../../domain/recurrence/rule.ts';
import { parseWall } from '../../domain/recurrence/wall.ts';
import { WEEKDAYS } from './settings.ts';

/** Recurrence rules (RFC 5545, 3.3.10), read from jCal (RFC 7265, 3.6.10). */

const numbers = (least: number, most: number, signed = false) =>
  z
    .union([z.coerce.number().transform((one) => [one]), z.array(z.coerce.number())])
    .refine((all) =>
      all.every((n) => Number.isInteger(n) && (signed ? n !== 0 && -most <= n : least <= n) && n <= most),
    )
    .optional();
const ByDay = z.string().regex(/^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/);
const JRecur = z.object({
  freq: z.enum(FREQUENCIES),
  interval: z.int().min(1).max(10_000).default(1),
  count: z.int().min(1).optional(),
  until: z.string().optional(),
  wkst: z.int().min(1).max(7).default(2),
  bymonth: numbers(1, 12),
  byweekno: numbers(1, 53, true),
  byyearday: numbers(1, 366, true),
  bymonthday: numbers(1, 31, true),
  byday: z.union([ByDay.transform((one) => [one]), z.array(ByDay)]).optional(),
  byhour: numbers(0, 23),
  byminute: numbers(0, 59),
  bysecond: numbers(0, 60),
  bysetpos: numbers(1, 366, true),
});

/** From the jCal value of an RRULE (RFC 7265, 3.6.10); null when it is no rule of RFC 5545. */
export function readRule(value: unknown): Rule | null {
  const read = JRecur.safeParse(value);
  if (!read.success) return null;
  const rule = read.data;
  const until = rule.until === undefined ? null : rule.until.replace(/Z$/, '');
  if (until !== null && parseWall(until) === null) return null;
  return {
    frequency: rule.freq,
    interval: rule.interval,
    count: rule.count ?? null,
    until: until === null ? null : { text: until, utc: rule.until !== until },
    // ical.js counts from Sunday = 1; we from Monday = 0.
    weekStart: (rule.wkst + 5) % 7,
    byMonth: rule.bymonth ?? null,
    byWeekNumber: rule.byweekno ?? null,
    byYearDay: rule.byyearday ?? null,
    byMonthDay: rule.bymonthday ?? null,
    byDay: rule.byday?.map(weekday) ?? null,
    byHour: rule.byhour ?? null,
    byMinute: rule.byminute ?? null,
    bySecond: rule.bysecond ?? null,
    bySetPosition: rule.bysetpos ?? null,
  };
}

const weekday = (text: string): Weekday => {
  const nth = Number.parseInt(text, 10);
  return {
    nth: Number.isNaN(nth) ? null : nth,
    day: WEEKDAYS.findIndex((name) => text.endsWith(name)),
  };
};
