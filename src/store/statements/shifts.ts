import { type Instant, instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { ShiftTask } from '../../domain/shift.ts';
import type { Unsupplied, UnsuppliedCause } from '../../domain/supply.ts';
import type { KnownShift, RosterCalendar, ShiftWrite, StoredShift } from '../../engine/ports/rosters.ts';
import type { Queryable } from '../database.ts';
import { instantOrNull } from './rows.ts';

type Row = {
  id: string;
  connection_id: string;
  calendar: string;
  external_id: string;
  schedule_id: string;
  start_ms: number;
  end_ms: number;
  task: ShiftTask | null;
  place: string | null;
  period_start_ms: number | null;
  period_end_ms: number | null;
  published_ms: number | null;
  revision: string | null;
  known_ms: number;
};

const COLUMNS =
  'id, connection_id, calendar, external_id, schedule_id, start_ms, end_ms, task, place, period_start_ms, period_end_ms, published_ms, revision, known_ms';

const shiftOf = (row: Row): StoredShift => ({
  id: row.id,
  connectionId: row.connection_id,
  calendar: row.calendar,
  externalId: row.external_id,
  scheduleId: row.schedule_id,
  interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
  task: row.task,
  place: row.place,
  period:
    row.period_start_ms === null || row.period_end_ms === null
      ? null
      : { start: instant(row.period_start_ms), end: instant(row.period_end_ms) },
  publishedAt: instantOrNull(row.published_ms),
  revision: row.revision,
});

/** $1 ids. */
const BY_ID = `select ${COLUMNS} from shift where id = any($1::uuid[])`;

const shiftsByIds = async (on: Queryable, ids: readonly string[]): Promise<StoredShift[]> =>
  (await on.query<Row>(BY_ID, [ids])).map(shiftOf);

/** $1 connection, $2 calendars, $3 and $4 the window of their start, $5 now: what is over is not missed. */
const SHOWN = `
select id, calendar, external_id, known_ms from shift
where connection_id = $1 and calendar = any($2::text[]) and start_ms >= $3 and start_ms < $4 and end_ms > $5`;

async function shiftsShown(
  on: Queryable,
  connectionId: string,
  calendars: readonly string[],
  window: Interval,
  now: Instant,
): Promise<KnownShift[]> {
  const parameters = [connectionId, calendars, window.start, window.end, now];
  const rows = await on.query<Pick<Row, 'id' | 'calendar' | 'external_id' | 'known_ms'>>(SHOWN, parameters);
  return rows.map((row) => ({
    id: row.id,
    calendar: row.calendar,
    externalId: row.external_id,
    knownAt: instant(row.known_ms),
  }));
}

/** $1 ids, $2 connections, $3 calendars, $4 external ids, $5 schedules, $6 and $7 times, $8 tasks, $9 places, $10 and $11 periods, $12 published, $13 revisions, $14 at. */
const WRITE = `
insert into shift (id, connection_id, calendar, external_id, schedule_id, start_ms, end_ms, task, place, period_start_ms,
  period_end_ms, published_ms, revision, known_ms)
select *, $14::bigint from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
  $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[])
on conflict (id) do update set schedule_id = excluded.schedule_id,
  start_ms = excluded.start_ms, end_ms = excluded.end_ms, task = excluded.task, place = excluded.place,
  period_start_ms = excluded.period_start_ms, period_end_ms = excluded.period_end_ms,
  published_ms = excluded.published_ms, revision = excluded.revision, known_ms = excluded.known_ms`;

async function writeShifts(on: Queryable, shifts: readonly ShiftWrite[], at: Instant): Promise<void> {
  if (shifts.length === 0) return;
  await on.query(WRITE, [
    shifts.map(({ id }) => id),
    shifts.map(({ connectionId }) => connectionId),
    shifts.map(({ calendar }) => calendar),
    shifts.map(({ externalId }) => externalId),
    shifts.map(({ scheduleId }) => scheduleId),
    shifts.map(({ interval }) => interval.start),
    shifts.map(({ interval }) => interval.end),
    shifts.map(({ task }) => task),
    shifts.map(({ place }) => place),
    shifts.map(({ period }) => period?.start ?? null),
    shifts.map(({ period }) => period?.end ?? null),
    shifts.map(({ publishedAt }) => publishedAt),
    shifts.map(({ revision }) => revision),
    at,
  ]);
}

/** $1 ids. */
const REMOVE = `delete from shift where id = any($1::uuid[])`;

async function removeShifts(on: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await on.query(REMOVE, [ids]);
}

/** $1 connections, $2 calendars, $3 and $4 the window. */
const ON_CALENDARS = `
select ${COLUMNS} from shift
join unnest($1::text[], $2::text[]) as wanted(connection, name) on connection_id = wanted.connection and calendar = wanted.name
where end_ms > $3 and start_ms < $4
order by start_ms, id`;

const shiftsOn = async (
  on: Queryable,
  calendars: readonly RosterCalendar[],
  window: Interval,
): Promise<StoredShift[]> =>
  (await on.query<Row>(ON_CALENDARS, [...pairs(calendars), window.start, window.end])).map(shiftOf);

/** $1 connections, $2 calendars. */
const PUBLISHED = `
select min(least(start_ms, period_start_ms)) as start, max(greatest(end_ms, period_end_ms)) as end
from shift
join unnest($1::text[], $2::text[]) as wanted(connection, name) on connection_id = wanted.connection and calendar = wanted.name`;

async function publishedOn(on: Queryable, calendars: readonly RosterCalendar[]): Promise<Interval | null> {
  const [row] = await on.query<{ start: number | null; end: number | null }>(PUBLISHED, pairs(calendars));
  return row && row.start !== null && row.end !== null
    ? { start: instant(row.start), end: instant(row.end) }
    : null;
}

const pairs = (calendars: readonly RosterCalendar[]): string[][] => [
  calendars.map(({ connectionId }) => connectionId),
  calendars.map(({ externalId }) => externalId),
];

type UnsuppliedRow = {
  schedule_id: string;
  start_ms: number;
  end_ms: number;
  cause: UnsuppliedCause;
  closes: boolean;
  since_ms: number;
};

/** $1 schedules. */
const UNSUPPLIED = `
select schedule_id, start_ms, end_ms, cause, closes, since_ms from unsupplied
where schedule_id = any($1::text[]) order by schedule_id, start_ms`;

async function unsuppliedTime(
  on: Queryable,
  scheduleIds: readonly string[],
): Promise<(Unsupplied & { scheduleId: string })[]> {
  const rows = await on.query<UnsuppliedRow>(UNSUPPLIED, [scheduleIds]);
  return rows.map((row) => ({
    scheduleId: row.schedule_id,
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
    cause: row.cause,
    closes: row.closes,
    since: instant(row.since_ms),
  }));
}

/** $1 schedule, $2 and $3 times, $4 causes, $5 whether they close, $6 since: these, and no others. */
const REPLACE = `
with gone as (
  delete from unsupplied where schedule_id = $1 and not (start_ms = any($2::bigint[]))
)
insert into unsupplied (schedule_id, start_ms, end_ms, cause, closes, since_ms)
select $1, * from unnest($2::bigint[], $3::bigint[], $4::text[], $5::boolean[], $6::bigint[])
on conflict (schedule_id, start_ms) do update set
  end_ms = excluded.end_ms, cause = excluded.cause, closes = excluded.closes, since_ms = excluded.since_ms`;

async function writeUnsupplied(
  on: Queryable,
  scheduleId: string,
  unsupplied: readonly Unsupplied[],
): Promise<void> {
  await on.query(REPLACE, [
    scheduleId,
    unsupplied.map(({ interval }) => interval.start),
    unsupplied.map(({ interval }) => interval.end),
    unsupplied.map(({ cause }) => cause),
    unsupplied.map(({ closes }) => closes),
    unsupplied.map(({ since }) => since),
  ]);
}

const SCHEDULES = `select distinct schedule_id as id from unsupplied order by id`;

export const schedulesUnsupplied = async (on: Queryable): Promise<string[]> =>
  (await on.query<{ id: string }>(SCHEDULES)).map(({ id }) => id);

/** $1 before, $2 the most of each. */
const FORGET = `
with shifts as (
  delete from shift where id in (select id from shift where end_ms < $1 limit $2) returning 1
),
times as (
  delete from unsupplied where (schedule_id, start_ms) in (
    select schedule_id, start_ms from unsupplied where end_ms < $1 limit $2
  ) returning 1
)
select ((select count(*) from shifts) + (select count(*) from times))::integer as count`;

export async function forgetShifts(on: Queryable, before: Instant, limit: number): Promise<number> {
  return (await on.query<{ count: number }>(FORGET, [before, limit]))[0]?.count ?? 0;
}

/** What readers ask, and transactions too. */
export const rosterReading = { shiftsOn, publishedOn, unsuppliedTime };
/** What transactions alone do. */
export const rosterWriting = { shiftsByIds, shiftsShown, writeShifts, removeShifts, writeUnsupplied };
