import type { Removal } from '../../adapter/observation.ts';
import type { Gone } from '../../domain/absence.ts';
import type { Instant } from '../../domain/instant.ts';
import type { NamedAhead } from '../../engine/ports/feeds.ts';
import type { Queryable } from '../database.ts';

/** $1 connection, $2 external ids of slots, $3 of busy periods of the platform's own, $4 now. */
const NAMED = `
select 'slot' as kind, external_id, id, calendar from slot
where connection_id = $1 and external_id = any($2::text[]) and start_ms >= $4
union all
select 'busy', external_id, subject_id, calendar from listing
where connection_id = $1 and external_id = any($3::text[]) and start_ms >= $4 and kind = 'booking' and known is not null`;

/** $1 connection, $2 calendars, $3 kinds, $4 ids, $5 at. */
const TELL = `
insert into told_gone (connection_id, calendar, kind, subject_id, at_ms)
select $1, calendar, kind, id, $5 from unnest($2::text[], $3::text[], $4::uuid[]) as told(calendar, kind, id)
on conflict do nothing`;

/** $1 connection, $2 calendars. */
const FIND = `
select calendar, kind, subject_id as id from told_gone where connection_id = $1 and calendar = any($2::text[])`;

/** $1 connection, $2 calendars, $3 before or null. */
const FORGET = `
delete from told_gone where connection_id = $1 and calendar = any($2::text[]) and ($3::bigint is null or at_ms < $3)`;

export async function namedAhead(
  on: Queryable,
  connectionId: string,
  removed: readonly Removal[],
  now: Instant,
): Promise<NamedAhead[]> {
  const idsOf = (wanted: Removal['kind']) =>
    removed.flatMap(({ kind, externalId }) => (kind === wanted ? [externalId] : []));
  const rows = await on.query<{ kind: Removal['kind']; external_id: string; id: string; calendar: string }>(
    NAMED,
    [connectionId, idsOf('slot'), idsOf('busy'), now],
  );
  return rows.map(({ external_id: externalId, ...row }) => ({ ...row, externalId }));
}

export async function tellGone(
  on: Queryable,
  connectionId: string,
  gone: readonly Gone[],
  at: Instant,
): Promise<void> {
  await on.query(TELL, [
    connectionId,
    gone.map(({ calendar }) => calendar),
    gone.map(({ kind }) => kind),
    gone.map(({ id }) => id),
    at,
  ]);
}

export const toldGone = (
  on: Queryable,
  connectionId: string,
  calendars: readonly string[],
): Promise<Gone[]> => on.query(FIND, [connectionId, calendars]);

export async function forgetTold(
  on: Queryable,
  connectionId: string,
  calendars: readonly string[],
  before: Instant | null,
): Promise<void> {
  await on.query(FORGET, [connectionId, calendars, before]);
}
