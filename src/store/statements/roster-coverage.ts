import { instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Queryable } from '../database.ts';

type Row = { id: string; start_ms: number; end_ms: number };

const intervalOf = ({ start_ms, end_ms }: Row): Interval => ({
  start: instant(start_ms),
  end: instant(end_ms),
});

/** $1 schedules, $2 and $3 the window. A slot lasts a day at the most: schema/0001. */
const OFFERED = `
select id, start_ms, end_ms, status = 'free' as "isFree" from slot
where schedule_id = any($1::text[]) and start_ms > $2::bigint - 86400000 and start_ms < $3 and end_ms > $2
  and status <> 'busy-unavailable' and is_offered(schedule_id, start_ms, end_ms)
order by start_ms, id`;

export async function slotsOffered(
  on: Queryable,
  scheduleIds: readonly string[],
  window: Interval,
): Promise<{ slotId: string; interval: Interval; isFree: boolean }[]> {
  const parameters = [scheduleIds, window.start, window.end];
  const rows = await on.query<Row & { isFree: boolean }>(OFFERED, parameters);
  return rows.map((row) => ({ slotId: row.id, interval: intervalOf(row), isFree: row.isFree }));
}

/** $1 schedules, $2 and $3 the window. By their actors, as the index is. */
const BOOKED = `
select id, start_ms, end_ms from busy_period
where actor_id in (select actor_id from schedule where id = any($1::text[])) and schedule_id = any($1::text[])
  and kind = 'appointment' and ended_ms is null and period && int8range($2, $3)
order by start_ms, id`;

export async function timeBooked(
  on: Queryable,
  scheduleIds: readonly string[],
  window: Interval,
): Promise<{ busyId: string; interval: Interval }[]> {
  const rows = await on.query<Row>(BOOKED, [scheduleIds, window.start, window.end]);
  return rows.map((row) => ({ busyId: row.id, interval: intervalOf(row) }));
}
