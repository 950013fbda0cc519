import { isOurHold } from '../domain/busy.ts';
import type { Instant } from '../domain/instant.ts';
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
  const at = await store.now();
  for (const busyId of await store.expiredHolds(at)) await expire(context, busyId, at);
}

/**
 * A hold whose time is over ends here without a word from its platform. Should the platform have prolonged it, the
 * next reading says so and it is back. One of ours is given back where it stands.
 * @param at by the database's clock.
 */
const expire = (context: Context, busyId: string, at: Instant): Promise<boolean> =>
  endLive(context, busyId, (draft, busy) => {
    const { kind, expiresAt, originId: connectionId, scheduleId, interval } = busy;
    if (kind !== 'hold' || expiresAt === null || expiresAt > at) return null;
    for (const listing of draft.listingsOf(busyId)) {
      if (listing.kind !== 'booking') continue;
      draft.putListing({ ...listing, desired: null, known: isOurHold(busy) ? listing.known : null });
    }
    if (isOurHold(busy)) draft.setAppointmentStatus(busyId, 'cancelled');
    return { type: 'busy.ended', at: draft.at, connectionId, busyId, busyKind: kind, scheduleId, interval };
  });
