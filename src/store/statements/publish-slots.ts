import type { After } from '../../engine/ports/front.ts';
import type {
  PublicationQuery,
  PublicationTally,
  PublishedSince,
  PublishedSlot,
} from '../../engine/ports/publication.ts';
import type { Queryable } from '../database.ts';

/** Slots in bulk, by the index of schedule and start; the document of a slot stays where it is. */

/** Before every id. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

/**
 * $1 schedules, $2 their bounds of release (null = none), $3 and $4 confirmed calendars, $5 first start, $6 the id that it
 * comes after, $7 end of the starts; of what changed since also $8 and $9, as in PublishedSince. Whatever changes a slot
 * gives it another version, and the clock another status.
 */
const published = (since: PublishedSince | null): string => `
with ahead as (
  select slot.id, slot.schedule_id, start_ms, end_ms, attributes, version, updated_ms, status, withheld, released_until_ms,
    (connection_id, calendar) in (select * from unnest($3::text[], $4::text[])) as is_confirmed
  from unnest($1::text[], $2::bigint[]) as chosen(schedule_id, released_until_ms)
  join slot on slot.schedule_id = chosen.schedule_id
    and start_ms >= $5 and (start_ms, slot.id) > ($5, $6::uuid) and start_ms < $7
),
published as (
  select id, schedule_id, start_ms, end_ms, attributes, version, updated_ms,
    case when status = 'free' and (withheld or not is_confirmed or start_ms >= released_until_ms)
      then 'busy-unavailable' else status end as status
  from ahead${since === null ? '' : CHANGED}
),
marked as (
  select *, hashtextextended(concat_ws('/', id, version, updated_ms, status), 0) as mark from published
)`;

/** A free slot whose source is in doubt may have been told as free before it was. */
const CHANGED = `
  where updated_ms >= $8
    or status = 'free' and (not is_confirmed or start_ms >= released_until_ms - $9 and start_ms < released_until_ms)`;

const COLUMNS = `id, schedule_id as "scheduleId", start_ms as "startMs", end_ms as "endMs", status,
  nullif((attributes::json -> 'bookingUrl')::text, 'null') as "bookingUrl", mark::text as mark`;

export function publishedSlots(
  on: Queryable,
  query: PublicationQuery,
  after: After | null,
  limit: number,
): Promise<PublishedSlot[]> {
  const parameters = parametersOf(query, after);
  const text = `${published(query.since)}
select ${COLUMNS} from marked order by start_ms, id limit $${parameters.length + 1}`;
  return on.query<PublishedSlot>(text, [...parameters, limit]);
}

export async function publicationTally(on: Queryable, query: PublicationQuery): Promise<PublicationTally> {
  const text = `${published(query.since)}
select count(*)::integer as slots, coalesce(sum(mark), 0)::text as marks from marked`;
  const [row] = await on.query<{ slots: number; marks: string }>(text, parametersOf(query, null));
  return { slots: row?.slots ?? 0, marks: BigInt(row?.marks ?? 0) };
}

function parametersOf(query: PublicationQuery, after: After | null): unknown[] {
  const { schedules, confirmedCalendars, start, since } = query;
  return [
    schedules.map(({ id }) => id),
    schedules.map(({ releasedUntilMs }) => releasedUntilMs),
    confirmedCalendars.map(({ connectionId }) => connectionId),
    confirmedCalendars.map(({ calendar }) => calendar),
    after?.atMs ?? start.fromMs,
    after?.id ?? NO_ID,
    start.beforeMs,
    ...(since === null ? [] : [since.changedFromMs, since.releasedWithinMs]),
  ];
}
