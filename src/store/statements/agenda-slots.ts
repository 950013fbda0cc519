import { instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { SlotAttributes, SlotStatus } from '../../domain/slot.ts';
import type { AgendaSlot } from '../../engine/ports/offerings.ts';
import type { Queryable } from '../database.ts';

type Row = {
  id: string;
  external_id: string;
  start_ms: number;
  end_ms: number;
  attributes: string;
  status: SlotStatus;
};

/** $1 schedule, $2 connection, $3 calendar, $4 and $5 the window. A slot lasts a day at the most: schema/0001. */
const TEXT = `
select id, external_id, start_ms, end_ms, attributes, status
from slot
where schedule_id = $1 and connection_id = $2 and calendar = $3
  and start_ms > $4::bigint - 86400000 and start_ms < $5 and end_ms > $4
order by start_ms, id`;

export async function agendaSlots(
  on: Queryable,
  {
    scheduleId,
    connectionId,
    externalId,
  }: { readonly scheduleId: string; readonly connectionId: string; readonly externalId: string },
  window: Interval,
): Promise<AgendaSlot[]> {
  const rows = await on.query<Row>(TEXT, [scheduleId, connectionId, externalId, window.start, window.end]);
  return rows.map((row) => ({
    id: row.id,
    externalId: row.external_id,
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
    attributes: JSON.parse(row.attributes) as SlotAttributes,
    status: row.status,
  }));
}
