import { type Instant, instant, MINUTE } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type {
  Fact,
  FactType,
  PeriodKey,
  RecordedAccepted,
  RecordedConflict,
  RecordedOutage,
  RecordedPeriod,
  RecordedSlot,
} from '../../engine/ports/policy-preview.ts';
import type { Queryable } from '../database.ts';
import { instantOrNull } from './rows.ts';

/** What is kept of the last days of a schedule, for a preview of its policy. */

const FACT_TYPES: readonly FactType[] = [
  'busy.observed',
  'busy.moved',
  'busy.ended',
  'appointment.claimed',
  'appointment.held',
  'appointment.booked',
  'appointment.accepted',
  'appointment.refused',
  'appointment.moved',
  'appointment.cancelled',
];

type Query = { readonly scheduleId: string; readonly window: Interval; readonly limit: number };
type Page = Query & { readonly after: PeriodKey | null };

/** $1 schedule, $2 and $3 the window of the start, $4 and $5 the last of the page before, $6 limit. */
const SLOTS = `
select id, schedule_id, connection_id, calendar, start_ms, end_ms from slot
where schedule_id = $1 and start_ms >= $2 and start_ms < $3 and (start_ms, id) > ($4, $5::uuid)
order by start_ms, id limit $6`;

const PERIOD = 'id, schedule_id, kind, origin_id, start_ms, end_ms, expires_ms, changed_ms, ended_ms';

/** Of one booking there are a few: one that is moved a hundred times is known as well by the first. */
const FACTS = `(
    select coalesce(json_agg(fact order by at_ms, id), '[]') from (
      select id, at_ms, type, connection_id, data->'interval' as interval from event
      where subject_id = found.id and type in (${FACT_TYPES.map((type) => `'${type}'`).join(', ')})
      order by at_ms, id limit 50
    ) as fact
  ) as facts`;

/** $1 to $6 as above. Those that stand are found by the index of the lock, the others by their own. */
const PERIODS = `
select found.*, ${FACTS} from (
  select * from (
    select ${PERIOD.split(', ')
      .map((column) => `busy_period.${column}`)
      .join(', ')}
    from schedule join busy_period on busy_period.actor_id = schedule.actor_id
      and busy_period.schedule_id = schedule.id and ended_ms is null and period && int8range($2, $3)
    where schedule.id = $1
    union all
    select ${PERIOD} from busy_period where schedule_id = $1 and ended_ms is not null and start_ms >= $2 and start_ms < $3
  ) as period
  where kind <> 'block' and start_ms >= $2 and start_ms < $3 and (start_ms, id) > ($4, $5::uuid)
  order by start_ms, id limit $6
) as found order by start_ms, id`;

/** $1 ids. */
const PERIODS_BY_ID = `
select found.*, ${FACTS} from (select ${PERIOD} from busy_period where id = any($1::uuid[])) as found`;

/** $1 schedule, $2 and $3 the window, $4 limit. */
const CONFLICTS = `
select a_id, b_id, detected_ms, resolved_ms from conflict
join busy_period as a on a.id = a_id join busy_period as b on b.id = b_id
where conflict.start_ms >= $2 and conflict.start_ms < $3 and $1 in (a.schedule_id, b.schedule_id)
order by conflict.start_ms, conflict.id limit $4`;

/** $1 schedule, $2 and $3 the window, $4 limit. */
const ACCEPTED = `
select connection_id, at_ms, data->'interval' as interval from event
where type = 'appointment.accepted' and at_ms >= $2 and at_ms < $3 and data->>'scheduleId' = $1
order by at_ms, id limit $4`;

/** $1 connections, $2 and $3 the window. Minutes in a row of one kind; a few calls that failed alone are no outage. */
const OUTAGES = `
select connection_id, kind, min(minute_ms) as from_ms, max(minute_ms) as last_ms from (
  select *, minute_ms - ${MINUTE} * row_number() over (partition by connection_id, kind order by minute_ms) as island
  from (
    select connection_id, minute_ms, circuit_open,
      case when paused then 'paused' when circuit_open or failures > 0 then 'down' end as kind
    from connection_sample
    where connection_id = any($1::text[]) and minute_ms >= $2 and minute_ms < $3
  ) as minute
  where kind is not null
) as minute
group by connection_id, kind, island having kind = 'paused' or bool_or(circuit_open)
order by from_ms, connection_id`;

/** $1 schedule, $2 connections, $3 and $4 the window. Of a schedule that has been there for long its first version may be gone. */
const SINCE = `
select
  (select updated_ms from resource_version where type = 'Schedule' and id = $1 and version = 1) as since_ms,
  (select count(distinct minute_ms)::integer from connection_sample
    where connection_id = any($2::text[]) and minute_ms >= $3 and minute_ms < $4) as minutes`;

