import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Instant, instant, later, plus, SECOND } from '../domain/instant.ts';

/** By what a client tells whether it has a representation already (RFC 9110, sections 8.8 and 13). */
export type Validators = { readonly etag: string; readonly lastModified: Instant };

const FILES_MAX = 10_000;

/** A tag of what the parts stand for: a weak one, since it is the same for the compressed bytes (RFC 9110, 8.8.1). */
export function etagOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return `W/"${hash.digest('base64url')}"`;
}

/** Whether the client has it; where it gives tags its date does not count (RFC 9110, 13.1.3). */
export function isUnmodified(headers: IncomingHttpHeaders, { etag, lastModified }: Validators): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    return tags.split(',').some((tag) => tag.trim() === '*' || opaque(tag) === opaque(etag));
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return Math.floor(lastModified / SECOND) * SECOND <= since;
}

/** As weak tags are compared (RFC 9110, 8.8.3.2). */
const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');

export const isConditional = (headers: IncomingHttpHeaders): boolean =>
  headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined;

/**
 * When a file became what it is: what leaves it, or is told otherwise as time goes by, leaves no date behind, so it is when
 * this process first saw its tag. Of a file that was not seen before that is now.
 */
export function modificationTimes(): (file: string, etag: string, now: Instant) => Instant {
  const seen = new Map<string, Validators>();
  return (file, etag, now) => {
    const last = seen.get(file);
    seen.delete(file);
    const [oldest] = seen.keys();
    if (oldest !== undefined && seen.size >= FILES_MAX) seen.delete(oldest);
    const lastModified = last?.etag === etag ? last.lastModified : dateAfter(last?.lastModified ?? null, now);
    seen.set(file, { etag, lastModified });
    return lastModified;
  };
}

/** HTTP dates are of whole seconds: two changes in one must have two. */
function dateAfter(last: Instant | null, now: Instant): Instant {
  const second = instant(Math.floor(now / SECOND) * SECOND);
  return last === null ? second : later(second, plus(last, SECOND));
}
