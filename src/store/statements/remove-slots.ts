import { type Instant, instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Queryable } from '../database.ts';

/** $1 connection, $2 external ids, $3 at, $4 the sequences of their ends. Of each slot its last version stays, and one with which it was gone. */
const TEXT = `
with removed as (
  delete from slot where connection_id = $1 and external_id = any($2::text[]) and exists (
    select from unnest($2::text[], $4::bigint[]) as ended(external_id, sequence)
    where ended.external_id = slot.external_id and coalesce(ended.sequence >= slot.sequence, true)
  )
  returning *
),
kept as (
  insert into slot_version (id, version, connection_id, schedule_id, start_ms, status, document, updated_ms)
  select id, version, connection_id, schedule_id, start_ms, served_status(status, withheld), document, updated_ms from removed
  union all
  select id, version + 1, connection_id, schedule_id, start_ms, null, null, greatest(updated_ms, $3) from removed
  on conflict do nothing
)
select id, calendar, schedule_id, start_ms, end_ms from removed`;

export async function removeSlots(
  on: Queryable,
  connectionId: string,
  gone: readonly { readonly externalId: string; readonly sequence: number | null }[],
  at: Instant,
): Promise<{ id: string; calendar: string; scheduleId: string; interval: Interval }[]> {
  if (gone.length === 0) return [];
  const rows = await on.query<{
    id: string;
    calendar: string;
    schedule_id: string;
    start_ms: number;
    end_ms: number;
  }>(TEXT, [
    connectionId,
    gone.map(({ externalId }) => externalId),
    at,
    gone.map(({ sequence }) => sequence),
  ]);
  return rows.map((row) => ({
    id: row.id,
    calendar: row.calendar,
    scheduleId: row.schedule_id,
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
  }));
}
