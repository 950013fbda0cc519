import { instant } from '../../domain/instant.ts';
import type { DifferingQuery, DifferingRow } from '../../engine/ports/connection-history.ts';
import type { Queryable } from '../database.ts';
import { LISTING_SEEN, type SeenRow, seenListingOf } from './read-agenda.ts';

/** $1 connection, $2 schedules or null = of any, $3 how many at the most. By the index of what is to be delivered. */
const DIFFERING = `
select ${LISTING_SEEN}, start_ms, end_ms from listing
where connection_id = $1 and differs and ($2::text[] is null or schedule_id = any($2))
order by start_ms, subject_id limit $3`;

export async function differingListings(
  on: Queryable,
  { connectionId, scheduleIds, limit }: DifferingQuery,
): Promise<DifferingRow[]> {
  const rows = await on.query<SeenRow>(DIFFERING, [connectionId, scheduleIds, limit]);
  return rows.map((row) => ({
    ...seenListingOf(row),
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
  }));
}
