import type { Instant } from '../../domain/instant.ts';
import type { FeedKey, RejectedWrite } from '../../engine/ports/feeds.ts';
import type { Queryable } from '../database.ts';

/**
 * $1 connection, $2 feed, $3 external ids, $4 reasons, $5 at, $6 sealed raw forms in hexadecimal: the last one is kept;
 * $7 when their reading began. What was met since is of the same reading: it occurs once, and those without an id add up.
 * Null = of no reading; then each occurs by itself.
 */
const TEXT = `
insert into rejected (connection_id, feed_id, external_id, reason, first_ms, last_ms, sealed_raw, records)
select distinct on (external_id, reason) $1, $2, external_id, reason, $5::bigint, $5::bigint, decode(raw, 'hex'),
  case when external_id = '' then count(*) over (partition by external_id, reason) else 1 end
from unnest($3::text[], $4::text[], $6::text[]) with ordinality as seen(external_id, reason, raw, position)
order by external_id, reason, position desc
on conflict (connection_id, feed_id, external_id, reason) do update set
  last_ms = excluded.last_ms,
  occurrences = rejected.occurrences + case when rejected.last_ms >= $7::bigint then 0 else 1 end,
  records = excluded.records + case
    when excluded.external_id = '' and ($7 is null or rejected.last_ms >= $7) then rejected.records else 0 end,
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
  { at, since }: { at: Instant; since: Instant | null },
): Promise<void> {
  if (rejected.length === 0) return;
  await on.query(TEXT, [
    key.connectionId,
    key.feedId,
    rejected.map((record) => record.externalId ?? ''),
    rejected.map((record) => record.reason),
    at,
    rejected.map(({ sealedRaw }) => sealedRaw && Buffer.from(sealedRaw).toString('hex')),
    since,
  ]);
}

export async function forgetMended(on: Queryable, key: FeedKey, before: Instant): Promise<void> {
  await on.query(MENDED, [key.connectionId, key.feedId, before]);
}
