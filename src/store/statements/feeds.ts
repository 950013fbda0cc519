import { type Instant, instant } from '../../domain/instant.ts';
import type { FeedKey, FeedRead, FeedState, Suspicion, Unreadable } from '../../engine/ports/feeds.ts';
import type { Store } from '../../engine/ports/store.ts';
import type { Queryable } from '../database.ts';
import { instantOrNull } from './rows.ts';

type FeedRow = {
  connection_id: string;
  feed_id: string;
  cursor: string | null;
  unsettled_ms: number | null;
  confirmed_ms: number | null;
  complete_ms: number | null;
  due_ms: number;
  began_ms: number | null;
  accepted_ms: number | null;
} & SuspicionRow &
  UnreadableRow;

export type SuspicionRow = {
  suspect_ms: number | null;
  slots_known: number;
  slots_missing: number;
  busy_known: number;
  busy_missing: number;
  shifts_known: number;
  shifts_missing: number;
};

export type UnreadableRow = { unreadable_ms: number | null; records: number; records_unread: number };

export const SUSPICION_COLUMNS =
  'suspect_ms, slots_known, slots_missing, busy_known, busy_missing, shifts_known, shifts_missing';

export const UNREADABLE_COLUMNS = 'unreadable_ms, records, records_unread';

const COLUMNS = `connection_id, feed_id, cursor, unsettled_ms, confirmed_ms, complete_ms, due_ms, began_ms, accepted_ms, ${SUSPICION_COLUMNS}, ${UNREADABLE_COLUMNS}`;

/**
 * $1 connection, $2 feed, $3 now, $4 lease until, $5 force: read it although it is not due, $6 mapping. One reader at a
 * time. While it is read it is due when the lease ends. What is wanted for later is still wanted. Where records were set
 * aside that other code tables could not read, it is read whole. A webhook's stand under the whole connection, as it does
 * not say of which feed it is.
 */
const CLAIM = `
update feed set lease_until_ms = $4, due_ms = $4, began_ms = $3, mapping = $6,
  wanted_ms = case when wanted_ms > $3 then wanted_ms end,
  (cursor, complete_ms) = (
    select feed.cursor, feed.complete_ms where feed.mapping is not distinct from $6 or not exists (
      select from rejected
      where rejected.connection_id = feed.connection_id and rejected.feed_id in (feed.feed_id, '*')
    )
  )
where connection_id = $1 and feed_id = $2 and lease_until_ms <= $3 and (due_ms <= $3 or $5)
returning ${COLUMNS}`;

/**
 * $1 connection, $2 feed, $3 cursor, $4 confirmed, $5 complete, $6 due, $7 to $11 the suspicion, $12 unsettled, $13 to $15
 * how much of it could not be read, $16 as of: it was read to its end, $17 and $18 the suspicion's shifts.
 * Who asked meanwhile asked for what this reading may have passed already, so it is due for them. What a person said
 * stands until the feed is suspect no more. What was held back while it was read keeps it suspect.
 */
const READ = `
update feed set cursor = $3, unsettled_ms = $12, confirmed_ms = coalesce($4, confirmed_ms), complete_ms = coalesce($5, complete_ms),
  as_of_ms = coalesce($16, as_of_ms),
  due_ms = least($6, wanted_ms), lease_until_ms = 0, began_ms = null,
  suspect_ms = coalesce($7, (select min(at_ms) from held_back where connection_id = $1 and feed_id = $2)),
  slots_known = coalesce($8, slots_known), slots_missing = coalesce($9, slots_missing),
  busy_known = coalesce($10, busy_known), busy_missing = coalesce($11, busy_missing),
  shifts_known = coalesce($17, shifts_known), shifts_missing = coalesce($18, shifts_missing),
  accepted_ms = case when $7::bigint is not null then accepted_ms end,
  unreadable_ms = $13, records = $14, records_unread = $15
where connection_id = $1 and feed_id = $2
returning due_ms`;

