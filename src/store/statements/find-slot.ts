import { instant } from '../../domain/instant.ts';
import type { SlotStatus } from '../../domain/slot.ts';
import type { SlotDetails } from '../../engine/ports/store.ts';
import type { Queryable } from '../database.ts';
import { instantOrNull } from './rows.ts';

type DetailRow = {
  id: string;
  connection_id: string;
  calendar: string;
  external_id: string;
  schedule_id: string;
  start_ms: number;
  end_ms: number;
  status: SlotStatus;
  withheld: boolean;
  is_offered: boolean;
  paused: boolean | null;
  open_until_ms: number | null;
  failing_since_ms: number | null;
};

/** $1 id. With the state of its connection, which a booking is about to call. */
const TEXT = `
select slot.id, connection_id, calendar, external_id, schedule_id, start_ms, end_ms, status, withheld,
  is_offered(schedule_id, start_ms, end_ms), paused, open_until_ms,
  failing_since_ms
from slot left join connection on connection.id = slot.connection_id where slot.id = $1`;

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
    withheld: row.withheld,
    isOffered: row.is_offered,
    paused: row.paused ?? false,
    openUntil: instantOrNull(row.open_until_ms),
    failingSince: instantOrNull(row.failing_since_ms),
  };
}
