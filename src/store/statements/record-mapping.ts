import type { Queryable } from '../database.ts';

/**
 * $1 platform, $2 content, $3 its connections. Where it is not what it was, feeds with rejected records are read whole
 * next time. A webhook's records stand under the whole connection, as it does not say of which feed it is.
 */
const TEXT = `
with changed as (
  insert into mapping (platform, content) values ($1, $2)
  on conflict (platform) do update set content = excluded.content where mapping.content <> excluded.content
  returning platform
)
update feed set cursor = null, complete_ms = null from changed
where connection_id = any($3::text[]) and exists (
  select from rejected
  where rejected.connection_id = feed.connection_id and rejected.feed_id in (feed.feed_id, '*')
)`;

export async function recordMapping(
  on: Queryable,
  platform: string,
  content: string,
  connectionIds: readonly string[],
): Promise<void> {
  await on.query(TEXT, [platform, content, connectionIds]);
}
