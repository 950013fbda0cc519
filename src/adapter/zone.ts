import { Temporal } from 'temporal-polyfill';
import { type Instant, instant } from '../domain/instant.ts';

/**
 * Local times of platforms that write no offset. Past the adapter that read it a time is always an instant.
 * Temporal, by its polyfill, until Node has it: it is the language's own answer to zones.
 */

/** What a local time means on the two nights a year when it does not name exactly one instant. */
export type LocalReading =
  | { readonly kind: 'exact'; readonly at: Instant }
  /** The clocks go back: the time happens twice. `at` is the first of the two. */
  | { readonly kind: 'repeated'; readonly at: Instant; readonly second: Instant }
  /** The clocks go forward: the time does not happen. `at` is as long after midnight as it says (RFC 5545, 3.3.5). */
  | { readonly kind: 'skipped'; readonly at: Instant };

/**
 * @param local ISO 8601 date-time without offset, as `2026-11-24T09:20`.
 * @param zone IANA name. @throws RangeError if either cannot be read; an unknown zone is never taken for UTC.
 */
export function readLocal(local: string, zone: string): LocalReading {
  const plain = Temporal.PlainDateTime.from(local, { overflow: 'reject' });
  const first = plain.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const second = plain.toZonedDateTime(zone, { disambiguation: 'later' });
  const at = instant(first.epochMilliseconds);
  if (first.epochMilliseconds === second.epochMilliseconds) return { kind: 'exact', at };
  if (first.toPlainDateTime().equals(plain)) {
    return { kind: 'repeated', at, second: instant(second.epochMilliseconds) };
  }
  return { kind: 'skipped', at: instant(second.epochMilliseconds) };
}

/** The instant of a local time; the first of a repeated one, the shifted one of a skipped one. @throws RangeError */
export const fromLocal = (local: string, zone: string): Instant => readLocal(local, zone).at;

/** The local reading of an instant, `2026-11-24T09:20:00`, for platforms that want it so. */
export const toLocal = (at: Instant, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({
    smallestUnit: 'second',
  });

/** RFC 3339 with the zone's offset at that instant: `2026-11-24T09:20:00-05:00`. */
export const toOffset = (at: Instant, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toString({ timeZone: zone, smallestUnit: 'second' });

/**
 * The midnight that begins the local day of an instant, or the day so many days later. Where clocks skip midnight it is
 * the first moment of that day.
 */
export const midnight = (at: Instant, zone: string, days: number): Instant =>
  instant(
    Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(zone)
      .toPlainDate()
      .add({ days })
      .toZonedDateTime(zone).epochMilliseconds,
  );

/** Whether the name is a zone that this system knows. */
export function isZone(name: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
