import { Temporal } from 'temporal-polyfill';
import { readLocal } from '../../src/adapter/zone.ts';
import { DAY, type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, interval, overlaps } from '../../src/domain/interval.ts';
import { type Provider, type Service, WEEKDAYS, type WorkingDay } from './wire.ts';

/**
 * The slots that a provider's working plan makes of a service, taken or not, as its own booking page cuts them
 * (Availability library of version 1.5): from the beginning of each stretch of work, one after the other.
 * `GET /availabilities` shows only those that are free, so there a slot that is booked would look withdrawn.
 */

/** Of the settings page. */
export type Rules = {
  /** Nothing is taken that begins sooner than so many minutes from now. */
  readonly advanceMinutes: number;
  /** Nor on a day that begins later than so many days from now. */
  readonly futureDays: number;
};

/** With a service that is not `fixed` the page offers a beginning each so many minutes. */
const FLEXIBLE_STEP_MINUTES = 15;

export type PlannedSlot = { readonly local: string; readonly interval: Interval };

/** @param zone of the provider. A time in the hour that happens twice, or not at all, is nobody's to book. */
export function plannedSlots(
  { settings }: Provider,
  { duration, availabilitiesType }: Service,
  { advanceMinutes, futureDays }: Rules,
  window: Interval,
  zone: string,
  now: Instant,
): PlannedSlot[] {
  const slots: PlannedSlot[] = [];
  const step = availabilitiesType === 'fixed' ? duration : FLEXIBLE_STEP_MINUTES;
  const limit = plus(now, futureDays * DAY);
  const tooSoon = advanceMinutes > 0 ? { start: now, end: plus(now, advanceMinutes * MINUTE) } : null;
  for (const day of daysOf(window, zone)) {
    if (day.toZonedDateTime(zone).epochMilliseconds >= limit) break;
    const date = day.toString();
    const exception = settings.workingPlanExceptions[date];
    const weekday = WEEKDAYS[day.dayOfWeek - 1] ?? 'monday';
    const work = exception === undefined ? settings.workingPlan[weekday] : exception;
    if (!work) continue;
    for (const [from, to] of stretches(work)) {
      for (let minutes = from; minutes + duration <= to; minutes += step) {
        const slot = slotAt(date, minutes, duration, zone);
        if (!slot || !overlaps(slot.interval, window)) continue;
        if (tooSoon && slot.interval.start > tooSoon.start && slot.interval.start <= tooSoon.end) continue;
        slots.push(slot);
      }
    }
  }
  return slots;
}

function* daysOf({ start, end }: Interval, zone: string): Generator<Temporal.PlainDate> {
  const dateOf = (at: Instant) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  const last = dateOf(end);
  for (let day = dateOf(start); Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 }))
    yield day;
}

/** The day's work without its breaks, in minutes after midnight. */
function stretches({ start, end, breaks }: WorkingDay): [number, number][] {
  const pauses = breaks
    .map((pause): [number, number] => [minutesOf(pause.start), minutesOf(pause.end)])
    .sort(([a], [b]) => a - b);
  const found: [number, number][] = [];
  let from = minutesOf(start);
  const to = minutesOf(end);
  for (const [pauseStart, pauseEnd] of pauses) {
    if (pauseEnd <= from || pauseStart >= to) continue;
    if (pauseStart > from) found.push([from, pauseStart]);
    from = Math.max(from, pauseEnd);
  }
  if (from < to) found.push([from, to]);
  return found;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

function slotAt(date: string, minutes: number, duration: number, zone: string): PlannedSlot | null {
  const at = Temporal.PlainDateTime.from(`${date}T00:00`).add({ minutes });
  const local = at.toString({ smallestUnit: 'minute' });
  const start = readLocal(local, zone);
  const end = readLocal(at.add({ minutes: duration }).toString(), zone);
  if (start.kind !== 'exact' || end.kind !== 'exact' || start.at >= end.at) return null;
  return { local, interval: interval(start.at, end.at) };
}
