import { scheduleContexts } from '../../../mappings/fhir/documents.ts';
import { proposedAppointment } from '../../../mappings/fhir/proposal.ts';
import type { Directory } from '../../domain/directory.ts';
import { type Instant, instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Bookings } from '../../engine/ports/front.ts';
import type { SlotDetails } from '../../engine/ports/store.ts';
import { isUuid } from '../values.ts';

/**
 * Proposed appointments are no rows. The id of one says which slot it is, and when that began when it was proposed: a slot
 * can be moved at its platform, and who was shown 09:00 must not be booked at 14:00 under the same id.
 */

const ID = /^p-([0-9a-f-]{36})-([0-9a-z]{1,10})$/;

export const proposalId = (slotId: string, start: Instant): string => `p-${slotId}-${start.toString(36)}`;

/** Null = it is no id of a proposed appointment. */
export function readProposalId(id: string): { readonly slotId: string; readonly start: Instant } | null {
  const [, slotId = '', start = ''] = ID.exec(id) ?? [];
  return isUuid(slotId) ? { slotId, start: instant(Number.parseInt(start, 36)) } : null;
}

/** The slot of a proposed appointment as it now is; null = it is not there any more, or not at that time. */
export async function proposedSlot(
  bookings: Pick<Bookings, 'find'>,
  proposal: NonNullable<ReturnType<typeof readProposalId>>,
): Promise<SlotDetails | null> {
  const slot = await bookings.find(proposal.slotId);
  return slot?.interval.start === proposal.start ? slot : null;
}

/** @returns a function that writes the JSON text of one; null = its schedule is not configured any more. */
export function proposalWriter(directory: Directory) {
  const contextOf = scheduleContexts(directory);
  return (
    slot: { readonly id: string; readonly scheduleId: string; readonly interval: Interval },
    period: Interval,
  ): string | null => {
    if (!directory.hasSchedule(slot.scheduleId)) return null;
    const id = proposalId(slot.id, slot.interval.start);
    const { interval } = slot;
    return JSON.stringify(
      proposedAppointment({ id, slotId: slot.id, interval }, contextOf(slot.scheduleId), period),
    );
  };
}