type SlotRow = {
  id: string;
  schedule_id: string;
  connection_id: string;
  calendar: string;
  start_ms: number;
  end_ms: number;
};

type FactJson = {
  at_ms: number;
  type: Fact['type'];
  connection_id: string | null;
  interval: { start: number; end: number };
};

type PeriodRow = {
  id: string;
  schedule_id: string;
  kind: RecordedPeriod['kind'];
  origin_id: string | null;
  start_ms: number;
  end_ms: number;
  expires_ms: number | null;
  changed_ms: number;
  ended_ms: number | null;
  facts: FactJson[];
};

/** Before any. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const parametersOf = ({ scheduleId, window, after, limit }: Page): unknown[] => [
  ...[scheduleId, window.start, window.end],
  ...[after?.start ?? -1, after?.id ?? FIRST_ID, limit],
];

export async function recordedSlots(on: Queryable, page: Page): Promise<RecordedSlot[]> {
  const rows = await on.query<SlotRow>(SLOTS, parametersOf(page));
  return rows.map((row) => ({
    slotId: row.id,
    scheduleId: row.schedule_id,
    connectionId: row.connection_id,
    calendar: row.calendar,
    interval: intervalOf(row.start_ms, row.end_ms),
  }));
}

export const recordedPeriods = async (on: Queryable, page: Page): Promise<RecordedPeriod[]> =>
  (await on.query<PeriodRow>(PERIODS, parametersOf(page))).map(periodOf);

export async function recordedConflicts(
  on: Queryable,
  { scheduleId, window, limit }: Query,
): Promise<RecordedConflict[]> {
  const rows = await on.query<{
    a_id: string;
    b_id: string;
    detected_ms: number;
    resolved_ms: number | null;
  }>(CONFLICTS, [scheduleId, window.start, window.end, limit]);
  const ids = rows.flatMap(({ a_id, b_id }) => [a_id, b_id]);
  const periods = ids.length === 0 ? [] : await on.query<PeriodRow>(PERIODS_BY_ID, [ids]);
  const byId = new Map(periods.map((row) => [row.id, periodOf(row)]));
  return rows.flatMap(({ a_id, b_id, detected_ms, resolved_ms }) => {
    const [a, b] = [byId.get(a_id), byId.get(b_id)];
    return a && b ? [{ a, b, detectedAt: instant(detected_ms), settledAt: instantOrNull(resolved_ms) }] : [];
  });
}

export async function recordedAccepted(
  on: Queryable,
  { scheduleId, window, limit }: Query,
): Promise<RecordedAccepted[]> {
  const rows = await on.query<{
    connection_id: string;
    at_ms: number;
    interval: { start: number; end: number };
  }>(ACCEPTED, [scheduleId, window.start, window.end, limit]);
  return rows.map(({ connection_id, at_ms, interval }) => ({
    connectionId: connection_id,
    at: instant(at_ms),
    interval: intervalOf(interval.start, interval.end),
  }));
}

export async function recordedOutages(
  on: Queryable,
  connectionIds: readonly string[],
  window: Interval,
): Promise<RecordedOutage[]> {
  const rows = await on.query<{
    connection_id: string;
    kind: RecordedOutage['kind'];
    from_ms: number;
    last_ms: number;
  }>(OUTAGES, [connectionIds, window.start, window.end]);
  return rows.map(({ connection_id, kind, from_ms, last_ms }) => ({
    connectionId: connection_id,
    kind,
    window: intervalOf(from_ms, last_ms + MINUTE),
  }));
}

export async function recordedSince(
  on: Queryable,
  scheduleId: string,
  connectionIds: readonly string[],
  window: Interval,
): Promise<{ since: Instant | null; minutes: number }> {
  const [row] = await on.query<{ since_ms: number | null; minutes: number }>(SINCE, [
    ...[scheduleId, connectionIds, window.start, window.end],
  ]);
  return { since: instantOrNull(row?.since_ms ?? null), minutes: row?.minutes ?? 0 };
}

const periodOf = (row: PeriodRow): RecordedPeriod => ({
  id: row.id,
  scheduleId: row.schedule_id,
  kind: row.kind,
  originId: row.origin_id,
  interval: intervalOf(row.start_ms, row.end_ms),
  expiresAt: instantOrNull(row.expires_ms),
  changedAt: instant(row.changed_ms),
  endedAt: instantOrNull(row.ended_ms),
  facts: row.facts.map(({ at_ms, type, connection_id, interval }) => ({
    ...{ at: instant(at_ms), type, connectionId: connection_id },
    interval: intervalOf(interval.start, interval.end),
  })),
});

const intervalOf = (start: number, end: number): Interval => ({ start: instant(start), end: instant(end) });
