import type { Instant } from '../../domain/instant.ts';
import { UNMAPPED } from '../../domain/unmapped.ts';
import type { ConnectionState, ConnectionSummary } from '../../engine/ports/store.ts';
import type { Queryable } from '../database.ts';
import {
  SUSPICION_COLUMNS,
  type SuspicionRow,
  suspicionOf,
  UNREADABLE_COLUMNS,
  type UnreadableRow,
  unreadableOf,
} from './feeds.ts';
import { instantOrNull } from './rows.ts';

type ConnectionRow = {
  id: string;
  failures: number;
  failing_since_ms: number | null;
  open_until_ms: number | null;
  last_error: string | null;
  last_success_ms: number | null;
  paused: boolean;
};

type SummaryRow = ConnectionRow & {
  paused_ms: number | null;
  differing: number;
  oldest_ms: number | null;
  conflicts: number;
  rejected: number;
  unmapped: { reason: string; records: number }[];
  tasks_open: number;
  tasks_overdue: number;
  slots: number;
  feeds: number;
  feeds_read: number;
  confirmed_ms: number | null;
  suspects: (SuspicionRow & { feed_id: string })[];
  unreadable: (UnreadableRow & { feed_id: string })[];
};

/** More are a mapping that is missing, and not codes that are. */
const UNMAPPED_MAX = 20;

const COLUMNS = 'id, failures, failing_since_ms, open_until_ms, last_error, last_success_ms, paused';

/** $1 to $6: the columns in their order, but `paused`: that is for people to say. */
const RECORD = `
update connection set failures = $2, failing_since_ms = $3, open_until_ms = $4, last_error = $5, last_success_ms = $6
where id = $1`;

/** $1 connection, $2 until when its circuit is open now, $3 until when it is to be. */
const MOVE = `
update connection set open_until_ms = $3 where id = $1 and open_until_ms = $2 returning id`;

/** $1 connection, $2 since when it is paused; null = it is not. */
const PAUSE = `
update connection set paused = $2::bigint is not null,
  paused_ms = case when $2::bigint is not null then coalesce(paused_ms, $2) end
where id = $1`;

/** $1 now. confirmed = of its feeds the one that was confirmed longest ago; null as long as one was never read. */
const SUMMARIES = `
select ${COLUMNS}, paused_ms,
  (select count(*)::integer from listing where connection_id = connection.id and differs) as differing,
  (select min(since_ms) from listing where connection_id = connection.id and differs) as oldest_ms,
  (select count(*)::integer from conflict
    where connection_id = connection.id and resolved_ms is null and ended_ms is null) as conflicts,
  (select coalesce(sum(records), 0)::integer from rejected where connection_id = connection.id) as rejected,
  (select coalesce(jsonb_agg(jsonb_build_object('reason', reason, 'records', records) order by records desc, reason), '[]')
    from (
      select reason, sum(records)::integer as records from rejected
      where connection_id = connection.id and starts_with(reason, '${UNMAPPED}')
      group by reason order by 2 desc, 1 limit ${UNMAPPED_MAX}
    ) as code) as unmapped,
  (select count(*)::integer from task where connection_id = connection.id and ended_ms is null) as tasks_open,
  (select count(*)::integer from task
    where connection_id = connection.id and ended_ms is null and due_ms < $1) as tasks_overdue,
  (select count(*)::integer from slot where connection_id = connection.id) as slots,
  (select count(*)::integer from feed where connection_id = connection.id) as feeds,
  (select count(confirmed_ms)::integer from feed where connection_id = connection.id) as feeds_read,
  (select case when bool_and(confirmed_ms is not null) then min(confirmed_ms) end from feed
    where connection_id = connection.id) as confirmed_ms,
  (select coalesce(jsonb_agg(suspect order by feed_id), '[]') from (
    select feed_id, ${SUSPICION_COLUMNS} from feed where connection_id = connection.id and suspect_ms is not null
  ) as suspect) as suspects,
  (select coalesce(jsonb_agg(unread order by feed_id), '[]') from (
    select feed_id, ${UNREADABLE_COLUMNS} from feed where connection_id = connection.id and unreadable_ms is not null
  ) as unread) as unreadable
from connection order by id`;

/** $1 now. */
const DUE = `
select distinct connection_id from listing
where differs and task_id is null and next_attempt_ms <= $1 and lease_until_ms <= $1 order by 1`;

export async function connectionState(on: Queryable, id: string): Promise<ConnectionState> {
  const rows = await on.query<ConnectionRow>(`select ${COLUMNS} from connection where id = $1`, [id]);
  const row = rows[0];
  if (!row) throw new RangeError(`unknown connection: ${id}`);
  return stateOf(row);
}

export async function recordConnection(on: Queryable, state: ConnectionState): Promise<void> {
  await on.query(RECORD, [
    state.id,
    state.failures,
    state.failingSince,
    state.openUntil,
    state.lastError,
    state.lastSuccessAt,
  ]);
}

/** False = it was moved by somebody else meanwhile. */
export async function moveOpenUntil(on: Queryable, id: string, from: Instant, to: Instant): Promise<boolean> {
  return (await on.query(MOVE, [id, from, to])).length > 0;
}

export async function pauseConnection(on: Queryable, id: string, at: Instant | null): Promise<void> {
  await on.query(PAUSE, [id, at]);
}

export async function connectionSummaries(on: Queryable, now: Instant): Promise<ConnectionSummary[]> {
  const rows = await on.query<SummaryRow>(SUMMARIES, [now]);
  return rows.map((row) => ({
    ...stateOf(row),
    pausedAt: instantOrNull(row.paused_ms),
    differing: row.differing,
    oldestDifferingSince: instantOrNull(row.oldest_ms),
    conflicts: row.conflicts,
    rejected: row.rejected,
    unmapped: row.unmapped,
    tasks: { open: row.tasks_open, overdue: row.tasks_overdue },
    slots: row.slots,
    feeds: row.feeds,
    feedsRead: row.feeds_read,
    confirmedAt: instantOrNull(row.confirmed_ms),
    suspects: row.suspects.flatMap((suspect) => {
      const suspicion = suspicionOf(suspect);
      return suspicion ? [{ feedId: suspect.feed_id, ...suspicion }] : [];
    }),
    unreadable: row.unreadable.flatMap((feed) => {
      const unreadable = unreadableOf(feed);
      return unreadable ? [{ feedId: feed.feed_id, ...unreadable }] : [];
    }),
  }));
}

export const connectionsDue = async (on: Queryable, now: Instant): Promise<string[]> =>
  (await on.query<{ connection_id: string }>(DUE, [now])).map((row) => row.connection_id);

const stateOf = (row: ConnectionRow): ConnectionState => ({
  id: row.id,
  failures: row.failures,
  failingSince: instantOrNull(row.failing_since_ms),
  openUntil: instantOrNull(row.open_until_ms),
  lastError: row.last_error,
  lastSuccessAt: instantOrNull(row.last_success_ms),
  paused: row.paused,
});
