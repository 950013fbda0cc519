import { type Instant, instant, MINUTE } from '../../domain/instant.ts';
import type { HistoryPoint, HistoryQuery } from '../../engine/ports/connection-history.ts';
import type { Queryable } from '../database.ts';

/**
 * $1 when the minute began, $2 when it ended, $3 now. Lags are of that minute; the rest is as it is now. A minute that somebody
 * has sampled already stays as it is.
 */
const SAMPLE = `
insert into connection_sample (connection_id, minute_ms, delivered, lag_ms_p50, lag_ms_max, age_ms, differing, failures,
  circuit_open, paused)
select connection.id, $1, coalesce(told.delivered, 0), told.lag_p50, told.lag_max,
  (select case when bool_and(confirmed_ms is not null) then greatest(0, $3 - min(confirmed_ms)) end from feed
    where connection_id = connection.id),
  (select count(*)::integer from listing where connection_id = connection.id and differs),
  failures, coalesce(open_until_ms > $3, false), paused
from connection left join (
  select connection_id, count(*)::integer as delivered,
    percentile_disc(0.5) within group (order by (data->>'lagMilliseconds')::bigint) as lag_p50,
    max((data->>'lagMilliseconds')::bigint) as lag_max
  from event where type like 'listing.%' and at_ms >= $1 and at_ms < $2 group by connection_id
) as told on told.connection_id = connection.id
where connection.id = any($4::text[])
on conflict do nothing`;

/** $1 the minute, $2 connections: whether one of them has no sample of it. */
const MISSING = `
select exists (
  select from connection where id = any($2::text[])
    and not exists (select from connection_sample where connection_id = id and minute_ms = $1)
) as missing`;

/** $1 connection, $2 and $3 half-open, $4 how many milliseconds are one point. */
const HISTORY = `
select $2::bigint + (minute_ms - $2::bigint) / $4::bigint * $4::bigint as at_ms, sum(delivered)::integer as delivered,
  percentile_disc(0.5) within group (order by lag_ms_p50) as lag_p50, max(lag_ms_max) as lag_max, max(age_ms) as age_ms,
  max(differing) as differing, max(failures) as failures, bool_or(circuit_open) as open, bool_or(paused) as paused
from connection_sample where connection_id = $1 and minute_ms >= $2 and minute_ms < $3
group by 1 order by 1`;

/** $1 before when, $2 how many at the most. */
const FORGET = `
with gone as (
  delete from connection_sample where (connection_id, minute_ms) in (
    select connection_id, minute_ms from connection_sample where minute_ms < $1 limit $2
  ) returning 1
)
select count(*)::integer as count from gone`;

type PointRow = {
  at_ms: number;
  delivered: number;
  lag_p50: number | null;
  lag_max: number | null;
  age_ms: number | null;
  differing: number;
  failures: number;
  open: boolean;
  paused: boolean;
};

/** @param minute when it began. */
export async function sampleConnections(
  on: Queryable,
  connectionIds: readonly string[],
  minute: Instant,
  now: Instant,
): Promise<void> {
  // Looked at first: most of the time somebody was here before, and that costs less than to count.
  const [found] = await on.query<{ missing: boolean }>(MISSING, [minute, connectionIds]);
  if (found?.missing) await on.query(SAMPLE, [minute, minute + MINUTE, now, connectionIds]);
}

export async function connectionHistory(
  on: Queryable,
  { connectionId, window, stepMilliseconds }: HistoryQuery,
): Promise<HistoryPoint[]> {
  const rows = await on.query<PointRow>(HISTORY, [connectionId, window.start, window.end, stepMilliseconds]);
  return rows.map((row) => ({
    at: instant(row.at_ms),
    delivered: row.delivered,
    lagMillisecondsMedian: row.lag_p50,
    lagMillisecondsMax: row.lag_max,
    ageMilliseconds: row.age_ms,
    differing: row.differing,
    failures: row.failures,
    isOpen: row.open,
    isPaused: row.paused,
  }));
}

export async function forgetSamples(on: Queryable, before: Instant, limit: number): Promise<number> {
  const [row] = await on.query<{ count: number }>(FORGET, [before, limit]);
  return row?.count ?? 0;
}
