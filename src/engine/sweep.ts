import type { Context } from './context.ts';
import { endLive } from './end-booking.ts';

/**
 * Finds what was missed: lost wakes, feeds that nobody reads, holds that are over, and what need not be written any more:
 * after days without a platform it would come before what is urgent. Costs four small queries.
 */

/** After an outage all feeds of a platform are due: it gets them bit by bit, and deliveries find room between them. */
const FEEDS_MAX = 8;

export async function sweep(context: Context): Promise<void> {
  const { store, queue, environment } = context;
  const now = environment.clock.now();
  const configured = new Set(context.directory.entries.connections.map((connection) => connection.id));
  await store.settlePast(now);
  for (const connectionId of await store.connectionsDue(now)) {
    if (configured.has(connectionId)) queue.wake({ kind: 'deliver', connectionId });
  }
  for (const feed of await store.feedsDue(now, FEEDS_MAX)) queue.wake({ kind: 'observe', ...feed });
  for (const busyId of await store.expiredHolds(now)) await expire(context, busyId);
}

/**
 * A hold whose time is over ends here without a word from its platform. Should the platform have prolonged it, the
 * next reading says so and it is back.
 */
const expire = (context: Context, busyId: string): Promise<boolean> =>
  endLive(context, busyId, (draft, { kind, expiresAt, originId, scheduleId, interval }) => {
    if (kind !== 'hold' || expiresAt === null || expiresAt > draft.at) return null;
    for (const listing of draft.listingsOf(busyId)) {
      if (listing.kind === 'booking') draft.putListing({ ...listing, desired: null, known: null });
    }
    const subject = { connectionId: originId, busyId, busyKind: kind, scheduleId, interval };
    return { type: 'busy.ended', at: draft.at, ...subject };
  });
