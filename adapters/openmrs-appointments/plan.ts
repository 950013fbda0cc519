import { Temporal } from 'temporal-polyfill';
import type { ObservedBusy, ObservedSlot } from '../../src/adapter/observation.ts';
import { fromLocal, toLocal } from '../../src/adapter/zone.ts';
import { formatInstant, type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, interval, overlaps } from '../../src/domain/interval.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import type { Service, Unavailability } from './wire.ts';

/** What OpenMRS says in local times of days: the weekly hours of a service, and unavailability. */

const ISO_WEEK = [1, 2, 3, 4, 5, 6, 7];

const dayOf = (at: Instant, zone: string): Temporal.PlainDate =>
  Temporal.PlainDate.from(toLocal(at, zone).slice(0, 10));

/** Hours cut into visits of the service's length, from today on. None where the service has no length. */
export function slotsOf(
  calendar: string,
  service: Service,
  days: number,
  now: Instant,
  zone: string,
): readonly ObservedSlot[] {
  const step = (service.durationMins ?? 0) * MINUTE;
  const today = dayOf(now, zone);
  const slots: ObservedSlot[] = [];
  for (let ahead = 0; step > 0 && ahead < days; ahead += 1) {
    const day = today.add({ days: ahead });
    for (const { dayOfWeek, startTime, endTime } of hoursOf(service)) {
      if (dayOfWeek !== day.dayOfWeek) continue;
      const end = fromLocal(`${day}T${endTime}`, zone);
      for (let at = fromLocal(`${day}T${startTime}`, zone); at + step <= end; at = plus(at, step)) {
        slots.push({
          kind: 'slot',
          externalId: `${calendar}/${service.uuid}@${formatInstant(at)}`,
          calendar,
          interval: interval(at, plus(at, step)),
          attributes: UNKNOWN_ATTRIBUTES,
          ...{ mark: null, revision: null, sequence: null },
        });
      }
    }
  }
  return slots;
}

/** Without weekly hours, those of every day. */
function hoursOf({ weeklyAvailability, startTime, endTime }: Service): Service['weeklyAvailability'] {
  if (weeklyAvailability.length > 0 || startTime === null || endTime === null) return weeklyAvailability;
  return ISO_WEEK.map((dayOfWeek) => ({ dayOfWeek, startTime, endTime }));
}

/** The local days that an interval touches: the first and the last, ISO. */
export const datesOf = ({ start, end }: Interval, zone: string): readonly [string, string] => [
  dayOf(start, zone).toString(),
  dayOf(plus(end, -1), zone).toString(),
];

/**
 * Several days are those hours on each of them, as OpenMRS itself compares: 1 to 5 December, 09:00 to 12:00, is five
 * mornings. Where the hours end before they begin only the whole of it can be meant, from the first moment to the last.
 */
export function closedBy(
  row: Unavailability,
  calendar: string,
  window: Interval,
  zone: string,
): readonly ObservedBusy[] {
  const whole = row.endTime <= row.startTime && row.endDate > row.startDate;
  const times: (readonly [suffix: string, time: Interval])[] = [];
  if (whole) times.push(['', between(row.startDate, row.startTime, row.endDate, row.endTime, zone)]);
  else {
    const [from, to] = datesOf(window, zone);
    const [last = to] = [row.endDate, to].sort();
    const [, first = from] = [row.startDate, from].sort();
    let day = Temporal.PlainDate.from(first);
    for (; day.toString() <= last; day = day.add({ days: 1 })) {
      times.push([`#${day}`, between(day.toString(), row.startTime, day.toString(), row.endTime, zone)]);
    }
  }
  return times
    .filter(([, time]) => overlaps(time, window))
    .map(([suffix, time]) => ({
      kind: 'busy',
      busyKind: 'block',
      externalId: `${row.uuid}${suffix}`,
      calendar,
      interval: time,
      ...{ mark: null, revision: null, sequence: null, expiresAt: null, changedAt: null },
    }));
}

/** @throws RangeError if it ends before it begins. */
const between = (
  startDate: string,
  startTime: string,
  endDate: string,
  endTime: string,
  zone: string,
): Interval =>
  interval(fromLocal(`${startDate}T${startTime}`, zone), fromLocal(`${endDate}T${endTime}`, zone));
