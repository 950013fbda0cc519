import { fromLocal } from '../../src/adapter/zone.ts';
import { HOUR, type Instant, MINUTE, parseInstant, SECOND } from '../../src/domain/instant.ts';

/** Times of HL7 v2 (DTM, chapter 2A) and durations with their units. */

const DTM = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:(\d\d)(\.\d{1,4})?)?([+-]\d{4})?$/;

/**
 * The instant of a DTM that has at least minutes. One without an offset is local to the zone: not in the offset of MSH-7,
 * which is that of the day on which the message was sent, and an hour off for an appointment in the other season.
 * @returns null when it cannot be read. An odd offset, such as +0215, is an offset.
 */
export function readTime(text: string, zone: string): Instant | null {
  const found = DTM.exec(text);
  if (!found) return null;
  const [, year, month, day, hour, minute, second = '00', , offset] = found;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  try {
    return offset === undefined
      ? fromLocal(local, zone)
      : parseInstant(`${local}${offset.slice(0, 3)}:${offset.slice(3)}`);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** By the units that are met: UCUM, ISO+ (table 0482) and words, in either case but for `m`, which is a metre to nobody here. */
const UNITS: Readonly<Record<string, number>> = {
  s: SECOND,
  sec: SECOND,
  second: SECOND,
  seconds: SECOND,
  '': MINUTE,
  m: MINUTE,
  min: MINUTE,
  mins: MINUTE,
  minute: MINUTE,
  minutes: MINUTE,
  h: HOUR,
  hr: HOUR,
  hour: HOUR,
  hours: HOUR,
};

/** @returns milliseconds; null for a unit that is not known, or one of less than a minute: its unit is another. */
export function readDuration(amount: string, unit: string): number | null {
  const factor = Object.hasOwn(UNITS, unit.toLowerCase()) ? UNITS[unit.toLowerCase()] : undefined;
  if (!/^\d{1,6}(?:\.\d{1,3})?$/.test(amount) || factor === undefined) return null;
  const milliseconds = Math.round(Number(amount) * factor);
  return milliseconds < MINUTE ? null : milliseconds;
}

/** DTM in UTC, to the second: an offset that every receiver reads alike. */
export const writeTime = (at: Instant): string =>
  `${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}+0000`;
