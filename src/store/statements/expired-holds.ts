import { type Instant, instant } from '../../domain/instant.ts';
import type { Queryable } from '../database.ts';

/** $1 now. */
const OURS = `
select id from busy_period where ended_ms is null and kind = 'hold' and origin_id is null and expires_ms <= $1
order by id`;

/** $1 now. */
const THEIRS = `
with overdue as (
  update busy_period set expires_ms = null
  where ended_ms is null and kind = 'hold' and origin_id is not null and expires_ms <= $1
  returning id
)
select distinct listing.connection_id as "connectionId", listing.calendar
from overdue join listing on listing.subject_id = overdue.id and listing.kind = 'booking'
order by 1, 2`;

const NOW = 'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms';

/** By the database's clock. */
export async function now(on: Queryable): Promise<Instant> {
  const [row] = await on.query<{ now_ms: number }>(NOW);
  if (!row) throw new Error('a database without a clock');
  return instant(row.now_ms);
}

export const expiredHolds = async (on: Queryable, now: Instant): Promise<string[]> =>
  (await on.query<{ id: string }>(OURS, [now])).map((row) => row.id);

export const takeOverdueHolds = (
  on: Queryable,
  now: Instant,
): Promise<{ connectionId: string; calendar: string }[]> => on.query(THEIRS, [now]);