/** $1 connection, $2 feed, $3 to $7 the suspicion: of what was told, which shifts never are. */
const SUSPECT = `
update feed set suspect_ms = coalesce(suspect_ms, $3),
  slots_known = $4, slots_missing = $5, busy_known = $6, busy_missing = $7
where connection_id = $1 and feed_id = $2`;

/** $1 connection, $2 feed or null for all of them, $3 at. */
const ACCEPT = `
update feed set accepted_ms = $3
where connection_id = $1 and ($2::text is null or feed_id = $2) and suspect_ms is not null
returning feed_id`;

/** $1 connections, $2 feeds, $3 at: their platform said so, and not a reading. It never goes back. */
const CONFIRM = `
update feed set confirmed_ms = greatest(confirmed_ms, $3::bigint)
from unnest($1::text[], $2::text[]) as told(connection_id, feed_id)
where feed.connection_id = told.connection_id and feed.feed_id = told.feed_id`;

/** $1 connection, $2 feed, $3 lease until. */
const RENEW = `
update feed set lease_until_ms = $3, due_ms = $3 where connection_id = $1 and feed_id = $2`;

/** $1 connections, $2 feeds, $3 wanted: a reading that begins earlier is no answer to it. */
const HASTEN = `
update feed set due_ms = least(due_ms, $3), wanted_ms = greatest(wanted_ms, $3)
from unnest($1::text[], $2::text[]) as wanted(connection_id, feed_id)
where feed.connection_id = wanted.connection_id and feed.feed_id = wanted.feed_id`;

const END_LEASES = `
with feeds as (update feed set lease_until_ms = 0)
update listing set next_attempt_ms = 0, lease_until_ms = 0 where differs`;

/** $1 connection, $2 feed, $3 due: it could not be read. */
const RELEASE = `
update feed set due_ms = $3, lease_until_ms = 0, began_ms = null where connection_id = $1 and feed_id = $2`;

/**
 * $1 now, $2 the most of one connection. Those that have waited longest; none where no call may be made, and one where a
 * single call is to find out whether the platform is back.
 */
const DUE = `
select connection_id, feed_id from (
  select feed.connection_id, feed.feed_id, connection.open_until_ms,
    row_number() over (partition by feed.connection_id order by feed.due_ms, feed.feed_id) as place
  from feed join connection on connection.id = feed.connection_id
  where feed.due_ms <= $1 and not connection.paused
    and (connection.open_until_ms is null or connection.open_until_ms <= $1)
) as due
where place <= case when open_until_ms is null then $2::integer else 1 end
order by connection_id, place`;

export async function claimFeed(
  on: Queryable,
  key: FeedKey,
  options: Parameters<Store['claimFeed']>[1],
): Promise<FeedState | null> {
  const { now, leaseUntil, force, mapping } = options;
  const { connectionId, feedId } = key;
  const rows = await on.query<FeedRow>(CLAIM, [connectionId, feedId, now, leaseUntil, force, mapping]);
  return rows[0] ? feedOf(rows[0]) : null;
}

export async function recordFeed(on: Queryable, key: FeedKey, read: FeedRead): Promise<Instant> {
  const { suspicion, unreadable } = read;
  const [row] = await on.query<Pick<FeedRow, 'due_ms'>>(READ, [
    key.connectionId,
    key.feedId,
    read.cursor,
    read.confirmedAt,
    read.completeAt,
    read.dueAt,
    suspicion?.since ?? null,
    suspicion?.slots.known ?? null,
    suspicion?.slots.missing ?? null,
    suspicion?.busy.known ?? null,
    suspicion?.busy.missing ?? null,
    read.unsettledAt,
    unreadable?.since ?? null,
    unreadable?.records ?? null,
    unreadable?.unread ?? null,
    read.asOf,
    suspicion && (suspicion.shifts?.known ?? 0),
    suspicion && (suspicion.shifts?.missing ?? 0),
  ]);
  return row ? instant(row.due_ms) : read.dueAt;
}

