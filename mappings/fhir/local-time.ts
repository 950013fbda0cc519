import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../src/domain/instant.ts';

/** An instant as people at the place read it. */

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
