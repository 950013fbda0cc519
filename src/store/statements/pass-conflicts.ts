import type { Conflict } from '../../domain/conflict.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Queryable } from '../database.ts';
import { CONFLICT_COLUMNS, type ConflictRow, conflictOf } from './rows.ts';

/** $1 now. */
const TEXT = `
update conflict set ended_ms = $1
where resolved_ms is null and ended_ms is null and greatest(a_end_ms, b_end_ms) <= $1
returning ${CONFLICT_COLUMNS}`;

export const passConflicts = async (on: Queryable, now: Instant): Promise<Conflict[]> =>
  (await on.query<ConflictRow>(TEXT, [now])).map(conflictOf);
