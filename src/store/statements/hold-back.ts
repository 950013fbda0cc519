import type { Held } from '../../domain/absence.ts';
import type { FeedKey } from '../../engine/ports/feeds.ts';
import type { Queryable } from '../database.ts';

/** $1 connection, $2 feed. */
const FIND = `
select scope, subject_id as id from held_back where connection_id = $1 and feed_id = $2`;

/** $1 connection, $2 feed, $3 scopes, $4 ids: these and no others. */
const REPLACE = `
with wanted as (select distinct scope, id from unnest($3::text[], $4::uuid[]) as wanted(scope, id)),
released as (
  delete from held_back where connection_id = $1 and feed_id = $2
    and not exists (select from wanted where wanted.scope = held_back.scope and wanted.id = held_back.subject_id)
)
insert into held_back (connection_id, feed_id, scope, subject_id)
select $1, $2, scope, id from wanted
on conflict do nothing`;

export const heldBack = (on: Queryable, { connectionId, feedId }: FeedKey): Promise<Held[]> =>
  on.query<Held>(FIND, [connectionId, feedId]);

export async function holdBack(
  on: Queryable,
  { connectionId, feedId }: FeedKey,
  held: readonly Held[],
): Promise<void> {
  await on.query(REPLACE, [connectionId, feedId, held.map(({ scope }) => scope), held.map(({ id }) => id)]);
}
