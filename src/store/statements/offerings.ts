import { type Instant, instant } from '../../domain/instant.ts';
import type { LimitedOffering, OfferedSchedule, ScheduleState } from '../../engine/ports/offerings.ts';
import type { Queryable } from '../database.ts';
import { lockResources } from './keep-resources.ts';
import { instantOrNull } from './rows.ts';

type Row = {
  id: string;
  active: boolean;
  start_ms: number | null;
  end_ms: number | null;
  startText: string | null;
  endText: string | null;
  comment: string | null;
  version: number;
  updatedMs: number;
};

const ALL = `
select schedule_id as id, active, start_ms, end_ms, start_text as "startText", end_text as "endText", comment, version,
  updated_ms as "updatedMs"
from offering`;

const stateOf = ({ start_ms, end_ms, ...row }: Row): OfferedSchedule => ({
  ...row,
  start: instantOrNull(start_ms),
  end: instantOrNull(end_ms),
});

export async function offeredSchedules(on: Queryable): Promise<OfferedSchedule[]> {
  return (await on.query<Row>(`${ALL} order by id`)).map(stateOf);
}

/** $1 schedule. */
const ONE = `${ALL} where schedule_id = $1`;

export async function offeredSchedule(on: Queryable, scheduleId: string): Promise<OfferedSchedule | null> {
  const [row] = await on.query<Row>(ONE, [scheduleId]);
  return row ? stateOf(row) : null;
}

/** $1 actors. */
const LIMITED = `
select schedule.id as "scheduleId", coalesce(active, true) as active, start_ms as start, end_ms as end, closed.starts, closed.ends
from schedule
left join offering on offering.schedule_id = schedule.id
cross join lateral (
  select array_agg(unsupplied.start_ms order by unsupplied.start_ms) as starts,
    array_agg(unsupplied.end_ms order by unsupplied.start_ms) as ends
  from unsupplied where unsupplied.schedule_id = schedule.id and closes
) as closed
where actor_id = any($1::text[]) and (
  not (coalesce(active, true) and start_ms is null and end_ms is null) or closed.starts is not null
)`;

type LimitedRow = Pick<LimitedOffering, 'scheduleId' | 'active' | 'start' | 'end'> & {
  starts: number[] | null;
  ends: number[] | null;
};

export async function limitedOfferings(
  on: Queryable,
  actorIds: readonly string[],
): Promise<LimitedOffering[]> {
  return (await on.query<LimitedRow>(LIMITED, [actorIds])).map(({ starts, ends, ...offering }) => ({
    ...offering,
    closed: (starts ?? []).map((start, index) => ({
      start: instant(Number(start)),
      end: instant(Number(ends?.[index])),
    })),
  }));
}

/** $1 schedule. 0 = it was never stored. */
const VERSION = `
select coalesce(max(version), 0) as version from resource_version where type = 'Schedule' and id = $1`;

export async function scheduleVersion(on: Queryable, scheduleId: string): Promise<number> {
  // Whoever starts meanwhile stores what is configured, each with a version.
  await lockResources(on);
  const [row] = await on.query<{ version: number }>(VERSION, [scheduleId]);
  return row?.version ?? 0;
}

/** $1 schedule, $2 version, $3 document, $4 at, $5 active, $6 and $7 bounds, $8 and $9 their texts, $10 comment. */
const WRITE = `
with stored as (
  insert into resource_version (type, id, version, document, updated_ms)
  select 'Schedule', $1, $2, $3, greatest($4, (
    select max(updated_ms) from resource_version where type = 'Schedule' and id = $1
  ))
  returning version, updated_ms
)
insert into offering (schedule_id, active, start_ms, end_ms, start_text, end_text, comment, version, updated_ms)
select $1, $5, $6, $7, $8, $9, $10, version, updated_ms from stored
on conflict (schedule_id) do update set active = excluded.active, start_ms = excluded.start_ms, end_ms = excluded.end_ms,
  start_text = excluded.start_text, end_text = excluded.end_text, comment = excluded.comment, version = excluded.version,
  updated_ms = excluded.updated_ms`;

export async function writeOffering(
  on: Queryable,
  key: { readonly scheduleId: string; readonly version: number },
  { active, start, end, startText, endText, comment }: ScheduleState,
  document: string,
  at: Instant,
): Promise<void> {
  const { scheduleId, version } = key;
  const bounds = [start, end, startText, endText];
  await on.query(WRITE, [scheduleId, version, document, at, active, ...bounds, comment]);
}
