import { instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { KnownSlot } from '../../engine/ports/known-slots.ts';
import type { Queryable } from '../database.ts';

/** $1 connection, $2 calendars, $3 and $4 the window of their start. */
const TEXT = `
select id, calendar, external_id, updated_ms from slot
where connection_id = $1 and calendar = any($2::text[]) and start_ms >= $3 and start_ms < $4`;

export async function slotsShown(
  on: Queryable,
  connectionId: string,
  calendars: readonly string[],
  window: Interval,
): Promise<KnownSlot[]> {
  const rows = await on.query<{ id: string; calendar: string; external_id: string; updated_ms: number }>(
    TEXT,
    [connectionId, calendars, window.start, window.end],
  );
  return rows.map((row) => ({
    id: row.id,
    calendar: row.calendar,
    externalId: row.external_id,
    knownAt: instant(row.updated_ms),
  }));
}
