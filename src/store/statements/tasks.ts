import { type Instant, instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Fingerprint, Listing, ListingKey } from '../../domain/listing.ts';
import type { HowTaskEnded, TaskOperation } from '../../domain/task.ts';
import type {
  LockedTask,
  NewTask,
  StoredTasks,
  Task,
  TaskQuery,
  TaskStore,
} from '../../engine/ports/tasks.ts';
import type { Queryable } from '../database.ts';
import { instantOrNull } from './rows.ts';

type TaskRow = {
  id: string;
  connection_id: string;
  calendar: string;
  subject_id: string;
  schedule_id: string;
  operation: TaskOperation;
  start_ms: number;
  end_ms: number;
  desired: Fingerprint | null;
  external_id: string | null;
  text_fr: string;
  text_en: string;
  asked_ms: number;
  due_ms: number;
  how: HowTaskEnded | null;
  ended_ms: number | null;
  ended_by: string | null;
  escalated: number;
  escalated_ms: number | null;
};

const NAMES = [
  'id',
  'connection_id',
  'calendar',
  'subject_id',
  'schedule_id',
  'operation',
  'start_ms',
  'end_ms',
  'desired',
  'external_id',
  'text_fr',
  'text_en',
  'asked_ms',
  'due_ms',
  'how',
  'ended_ms',
  'ended_by',
  'escalated',
  'escalated_ms',
];
const COLUMNS = NAMES.map((name) => `task.${name}`).join(', ');

/**
 * $1 id, $2 connection, $3 calendar, $4 subject, $5 schedule, $6 operation, $7 start, $8 end, $9 desired, $10 external id,
 * $11 and $12 the texts, $13 asked, $14 due. What was wanted may have changed while it was worded: then there is no task.
 */
const ASK = `
with asked as (
  update listing set task_id = $1, unsure = false, attempts = 0, refusals = 0, next_attempt_ms = 0, lease_until_ms = 0,
    last_error = null
  where connection_id = $2 and calendar = $3 and subject_id = $4 and task_id is null
    and desired is not distinct from $9 and desired is distinct from known
  returning subject_id
)
insert into task (id, connection_id, calendar, subject_id, schedule_id, operation, start_ms, end_ms, desired, external_id,
  text_fr, text_en, asked_ms, due_ms)
select $1, $2, $3, subject_id, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 from asked
returning id`;

/**
 * $1 connection, $2 calendar, $3 subject, $4 start, $5 end, $6 at. What is to be closed within a time that is closed is closed
 * already, and stays so once it is opened around it.
 */
const BESIDE = `
with closed as (
  update listing set known = desired, unsure = false, known_ms = $6
  where connection_id = $1 and calendar = $2 and subject_id <> $3 and kind = 'block' and desired is not null
    and start_ms >= $4 and end_ms <= $5 and (unsure or known is distinct from desired)
)
select start_ms, end_ms from listing
where connection_id = $1 and calendar = $2 and subject_id <> $3 and kind = 'block' and desired is not null
  and start_ms < $5 and end_ms > $4 and (known = desired or start_ms >= $4 and end_ms <= $5)
order by start_ms, end_ms`;

/** $1 state, $2 now, $3 connections or null, $4 schedules or null, $5 limit. */
const LIST = `
select ${COLUMNS} from task
where case $1 when 'open' then ended_ms is null when 'overdue' then ended_ms is null and due_ms < $2
    when 'ended' then ended_ms is not null else true end
  and ($3::text[] is null or connection_id = any($3)) and ($4::text[] is null or schedule_id = any($4))
order by ended_ms desc nulls first, due_ms, start_ms, id limit $5`;

/** $1 id. Whoever changes a listing has it before its task. */
const LOCK = `
select ${COLUMNS}, listing.desired as wanted, listing.known as stands, listing.unsure, listing.task_id
from task join listing on listing.connection_id = task.connection_id and listing.calendar = task.calendar
  and listing.subject_id = task.subject_id
where task.id = $1 for update of listing`;

/** $1 id, $2 how, $3 at, $4 by, $5 known. */
const END = `
update task set how = $2, ended_ms = $3, ended_by = $4, known = $5 where id = $1 and ended_ms is null`;

/** $1 id. */
const RELEASE = 'update listing set task_id = null, next_attempt_ms = 0 where task_id = $1';

/** $1 connection, $2 calendar, $3 subject, $4 desired, $5 start, $6 end. */
const FOUND_TAKEN = `
select exists (
  select from task
  where connection_id = $1 and calendar = $2 and subject_id = $3 and desired = $4 and how = 'taken'
) and exists (
  select from listing
  where connection_id = $1 and calendar = $2 and subject_id <> $3 and kind = 'booking' and known is not null
    and start_ms < $6 and end_ms > $5
) as found`;

/** $1 id, $2 at. */
const REOPEN = `
with reopened as (
  update task set how = null, ended_ms = null, ended_by = null where id = $1
  returning connection_id, calendar, subject_id, known
)
update listing set known = reopened.known, known_ms = $2, task_id = $1, since_ms = $2
from reopened
where listing.connection_id = reopened.connection_id and listing.calendar = reopened.calendar
  and listing.subject_id = reopened.subject_id`;

/** $1 connections that ask, $2 at. */
const DROP = `
with dropped as (
  update task set how = 'withdrawn', ended_ms = greatest(asked_ms, $2)
  where ended_ms is null and not connection_id = any($1::text[])
  returning id
)
update listing set task_id = null from dropped where listing.task_id = dropped.id`;

