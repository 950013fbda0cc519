import { createHash } from 'node:crypto';
import { z } from 'zod';
import { formatInstant, type Instant, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';

/**
 * Where a reading by `_lastUpdated` goes on. A server gives a resource its time before others can see it, so what
 * changed shortly before the last reading may come late: each reading begins a margin earlier, and what was read
 * already, in that version, is known by a hash.
 */
export type Cursor = {
  /** The server's clock as the last reading began. */
  readonly since: Instant;
  readonly seen: ReadonlySet<string>;
};

export const MARGIN_MILLISECONDS = MINUTE;
/** Beyond it they would come twice, which costs time and nothing else. */
const SEEN_MAX = 5_000;
const PREFIX = 'r4.';

const Text = z.object({ since: z.string(), seen: z.array(z.string().max(20)).max(SEEN_MAX) });

export const fromWhen = ({ since }: Pick<Cursor, 'since'>): Instant => plus(since, -MARGIN_MILLISECONDS);

export function writeCursor({ since, seen }: Cursor): string {
  const kept = seen.size > SEEN_MAX ? [] : [...seen];
  return (
    PREFIX + Buffer.from(JSON.stringify({ since: formatInstant(since), seen: kept })).toString('base64url')
  );
}

/** Null = it is none of ours. */
export function readCursor(text: string): Cursor | null {
  if (!text.startsWith(PREFIX)) return null;
  try {
    const json: unknown = JSON.parse(Buffer.from(text.slice(PREFIX.length), 'base64url').toString('utf8'));
    const { since, seen } = Text.parse(json);
    return { since: parseInstant(since), seen: new Set(seen) };
  } catch {
    return null;
  }
}

/** One version of one resource. */
export const hashOf = (externalId: string, version: string): string =>
  createHash('sha256').update(`${externalId} ${version}`).digest('base64url').slice(0, 12);
