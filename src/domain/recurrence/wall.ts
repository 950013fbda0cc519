import { DAY } from '../instant.ts';

/**
 * A local date and time without zone, as milliseconds since 1970-01-01T00:00 of its own wall clock: recurrences are
 * reckoned on walls, where every day has 24 hours, and only then become instants (RFC 5545, 3.3.10).
 */
export type Wall = number & { readonly __unit: 'wall ms' };

export const wall = (milliseconds: number): Wall => milliseconds as Wall;

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d))?$/;

/** Reads `2026-11-24` or `2026-11-24T09:20:00`; null when there is no such day or time. A leap second is :59. */
export function parseWall(text: string): Wall | null {
  const match = LOCAL.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 60) return null;
  const at = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59));
  const read = new Date(at);
  return read.getUTCMonth() === month - 1 && read.getUTCDate() === day && year >= 1000 ? wall(at) : null;
}

/** `2026-11-24T09:20:00`. */
export const formatWall = (at: Wall): string => new Date(at).toISOString().slice(0, 19);

export const dayOf = (at: Wall): Wall => wall(Math.floor(at / DAY) * DAY);

/** 0 = Monday … 6 = Sunday, as in ISO 8601. 1970-01-01 was a Thursday. */
export const weekdayOf = (at: Wall): number => (((Math.floor(at / DAY) + 3) % 7) + 7) % 7;
