import { instant } from '../../domain/instant.ts';
import type { SlotStatus } from '../../domain/slot.ts';
import type { SlotDetails } from '../../engine/ports/store.ts';
import type { Queryable } from '../database.ts';

type DetailRow = {
  id: string;
  connection_id: string;
  calendar: string;
  external_id: string;
  schedule_id: string;
  start_ms: number;
  end_ms: number;
  status: SlotStatus;
};

/** $1 id. */
const TEXT = `
select id, connection_id, calendar, external_id, schedule_id, start_ms, end_ms, status from slot where id = $1`;

export async function slotDetails(on: Queryable, id: string): Promise<SlotDetails | null> {
  const row = (await on.query<DetailRow>(TEXT, [id]))[0];
  if (!row) return null;
  return {
    id: row.id,
    connectionId: row.connection_id,
    calendar: row.calendar,
    externalId: row.external_id,
    scheduleId: row.schedule_id,
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
    status: row.status,
  };
}
