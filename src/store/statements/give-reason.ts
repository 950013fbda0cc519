import type { StaffReason } from '../../domain/staff-reason.ts';
import type { Queryable } from '../database.ts';

/** $1 busy period, $2 reason. */
const TEXT = `
insert into period_reason (period_id, reason) values ($1, $2)
on conflict (period_id) do update set reason = excluded.reason`;

export async function giveReason(on: Queryable, periodId: string, reason: StaffReason): Promise<void> {
  await on.query(TEXT, [periodId, reason]);
}
