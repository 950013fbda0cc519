import type { Conflict } from '../../domain/conflict.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ConflictDetails, ConflictQuery } from '../../engine/ports/conflicts.ts';
import type { Queryable } from '../database.ts';
import { CONFLICT_COLUMNS, type ConflictRow, conflictOf } from './rows.ts';

/** $1 busy periods: those of theirs that stand. */
const STANDING = `
select ${CONFLICT_COLUMNS} from conflict
where ended_ms is null and (a_id = any($1::uuid[]) or b_id = any($1::uuid[]))`;

/** $1 id. */
const BY_ID = `select ${CONFLICT_COLUMNS} from conflict where id = $1`;

/** $1 busy period. */
const GIVEN_UP = `
select from conflict where a_id = $1 and resolution = 'keep-b' or b_id = $1 and resolution = 'keep-a' limit 1`;

const DETAILS = `
select ${CONFLICT_COLUMNS}, a.actor_id, a.origin_id as a_origin_id, b.origin_id as b_origin_id,
  a.schedule_id as a_schedule_id, b.schedule_id as b_schedule_id,
  a.lane is not null and a.ended_ms is null as a_holds_lock, b.lane is not null and b.ended_ms is null as b_holds_lock
from conflict join busy_period as a on a.id = conflict.a_id join busy_period as b on b.id = conflict.b_id`;

/** $1 id. */
const ONE = `${DETAILS} where conflict.id = $1`;

/** $1 state or null, $2 limit, $3 now, $4 schedules or null. */
const LIST = `${DETAILS}
where ($1::text is null or $1 = case
    when conflict.resolved_ms is not null then 'resolved' when conflict.ended_ms is null then 'open' else 'gone' end)
  and ($4::text[] is null or conflict.schedule_id = any($4))
order by greatest(conflict.a_end_ms, conflict.b_end_ms) <= $3,
  case when greatest(conflict.a_end_ms, conflict.b_end_ms) <= $3 then -conflict.start_ms else conflict.start_ms end,
  conflict.id limit $2`;

type DetailsRow = ConflictRow & {
  actor_id: string;
  a_origin_id: string | null;
  b_origin_id: string | null;
  a_schedule_id: string;
  b_schedule_id: string;
  a_holds_lock: boolean;
  b_holds_lock: boolean;
};

export const conflictsOf = async (on: Queryable, busyIds: readonly string[]): Promise<Conflict[]> =>
  (await on.query<ConflictRow>(STANDING, [busyIds])).map(conflictOf);

export async function conflictById(on: Queryable, id: string): Promise<Conflict | null> {
  const [row] = await on.query<ConflictRow>(BY_ID, [id]);
  return row ? conflictOf(row) : null;
}

export const isGivenUp = async (on: Queryable, busyId: string): Promise<boolean> =>
  (await on.query(GIVEN_UP, [busyId])).length > 0;

export const conflicts = async (
  on: Queryable,
  { state, limit, scheduleIds }: ConflictQuery,
  now: Instant,
): Promise<ConflictDetails[]> =>
  (await on.query<DetailsRow>(LIST, [state, limit, now, scheduleIds ?? null])).map(detailsOf);

export async function conflict(on: Queryable, id: string): Promise<ConflictDetails | null> {
  const [row] = await on.query<DetailsRow>(ONE, [id]);
  return row ? detailsOf(row) : null;
}

function detailsOf(row: DetailsRow): ConflictDetails {
  const { a, b, ...rest } = conflictOf(row);
  return {
    ...rest,
    actorId: row.actor_id,
    bookings: {
      a: { ...a, originId: row.a_origin_id, scheduleId: row.a_schedule_id, holdsLock: row.a_holds_lock },
      b: { ...b, originId: row.b_origin_id, scheduleId: row.b_schedule_id, holdsLock: row.b_holds_lock },
    },
  };
}
