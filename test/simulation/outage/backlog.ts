import type { Instant } from '../../../src/domain/instant.ts';
import type { Database } from '../../../src/store/database.ts';
import { VENDOR } from '../clinic.ts';
import type { Site } from '../site.ts';

/** What the vendor had missed when it came back, and in which order it was told. */

type Missed = {
  readonly subjectId: string;
  /** The vendor's id of what is to be removed there; null = something is to be written. */
  readonly externalId: string | null;
  readonly start: Instant;
};

export type Backlog = { readonly at: Instant; readonly missed: readonly Missed[] };

export async function backlogAt(database: Database, at: Instant): Promise<Backlog> {
  const rows = await database.query<{
    subject_id: string;
    external_id: string | null;
    desired: string | null;
    start_ms: Instant;
  }>(
    `select subject_id, external_id, desired, start_ms from listing
     where differs and connection_id = $1 and start_ms > $2 order by start_ms, subject_id`,
    [VENDOR, at],
  );
  return {
    at,
    missed: rows.map(({ subject_id, external_id, desired, start_ms }) => ({
      subjectId: subject_id,
      externalId: desired === null ? external_id : null,
      start: start_ms,
    })),
  };
}

export type Pass = {
  readonly backlog: Backlog;
  /** In the order in which the vendor was told, the first time of each. */
  readonly told: readonly (Missed & { readonly at: Instant })[];
};

/** By the vendor's own log. What was cancelled meanwhile, or has begun, was never told and is not in it. */
export function passOf(backlog: Backlog, site: Site): Pass {
  const told = new Map<string, Instant>();
  for (const { at, method, path, status, body } of site.log) {
    if (at < backlog.at || status >= 300) continue;
    const key = method === 'DELETE' ? path.split('/').at(-1) : /passerelle:([0-9a-f-]{36})/.exec(body)?.[1];
    if (key !== undefined && method !== 'GET' && !told.has(key)) told.set(key, at);
  }
  const ordered = [...told.keys()];
  const found = backlog.missed.flatMap((missed) => {
    const key = missed.externalId ?? missed.subjectId;
    const at = told.get(key);
    return at === undefined ? [] : [{ ...missed, at, place: ordered.indexOf(key) }];
  });
  found.sort((a, b) => a.place - b.place);
  return { backlog, told: found };
}

/**
 * How many places too early the most favoured was told: for each, the number of those that start sooner and were told
 * after it. 0 = strictly the soonest first.
 */
export function mostOvertaken({ told }: Pass): number {
  return told.reduce((most, { start }, index) => {
    const later = told.slice(index + 1).filter((other) => other.start < start).length;
    return Math.max(most, later);
  }, 0);
}
