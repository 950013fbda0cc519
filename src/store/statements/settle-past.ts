import type { Instant } from '../../domain/instant.ts';
import type { Queryable } from '../database.ts';

/**
 * $1 now. What was moved may stand where it was before, and that may be still to come: it goes (isOver in
 * src/domain/listing.ts is the same rule). A booking is told all the same: it is somebody's visit, and its platform
 * counts it.
 */
const TEXT = `
with past as (
  select connection_id, calendar, subject_id,
    case when nullif(split_part(known, '/', 3), '')::bigint <= $1 then known end as stays
  from listing where differs and end_ms <= $1 and kind <> 'booking'
)
update listing set desired = stays
from past
where listing.connection_id = past.connection_id and listing.calendar = past.calendar
  and listing.subject_id = past.subject_id and desired is distinct from stays`;

export async function settlePast(on: Queryable, now: Instant): Promise<void> {
  await on.query(TEXT, [now]);
}
