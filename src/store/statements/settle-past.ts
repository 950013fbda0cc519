import type { Instant } from '../../domain/instant.ts';
import type { Queryable } from '../database.ts';

/** $1 now. A booking is told all the same: it is somebody's visit, and its platform counts it. */
const TEXT = `
update listing set desired = known
where differs and end_ms <= $1 and kind <> 'booking' and desired is distinct from known`;

export async function settlePast(on: Queryable, now: Instant): Promise<void> {
  await on.query(TEXT, [now]);
}
