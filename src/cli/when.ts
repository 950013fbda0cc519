import { type Instant, MINUTE, SECOND } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import type { Language } from './language.ts';

/** Times as people read them, in the zone of a place. */

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(at: Instant, zone: string, locale: string): Readonly<Record<string, string>> {
  const key = `${locale} ${zone}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, {
      timeZone: zone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(key, format);
  }
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

const LOCALES: Record<Language, string> = { en: 'en-US', fr: 'fr-CA' };

/** `09:41:03`. */
export function clockTime(at: Instant, zone: string): string {
  const { hour, minute, second } = parts(at, zone, LOCALES.en);
  return `${hour}:${minute}:${second}`;
}

/** `Tue 24 Nov 09:20–09:40`; `mar. 24 nov. 9 h 20–9 h 40` (Office québécois de la langue française). */
export function dayAndTimes({ start, end }: Interval, zone: string, language: Language): string {
  return `${dayAndTime(start, zone, language)}–${time(end, zone, language)}`;
}

/** `Tue 24 Nov 09:20`. */
export function dayAndTime(at: Instant, zone: string, language: Language): string {
  const { weekday, day, month } = parts(at, zone, LOCALES[language]);
  return `${weekday} ${day} ${month} ${time(at, zone, language)}`;
}

function time(at: Instant, zone: string, language: Language): string {
  const { hour, minute } = parts(at, zone, LOCALES[language]);
  return language === 'en' ? `${hour}:${minute}` : `${Number(hour)} h ${minute}`;
}

/** `140 ms`, `1.2 s`, `3 min`, `2 h`, `4 d`; a comma and `j` in French. */
export function duration(milliseconds: number, language: Language): string {
  if (milliseconds < SECOND) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / SECOND;
  if (seconds < 10) {
    const text = seconds.toFixed(1);
    return `${language === 'fr' ? text.replace('.', ',') : text} s`;
  }
  if (milliseconds < 2 * MINUTE) return `${Math.round(seconds)} s`;
  const minutes = milliseconds / MINUTE;
  if (minutes < 120) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  if (hours < 48) return `${Math.round(hours)} h`;
  return `${Math.round(hours / 24)} ${language === 'fr' ? 'j' : 'd'}`;
}
