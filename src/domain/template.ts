import { type EasterHoliday, type Holiday, holidaysOf } from './holidays.ts';
import { DAY, type Instant, MINUTE, plus } from './instant.ts';
import { type Interval, overlaps } from './interval.ts';
import { expand } from './recurrence/expand.ts';
import type { Rule } from './recurrence/rule.ts';
import { parseWall, type Wall, wall, weekdayOf } from './recurrence/wall.ts';
import type { Bilingual } from './schedule.ts';
import type { SlotAttributes } from './slot.ts';

/** The week of a clinic as templates, and the slots that follow from it. Reckoned on the wall clock of the place. */

/** A stretch of a day in minutes after its midnight, half-open; the day ends at 1,440. */
export type Hours = { readonly fromMinute: number; readonly toMinute: number };

/** On which days, between which hours, how long: and what each of these slots says. */
export type Template = Hours & {
  /** Of days: without BYHOUR, BYMINUTE and BYSECOND; what UNTIL says is a date. */
  readonly rule: Rule;
  /** The day that the rule is counted from. It is one of its days only where the rule says so. */
  readonly since: Wall;
  readonly slotMinutes: number;
  /** Between the end of a slot and the start of the next. */
  readonly breakMinutes: number;
  readonly attributes: SlotAttributes;
};

export type Week = {
  /** In order of precedence: a slot gives way to those of the templates before its own. */
  readonly templates: readonly Template[];
  /** Days that have hours of their own, which bound those of the templates: none = closed. They overrule a holiday. */
  readonly ownHours: ReadonlyMap<Wall, readonly Hours[]>;
  /** Time in which nothing is offered, whatever the day. */
  readonly closed: readonly Interval[];
  /** Null = holidays are days as any other. */
  readonly holidays: EasterHoliday | null;
};

/** Midnights, the first included and the last not. */
export type Days = { readonly from: Wall; readonly to: Wall };

export type WantedSlot = {
  readonly day: Wall;
  readonly interval: Interval;
  readonly attributes: SlotAttributes;
};

/** Why a template makes no slot where it would: a holiday, hours or closings, changed clocks, another template. */
export type WhyNot = 'holiday' | 'closed' | 'clocks' | 'template';

export type LeftOut = {
  readonly day: Wall;
  readonly why: WhyNot;
  readonly count: number;
  /** Of a holiday. */
  readonly name: Bilingual | null;
};

/** `slots` are in order, and no two of them overlap. */
export type Offering = { readonly slots: readonly WantedSlot[]; readonly leftOut: readonly LeftOut[] };

/** The instant of a local time, the first of a repeated one; null where it is skipped. */
export type WallClock = (local: Wall) => Instant | null;

export const SLOTS_MAX = 20_000;

/**
 * The slots that begin and end on these days. They are cut from the start of each template's hours, and that grid does
 * not move: what does not fit whole is left out, and nothing is shifted or shortened.
 * @returns `too-many` = more than SLOTS_MAX, those that are left out included; `unbounded` = a rule that would take more
 * steps than any calendar needs.
 */
export function slotsOfWeek(week: Week, days: Days, clock: WallClock): Offering | 'too-many' | 'unbounded' {
  const holidays = holidaysOn(week, days);
  const offered = new Map<Wall, WantedSlot[]>();
  const leftOut = new Map<string, LeftOut>();
  let count = 0;
  for (const template of week.templates) {
    const found = daysOf(template, days);
    if (found === 'unbounded') return found;
    for (const day of found) {
      const starts = startsOf(template);
      count += starts.length;
      if (count > SLOTS_MAX) return 'too-many';
      const before = offered.get(day) ?? [];
      const added: WantedSlot[] = [];
      for (const minute of starts) {
        const slot = slotAt(template, day, minute, week, holidays, before, clock);
        if (typeof slot !== 'string') added.push(slot);
        else leave(leftOut, day, slot, holidays.get(day)?.name ?? null);
      }
      offered.set(day, [...before, ...added]);
    }
  }
  const slots = [...offered.values()].flat().sort((a, b) => a.interval.start - b.interval.start);
  return { slots, leftOut: [...leftOut.values()].sort((a, b) => a.day - b.day) };
}

