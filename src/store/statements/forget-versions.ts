import type { Instant } from '../../domain/instant.ts';
import type { Queryable } from '../database.ts';

/**
 * $1 before, $2 how many of each kind at the most. Of one thing the oldest go first: a version may have its document from
 * the one after it. The latest version of what is configured stays, however old it is; one that says that it is gone does
 * not.
 */
const TEXT = `
with slots as (
  delete from slot_version where (id, version) in (
    select id, version from slot_version where start_ms < $1 order by start_ms, id, version limit $2
  )
  returning 1
),
appointments as (
  delete from appointment_version where (id, version) in (
    select id, version from appointment_version where start_ms < $1 order by start_ms, id, version limit $2
  )
  returning 1
),
resources as (
  delete from resource_version where (type, id, version) in (
    select type, id, version from (
      select *, lead(updated_ms) over (partition by type, id order by version) as until_ms from resource_version
    ) as known
    where coalesce(until_ms, case when document is null then updated_ms end) < $1
    order by updated_ms, version limit $2
  )
  returning 1
)
select ((select count(*) from slots) + (select count(*) from appointments) + (select count(*) from resources))::integer
  as forgotten`;

export async function forgetVersions(on: Queryable, before: Instant, limit: number): Promise<number> {
  const [row] = await on.query<{ forgotten: number }>(TEXT, [before, limit]);
  return row?.forgotten ?? 0;
}
