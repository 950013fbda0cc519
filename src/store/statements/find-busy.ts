import type { BusyPeriod } from '../../domain/busy.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Queryable } from '../database.ts';
import { BUSY_COLUMNS, type BusyRow, busyOf } from './rows.ts';

/** $1 ids; ended ones too. */
const BY_ID = `select ${BUSY_COLUMNS} from busy_period where id = any($1::uuid[]) order by id`;

/** $1 actor ids, $2 and $3 the window; live ones only. */
const OVERLAPPING = `
select ${BUSY_COLUMNS} from busy_period
where actor_id = any($1::text[]) and ended_ms is null and period && int8range($2, $3)
order by id`;

export const busyByIds = async (on: Queryable, ids: readonly string[]): Promise<BusyPeriod[]> =>
  (await on.query<BusyRow>(BY_ID, [ids])).map(busyOf);

export const busyOverlapping = async (
  on: Queryable,
  actorIds: readonly string[],
  window: Interval,
): Promise<BusyPeriod[]> =>
  (await on.query<BusyRow>(OVERLAPPING, [actorIds, window.start, window.end])).map(busyOf);
