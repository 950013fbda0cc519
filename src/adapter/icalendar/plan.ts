import { DAY, formatInstant, type Instant, MINUTE, plus } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import { formatWall, parseWall, type Wall, wall, weekdayOf } from '../../domain/recurrence/wall.ts';
import type { SlotAttributes } from '../../domain/slot.ts';
import type { ObservedSlot } from '../observation.ts';
import { readLocal, toLocal } from '../zone.ts';
import { type Supply, WEEKDAYS, type WorkingPlan } from './settings.ts';

/** A working plan to slots. Pure: the same plan and days give the same slots with the same ids, always. */

/** Local days, the first included and the last not. */
export type Days = { readonly from: Wall; readonly to: Wall };

/** The local day of an instant. @param zone IANA */
export function localDay(at: Instant, zone: string): Wall {
  const day = parseWall(toLocal(at, zone).slice(0, 10));
  if (day === null) throw new RangeError(`no local day in ${zone}`);
  return day;
}

export const daysLater = (day: Wall, days: number): Wall => wall(day + days * DAY);

/**
 * The slots that begin on the given days. A local time that is skipped when clocks go forward yields none; of one
 * that is repeated when they go back, only the first is offered: the plan names it once.
 */
export function slotsOfPlan(calendar: string, plan: WorkingPlan, zone: string, days: Days): ObservedSlot[] {
  const starts = new Set<Instant>();
  for (let day = days.from; day < days.to; day = daysLater(day, 1)) {
    for (const hours of plan.hours) {
      if (!hours.weekdays.some((weekday) => WEEKDAYS.indexOf(weekday) === weekdayOf(day))) continue;
      const last = minutesOf(hours.to) - plan.slotMinutes;
      for (let minute = minutesOf(hours.from); minute <= last; minute += plan.slotMinutes) {
        const reading = readLocal(formatWall(wall(day + minute * MINUTE)), zone);
        if (reading.kind !== 'skipped') starts.add(reading.at);
      }
    }
  }
  return [...starts]
    .sort((a, b) => a - b)
    .map((start) => slotAt(calendar, { start, end: plus(start, plan.slotMinutes * MINUTE) }, plan));
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** The id is where and when, so that the same slot is the same slot at every reading. */
export function slotAt(calendar: string, interval: Interval, supply: Supply): ObservedSlot {
  return {
    kind: 'slot',
    externalId: `${calendar}#${formatInstant(interval.start)}`,
    calendar,
    interval,
    mark: null,
    revision: null,
    sequence: null,
    attributes: attributesOf(supply),
  };
}

/** Since when a slot may be booked is nowhere in a calendar, and is not guessed. */
const attributesOf = ({ attributes }: Supply): SlotAttributes => ({ availableSince: null, ...attributes });
