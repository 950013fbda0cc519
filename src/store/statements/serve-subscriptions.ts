import type { Instant } from '../../domain/instant.ts';
import type { Position, Served, SubscriptionStore } from '../../engine/ports/subscriptions.ts';
import type { Queryable } from '../database.ts';
import { SUBSCRIPTION_COLUMNS, type SubscriptionRow, subscriptionOf } from './subscriptions.ts';

/** $1 by, $2 now, $3 lease until, $4 limit. When a lease was given back says who waits longest. */
const CLAIM = `
update subscription set claimed_by = $1, lease_until_ms = $3
where id in (
  select id from subscription
  where status in ('active', 'error') and next_attempt_ms <= $2 and lease_until_ms <= $2 and exists (
    select from change
    where (change.xact, change.id) > (seen_xact, seen_id) and change.xact < pg_snapshot_xmin(pg_current_snapshot())
  )
  order by lease_until_ms limit $4 for update skip locked
)
returning ${SUBSCRIPTION_COLUMNS}, seen_xact::text as seen_xact, seen_id`;

export async function claimSubscriptions(
  on: Queryable,
  { by, now, leaseUntil, limit }: Parameters<SubscriptionStore['claimSubscriptions']>[0],
): Promise<Served[]> {
  const rows = await on.query<SubscriptionRow & { seen_xact: string; seen_id: number }>(CLAIM, [
    by,
    now,
    leaseUntil,
    limit,
  ]);
  return rows.map((row) => ({ ...subscriptionOf(row), seen: { xact: row.seen_xact, id: row.seen_id } }));
}

/**
 * $1 id, $2 by, $3 and $4 the position, $5 at, $6 lease until, $7 whether a notification arrived. Never back: it may have
 * begun anew meanwhile.
 */
const PASS = `
update subscription set seen_xact = $3, seen_id = $4, lease_until_ms = $6,
  status = case when $7 then 'active' else status end,
  version = version + ($7 and status = 'error')::integer,
  updated_ms = case when $7 and status = 'error' then $5 else updated_ms end,
  attempts = case when $7 then 0 else attempts end,
  failing_ms = case when $7 then null else failing_ms end,
  trouble = case when $7 then null else trouble end
where id = $1 and claimed_by = $2 and status in ('active', 'error') and (seen_xact, seen_id) <= ($3::xid8, $4::bigint)
returning id`;

export async function passSubscription(
  on: Queryable,
  id: string,
  by: string,
  seen: Position,
  { at, leaseUntil, isNotified }: Parameters<SubscriptionStore['passSubscription']>[3],
): Promise<boolean> {
  const rows = await on.query(PASS, [id, by, seen.xact, seen.id, at, leaseUntil, isNotified]);
  return rows.length > 0;
}

/** $1 id, $2 by, $3 at, $4 the trouble as JSON, $5 next attempt or null: then it is off. That it fails again is no news. */
const FAIL = `
update subscription set
  status = next.status, trouble = next.trouble,
  since_xact = case when next.status = 'error' then since_xact end,
  version = version + is_news::integer, updated_ms = case when is_news then $3 else updated_ms end,
  attempts = attempts + 1, failing_ms = coalesce(failing_ms, $3),
  next_attempt_ms = coalesce($5, 0), lease_until_ms = $3
from (
  select id, following.*, (following.status, following.trouble) is distinct from (subscription.status, subscription.trouble) as is_news
  from subscription, (
    select case when $5::bigint is null then 'off' else 'error' end as status, $4::jsonb as trouble
  ) as following
  where id = $1
) as next
where subscription.id = next.id and claimed_by = $2 and subscription.status in ('active', 'error')`;

export async function failSubscription(
  on: Queryable,
  id: string,
  by: string,
  { at, trouble, nextAttemptAt }: Parameters<SubscriptionStore['failSubscription']>[2],
): Promise<void> {
  await on.query(FAIL, [id, by, at, JSON.stringify(trouble), nextAttemptAt]);
}

/** $1 id, $2 by, $3 at. */
const RELEASE = 'update subscription set lease_until_ms = $3 where id = $1 and claimed_by = $2';

export async function releaseSubscription(on: Queryable, id: string, by: string, at: Instant): Promise<void> {
  await on.query(RELEASE, [id, by, at]);
}

/** $1 at. */
const EXPIRE = `
update subscription set status = 'off', since_xact = null, version = version + 1, updated_ms = $1
where status <> 'off' and end_ms <= $1
returning id`;

/** $1 at, $2 so many may wait: who has not come to the one before those has more. */
const DROP = `
update subscription set status = 'off', since_xact = null, version = version + 1, updated_ms = $1,
  trouble = '{"kind":"backlog"}'
where status in ('active', 'error') and (seen_xact, seen_id) < (
  select xact, id from change order by xact desc, id desc offset $2 limit 1
)
returning id`;

/**
 * $1 at. Who made it may not ask any more: the token is revoked or over, the person is shut out, has no rights left, or is of
 * another organization by now.
 */
const SHUT_OUT = `
update subscription set status = 'off', since_xact = null, version = version + 1, updated_ms = $1,
  trouble = '{"kind":"owner"}'
where status <> 'off' and case split_part(owner, ':', 1)
  when 'token' then not exists (
    select from api_token where 'token:' || id = owner and revoked_ms is null and expires_ms > $1)
  when 'user' then not exists (
    select from person where 'user:' || id = owner and not disabled and scopes <> ''
      and organization_id is not distinct from subscription.organization_id)
  else false end
returning id`;

export async function endSubscriptions(on: Queryable, at: Instant, waitingMost: number): Promise<number> {
  const expired = await on.query(EXPIRE, [at]);
  const dropped = await on.query(DROP, [at, waitingMost]);
  const shutOut = await on.query(SHUT_OUT, [at]);
  return expired.length + dropped.length + shutOut.length;
}

const END_CLAIMS = 'update subscription set lease_until_ms = 0';

export async function endClaims(on: Queryable): Promise<void> {
  await on.query(END_CLAIMS);
}
