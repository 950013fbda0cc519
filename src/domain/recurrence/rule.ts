/** A recurrence rule as its parts (RFC 5545, 3.3.10), whatever text it was read from. */

export const FREQUENCIES = [
  'SECONDLY',
  'MINUTELY',
  'HOURLY',
  'DAILY',
  'WEEKLY',
  'MONTHLY',
  'YEARLY',
] as const;
export type Frequency = (typeof FREQUENCIES)[number];

export type Weekday = { readonly nth: number | null; readonly day: number };
export type Rule = {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  /** As written: whoever knows the zone turns it into a wall. */
  readonly until: { readonly text: string; readonly utc: boolean } | null;
  readonly weekStart: number;
  readonly byMonth: readonly number[] | null;
  readonly byWeekNumber: readonly number[] | null;
  readonly byYearDay: readonly number[] | null;
  readonly byMonthDay: readonly number[] | null;
  readonly byDay: readonly Weekday[] | null;
  readonly byHour: readonly number[] | null;
  readonly byMinute: readonly number[] | null;
  readonly bySecond: readonly number[] | null;
  readonly bySetPosition: readonly number[] | null;
};

/** A rule that says nothing but its frequency. */
export const EVERY: Omit<Rule, 'frequency'> = {
  interval: 1,
  count: null,
  until: null,
  weekStart: 0,
  byMonth: null,
  byWeekNumber: null,
  byYearDay: null,
  byMonthDay: null,
  byDay: null,
  byHour: null,
  byMinute: null,
  bySecond: null,
  bySetPosition: null,
};
