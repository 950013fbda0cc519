import type { SlotDifference } from '../../engine/ports/known-slots.ts';
import type { Queryable } from '../database.ts';

/**
 * $1 connection, $2 external ids, $3 contents, $4 sequences. An unchanged slot costs one comparison and no write. One that
 * says the same of a later version is written: it was another in between, and that news may still be on its way.
 * LATERAL with a limit, or the planner reads the whole connection for each page until the table is analysed.
 */
const TEXT = `
select seen.external_id as "externalId", slot.id
from unnest($2::text[], $3::text[], $4::bigint[]) as seen(external_id, content, sequence)
left join lateral (
  select id, content, sequence from slot where connection_id = $1 and external_id = seen.external_id limit 1
) as slot on true
where slot.id is null or seen.sequence > slot.sequence
  or (slot.content <> seen.content and coalesce(seen.sequence >= slot.sequence, true))`;

export const slotsDiffering = (
  on: Queryable,
  connectionId: string,
  slots: readonly { externalId: string; content: string; sequence: number | null }[],
): Promise<SlotDifference[]> =>
  on.query(TEXT, [
    connectionId,
    slots.map((slot) => slot.externalId),
    slots.map((slot) => slot.content),
    slots.map((slot) => slot.sequence),
  ]);
