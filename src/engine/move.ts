import { otherSide, type Side } from '../domain/conflict.ts';
import type { Listing } from '../domain/listing.ts';
import { actorOf, type Bilingual } from '../domain/schedule.ts';
import { appointmentOf, findAppointment } from './appointments.ts';
import { book } from './book.ts';
import { type Context, canMove } from './context.ts';
import { endBooking } from './end-booking.ts';
import { giveNewTime, isSameAgenda, type Standing, standing } from './new-time.ts';
import type {
  ConflictBooking,
  ConflictDetails,
  ConflictReader,
  MoveOrder,
  ResolveOutcome,
} from './ports/conflicts.ts';
import type { Reader } from './ports/front.ts';
import type { SlotDetails } from './ports/store.ts';
import {
  followed,
  HAS_BEGUN,
  isGone,
  moveByHand,
  movesOnItsOwn,
  moveUnknown,
  NOT_OFFERED,
  NOT_RELEASED,
  NOTHING_MOVED,
  OF_SOMEBODY_ELSE,
  patientUnknown,
  TAKEN_MEANWHILE,
  TOO_SHORT,
} from './reasons.ts';
import { slotBookableFrom } from './release.ts';
import { answered, carryOut } from './resolve.ts';
import { openPatient } from './who-comes.ts';

/**
 * One of two bookings in conflict is given another time. Where it stands at a platform, that one moves it, since it knows
 * who comes (new-time.ts). A booking that came through our own API and that its platform has not taken is booked anew,
 * with its patient, at the platform of the new slot, and only once that has confirmed it is the old one given up: what
 * dies in between leaves both, and the conflict open.
 */
export async function move(
  context: Context,
  reader: Reader & ConflictReader,
  id: string,
  order: MoveOrder,
): Promise<ResolveOutcome> {
  const conflict = await reader.conflict(id);
  if (!conflict) return { outcome: 'unknown-conflict' };
  const before = answered(conflict, order);
  if (before) return before;
  const slot = await context.store.slotDetails(order.slotId);
  if (!slot) return { outcome: 'unknown-slot' };
  const booking = conflict.bookings[order.side];
  const reason = whyUnfit(context, slot, conflict.actorId, booking);
  if (reason !== null) return { outcome: 'not-movable', reason };
  const home = await standing(context, booking.busyId);
  if (!home) return bookAnew(context, reader, conflict, order, slot);
  const unmoved = whyUnmoved(context, home, slot, order);
  if (unmoved !== null) return { outcome: 'not-movable', reason: unmoved };
  return moveThere(context, reader, conflict, order, { home, slot });
}

/** At the platform that has it. */
async function moveThere(
  context: Context,
  reader: Reader & ConflictReader,
  conflict: ConflictDetails,
  order: MoveOrder,
  { home, slot }: { readonly home: Standing; readonly slot: SlotDetails },
): Promise<ResolveOutcome> {
  const { connectionId } = slot;
  const { document } = await appointmentOf(reader, home.subjectId);
  const comment = context.documents.commentIn(document);
  const settles = { conflictId: conflict.id, order };
  const moved = await giveNewTime(context, { home, slot, comment, settles });
  switch (moved.outcome) {
    case 'done': {
      const after = (await reader.conflict(conflict.id)) ?? conflict;
      return answered(after, order) ?? { outcome: 'not-open', conflict: after };
    }
    case 'taken':
      return takenOr(reader, conflict, order);
    case 'refused':
      return { outcome: 'slot-taken', reason: moved.reason };
    case 'gone':
      return { outcome: 'not-movable', reason: isGone(connectionId) };
    case 'unavailable':
      return moved;
    case 'unknown':
      return { outcome: 'unavailable', reason: moveUnknown(connectionId) };
  }
}

/** Somebody has the new time: perhaps by the same order, given twice at once. */
async function takenOr(
  reader: ConflictReader,
  { id }: ConflictDetails,
  order: MoveOrder,
): Promise<ResolveOutcome> {
  const now = await reader.conflict(id);
  return (now && answered(now, order)) ?? { outcome: 'slot-taken', reason: TAKEN_MEANWHILE };
}

/** Null = the platform moves it there. */
function whyUnmoved(
  context: Context,
  home: Listing,
  slot: SlotDetails,
  { side }: MoveOrder,
): Bilingual | null {
  const { connectionId } = home;
  if (!canMove(context, connectionId)) {
    return moveByHand(connectionId);
  }
  if (isSameAgenda(home, slot)) return null;
  return movesOnItsOwn(connectionId, keepOther(side));
}

/** With the patient, whom no platform knows yet. */
async function bookAnew(
  context: Context,
  reader: Reader & ConflictReader,
  conflict: ConflictDetails,
  order: MoveOrder,
  slot: SlotDetails,
): Promise<ResolveOutcome> {
  const { side, slotId, by } = order;
  const { busyId, originId } = conflict.bookings[side];
  const patient = await context.store.sealedPatient(busyId);
  const details = patient && openPatient(context, patient);
  // One that cannot be opened is as unknown as one that is kept nowhere.
  if (!details || details === 'unreadable') {
    return { outcome: 'not-movable', reason: patientUnknown(originId, keepOther(side)) };
  }
  const before = await findAppointment(reader, busyId);
  const booked = await book(context, reader, {
    slot,
    patient: details,
    ...(before?.patientId ? { patientId: before.patientId } : {}),
    comment: before && context.documents.commentIn(before.document),
    holdId: null,
  });
  if (booked.outcome === 'taken') return takenOr(reader, conflict, order);
  if (booked.outcome === 'not-offered') return { outcome: 'not-movable', reason: NOT_OFFERED };
  if (booked.outcome === 'not-released') {
    return { outcome: 'not-movable', reason: NOT_RELEASED };
  }
  if (booked.outcome === 'not-bookable') return { outcome: 'not-movable', reason: booked.reason };
  if (booked.outcome === 'unavailable') return booked;
  const toBusyId = booked.appointment.id;
  if (booked.outcome === 'pending') {
    await endBooking(context, toBusyId, 'appointment.cancelled');
    return { outcome: 'unavailable', reason: followed(booked.reason, NOTHING_MOVED) };
  }
  const done = await carryOut(context, reader, conflict, { resolution: 'move', side, slotId, toBusyId, by });
  const isOurs =
    done.outcome === 'resolved' &&
    done.conflict.settlement?.resolution === 'move' &&
    done.conflict.settlement.toBusyId === toBusyId;
  if (!isOurs) await endBooking(context, toBusyId, 'appointment.cancelled');
  return done;
}

const keepOther = (side: Side): string => `keep-${otherSide(side)}`;

/** Null = the booking could go there. */
function whyUnfit(
  { directory, environment }: Context,
  slot: SlotDetails,
  actorId: string,
  booking: ConflictBooking,
): Bilingual | null {
  const { scheduleId, interval } = slot;
  if (!directory.hasSchedule(scheduleId) || actorOf(directory.schedule(scheduleId)) !== actorId)
    return OF_SOMEBODY_ELSE;
  const now = environment.clock.now();
  if (interval.start <= now) return HAS_BEGUN;
  if (!slot.isOffered) return NOT_OFFERED;
  if (slotBookableFrom(directory, slot, now) !== null) return NOT_RELEASED;
  const length = booking.interval.end - booking.interval.start;
  return interval.end - interval.start < length ? TOO_SHORT : null;
}
