import type { BusyPeriod } from '../domain/busy.ts';
import type { Draft } from './draft.ts';
import type { EngineEvent } from './ports/events.ts';

/** A booking, or a hold, that we do not want any more, in a draft. Pure. */

/** Ends one of two that are in conflict; the other is to have its lane. */
export function giveUp(draft: Draft, busy: BusyPeriod, keptId: string): void {
  draft.tell(unwant(draft, busy, 'appointment.cancelled'));
  draft.end(busy.id, keptId);
}

/** The appointment is over, and is wanted at its platform no more. @returns what is to be told of it. */
export function unwant(
  draft: Draft,
  { id, kind, originId, scheduleId, interval }: BusyPeriod,
  type: 'appointment.cancelled' | 'appointment.refused',
): EngineEvent {
  draft.setAppointmentStatus(id, 'cancelled');
  for (const listing of draft.listingsOf(id)) {
    if (listing.home !== null) draft.putListing({ ...listing, desired: null });
  }
  const subject = { at: draft.at, connectionId: originId, busyId: id, scheduleId, interval };
  return kind === 'hold' ? { type: 'busy.ended', busyKind: kind, ...subject } : { type, ...subject };
}