/** $1 connection, $2 after the deadline, a step each, $3 now, $4 lease until, $5 limit. */
const CLAIM = `
with chosen as (
  select id from task
  where connection_id = $1 and ended_ms is null and escalated < cardinality($2::bigint[])
    and due_ms + ($2::bigint[])[escalated + 1] <= $3 and mail_after_ms <= $3
  order by due_ms, id limit $5 for update skip locked
)
update task set mail_after_ms = $4, mail_attempts = mail_attempts + 1 from chosen where task.id = chosen.id
returning ${COLUMNS}, task.mail_attempts`;

/** $1 ids, $2 at. */
const ESCALATED = `
update task set escalated = escalated + 1, escalated_ms = $2, mail_after_ms = 0, mail_attempts = 0
where id = any($1::uuid[])`;

/** $1 ids, $2 not before. */
const NOT_ESCALATED = `update task set mail_after_ms = $2 where id = any($1::uuid[])`;

/** $1 before, $2 limit. */
const FORGET = `
with old as (select id from task where ended_ms < $1 order by ended_ms limit $2)
delete from task using old where task.id = old.id returning task.id`;

export async function askTask(on: Queryable, task: NewTask): Promise<boolean> {
  const { interval, text } = task;
  const rows = await on.query(ASK, [
    task.id,
    task.connectionId,
    task.calendar,
    task.subjectId,
    task.scheduleId,
    task.operation,
    interval.start,
    interval.end,
    task.desired,
    task.externalId,
    text.fr,
    text.en,
    task.askedAt,
    task.dueAt,
  ]);
  return rows.length > 0;
}

export async function closedBeside(
  on: Queryable,
  { connectionId, calendar, subjectId }: ListingKey,
  { start, end }: Interval,
  at: Instant,
): Promise<Interval[]> {
  const parameters = [connectionId, calendar, subjectId, start, end, at];
  const rows = await on.query<{ start_ms: number; end_ms: number }>(BESIDE, parameters);
  return rows.map((row) => ({ start: instant(row.start_ms), end: instant(row.end_ms) }));
}

export async function tasks(on: Queryable, query: TaskQuery): Promise<Task[]> {
  const { state, now, connectionIds, scheduleIds, limit } = query;
  return (await on.query<TaskRow>(LIST, [state, now, connectionIds, scheduleIds, limit])).map(taskOf);
}

export async function task(on: Queryable, id: string): Promise<Task | null> {
  const [row] = await on.query<TaskRow>(`select ${COLUMNS} from task where id = $1`, [id]);
  return row ? taskOf(row) : null;
}

export async function lockTask(on: Queryable, id: string): Promise<LockedTask | null> {
  type Row = TaskRow & {
    wanted: Fingerprint | null;
    stands: Fingerprint | null;
    unsure: boolean;
    task_id: string | null;
  };
  await on.query(LOCK, [id]);
  // What was waited for may have ended it, which only a statement that begins later sees.
  const [row] = await on.query<Row>(LOCK, [id]);
  if (!row) return null;
  const { wanted: desired, stands: known, unsure, task_id: taskId } = row;
  return { ...taskOf(row), listing: { desired, known, unsure, taskId } };
}

export async function endTask(
  on: Queryable,
  id: string,
  { how, at, by, known }: Parameters<StoredTasks['endTask']>[1],
): Promise<void> {
  await on.query(END, [id, how, at, by, known]);
}

export async function releaseTask(on: Queryable, id: string): Promise<void> {
  await on.query(RELEASE, [id]);
}

export async function isFoundTaken(
  on: Queryable,
  { connectionId, calendar, subjectId, desired, interval }: Listing,
): Promise<boolean> {
  const parameters = [connectionId, calendar, subjectId, desired, interval.start, interval.end];
  const [row] = await on.query<{ found: boolean }>(FOUND_TAKEN, parameters);
  return row?.found === true;
}

export async function reopenTask(on: Queryable, id: string, at: Instant): Promise<void> {
  await on.query(REOPEN, [id, at]);
}

export async function dropTasks(on: Queryable, asking: readonly string[], at: Instant): Promise<void> {
  await on.query(DROP, [asking, at]);
}

export async function claimEscalations(
  on: Queryable,
  connectionId: string,
  afterMilliseconds: readonly number[],
  { now, leaseUntil, limit }: Parameters<TaskStore['claimEscalations']>[2],
): ReturnType<TaskStore['claimEscalations']> {
  const rows = await on.query<TaskRow & { mail_attempts: number }>(CLAIM, [
    connectionId,
    afterMilliseconds,
    now,
    leaseUntil,
    limit,
  ]);
  return rows
    .map((row) => ({ ...taskOf(row), mailAttempts: row.mail_attempts }))
    .sort((a, b) => a.dueAt - b.dueAt || a.interval.start - b.interval.start);
}

export async function recordEscalated(on: Queryable, ids: readonly string[], at: Instant): Promise<void> {
  await on.query(ESCALATED, [ids, at]);
}

export async function recordNotEscalated(
  on: Queryable,
  ids: readonly string[],
  again: Instant,
): Promise<void> {
  await on.query(NOT_ESCALATED, [ids, again]);
}

export const forgetTasks = async (on: Queryable, before: Instant, limit: number): Promise<number> =>
  (await on.query(FORGET, [before, limit])).length;

const taskOf = (row: TaskRow): Task => ({
  id: row.id,
  connectionId: row.connection_id,
  calendar: row.calendar,
  subjectId: row.subject_id,
  scheduleId: row.schedule_id,
  operation: row.operation,
  interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
  desired: row.desired,
  externalId: row.external_id,
  text: { fr: row.text_fr, en: row.text_en },
  askedAt: instant(row.asked_ms),
  dueAt: instant(row.due_ms),
  ended:
    row.how === null || row.ended_ms === null
      ? null
      : { how: row.how, at: instant(row.ended_ms), by: row.ended_by },
  escalated: row.escalated,
  escalatedAt: instantOrNull(row.escalated_ms),
});
