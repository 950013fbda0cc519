import { z } from 'zod';
import type { Member } from './webdav.ts';

/** What a reading leaves for the next one. The adapter itself remembers nothing. */

const Cursor = z.object({
  /** RFC 6578 sync-token. */
  token: z.string(),
  /** Of the calendar's settings: another plan or zone changes every row, so it is read anew. */
  settings: z.string(),
  /** Series were expanded up to here, epoch ms. */
  expandedTo: z.number(),
  /** Slots were given up to this local day (wall ms), not included; null = this calendar offers none. */
  plannedTo: z.number().nullable(),
  /** Names in the collection of the resources with several rows; null = too many to remember. */
  series: z.array(z.string()).nullable(),
  /** Some resources as [name, ETag], by which a server that forgot the token is told. */
  probes: z.array(z.tuple([z.string(), z.string()])),
  /** Path of the scheduling inbox and hash of its calendar-availability, where that is read. */
  inbox: z.object({ path: z.string(), hash: z.string() }).nullable(),
});
export type Cursor = z.output<typeof Cursor>;

/** Series in one calendar that a cursor remembers, at about 60 characters each. */
const SERIES_MAX = 500;
const PROBES = 3;

/** Null when it is no cursor of ours. */
export function parseCursor(text: string): Cursor | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return Cursor.safeParse(value).data ?? null;
}

export const formatCursor = (cursor: Cursor): string => JSON.stringify(cursor);

const nameIn = (collection: string, href: string): string => href.slice(collection.length);

export const seriesIn = (collection: string, hrefs: Iterable<string>): Cursor['series'] => {
  const names = [...hrefs].map((href) => nameIn(collection, href));
  return names.length > SERIES_MAX ? null : names;
};

export const hrefsOf = (collection: string, names: readonly string[]): readonly string[] =>
  names.map((name) => collection + name);

export const probesIn = (collection: string, members: readonly Member[]): Cursor['probes'] =>
  members.slice(0, PROBES).map(({ href, etag }) => [nameIn(collection, href), etag]);

/**
 * DAViCal 1.1 answers a token that it forgot with the list of everything, as if all had changed: deletions would be
 * missed in silence. A resource that "changed" to the very ETag that it had gives it away.
 */
export function isWholeList(cursor: Cursor, collection: string, changed: readonly Member[]): boolean {
  const known = new Map(cursor.probes);
  return changed.some(({ href, etag }) => known.get(nameIn(collection, href)) === etag);
}

/** The probes after a list of changes; null when all of them are gone and none is left to tell by. */
export function nextProbes(
  cursor: Cursor,
  collection: string,
  changed: readonly Member[],
  removed: readonly string[],
): Cursor['probes'] | null {
  const gone = new Set(removed.map((href) => nameIn(collection, href)));
  const known = new Map(cursor.probes.filter(([name]) => !gone.has(name)));
  if (known.size === 0 && cursor.probes.length > 0) return null;
  for (const { href, etag } of changed) {
    const name = nameIn(collection, href);
    if (known.has(name) || known.size < PROBES) known.set(name, etag);
  }
  return [...known];
}
