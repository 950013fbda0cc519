import { type Instant, plus, SECOND } from '../domain/instant.ts';
import type { HttpResponse } from './http.ts';

/** Conditional requests (RFC 9110, section 13) and what caches say of their answers (RFC 9111). */

export type Validators = { readonly etag: string | null; readonly modified: string | null };

type Headers = HttpResponse['headers'];

/** Between two clocks, and two changes within one of its seconds (RFC 9110, 8.8.2.2). */
const MODIFIED_SECONDS_MIN = 60;

/** Of an answer. What changed just before it may change once more without another Last-Modified, so that is left out. */
export function validatorsOf(headers: Headers): Validators {
  const modified = headers['last-modified'];
  const age = Date.parse(headers['date'] ?? '') - Date.parse(modified ?? '');
  const isStrong = age >= MODIFIED_SECONDS_MIN * SECOND;
  return { etag: headers['etag'] ?? null, modified: (isStrong ? modified : null) ?? null };
}

/** Of the next request. @param known of the last answer; null = give it whatever it is. */
export const conditionsOf = (known: Validators | null): Record<string, string> => ({
  ...(known?.etag ? { 'if-none-match': known.etag } : {}),
  ...(known?.modified ? { 'if-modified-since': known.modified } : {}),
});

/** RFC 9111, 1.2.2: what is greater is the greatest that can be said. */
const SECONDS_MAX = 2 ** 31;

const millisecondsIn = (seconds: string | undefined): number =>
  seconds !== undefined && /^\d+$/.test(seconds) ? Math.min(Number(seconds), SECONDS_MAX) * SECOND : 0;

/** When a cache had the answer from its server (5.1); now, where none says so. */
export const generatedAt = (headers: Headers, now: Instant): Instant =>
  plus(now, -millisecondsIn(headers['age']));

/** How much longer it may be taken for what the server would answer (4.2), in milliseconds. */
export function freshMilliseconds(headers: Headers): number {
  const control = headers['cache-control'] ?? '';
  if (/\bno-(?:cache|store)\b/i.test(control)) return 0;
  const maxAge = millisecondsIn(/\bmax-age\s*=\s*"?(\d+)/i.exec(control)?.[1]);
  return Math.max(0, maxAge - millisecondsIn(headers['age']));
}
