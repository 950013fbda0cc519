import { instant } from '../../domain/instant.ts';
import type { FreeSlot, FreeSlotQuery } from '../../engine/ports/conflicts.ts';
import type { Queryable } from '../database.ts';

/**
 * $1 schedules, $8 of each the start from which on its slots are not released yet, or null, $2 the instant that they are nearest to, $3 the first instant that will do, $4 length at the least,
 * $5 and $6 connections and calendars, $7 limit in each direction.
 */
const TEXT = `
select found.* from unnest($1::text[], $8::bigint[]) as wanted(schedule_id, until_ms)
cross join lateral (
  (select id, connection_id, schedule_id, start_ms, end_ms from slot
    where schedule_id = wanted.schedule_id and status = 'free' and not withheld and start_ms >= greatest($2::bigint, $3::bigint)
      and end_ms - start_ms >= $4 and (wanted.until_ms is null or start_ms < wanted.until_ms)
      and (connection_id, calendar) in (select * from unnest($5::text[], $6::text[]))
    order by start_ms, id limit $7)
  union all
  (select id, connection_id, schedule_id, start_ms, end_ms from slot
    where schedule_id = wanted.schedule_id and status = 'free' and not withheld and start_ms >= $3 and start_ms < $2
      and end_ms - start_ms >= $4 and (wanted.until_ms is null or start_ms < wanted.until_ms)
      and (connection_id, calendar) in (select * from unnest($5::text[], $6::text[]))
    order by start_ms desc, id limit $7)
) as found`;

type Row = { id: string; connection_id: string; schedule_id: string; start_ms: number; end_ms: number };

export async function freeSlotsAround(on: Queryable, query: FreeSlotQuery): Promise<FreeSlot[]> {
  const { schedules, around, fromMs, calendars, limit } = query;
  const rows = await on.query<Row>(TEXT, [
    schedules.map(({ id }) => id),
    around.start,
    fromMs,
    around.end - around.start,
    calendars.map((each) => each.connectionId),
    calendars.map((each) => each.calendar),
    limit,
    schedules.map(({ releasedUntil }) => releasedUntil),
  ]);
  return rows.map((row) => ({
    slotId: row.id,
    connectionId: row.connection_id,
    scheduleId: row.schedule_id,
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
  }));
}