export async function suspectFeed(
  on: Queryable,
  { connectionId, feedId }: FeedKey,
  { since, slots, busy }: Suspicion,
): Promise<void> {
  await on.query(SUSPECT, [
    connectionId,
    feedId,
    since,
    slots.known,
    slots.missing,
    busy.known,
    busy.missing,
  ]);
}

export async function acceptAbsence(
  on: Queryable,
  connectionId: string,
  feedId: string | null,
  at: Instant,
): Promise<FeedKey[]> {
  const rows = await on.query<Pick<FeedRow, 'feed_id'>>(ACCEPT, [connectionId, feedId, at]);
  return rows.map((row) => ({ connectionId, feedId: row.feed_id }));
}

export async function renewFeed(on: Queryable, key: FeedKey, leaseUntil: Instant): Promise<void> {
  await on.query(RENEW, [key.connectionId, key.feedId, leaseUntil]);
}

export async function hastenFeeds(on: Queryable, keys: readonly FeedKey[], at: Instant): Promise<void> {
  await on.query(HASTEN, [keys.map((key) => key.connectionId), keys.map((key) => key.feedId), at]);
}

export async function confirmFeeds(on: Queryable, keys: readonly FeedKey[], at: Instant): Promise<void> {
  await on.query(CONFIRM, [keys.map((key) => key.connectionId), keys.map((key) => key.feedId), at]);
}

export async function endLeases(on: Queryable): Promise<void> {
  await on.query(END_LEASES);
}

export async function releaseFeed(on: Queryable, key: FeedKey, dueAt: Instant): Promise<void> {
  await on.query(RELEASE, [key.connectionId, key.feedId, dueAt]);
}

export async function findFeed(on: Queryable, { connectionId, feedId }: FeedKey): Promise<FeedState | null> {
  const text = `select ${COLUMNS} from feed where connection_id = $1 and feed_id = $2`;
  const [row] = await on.query<FeedRow>(text, [connectionId, feedId]);
  return row ? feedOf(row) : null;
}

export const listFeeds = async (on: Queryable): Promise<FeedState[]> =>
  (await on.query<FeedRow>(`select ${COLUMNS} from feed`)).map(feedOf);

export async function feedsDue(on: Queryable, now: Instant, limit: number): Promise<FeedKey[]> {
  const rows = await on.query<Pick<FeedRow, 'connection_id' | 'feed_id'>>(DUE, [now, limit]);
  return rows.map((row) => ({ connectionId: row.connection_id, feedId: row.feed_id }));
}

const feedOf = (row: FeedRow): FeedState => ({
  connectionId: row.connection_id,
  feedId: row.feed_id,
  cursor: row.cursor,
  unsettledAt: instantOrNull(row.unsettled_ms),
  confirmedAt: instantOrNull(row.confirmed_ms),
  completeAt: instantOrNull(row.complete_ms),
  dueAt: instant(row.due_ms),
  beganAt: instantOrNull(row.began_ms),
  suspicion: suspicionOf(row),
  unreadable: unreadableOf(row),
  acceptedAt: instantOrNull(row.accepted_ms),
});

export const suspicionOf = (row: SuspicionRow): Suspicion | null =>
  row.suspect_ms === null
    ? null
    : {
        since: instant(row.suspect_ms),
        slots: { known: row.slots_known, missing: row.slots_missing },
        busy: { known: row.busy_known, missing: row.busy_missing },
        ...(row.shifts_known > 0 ? { shifts: { known: row.shifts_known, missing: row.shifts_missing } } : {}),
      };

export const unreadableOf = (row: UnreadableRow): Unreadable | null =>
  row.unreadable_ms === null
    ? null
    : { since: instant(row.unreadable_ms), records: row.records, unread: row.records_unread };
