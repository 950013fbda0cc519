/** A point in time: milliseconds since 1970-01-01T00:00:00Z. It has no zone; a zone is only needed to show it. */
export type Instant = number & { readonly __unit: 'epoch ms' };

export const instant = (epochMilliseconds: number): Instant => epochMilliseconds as Instant;

export const plus = (at: Instant, milliseconds: number): Instant => (at + milliseconds) as Instant;

/** Later than any that is written down; a whole number that is exact. */
export const FOREVER = Number.MAX_SAFE_INTEGER as Instant;

export const earlier = (a: Instant, b: Instant): Instant => (a <= b ? a : b);

export const later = (a: Instant, b: Instant): Instant => (a >= b ? a : b);

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

// RFC 3339 with a mandatory offset: a text without one names no instant, so it is never accepted.
// Its hours end at 23 (section 5.6), where Date.parse also takes the 24:00 of ISO 8601.
const RFC3339 = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Reads an RFC 3339 date-time with offset. @throws RangeError on a missing offset or an impossible date. */
export function parseInstant(text: string): Instant {
  const at = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || !isDayOfMonth(text)) {
    throw new RangeError(`not an instant with an offset: ${JSON.stringify(text)}`);
  }
  return at as Instant;
}

/** Date.parse rolls 30 February over to 2 March. Days up to the 28th, which are most, cost no calendar. */
function isDayOfMonth(text: string): boolean {
  const day = Number(text.slice(8, 10));
  if (day <= 28) return day >= 1;
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
}

/** The instant as RFC 3339 text in UTC, with milliseconds. */
export const formatInstant = (at: Instant): string => new Date(at).toISOString();
