import type { Instant } from '../../domain/instant.ts';
import type { FeedKey, RejectedWrite } from '../../engine/ports/feeds.ts';
import type { Queryable } from '../database.ts';

/** $1 connection, $2 feed, $3 external ids, $4 reasons, $5 at, $6 sealed raw forms in hexadecimal: the last one is kept. */
const TEXT = `
insert into rejected (connection_id, feed_id, external_id, reason, first_ms, last_ms, sealed_raw)
select distinct on (external_id, reason) $1, $2, external_id, reason, $5::bigint, $5::bigint, decode(raw, 'hex')
from unnest($3::text[], $4::text[], $6::text[]) with ordinality as seen(external_id, reason, raw, position)
order by external_id, reason, position desc
on conflict (connection_id, feed_id, external_id, reason) do update set
  last_ms = excluded.last_ms, occurrences = rejected.occurrences + 1,
  sealed_raw = coalesce(excluded.sealed_raw, rejected.sealed_raw)`;

/**
 * $1 connection, $2 feed, $3 before: what a complete reading did not meet again is mended. A webhook's records stand
 * under the whole connection, as it does not say of which feed it is; one that is still bad is met by its feed's reading.
 */
const MENDED = `delete from rejected where connection_id = $1 and feed_id in ($2, '*') and last_ms < $3`;

export async function recordRejected(
  on: Queryable,
  key: FeedKey,
  rejected: readonly RejectedWrite[],
  at: Instant,
): Promise<void> {
  if (rejected.length === 0) return;
  await on.query(TEXT, [
    key.connectionId,
    key.feedId,
    rejected.map((record) => record.externalId ?? ''),
    rejected.map((record) => record.reason),
    at,
    rejected.map(({ sealedRaw }) => sealedRaw && Buffer.from(sealedRaw).toString('hex')),
  ]);
}

export async function forgetMended(on: Queryable, key: FeedKey, before: Instant): Promise<void> {
  await on.query(MENDED, [key.connectionId, key.feedId, before]);
}
