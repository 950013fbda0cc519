import type { IncomingHttpHeaders } from 'node:http';
import type { Version } from './answer.ts';
import { Refused } from './outcomes.ts';

/** Versions in headers (R4, http.html, 3.1.0.4 and 3.1.0.5). */

/** A part has a tag of its own: who has it must not be told that it has the whole, nor the other way round. */
export const etagOf = ({ number, part }: Version): string =>
  `W/"${number}${part === undefined ? '' : `-${part}`}"`;

/**
 * Whether the client has this version already. If-None-Match wins over If-Modified-Since, which knows seconds only
 * (RFC 9110, section 13.2.2). What is no such header is as good as none.
 */
export function isKnown(headers: IncomingHttpHeaders, version: Version): boolean {
  const { 'if-none-match': tags, 'if-modified-since': since } = headers;
  if (tags !== undefined) {
    return tags.split(',').some((tag) => tag.trim() === '*' || bare(tag) === bare(etagOf(version)));
  }
  const moment = since === undefined ? Number.NaN : Date.parse(since);
  return !Number.isNaN(moment) && Math.floor(version.updatedMs / 1_000) * 1_000 <= moment;
}

/** Weak and strong tags are compared alike (RFC 9110, section 8.8.3.2). */
const bare = (tag: string): string => tag.trim().replace(/^W\//, '');

/** The version of a weak or strong ETag, of a part too; null of none and of `*`. @throws Refused on anything else. */
export function versionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  const version = /^\s*(?:W\/)?"(\d{1,9})(?:-[0-9a-f]{8})?"\s*$/.exec(ifMatch)?.[1];
  if (version !== undefined) return Number(version);
  throw new Refused('bad-request', {
    diagnostics: {
      fr: 'If-Match : une version comme elle était dans ETag, W/"<version>"',
      en: 'If-Match: one version as it was in ETag, W/"<version>"',
    },
    expression: 'http.If-Match',
  });
}
