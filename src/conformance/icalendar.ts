import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { type Instant, instant } from '../domain/instant.ts';
import { type Interval, interval, overlaps } from '../domain/interval.ts';
import type { Raw } from './target.ts';

/** What stands in a calendar, for benches: read without a line of what adapters read it by. ical.js expands, Temporal knows the zone. */

type Period = Raw['periods'][number];
type RawSlot = Raw['slots'][number];

/** The time that one resource takes. Its rules must end. @param zone of its times that are not UTC. */
export function periodsOf(href: string, text: string, zone: string): readonly Period[] {
  return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').flatMap((vevent) => {
    if (/TRANSPARENT|CANCELLED/.test(`${vevent.getFirstPropertyValue('transp')}${statusOf(vevent)}`))
      return [];
    const event = new ICAL.Event(vevent);
    const shared = { kind: kindOf(event), reference: textOf(vevent, 'x-passerelle-mark') };
    if (!event.isRecurring()) {
      return [
        { ...shared, id: href, interval: interval(at(event.startDate, zone), at(event.endDate, zone)) },
      ];
    }
    const periods: Period[] = [];
    const starts = event.iterator();
    for (let start = starts.next(); start; start = starts.next()) {
      const { startDate, endDate } = event.getOccurrenceDetails(start);
      const time = interval(at(startDate, zone), at(endDate, zone));
      periods.push({ ...shared, id: `${href}#${new Date(time.start).toISOString()}`, interval: time });
    }
    return periods;
  });
}

const textOf = (vevent: ICAL.Component, name: string): string | null =>
  vevent.getFirstPropertyValue(name)?.toString() ?? null;
const statusOf = (vevent: ICAL.Component): string => textOf(vevent, 'status') ?? '';

/** A whole day is closed time; a timed event is an appointment, unless it says that it only blocks. */
const kindOf = ({ component, startDate }: ICAL.Event): Period['kind'] =>
  startDate.isDate || textOf(component, 'x-passerelle-kind') === 'block' ? 'blocked' : 'booked';

/** Whatever is not UTC is in the zone of the calendar: no other is written here. */
function at(time: ICAL.Time, zone: string): Instant {
  const text = time.toString();
  const read = text.endsWith('Z')
    ? Temporal.Instant.from(text)
    : Temporal.PlainDateTime.from(text).toZonedDateTime(zone);
  return instant(read.epochMilliseconds);
}

export type Plan = {
  readonly slotMinutes: number;
  /** Local hours of every day from Monday to Friday, `HH:MM`. */
  readonly from: string;
  readonly to: string;
  readonly days: number;
};

/** The slots of the working plan from yesterday on, and what the events over them make of each. */
export function slotsOf(
  plan: Plan,
  calendar: string,
  periods: readonly Period[],
  zone: string,
): readonly RawSlot[] {
  const today = Temporal.Now.plainDateISO(zone);
  return Array.from({ length: plan.days + 1 }, (_, index) => today.add({ days: index - 1 }))
    .filter((day) => day.dayOfWeek <= 5)
    .flatMap((day) => {
      const last = day.toZonedDateTime({ timeZone: zone, plainTime: plan.to });
      const slots: RawSlot[] = [];
      let start = day.toZonedDateTime({ timeZone: zone, plainTime: plan.from });
      for (;;) {
        const end = start.add({ minutes: plan.slotMinutes });
        if (Temporal.ZonedDateTime.compare(end, last) > 0) return slots;
        const time = interval(instant(start.epochMilliseconds), instant(end.epochMilliseconds));
        const id = `${calendar}#${new Date(time.start).toISOString()}`;
        slots.push({ id, interval: time, status: statusAt(time, periods) });
        start = end;
      }
    });
}

function statusAt(time: Interval, periods: readonly Period[]): RawSlot['status'] {
  const kinds = periods.filter((period) => overlaps(period.interval, time)).map(({ kind }) => kind);
  return kinds.includes('booked') ? 'busy' : kinds.includes('blocked') ? 'blocked' : 'free';
}
