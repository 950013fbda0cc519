import type { Instant } from '../../domain/instant.ts';
import type { Queryable } from '../database.ts';

/** $1 now. */
const TEXT = `
select id from busy_period where ended_ms is null and kind = 'hold' and expires_ms <= $1`;

export const expiredHolds = async (on: Queryable, now: Instant): Promise<string[]> =>
  (await on.query<{ id: string }>(TEXT, [now])).map((row) => row.id);
