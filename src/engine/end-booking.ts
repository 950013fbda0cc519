import { publish, situate, write } from './commit.ts';
import type { Context } from './context.ts';
import { Draft } from './draft.ts';
import { planBlocks } from './mirror.ts';
import { NO_SLOTS } from './slots.ts';

/**
 * Ends a booking by our own will: the time is free again here and on every mirror, and delivery takes it off the
 * platform where it stands, if it does. @returns whether there was a live booking to end.
 */
export async function endBooking(
  context: Context,
  busyId: string,
  event: 'appointment.cancelled' | 'appointment.refused',
): Promise<boolean> {
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
    if (!busy) return null;
    draft.end(busyId);
    draft.setAppointmentStatus(busyId, 'cancelled');
    for (const listing of draft.listingsOf(busyId)) {
      if (listing.kind === 'booking') draft.putListing({ ...listing, desired: null });
    }
    const { originId, scheduleId, interval } = busy;
    draft.tell({ type: event, at: draft.at, connectionId: originId, busyId, scheduleId, interval });
    planBlocks(draft, context.directory);
    return write(transaction, context, draft, NO_SLOTS);
  });
  if (written) publish(context, written);
  return written !== null;
}
