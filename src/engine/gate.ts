import { isOpen } from './circuit.ts';
import type { Context } from './context.ts';
import { slotFailoverRefusal } from './failover.ts';
import type { BookOutcome } from './ports/front.ts';
import type { SlotDetails } from './ports/store.ts';
import { takesNoBookings } from './reasons.ts';
import { slotBookableFrom } from './release.ts';

/** What is asked of a slot before anybody's time is touched, whether it is to be booked or held. */

/** Whether the platform that offers the slot is called at present. */
export const isReachable = ({ environment }: Context, slot: SlotDetails): boolean =>
  !slot.paused && !isOpen(slot, environment.clock.now());

export function refusalOf(
  context: Context,
  slot: SlotDetails,
): Extract<BookOutcome, { outcome: 'not-offered' | 'not-released' | 'not-bookable' | 'unavailable' }> | null {
  const { directory, environment, platforms } = context;
  // What is held was promised.
  const isHeld = slot.status === 'busy-tentative';
  if (!isHeld && !slot.isOffered) return { outcome: 'not-offered' };
  const from = isHeld ? null : slotBookableFrom(directory, slot, environment.clock.now());
  if (from !== null) return { outcome: 'not-released', from };
  if (!platforms.get(slot.connectionId).platform.operations.book) {
    return { outcome: 'not-bookable', reason: takesNoBookings(slot.connectionId) };
  }
  const reason = isReachable(context, slot) ? null : slotFailoverRefusal(context, slot, slot.failingSince);
  return reason === null ? null : { outcome: 'unavailable', reason };
}
