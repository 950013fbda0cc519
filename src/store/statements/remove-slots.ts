import { instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Queryable } from '../database.ts';

/** $1 connection, $2 external ids. */
const TEXT = `
delete from slot where connection_id = $1 and external_id = any($2::text[])
returning id, calendar, schedule_id, start_ms, end_ms`;

export async function removeSlots(
  on: Queryable,
  connectionId: string,
  externalIds: readonly string[],
): Promise<{ id: string; calendar: string; scheduleId: string; interval: Interval }[]> {
  if (externalIds.length === 0) return [];
  const rows = await on.query<{
    id: string;
    calendar: string;
    schedule_id: string;
    start_ms: number;
    end_ms: number;
  }>(TEXT, [connectionId, externalIds]);
  return rows.map((row) => ({
    id: row.id,
    calendar: row.calendar,
    scheduleId: row.schedule_id,
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
  }));
}
