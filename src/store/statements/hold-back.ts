import type { Held } from '../../domain/absence.ts';
import { type Instant, instant } from '../../domain/instant.ts';
import type { FeedKey } from '../../engine/ports/feeds.ts';
import type { Queryable } from '../database.ts';

/** $1 connection, $2 feed. */
const FIND = `
select scope, subject_id as id, at_ms from held_back where connection_id = $1 and feed_id = $2`;

/** $1 connection, $2 feed, $3 scopes, $4 ids, $5 at, $6 before or null: these, and no others of before that. */
const REPLACE = `
with wanted as (select distinct scope, id from unnest($3::text[], $4::uuid[]) as wanted(scope, id)),
released as (
  delete from held_back where connection_id = $1 and feed_id = $2 and ($6::bigint is null or at_ms < $6)
    and not exists (select from wanted where wanted.scope = held_back.scope and wanted.id = held_back.subject_id)
)
insert into held_back (connection_id, feed_id, scope, subject_id, at_ms)
select $1, $2, scope, id, $5 from wanted
on conflict do nothing`;

export async function heldBack(
  on: Queryable,
  { connectionId, feedId }: FeedKey,
): Promise<(Held & { at: Instant })[]> {
  const rows = await on.query<Held & { at_ms: number }>(FIND, [connectionId, feedId]);
  return rows.map(({ scope, id, at_ms }) => ({ scope, id, at: instant(at_ms) }));
}

export async function holdBack(
  on: Queryable,
  { connectionId, feedId }: FeedKey,
  held: readonly Held[],
  { at, before }: { at: Instant; before: Instant | null },
): Promise<void> {
  const scopes = held.map(({ scope }) => scope);
  const ids = held.map(({ id }) => id);
  await on.query(REPLACE, [connectionId, feedId, scopes, ids, at, before]);
}
