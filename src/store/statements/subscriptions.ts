import { type Instant, instant } from '../../domain/instant.ts';
import type {
  ChangedType,
  Payload,
  Subscription,
  SubscriptionFigures,
  SubscriptionRegistry,
  SubscriptionStatus,
  SubscriptionTerms,
  Trouble,
} from '../../engine/ports/subscriptions.ts';
import type { Queryable } from '../database.ts';
import { instantOrNull } from './rows.ts';

export type SubscriptionRow = {
  id: string;
  status: SubscriptionStatus;
  resource_type: ChangedType;
  criteria: string;
  base: string;
  endpoint: string;
  payload: Payload | null;
  reason: string;
  contact: string | null;
  end_ms: number | null;
  headers: string[];
  sealed: Uint8Array;
  version: number;
  updated_ms: number;
  attempts: number;
  failing_ms: number | null;
  trouble: Trouble | null;
  owner: string;
  organization_id: string | null;
};

export const SUBSCRIPTION_COLUMNS = `id, status, resource_type, criteria, base, endpoint, payload, reason, contact, end_ms,
  headers, sealed, version, updated_ms, attempts, failing_ms, trouble, owner, organization_id`;

export const subscriptionOf = (row: SubscriptionRow): Subscription => ({
  id: row.id,
  status: row.status,
  resourceType: row.resource_type,
  criteria: row.criteria,
  base: row.base,
  endpoint: row.endpoint,
  payload: row.payload,
  reason: row.reason,
  contact: row.contact,
  end: instantOrNull(row.end_ms),
  headers: row.headers,
  sealed: row.sealed,
  version: row.version,
  updatedAt: instant(row.updated_ms),
  attempts: row.attempts,
  failingSince: instantOrNull(row.failing_ms),
  trouble: row.trouble,
  owner: row.owner,
  organizationId: row.organization_id,
});

const ALL = `select ${SUBSCRIPTION_COLUMNS} from subscription order by id`;

export const subscriptions = async (on: Queryable): Promise<Subscription[]> =>
  (await on.query<SubscriptionRow>(ALL)).map(subscriptionOf);

/** $1 id. */
const ONE = `select ${SUBSCRIPTION_COLUMNS} from subscription where id = $1`;

export async function subscription(on: Queryable, id: string): Promise<Subscription | null> {
  const [row] = await on.query<SubscriptionRow>(ONE, [id]);
  return row ? subscriptionOf(row) : null;
}

/** $1 id, $2 status, $3 at, $4 most, then the terms, and who made it. */
const ADD = `
insert into subscription (id, status, updated_ms, resource_type, criteria, base, endpoint, payload, reason, contact, end_ms,
  headers, sealed, owner, organization_id)
select $1::uuid, $2, $3::bigint, $5, $6, $7, $8, $9, $10, $11, $12::bigint, $13::text[], $14::bytea, $15, $16
where (select count(*) from subscription) < $4
returning ${SUBSCRIPTION_COLUMNS}`;

export async function addSubscription(
  on: Queryable,
  added: Parameters<SubscriptionRegistry['addSubscription']>[0],
  at: Instant,
  most: number,
): Promise<Subscription | null> {
  const [row] = await on.query<SubscriptionRow>(ADD, [
    added.id,
    added.status,
    at,
    most,
    ...termsOf(added),
    added.owner,
    added.organizationId,
  ]);
  return row ? subscriptionOf(row) : null;
}

/**
 * $1 id, $2 status, $3 at, $4 version, then the terms. One that is being told stays so: the changes have been written all
 * along. One that was off has missed some, so it is requested and begins where it will be active.
 */
const CHANGE = `
update subscription set
  status = case when $2 = 'requested' and status in ('active', 'error') then 'active' else $2 end,
  since_xact = case when $2 = 'requested' and status <> 'off' then since_xact end,
  resource_type = $5, criteria = $6, base = $7, endpoint = $8, payload = $9, reason = $10, contact = $11, end_ms = $12,
  headers = $13, sealed = $14,
  attempts = 0, failing_ms = null, trouble = null, next_attempt_ms = 0, version = version + 1, updated_ms = $3
where id = $1 and version = $4
returning ${SUBSCRIPTION_COLUMNS}`;

export async function changeSubscription(
  on: Queryable,
  id: string,
  version: number,
  changed: Parameters<SubscriptionRegistry['changeSubscription']>[2],
  at: Instant,
): Promise<Subscription | null> {
  const [row] = await on.query<SubscriptionRow>(CHANGE, [
    id,
    changed.status,
    at,
    version,
    ...termsOf(changed),
  ]);
  return row ? subscriptionOf(row) : null;
}

const termsOf = (terms: SubscriptionTerms): unknown[] => [
  terms.resourceType,
  terms.criteria,
  terms.base,
  terms.endpoint,
  terms.payload,
  terms.reason,
  terms.contact,
  terms.end,
  terms.headers,
  Buffer.from(terms.sealed),
];

/** $1 id. */
const REMOVE = 'delete from subscription where id = $1 returning id';

export const removeSubscription = async (on: Queryable, id: string): Promise<boolean> =>
  (await on.query(REMOVE, [id])).length > 0;

/**
 * By a transaction of its own: whoever began before it may not see the subscription, and has not written what it changes.
 * So it begins after it, with the first transaction that has seen it for certain; no id of a change is as high.
 */
const BEGIN = `
update subscription set since_xact = pg_current_xact_id(), seen_xact = pg_current_xact_id(),
  seen_id = ${Number.MAX_SAFE_INTEGER}
where status = 'requested' and since_xact is null`;

/** $1 at. */
const ACTIVATE = `
update subscription set status = 'active', version = version + 1, updated_ms = $1
where status = 'requested' and since_xact < pg_snapshot_xmin(pg_current_snapshot())`;

export async function activateSubscriptions(on: Queryable, at: Instant): Promise<void> {
  await on.query(BEGIN);
  await on.query(ACTIVATE, [at]);
}

const FIGURES = `
select status, count(*)::integer as total, null::integer as waiting from subscription group by status
union all
select null, 0, count(*)::integer from change where (xact, id) > (
  select seen_xact, seen_id from subscription where status in ('active', 'error') order by seen_xact, seen_id limit 1
)`;

export async function subscriptionFigures(on: Queryable): Promise<SubscriptionFigures> {
  const rows = await on.query<{ status: SubscriptionStatus | null; total: number; waiting: number | null }>(
    FIGURES,
  );
  const of = (status: SubscriptionStatus): number => rows.find((row) => row.status === status)?.total ?? 0;
  return {
    byStatus: { requested: of('requested'), active: of('active'), error: of('error'), off: of('off') },
    waiting: rows.find((row) => row.status === null)?.waiting ?? 0,
  };
}
