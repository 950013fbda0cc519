import type { Instant } from '../domain/instant.ts';
import { type Bilingual, cancellableUntil } from '../domain/schedule.ts';
import { appointmentOf, findAppointment } from './appointments.ts';
import { type Context, canMove } from './context.ts';
import { giveNewTime, isSameAgenda, isThere, type Standing, standing } from './new-time.ts';
import type { AppointmentRow, MoveOutcome, Reader } from './ports/front.ts';
import type { SlotDetails } from './ports/store.ts';
import {
  BEING_BOOKED,
  HAS_BEGUN,
  isNoMoreAt,
  movesNothing,
  movesWithin,
  NOT_BOOKED,
  newTimeUnknown,
  ONLY_HELD,
  STANDS_HERE,
  TOO_SHORT,
} from './reasons.ts';
import { slotBookableFrom } from './release.ts';

/**
 * A booked appointment is moved to another slot through our own API: by the platform that has it, under the same id
 * (new-time.ts). Who moves gives up the old time, so it can be done for as long as it could be cancelled.
 */
export async function reschedule(
  context: Context,
  reader: Reader,
  { appointmentId, slot }: { readonly appointmentId: string; readonly slot: SlotDetails },
): Promise<MoveOutcome> {
  const appointment = await findAppointment(reader, appointmentId);
  if (!appointment) return { outcome: 'unknown-appointment' };
  const reason = whyNotBooked(appointment);
  if (reason !== null) return { outcome: 'not-movable', reason };
  const home = await standing(context, appointmentId);
  if (!home) return { outcome: 'not-movable', reason: await whyNowhere(context, appointmentId) };
  if (isThere(home, slot)) return { outcome: 'moved', appointment };
  return refusalOf(context, home, slot) ?? carryOut(context, reader, appointment, home, slot);
}

/** It stands at no platform, or not yet. */
async function whyNowhere({ store }: Context, id: string): Promise<Bilingual> {
  const listings = await store.transaction((transaction) => transaction.listingsBySubject([id]));
  return listings.some(({ kind }) => kind === 'booking') ? BEING_BOOKED : STANDS_HERE;
}

/** Null = it is booked. */
function whyNotBooked({ status, heldUntilMs }: AppointmentRow): Bilingual | null {
  if (status === 'booked') return null;
  if (status !== 'pending') return NOT_BOOKED;
  return heldUntilMs === null ? BEING_BOOKED : ONLY_HELD;
}

/** Null = its platform can be asked to move it there. */
function refusalOf(context: Context, home: Standing, slot: SlotDetails): MoveOutcome | null {
  const { directory, environment } = context;
  const now = environment.clock.now();
  const until = cancellableUntil(directory.policyOf(home.scheduleId), home.interval.start);
  if (now >= until) return { outcome: 'too-late', until };
  const reason = whyUnmovable(context, home, slot, now);
  if (reason !== null) return { outcome: 'not-movable', reason };
  if (!slot.isOffered) return { outcome: 'not-offered' };
  const from = slotBookableFrom(directory, slot, now);
  if (from !== null) return { outcome: 'not-released', from };
  return slot.status === 'free' ? null : { outcome: 'taken' };
}

/** Null = nothing speaks against it but that the slot may not be free, or not yet. */
function whyUnmovable(context: Context, home: Standing, slot: SlotDetails, now: Instant): Bilingual | null {
  const { connectionId } = home;
  if (!canMove(context, connectionId)) return movesNothing(connectionId);
  if (!isSameAgenda(home, slot)) return movesWithin(connectionId);
  if (slot.interval.start <= now) return HAS_BEGUN;
  const length = home.interval.end - home.interval.start;
  return slot.interval.end - slot.interval.start < length ? TOO_SHORT : null;
}

async function carryOut(
  context: Context,
  reader: Reader,
  { id, document }: AppointmentRow,
  home: Standing,
  slot: SlotDetails,
): Promise<MoveOutcome> {
  const { connectionId } = slot;
  const comment = context.documents.commentIn(document);
  const moved = await giveNewTime(context, { home, slot, comment, settles: null });
  switch (moved.outcome) {
    case 'done':
      return asItStands(reader, id);
    case 'taken': {
      // Perhaps by the same request, sent twice at once.
      const now = await standing(context, id);
      return now && isThere(now, slot) ? asItStands(reader, id) : moved;
    }
    case 'refused':
    case 'unavailable':
      return moved;
    case 'gone':
      return { outcome: 'not-movable', reason: isNoMoreAt(connectionId) };
    case 'unknown':
      return { outcome: 'unknown', reason: newTimeUnknown(connectionId) };
  }
}

/** Somebody may have cancelled it while it was moved. */
async function asItStands(reader: Reader, id: string): Promise<MoveOutcome> {
  const appointment = await appointmentOf(reader, id);
  if (appointment.status === 'booked') return { outcome: 'moved', appointment };
  return { outcome: 'not-movable', reason: NOT_BOOKED };
}
