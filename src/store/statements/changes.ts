import type { Instant } from '../../domain/instant.ts';
import type { Change, ChangedType, ChangePage, Position } from '../../engine/ports/subscriptions.ts';
import type { Queryable } from '../database.ts';

/**
 * $1 and $2 the position, $3 limit. Up to the horizon of the snapshot only: what has a lower place by then is there by
 * then, and what commits later has a higher one. By their ids alone the rows of whoever commits late would be passed
 * over. The changes of one resource are in the order of their ids, as each writer waits for the one before.
 */
const AFTER = `
with horizon as (select pg_snapshot_xmin(pg_current_snapshot()) as xact)
select horizon.xact::text as horizon, page.xact::text as xact, page.id, page.resource_type, page.resource_id, page.version,
  page.organization_id,
  not exists (
    select from change as later where later.resource_id = page.resource_id and later.id > page.id
  ) as is_last,
  -- Of before what is kept, of another database, or of when nobody had them written.
  exists (select from change_kept where ($1::xid8, $2::bigint) < (xact, id)) or $1::xid8 > horizon.xact or not exists (
    select from subscription where status <> 'off' and since_xact < $1::xid8
    union all select from listener where since_xact < $1::xid8
  ) as is_gap_before
from horizon left join lateral (
  select * from change where (change.xact, change.id) > ($1::xid8, $2::bigint) and change.xact < horizon.xact
  order by change.xact, change.id limit $3
) as page on true
order by page.xact, page.id`;

type ChangeRow = {
  horizon: string;
  xact: string;
  id: number | null;
  resource_type: ChangedType;
  resource_id: string;
  version: number | null;
  organization_id: string | null;
  is_last: boolean;
  is_gap_before: boolean;
};

const BEGINNING: Position = { xact: '0', id: 0 };

export async function changesAfter(
  on: Queryable,
  position: Position | null,
  limit: number,
): Promise<ChangePage> {
  const { xact, id } = position ?? BEGINNING;
  const rows = await on.query<ChangeRow>(AFTER, [xact, id, limit]);
  const changes = rows.flatMap((row) => (row.id === null ? [] : [changeOf(row, row.id)]));
  const isFull = changes.length === limit;
  const last = changes.at(-1);
  return {
    changes,
    // There is nothing between the last one and the horizon.
    through: isFull && last ? last.position : { xact: rows[0]?.horizon ?? xact, id: 0 },
    isFull,
    isGapBefore: rows[0]?.is_gap_before ?? true,
  };
}

const changeOf = (row: ChangeRow, id: number): Change => ({
  position: { xact: row.xact, id },
  resourceType: row.resource_type,
  resourceId: row.resource_id,
  version: row.version,
  organizationId: row.organization_id,
  isLast: row.is_last,
});

/** $1 listener, $2 lease until. */
const LISTEN = `
insert into listener (id, lease_until_ms) values ($1, $2)
on conflict (id) do update set lease_until_ms = excluded.lease_until_ms`;

/** $1 listener. By a transaction of its own: whoever began before it may not see the listener. */
const BEGIN_LISTENING = `
update listener set since_xact = pg_current_xact_id() where id = $1 and since_xact is null`;

/** $1 listener. */
const HEARD_FROM = `
select pg_snapshot_xmin(pg_current_snapshot())::text as xact from listener
where id = $1 and since_xact < pg_snapshot_xmin(pg_current_snapshot())`;

export async function listen(
  on: Queryable,
  listenerId: string,
  leaseUntil: Instant,
): Promise<Position | null> {
  await on.query(LISTEN, [listenerId, leaseUntil]);
  await on.query(BEGIN_LISTENING, [listenerId]);
  const [row] = await on.query<{ xact: string }>(HEARD_FROM, [listenerId]);
  return row ? { xact: row.xact, id: 0 } : null;
}

/** $1 now. */
const FORGET_LISTENERS = 'delete from listener where lease_until_ms <= $1';

/** $1 limit, $2 how many of the last are kept while somebody listens. From the beginning on, without a gap. */
const ERASE = `
with erased as (
  delete from change where id in (
    select id from change
    where (xact, id) <= (
      select seen_xact, seen_id from (
        select seen_xact, seen_id from subscription where status <> 'off'
        union all select '18446744073709551615'::xid8, 9223372036854775807
      ) as seen
      order by seen_xact, seen_id limit 1
    ) and (not exists (select from listener) or (xact, id) <= (
      select xact, id from change order by xact desc, id desc offset $2 limit 1
    ))
    order by xact, id limit $1
  )
  returning xact, id
), moved as (
  update change_kept set xact = last.xact, id = last.id
  from (select xact, id from erased order by xact desc, id desc limit 1) as last
  where (change_kept.xact, change_kept.id) < (last.xact, last.id)
)
select count(*)::integer as total from erased`;

export async function eraseChanges(
  on: Queryable,
  { now, retained, limit }: { readonly now: Instant; readonly retained: number; readonly limit: number },
): Promise<number> {
  await on.query(FORGET_LISTENERS, [now]);
  const [row] = await on.query<{ total: number }>(ERASE, [limit, retained]);
  return row?.total ?? 0;
}

/** In the order of their ids, since the transactions of the dump say nothing here; what was told of it is told again. */
const MEND = [
  `update change set xact = '0' where xact > pg_snapshot_xmax(pg_current_snapshot())`,
  `update change_kept set xact = '0', id = 0 where xact > pg_snapshot_xmax(pg_current_snapshot())`,
  `update subscription set seen_xact = '0', seen_id = 0, since_xact = '0'
   where status <> 'off' and greatest(seen_xact, since_xact) > pg_snapshot_xmax(pg_current_snapshot())`,
  `delete from listener where since_xact > pg_snapshot_xmax(pg_current_snapshot())`,
];

export async function mendPositions(on: Queryable): Promise<void> {
  for (const text of MEND) await on.query(text);
}
