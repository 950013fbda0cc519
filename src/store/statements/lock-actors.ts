import type { Queryable } from '../database.ts';

/** $1 actor ids. In one order for all, so that two batches can't wait for each other. */
const TEXT = `
select lock_actor(id) from (select distinct id from unnest($1::text[]) as wanted(id) order by id) as actors`;

export async function lockActors(on: Queryable, actorIds: readonly string[]): Promise<void> {
  await on.query(TEXT, [actorIds]);
}
