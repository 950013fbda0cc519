import { midnight, readLocal } from '../../src/adapter/zone.ts';
import { type Instant, instant, parseInstant } from '../../src/domain/instant.ts';

/**
 * Times as people and spreadsheets write them. What can be read in two ways is refused, and says how it is to be written: a
 * shift that is a month or an hour off would close a clinic.
 */

/** The message tells what is wrong with a time, without the time. */
export class Unreadable extends Error {}

const OFFSET = /(?:Z|[+-]\d\d:\d\d)$/;
const LOCAL = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.0+)?)?$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
/** `08:00`, `8:00`, `8 h 30`, `8h`, `24:00`. */
const HOUR = /^(\d{1,2})(?:[:hH]| [hH] ?)(\d{2})?(?::00)?$/;
const SERIAL = /^\d{5}(?:[.,]\d+)?$/;
const SLASHES = /^\d{1,4}[/.]\d{1,2}[/.]\d{1,4}/;

/** @throws Unreadable */
export function instantOf(text: string, zone: string): Instant {
  const given = text.trim();
  if (OFFSET.test(given)) return withOffset(given);
  const local = LOCAL.exec(given);
  if (local?.[1] && local[2]) return localInstant(local[1], local[2], zone);
  throw refused(given, 'such as 2026-11-24 08:00');
}

/** A time of day, on a day. @throws Unreadable */
export function onDay(day: string, time: string, zone: string): Instant {
  const found = HOUR.exec(time.trim());
  if (!found?.[1]) throw refused(time.trim(), 'such as 08:00');
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  const written = dayIn(day);
  if (hours === 24 && minutes === 0) return startOf(written, zone, 1);
  if (hours > 23 || minutes > 59) throw new Unreadable('no time of the day');
  const two = (number: number): string => String(number).padStart(2, '0');
  return localInstant(written, `${two(hours)}:${two(minutes)}`, zone);
}

/** The first moment of a day, or of the one so many days later. @throws Unreadable */
export function startOf(day: string, zone: string, days = 0): Instant {
  const noon = readLocal(`${dayIn(day)}T12:00`, zone);
  return midnight(noon.at, zone, days);
}

export const isDay = (text: string): boolean => DAY.test(text.trim());

function dayIn(text: string): string {
  const given = text.trim();
  if (!DAY.test(given)) throw refused(given, 'such as 2026-11-24');
  const at = Date.parse(`${given}T00:00:00Z`);
  // Date.parse rolls 30 February over.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== given)
    throw new Unreadable('no day of the calendar');
  return given;
}

function localInstant(day: string, time: string, zone: string): Instant {
  const reading = read(`${dayIn(day)}T${time}`, zone);
  if (reading.kind === 'exact') return reading.at;
  const why =
    reading.kind === 'repeated'
      ? 'happens twice, as clocks go back'
      : 'does not happen, as clocks go forward';
  throw new Unreadable(`that hour ${why}: write it with its offset`);
}

function read(local: string, zone: string) {
  try {
    return readLocal(local, zone);
  } catch {
    throw new Unreadable('no time of the day');
  }
}

function withOffset(text: string): Instant {
  try {
    return instant(parseInstant(text.replace(' ', 'T')));
  } catch {
    throw new Unreadable('no instant of RFC 3339');
  }
}

function refused(text: string, how: string): Unreadable {
  if (text === '') return new Unreadable('missing');
  if (SERIAL.test(text)) return new Unreadable(`a number of a spreadsheet: format the column as text ${how}`);
  if (SLASHES.test(text))
    return new Unreadable(`day and month can be told apart in no such date: write one ${how}`);
  return new Unreadable(`write it ${how}`);
}
