import { groupBy } from '../domain/group-by.ts';
import type { Instant } from '../domain/instant.ts';
import { actorOf } from '../domain/schedule.ts';
import { publish } from './commit.ts';
import type { Context } from './context.ts';
import { alignSlots } from './offers.ts';
import { NOTHING } from './ports/store.ts';
import { looks } from './release-offers.ts';
import { NO_SLOTS } from './slots.ts';
import { settleSupply } from './supply.ts';

/**
 * What the configuration says of rosters may have changed since their shifts were read: a policy, a link, or that there is one
 * at all. So what they close is worked out anew at start, and now and then, of every schedule that has one or had one.
 * @returns a look, to be repeated. Between those at everything there is nothing to do.
 */
export function settleRosters(context: Context): () => Promise<void> {
  const { directory, store, environment } = context;
  return looks(environment.clock.now, async (now, since) => {
    if (since !== null) return;
    const had = (await store.schedulesUnsupplied()).filter((id) => directory.hasSchedule(id));
    const has = directory.entries.schedules
      .map(({ id }) => id)
      .filter((id) => directory.rostersOf(id).length > 0);
    const byActor = groupBy([...new Set([...had, ...has])], (id) => actorOf(directory.schedule(id)));
    for (const [actorId, scheduleIds] of byActor) await settle(context, actorId, scheduleIds, now);
  });
}

async function settle(
  context: Context,
  actorId: string,
  scheduleIds: readonly string[],
  at: Instant,
): Promise<void> {
  const written = await context.store.transaction(async (transaction) => {
    await transaction.lockActors([actorId]);
    const gone = new Map(scheduleIds.map((id) => [id, []]));
    const { events, ...changed } = await settleSupply(transaction, context, gone, at);
    if (changed.scheduleIds.length === 0) return { events, differing: [] };
    await transaction.apply({ ...NOTHING, events }, at);
    const affected = { actorIds: [actorId], slots: NO_SLOTS, ...changed, at };
    return { events, differing: await alignSlots(transaction, context.directory, affected) };
  });
  publish(context, written);
}
