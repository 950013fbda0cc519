import type { EngineEvent } from '../../engine/ports/events.ts';
import type { Queryable } from '../database.ts';

/** $1 events as JSON. */
export const APPEND_EVENTS = `
insert into event (at_ms, type, connection_id, subject_id, data)
select at_ms, type, connection_id, subject_id, data
from jsonb_to_recordset($1::jsonb) as happened(at_ms bigint, type text, connection_id text, subject_id uuid, data jsonb)`;

/** The parameter of the statement: what is searched for in columns, the rest as it is. */
export const eventRows = (events: readonly EngineEvent[]): string =>
  JSON.stringify(
    events.map((event) => ({
      at_ms: event.at,
      type: event.type,
      connection_id: event.connectionId,
      subject_id: 'busyId' in event ? event.busyId : 'subjectId' in event ? event.subjectId : null,
      data: event,
    })),
  );

export async function appendEvents(on: Queryable, events: readonly EngineEvent[]): Promise<void> {
  if (events.length > 0) await on.query(APPEND_EVENTS, [eventRows(events)]);
}
