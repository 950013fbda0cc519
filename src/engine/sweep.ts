import { isOurHold } from '../domain/busy.ts';
import type { Instant } from '../domain/instant.ts';
import type { Context } from './context.ts';
import { endLive } from './end-booking.ts';
import { feedOf, readSoon } from './feeds.ts';
import { passConflicts } from './pass-conflicts.ts';

/**
 * Finds what was missed: lost wakes, feeds that nobody reads, holds that are over, and what need not be written any more:
 * after days without a platform it would come before what is urgent. Costs five small queries.
 */

/** After an outage all feeds of a platform are due: it gets them bit by bit, and deliveries find room between them. */
const FEEDS_MAX = 8;

export async function sweep(context: Context): Promise<void> {
  const { store, queue, environment, directory } = context;
  const now = environment.clock.now();
  const configured = new Set(directory.entries.connections.map((connection) => connection.id));
  await store.settlePast(now);
  await passConflicts(context);
  for (const connectionId of await store.connectionsDue(now)) {
    if (configured.has(connectionId)) queue.wake({ kind: 'deliver', connectionId });
  }
  for (const feed of await store.feedsDue(now, FEEDS_MAX)) queue.wake({ kind: 'observe', ...feed });
  const at = await store.now();
  for (const busyId of await store.expiredHolds(at)) await expire(context, busyId, at);
  // Whether a hold of a platform is over is for that to say, whose clock may be behind: unknown is not free.
  const overdue = (await store.takeOverdueHolds(at)).filter(
    ({ connectionId, calendar }) => directory.calendar(connectionId, calendar) !== undefined,
  );
  if (overdue.length > 0)
    await readSoon(
      context,
      overdue.map((place) => feedOf(context, place)),
    );
}

/**
 * A hold of ours whose time is over ends here, and is given back where it stands.
 * @param at by the database's clock.
 */
const expire = (context: Context, busyId: string, at: Instant): Promise<boolean> =>
  endLive(context, busyId, (draft, busy) => {
    const { kind, expiresAt, originId: connectionId, scheduleId, interval } = busy;
    if (!isOurHold(busy) || expiresAt === null || expiresAt > at) return null;
    for (const listing of draft.listingsOf(busyId))
      if (listing.kind === 'booking') draft.putListing({ ...listing, desired: null });
    draft.setAppointmentStatus(busyId, 'cancelled');
    return { type: 'busy.ended', at: draft.at, connectionId, busyId, busyKind: kind, scheduleId, interval };
  });
