import type { BusyPeriod } from '../domain/busy.ts';
import { publish, situate, write } from './commit.ts';
import type { Context } from './context.ts';
import { Draft } from './draft.ts';
import { unwant } from './give-up.ts';
import { planBlocks } from './mirror.ts';
import type { EngineEvent } from './ports/events.ts';
import { NO_SLOTS } from './slots.ts';

/**
 * Ends a live busy period, in one transaction with what follows from it here and on every mirror.
 * @param settle looks at it once nobody else can change it: what happened, or null when it is to be left alone.
 * @returns whether it was ended.
 */
export async function endLive(
  context: Context,
  busyId: string,
  settle: (draft: Draft, busy: BusyPeriod) => EngineEvent | null,
): Promise<boolean> {
  const { directory, store, environment } = context;
  const written = await store.transaction(async (transaction) => {
    const [subject] = await transaction.busyByIds([busyId]);
    if (!subject) return null;
    await transaction.lockActors([subject.actorId]);
    const situation = await situate(transaction, directory, {
      subjectIds: [busyId],
      actorIds: [],
      intervals: [],
    });
    const draft = new Draft(situation, directory, environment.clock.now());
    const busy = draft.live(busyId);
    const event = busy && settle(draft, busy);
    if (!event) return null;
    draft.end(busyId);
    draft.tell(event);
    planBlocks(draft, directory);
    return write(transaction, context, draft, NO_SLOTS);
  });
  if (written) publish(context, written);
  return written !== null;
}

/**
 * Ends a booking, or a hold, by our own will: the time is free again here and on every mirror, and delivery takes it off
 * the platform where it stands, if it does. @returns whether there was a live booking to end.
 */
export const endBooking = (
  context: Context,
  busyId: string,
  type: 'appointment.cancelled' | 'appointment.refused',
): Promise<boolean> => endLive(context, busyId, (draft, busy) => unwant(draft, busy, type));
