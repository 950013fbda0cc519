import { Temporal } from 'temporal-polyfill';
import { locale } from '../i18n/current.ts';

/** Instants are ISO 8601 with an offset, as the gateway tells them; here they become what a clock in the clinic shows. */

/** A day of a clinic's calendar, as 2026-11-28. */
export type Day = string;
/** What a clock in the clinic shows, without its zone: 2026-11-28T09:20:00. It leaves this page never. */
export type WallClock = string;

export const wallClock = (instant: string, zone: string): WallClock =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' });

/** A time that the night of spring leaves out is the one after it, and of a repeated one it is the first (RFC 5545, 3.3.5). */
export const instantOf = (wall: WallClock, zone: string): string =>
  Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).toInstant().toString();

export const dayOf = (instant: string, zone: string): Day => wallClock(instant, zone).slice(0, 10);

export const today = (zone: string, now = Date.now()): Day =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate().toString();

/** As -05:00, at this moment. */
export const offsetText = (zone: string, now = Date.now()): string =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).offset;

export const addDays = (day: Day, days: number): Day => Temporal.PlainDate.from(day).add({ days }).toString();

export const mondayOf = (day: Day): Day => addDays(day, 1 - Temporal.PlainDate.from(day).dayOfWeek);

export const startOf = (day: Day, zone: string): string => instantOf(`${day}T00:00:00`, zone);

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && parses(text);

function parses(text: string): boolean {
  try {
    Temporal.PlainDate.from(text);
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(instant: string | number, zone: string, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify([locale(), zone, options]);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone });
  formats.set(key, format);
  return format.format(typeof instant === 'number' ? instant : Date.parse(instant));
}

/** As 09:20, in both languages: appointments are not spoken of in halves of a day. */
export const timeText = (instant: string, zone: string): string =>
  formatted(instant, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).replace(/ h /, ':');

export const spanText = (start: string, end: string, zone: string): string =>
  `${timeText(start, zone)}–${timeText(end, zone)}`;

export const dayText = (instant: string, zone: string): string =>
  formatted(instant, zone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

export const shortDayText = (instant: string, zone: string): string =>
  formatted(instant, zone, { weekday: 'short', day: 'numeric', month: 'short' });

/** As `3 min`, of a time that has passed or is to come. */
export function agoText(instant: string, now: number): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1000);
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' });
  const size = Math.abs(seconds);
  if (size < 60) return format.format(seconds, 'second');
  if (size < 3600) return format.format(Math.round(seconds / 60), 'minute');
  if (size < 48 * 3600) return format.format(Math.round(seconds / 3600), 'hour');
  return format.format(Math.round(seconds / 86_400), 'day');
}