function daysOf({ rule, since }: Template, { from, to }: Days): readonly Wall[] | 'unbounded' {
  const until = rule.until === null ? null : parseWall(rule.until.text);
  const expanded = expand(rule, since, until, { from, to }, 'as-ruled');
  return expanded === 'unbounded' ? expanded : expanded.walls;
}

function startsOf({ fromMinute, toMinute, slotMinutes, breakMinutes }: Template): number[] {
  const starts: number[] = [];
  const step = slotMinutes + breakMinutes;
  for (let minute = fromMinute; minute + slotMinutes <= toMinute; minute += step) starts.push(minute);
  return starts;
}

function slotAt(
  { slotMinutes, attributes }: Template,
  day: Wall,
  minute: number,
  { ownHours, closed }: Week,
  holidays: ReadonlyMap<Wall, Holiday>,
  before: readonly WantedSlot[],
  clock: WallClock,
): WantedSlot | WhyNot {
  const own = ownHours.get(day);
  if (own === undefined && holidays.has(day)) return 'holiday';
  const isWithin = (hours: Hours): boolean =>
    hours.fromMinute <= minute && minute + slotMinutes <= hours.toMinute;
  if (own !== undefined && !own.some(isWithin)) return 'closed';
  const interval = intervalOf(wall(day + minute * MINUTE), slotMinutes, clock);
  if (interval === null) return 'clocks';
  if (closed.some((each) => overlaps(each, interval))) return 'closed';
  if (before.some((each) => overlaps(each.interval, interval))) return 'template';
  return { day, interval, attributes };
}

/**
 * Null unless its last minute comes as long after its first as the wall clock says. So what lies in the hour that is
 * skipped in spring is none, nor what reaches into it, or over it; and in the hour that is repeated in autumn a slot is made
 * once, the first time (as RFC 5545, 3.3.5 reads such a time), and none from it into the hour after.
 */
function intervalOf(local: Wall, slotMinutes: number, clock: WallClock): Interval | null {
  const toLastMinute = (slotMinutes - 1) * MINUTE;
  const start = clock(local);
  const last = clock(wall(local + toLastMinute));
  if (start === null || last === null || last - start !== toLastMinute) return null;
  return { start, end: plus(start, slotMinutes * MINUTE) };
}

function leave(leftOut: Map<string, LeftOut>, day: Wall, why: WhyNot, name: Bilingual | null): void {
  const key = `${why}/${day}`;
  const count = (leftOut.get(key)?.count ?? 0) + 1;
  leftOut.set(key, { day, why, count, name: why === 'holiday' ? name : null });
}

function holidaysOn({ holidays, templates }: Week, { from, to }: Days): ReadonlyMap<Wall, Holiday> {
  if (holidays === null) return new Map();
  const observance = { easter: holidays, worksSundays: templates.some(worksSundays) };
  const [first, last] = [new Date(from).getUTCFullYear(), new Date(to - DAY).getUTCFullYear()];
  const years = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return new Map(
    years.flatMap((year) => holidaysOf(year, observance)).map((holiday) => [holiday.day, holiday]),
  );
}

const SUNDAY = 6;

/** Normally, which is what the Act asks: of a rule by the month a Sunday now and then does not count. */
function worksSundays({ rule: { frequency, byDay }, since }: Template): boolean {
  if (frequency !== 'DAILY' && frequency !== 'WEEKLY') return false;
  if (byDay !== null) return byDay.some(({ day }) => day === SUNDAY);
  return frequency === 'DAILY' || weekdayOf(since) === SUNDAY;
}
