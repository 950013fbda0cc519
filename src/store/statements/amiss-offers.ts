import { FOREVER, type Instant, instant } from '../../domain/instant.ts';
import type { OfferedRange, Stretch } from '../../engine/ports/stretches.ts';
import type { Queryable } from '../database.ts';

/**
 * $1 connections, $2 calendars, $3 schedules, $4 and $5 first and last start, $6 released until, $7 now. LATERAL, so that
 * each range is read by the index of its schedule, however large the table.
 */
const TEXT = `
select fed.schedule_id as "scheduleId", min(amiss.start_ms) as "startMs", max(amiss.end_ms) as "endMs"
from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
  as fed(connection_id, calendar, schedule_id, from_ms, to_ms, until_ms)
cross join lateral (
  select slot.start_ms, slot.end_ms from slot
  left join listing on listing.connection_id = fed.connection_id and listing.calendar = fed.calendar
    and listing.subject_id = slot.id and listing.kind = 'offer' and listing.desired is not null
  where slot.schedule_id = fed.schedule_id and slot.start_ms >= fed.from_ms
    and slot.start_ms < fed.to_ms and slot.end_ms > $7
    and (slot.connection_id, slot.calendar) <> (fed.connection_id, fed.calendar)
    and case when (fed.until_ms is null or slot.start_ms < fed.until_ms)
        and is_offered(slot.schedule_id, slot.start_ms, slot.end_ms)
      then slot.status = 'free' and listing.subject_id is null
      else listing.subject_id is not null
    end
) as amiss
group by fed.schedule_id order by fed.schedule_id`;

type Row = { scheduleId: string; startMs: number; endMs: number };

export async function offersAmiss(
  on: Queryable,
  ranges: readonly OfferedRange[],
  now: Instant,
): Promise<Stretch[]> {
  const rows = await on.query<Row>(TEXT, [
    ranges.map((range) => range.connectionId),
    ranges.map((range) => range.calendar),
    ranges.map((range) => range.scheduleId),
    ranges.map((range) => range.from),
    // A number and no null, so that the end of a range is looked up in the index as its beginning is.
    ranges.map((range) => range.to ?? FOREVER),
    ranges.map((range) => range.releasedUntil),
    now,
  ]);
  return rows.map(({ scheduleId, startMs, endMs }) => ({
    scheduleId,
    window: { start: instant(startMs), end: instant(endMs) },
  }));
}
