import type { Conflict } from '../../domain/conflict.ts';
import type { Queryable } from '../database.ts';
import { conflictRow } from './rows.ts';

/** $1 rows as JSON. A pair that meets again begins anew in its own row. */
const TEXT = `
insert into conflict (id, a_id, b_id, a_start_ms, a_end_ms, b_start_ms, b_end_ms, schedule_id, connection_id, detected_ms,
  resolution, resolved_by, resolved_ms, moved_side, moved_slot_id, moved_to_id, ended_ms)
select id, a_id, b_id, a_start_ms, a_end_ms, b_start_ms, b_end_ms, schedule_id, connection_id, detected_ms,
  resolution, resolved_by, resolved_ms, moved_side, moved_slot_id, moved_to_id, ended_ms
from jsonb_to_recordset($1::jsonb) as wanted(id uuid, a_id uuid, b_id uuid, a_start_ms bigint, a_end_ms bigint,
  b_start_ms bigint, b_end_ms bigint, schedule_id text, connection_id text, detected_ms bigint, resolution text,
  resolved_by text, resolved_ms bigint,
  moved_side text, moved_slot_id uuid, moved_to_id uuid, ended_ms bigint)
on conflict (id) do update set
  a_start_ms = excluded.a_start_ms, a_end_ms = excluded.a_end_ms, b_start_ms = excluded.b_start_ms,
  b_end_ms = excluded.b_end_ms, schedule_id = excluded.schedule_id, connection_id = excluded.connection_id,
  detected_ms = excluded.detected_ms, resolution = excluded.resolution, resolved_by = excluded.resolved_by,
  resolved_ms = excluded.resolved_ms, moved_side = excluded.moved_side, moved_slot_id = excluded.moved_slot_id,
  moved_to_id = excluded.moved_to_id, ended_ms = excluded.ended_ms`;

export async function writeConflicts(on: Queryable, conflicts: readonly Conflict[]): Promise<void> {
  if (conflicts.length > 0) await on.query(TEXT, [JSON.stringify(conflicts.map(conflictRow))]);
}
