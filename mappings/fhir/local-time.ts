import { Temporal } from 'temporal-polyfill';
import { DAY, type Instant, instant } from '../../src/domain/instant.ts';
import { dayOf, formatWall, type Wall } from '../../src/domain/recurrence/wall.ts';
import type { WallClock } from '../../src/domain/template.ts';

/** An instant as people at the place read it, and back. */

type Offset = { readonly milliseconds: number; readonly suffix: string };

// Every change of the clocks since 1972, in any zone, falls on a quarter of an hour UTC.
const QUARTER_MILLISECONDS = 15 * 60_000;
const REMEMBERED_MAX = 20_000;
const remembered = new Map<string, Map<number, Offset>>();

/**
 * RFC 3339 with the offset of the zone at that instant, as `2026-11-24T09:20:00-05:00`.
 * @param zone IANA name. @throws RangeError when it is unknown.
 */
export function localTime(at: Instant, zone: string): string {
  const { milliseconds, suffix } = offsetAt(at, zone);
  const local = new Date(at + milliseconds).toISOString();
  return local.slice(0, at % 1000 === 0 ? 19 : 23) + suffix;
}

/** Remembered because a snapshot writes 25,000 slots a second and asking the zone costs as much as all the rest. */
function offsetAt(at: Instant, zone: string): Offset {
  let ofZone = remembered.get(zone);
  if (!ofZone || ofZone.size >= REMEMBERED_MAX) {
    ofZone = new Map();
    remembered.set(zone, ofZone);
  }
  const quarter = Math.floor(at / QUARTER_MILLISECONDS);
  const known = ofZone.get(quarter);
  if (known) return known;
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const offset = { milliseconds: zoned.offsetNanoseconds / 1e6, suffix: zoned.offset };
  ofZone.set(quarter, offset);
  return offset;
}

/**
 * From a reading back to its instant. Most days have one offset from beginning to end, so that the zone is asked about
 * each day once and not about each time of it.
 * @param zone IANA name. @throws RangeError when it is unknown.
 */
export function wallClock(zone: string): WallClock {
  const steady = new Map<Wall, number | null>();
  return (local) => {
    const day = dayOf(local);
    let offset = steady.get(day);
    if (offset === undefined) {
      offset = steadyOffset(day, zone);
      steady.set(day, offset);
    }
    return offset === null ? firstReading(local, zone) : instant(local - offset);
  };
}

/** The first moment of a day, which is its midnight but where the clocks skip it. @param zone IANA name. */
export const dayStart = (day: Wall, zone: string): Instant =>
  instant(Temporal.PlainDate.from(formatWall(day)).toZonedDateTime(zone).epochMilliseconds);

/** Of a whole day in milliseconds; null where the clocks change on it, or at its end. */
function steadyOffset(day: Wall, zone: string): number | null {
  const date = Temporal.PlainDate.from(formatWall(day));
  const [begins, ends] = [date.toZonedDateTime(zone), date.add({ days: 1 }).toZonedDateTime(zone)];
  const isSteady =
    ends.epochMilliseconds - begins.epochMilliseconds === DAY &&
    begins.offsetNanoseconds === ends.offsetNanoseconds;
  return isSteady ? begins.offsetNanoseconds / 1e6 : null;
}

function firstReading(local: Wall, zone: string): Instant | null {
  const plain = Temporal.PlainDateTime.from(formatWall(local));
  const first = plain.toZonedDateTime(zone, { disambiguation: 'earlier' });
  return first.toPlainDateTime().equals(plain) ? instant(first.epochMilliseconds) : null;
}
