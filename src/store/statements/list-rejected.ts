import { instant } from '../../domain/instant.ts';
import type { RejectedRow } from '../../engine/ports/feeds.ts';
import type { Queryable } from '../database.ts';

type ListedRow = {
  feed_id: string;
  external_id: string;
  reason: string;
  occurrences: number;
  records: number;
  first_ms: number;
  last_ms: number;
  has_raw: boolean;
  sealed_raw: Uint8Array | null;
};

/** $1 connection, $2 with raw forms, $3 limit. */
const TEXT = `
select feed_id, external_id, reason, occurrences, records, first_ms, last_ms, sealed_raw is not null as has_raw,
  case when $2::boolean then sealed_raw end as sealed_raw
from rejected where connection_id = $1
order by last_ms desc, feed_id, external_id, reason limit $3`;

export async function rejectedRecords(
  on: Queryable,
  connectionId: string,
  { raw, limit }: { raw: boolean; limit: number },
): Promise<RejectedRow[]> {
  const rows = await on.query<ListedRow>(TEXT, [connectionId, raw, limit]);
  return rows.map((row) => ({
    feedId: row.feed_id,
    externalId: row.external_id === '' ? null : row.external_id,
    reason: row.reason,
    occurrences: row.occurrences,
    records: row.records,
    firstAt: instant(row.first_ms),
    lastAt: instant(row.last_ms),
    hasRaw: row.has_raw,
    sealedRaw: row.sealed_raw,
  }));
}
