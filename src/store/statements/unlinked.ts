import type { Instant } from '../../domain/instant.ts';
import type { Calendar } from '../../domain/schedule.ts';
import type { UnlinkedSlots } from '../../engine/ports/links.ts';
import type { Queryable } from '../database.ts';

/** $1 connections, $2 calendars, $3 schedules: what is linked. Looked at once at each start, so it may read all slots. */
const SLOTS = `
select slot.connection_id as "connectionId", slot.schedule_id as "scheduleId", connection.edited_here as "isEditedHere",
  array_agg(slot.external_id order by slot.external_id) as "externalIds",
  min(slot.start_ms) as "startMs", max(slot.end_ms) as "endMs"
from slot join connection on connection.id = slot.connection_id
where not exists (
  select from unnest($1::text[], $2::text[], $3::text[]) as linked(connection_id, calendar, schedule_id)
  where linked.connection_id = slot.connection_id and linked.calendar = slot.calendar
    and linked.schedule_id = slot.schedule_id
)
group by 1, 2, 3 order by 1, 2`;

/** $1 connections, $2 calendars: what is linked, $3 now. What a platform closes by itself stands there and nowhere else. */
const BLOCKS = `
select busy_period.id from busy_period
join listing on listing.subject_id = busy_period.id and listing.kind = 'booking'
where busy_period.ended_ms is null and busy_period.kind = 'block' and busy_period.end_ms > $3
  and not exists (
    select from unnest($1::text[], $2::text[]) as linked(connection_id, calendar)
    where linked.connection_id = listing.connection_id and linked.calendar = listing.calendar
  )
order by 1`;

export const unlinkedSlots = (on: Queryable, calendars: readonly Calendar[]): Promise<UnlinkedSlots[]> =>
  on.query<UnlinkedSlots>(SLOTS, [
    calendars.map(({ connectionId }) => connectionId),
    calendars.map(({ externalId }) => externalId),
    calendars.map(({ scheduleId }) => scheduleId),
  ]);

export const unlinkedBlocks = async (
  on: Queryable,
  calendars: readonly Calendar[],
  now: Instant,
): Promise<string[]> =>
  (
    await on.query<{ id: string }>(BLOCKS, [
      calendars.map(({ connectionId }) => connectionId),
      calendars.map(({ externalId }) => externalId),
      now,
    ])
  ).map(({ id }) => id);
