import { isOurHold } from '../domain/busy.ts';
import type { Instant } from '../domain/instant.ts';
import { reasonOf } from './circuit.ts';
import type { Context } from './context.ts';
import { endLive } from './end-booking.ts';
import { feedOf, readSoon } from './feeds.ts';

/** Ends the holds of ours that are over, and asks after those of platforms. By the database's clock. Two small queries. */
export async function endHolds(context: Context): Promise<void> {
  const { store, directory } = context;
  const at = await store.now();
  for (const busyId of await store.expiredHolds(at)) {
    // One that can't be ended now must not keep the others.
    await expire(context, busyId, at).catch((error) =>
      context.onError(`the end of a hold: ${reasonOf(error)}`, error),
    );
  }
  // Whether a hold of a platform is over is for that to say, whose clock may be behind: unknown is not free.
  const overdue = (await store.takeOverdueHolds(at)).filter(
    ({ connectionId, calendar }) => directory.calendar(connectionId, calendar) !== null,
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
