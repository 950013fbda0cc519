import type { Directory } from '../domain/directory.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Instant } from '../domain/instant.ts';
import { hull } from '../domain/interval.ts';
import { actorOf } from '../domain/schedule.ts';
import type { Context } from './context.ts';
import { alignSlots } from './offers.ts';
import type { Transaction } from './ports/store.ts';
import type { Stretch } from './ports/stretches.ts';
import { NO_SLOTS } from './slots.ts';

/**
 * Slots that stand otherwise than they should, though nobody wrote them: the clock has reached them, or something has
 * become known. A transaction an actor.
 * @param before what else to do to the stretches of an actor in the same transaction, with the actor locked.
 */
export async function realign(
  context: Context,
  stretches: readonly Stretch[],
  at: Instant,
  before: (transaction: Transaction, stretches: readonly Stretch[]) => Promise<void> = async () => undefined,
): Promise<void> {
  const { directory, store, queue } = context;
  const woken = new Set<string>();
  for (const [actorId, found] of byActor(directory, stretches)) {
    const changed = await store.transaction(async (transaction) => {
      await transaction.lockActors([actorId]);
      await before(transaction, found);
      return alignSlots(transaction, directory, {
        actorIds: [actorId],
        window: hull(found.map(({ window }) => window)),
        slots: NO_SLOTS,
        scheduleIds: found.map(({ scheduleId }) => scheduleId),
        at,
      });
    });
    for (const { connectionId } of changed) woken.add(connectionId);
  }
  // Only now, so that the soonest of all actors go first, and not all of the first actor's.
  for (const connectionId of woken) queue.wake({ kind: 'deliver', connectionId });
}

/** Of schedules that are configured: no one knows whose time another's is. */
const byActor = (directory: Directory, stretches: readonly Stretch[]): Map<string, Stretch[]> =>
  groupBy(
    stretches.filter(({ scheduleId }) => directory.hasSchedule(scheduleId)),
    ({ scheduleId }) => actorOf(directory.schedule(scheduleId)),
  );
