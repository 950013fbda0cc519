import { type Instant, instant } from '../../domain/instant.ts';
import type { Queryable } from '../database.ts';

/** $1 now. */
const TEXT = `
select id from busy_period where ended_ms is null and kind = 'hold' and expires_ms <= $1`;

const NOW = 'select (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms';

/** By the database's clock. */
export async function now(on: Queryable): Promise<Instant> {
  const [row] = await on.query<{ now_ms: number }>(NOW);
  if (!row) throw new Error('a database without a clock');
  return instant(row.now_ms);
}

export const expiredHolds = async (on: Queryable, now: Instant): Promise<string[]> =>
  (await on.query<{ id: string }>(TEXT, [now])).map((row) => row.id);
