import { publish, situate, write } from './commit.ts';
import type { Context } from './context.ts';
import { Draft } from './draft.ts';
import { planBlocks } from './mirror.ts';
import type { DueListing } from './ports/store.ts';
import { NO_SLOTS } from './slots.ts';

/**
 * A booking was given up to settle a conflict, and its platform does not let it go. Then it stands: its patient still has
 * a confirmation. It is taken in again as the platform shows it, so that its time is closed elsewhere and the conflict is
 * open again. @returns false where no conflict was settled so, or the booking stands again already.
 */
export async function reinstate(context: Context, { subjectId, interval }: DueListing): Promise<boolean> {
  const { directory, store, environment } = context;
  const written = await store.transaction(async (transaction) => {
    const [given] = await transaction.busyByIds([subjectId]);
    if (!given) return null;
    await transaction.lockActors([given.actorId]);
    if (!(await transaction.isGivenUp(subjectId))) return null;
    const situation = await situate(transaction, directory, {
      subjectIds: [subjectId],
      actorIds: [given.actorId],
      intervals: [interval],
    });
    const draft = new Draft(situation, directory, environment.clock.now());
    if (draft.live(subjectId)) return null;
    for (const listing of draft.listingsOf(subjectId)) {
      if (listing.kind === 'booking') draft.putListing({ ...listing, desired: listing.known });
    }
    const { id, kind, originId, scheduleId } = draft.place(given);
    draft.setAppointmentStatus(id, 'booked');
    draft.tell({
      type: 'busy.observed',
      at: draft.at,
      connectionId: originId,
      busyId: id,
      busyKind: kind,
      scheduleId,
      interval: given.interval,
    });
    planBlocks(draft, directory);
    return write(transaction, context, draft, NO_SLOTS);
  });
  if (written) publish(context, written);
  return written !== null;
}
