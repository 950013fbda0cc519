import { instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { SlotStatus } from '../../domain/slot.ts';
import type { StoredOffer } from '../../engine/ports/store.ts';
import type { Queryable } from '../database.ts';

type OfferRow = {
  id: string;
  schedule_id: string;
  connection_id: string;
  calendar: string;
  external_id: string;
  version: number;
  start_ms: number;
  end_ms: number;
  content: string;
  status: SlotStatus;
  withheld: boolean;
  awaited_by: string | null;
};

/** $1 schedules, $2 and $3 the window. A slot lasts a day at the most: schema/0001. */
const TEXT = `
select id, schedule_id, connection_id, calendar, external_id, version, start_ms, end_ms, content, status, withheld, awaited_by
from slot
where schedule_id = any($1::text[]) and start_ms > $2::bigint - 86400000 and start_ms < $3 and end_ms > $2
order by start_ms, id`;

export async function offersOverlapping(
  on: Queryable,
  scheduleIds: readonly string[],
  window: Interval,
): Promise<StoredOffer[]> {
  const rows = await on.query<OfferRow>(TEXT, [scheduleIds, window.start, window.end]);
  return rows.map((row) => ({
    slotId: row.id,
    scheduleId: row.schedule_id,
    connectionId: row.connection_id,
    calendar: row.calendar,
    externalId: row.external_id,
    version: row.version,
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
    content: row.content,
    status: row.status,
    withheld: row.withheld,
    awaitedBy: row.awaited_by,
  }));
}
