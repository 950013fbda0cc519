import { instant } from '../../domain/instant.ts';
import type { ContingencyReader, FreeCount, QueuedRow, WaitingRow } from '../../engine/ports/contingency.ts';
import type { Queryable } from '../database.ts';

/** What waits for a platform that is down, and what can still be had elsewhere. */

/** $1 schedules. By the index of listings that differ, which is empty when all is well. */
const QUEUED = `
select connection_id as "connectionId", kind, desired is not null as "isWanted", known is not null as "isThere",
  count(*)::integer as count, min(since_ms) as since
from listing where differs and schedule_id = any($1::text[])
group by 1, 2, 3, 4 order by 1, 2, 3, 4`;

/** $1 schedules, $2 limit. */
const WAITING = `
select listing.connection_id, appointment.id, listing.schedule_id, listing.start_ms, listing.end_ms, since_ms
from listing join appointment on appointment.id = listing.subject_id
where differs and listing.schedule_id = any($1::text[]) and listing.kind = 'booking'
  and listing.desired is not null and listing.known is null
order by listing.start_ms, appointment.id limit $2`;

type Waiting = {
  connection_id: string;
  id: string;
  schedule_id: string;
  start_ms: number;
  end_ms: number;
  since_ms: number;
};

/** $1 schedules, $2, $3 and $4 where each one's two days begin, meet and end, $5 until when it is released or null. */
const FREE = `
select connection_id as "connectionId", calendar,
  count(*) filter (where start_ms < middle_ms)::integer as today,
  count(*) filter (where start_ms >= middle_ms)::integer as tomorrow
from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
  as wanted(schedule_id, from_ms, middle_ms, until_ms, released_ms)
join slot on slot.schedule_id = wanted.schedule_id and start_ms >= from_ms and start_ms < until_ms
  and status = 'free' and not withheld and (released_ms is null or start_ms < released_ms)
  and is_offered(slot.schedule_id, start_ms, end_ms)
group by 1, 2 order by 1, 2`;

export async function queuedListings(on: Queryable, scheduleIds: readonly string[]): Promise<QueuedRow[]> {
  return on.query<QueuedRow>(QUEUED, [scheduleIds]);
}

export async function waitingBookings(
  on: Queryable,
  scheduleIds: readonly string[],
  limit: number,
): Promise<WaitingRow[]> {
  const rows = await on.query<Waiting>(WAITING, [scheduleIds, limit]);
  return rows.map((row) => ({
    connectionId: row.connection_id,
    appointmentId: row.id,
    scheduleId: row.schedule_id,
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
    since: instant(row.since_ms),
  }));
}

export async function freeCounts(
  on: Queryable,
  stretches: Parameters<ContingencyReader['freeCounts']>[0],
): Promise<FreeCount[]> {
  return on.query<FreeCount>(FREE, [
    stretches.map(({ scheduleId }) => scheduleId),
    stretches.map(({ window }) => window.start),
    stretches.map(({ middle }) => middle),
    stretches.map(({ window }) => window.end),
    stretches.map(({ releasedUntil }) => releasedUntil),
  ]);
}
