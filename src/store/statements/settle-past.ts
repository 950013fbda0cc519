import type { Instant } from '../../domain/instant.ts';
import type { Queryable } from '../database.ts';

/** What was moved may stand where it was before, and that may be still to come: it goes (isOver in src/domain/listing.ts). */
const STAYS = `case when nullif(split_part(known, '/', 3), '')::bigint <= $1 then known end`;

/** $1 now. Nobody has done it, and nobody needs to any more. First: whatever else ends a task says that it was withdrawn. */
const MISSED = `
update task set how = 'passed', ended_ms = greatest(asked_ms, listing.end_ms)
from listing
where listing.task_id = task.id and task.ended_ms is null and listing.differs and listing.end_ms <= $1
  and listing.kind <> 'booking' and listing.desired is distinct from ${STAYS.replaceAll('known', 'listing.known')}`;

/** $1 now. A booking is told all the same: it is somebody's visit, and its platform counts it. */
const SETTLED = `
with past as (
  select connection_id, calendar, subject_id, ${STAYS} as stays
  from listing where differs and end_ms <= $1 and kind <> 'booking'
)
update listing set desired = stays
from past
where listing.connection_id = past.connection_id and listing.calendar = past.calendar
  and listing.subject_id = past.subject_id and desired is distinct from stays`;

export async function settlePast(on: Queryable, now: Instant): Promise<void> {
  await on.query(MISSED, [now]);
  await on.query(SETTLED, [now]);
}
