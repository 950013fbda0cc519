import { SECOND } from '../domain/instant.ts';
import { publish, situate, write } from './commit.ts';
import type { Context } from './context.ts';
import { Draft } from './draft.ts';
import { planBlocks } from './mirror.ts';
import { NO_SLOTS } from './slots.ts';

/** Finds what was missed: lost wakes, feeds that nobody reads, holds that are over. Costs three small queries. */

export const SWEEP_MILLISECONDS = 2 * SECOND;

export async function sweep(context: Context): Promise<void> {
  const { store, queue, environment } = context;
  const now = environment.clock.now();
  const configured = new Set(context.directory.entries.connections.map((connection) => connection.id));
  for (const connectionId of await store.connectionsDue(now)) {
    if (configured.has(connectionId)) queue.wake({ kind: 'deliver', connectionId });
  }
  for (const { connectionId, feedId, dueAt } of await store.feeds()) {
    if (dueAt <= now) queue.wake({ kind: 'observe', connectionId, feedId });
  }
  for (const busyId of await store.expiredHolds(now)) await expire(context, busyId);
}

/**
 * A hold whose time is over ends here without a word from its platform. Should the platform have prolonged it, the
 * next reading says so and it is back.
 */
async function expire(context: Context, busyId: string): Promise<void> {
  const written = await context.store.transaction(async (transaction) => {
    const [subject] = await transaction.busyByIds([busyId]);
    if (!subject) return null;
    await transaction.lockActors([subject.actorId]);
    const situation = await situate(transaction, context.directory, {
      subjectIds: [busyId],
      actorIds: [],
      intervals: [],
    });
    const draft = new Draft(situation, context.directory, context.environment.clock.now());
    const busy = draft.live(busyId);
    if (busy?.kind !== 'hold' || busy.expiresAt === null || busy.expiresAt > draft.at) return null;
    draft.end(busyId);
    for (const listing of draft.listingsOf(busyId)) {
      if (listing.kind === 'booking') draft.putListing({ ...listing, desired: null, known: null });
    }
    const { originId, scheduleId, interval, kind } = busy;
    draft.tell({
      type: 'busy.ended',
      at: draft.at,
      connectionId: originId,
      busyId,
      busyKind: kind,
      scheduleId,
      interval,
    });
    planBlocks(draft, context.directory);
    return write(transaction, context, draft, NO_SLOTS);
  });
  if (written) publish(context, written);
}
