import { otherSide, type Side } from '../domain/conflict.ts';
import type { Listing } from '../domain/listing.ts';
import { actorOf } from '../domain/schedule.ts';
import { book } from './book.ts';
import { type Context, canMove } from './context.ts';
import { endBooking } from './end-booking.ts';
import type {
  ConflictBooking,
  ConflictDetails,
  ConflictReader,
  MoveOrder,
  ResolveOutcome,
} from './ports/conflicts.ts';
import type { Reader } from './ports/front.ts';
import type { SlotDetails } from './ports/store.ts';
import { slotBookableFrom } from './release.ts';
import { reschedule, type Standing } from './reschedule.ts';
import { answered, carryOut } from './resolve.ts';

/**
 * One of two bookings in conflict is given another time. Where it stands at a platform, that one moves it, since it knows
 * who comes (reschedule.ts). A booking that came through our own API and that its platform has not taken is booked anew,
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
  return reschedule(context, reader, { conflict, order, home, slot });
}

/** At the platform that has taken it and that is to honour it; null = none has, or it is being written there. */
async function standing({ store }: Context, busyId: string): Promise<Standing | null> {
  const listings = await store.transaction((transaction) => transaction.listingsBySubject([busyId]));
  for (const listing of listings) {
    const { kind, home, desired, known, unsure, externalId } = listing;
    const isSettled = kind === 'booking' && home === 'stands' && desired !== null && desired === known;
    if (isSettled && !unsure && externalId !== null) return { ...listing, externalId };
  }
  return null;
}

/** Null = the platform moves it there. */
function whyUnmoved(context: Context, home: Listing, slot: SlotDetails, { side }: MoveOrder): string | null {
  const { connectionId, calendar } = home;
  if (!canMove(context, connectionId)) {
    return `${connectionId} moves no bookings from outside: move it there by hand, and the conflict ends by itself once that is read`;
  }
  if (slot.connectionId === connectionId && slot.calendar === calendar) return null;
  return (
    `who comes is known to ${connectionId} only, and it moves the booking on its own agenda only: choose a slot of that; or ` +
    byHand(side)
  );
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
  if (!patient) {
    const reason = `who comes is known to ${originId ?? 'its platform'} only: ${byHand(side)}`;
    return { outcome: 'not-movable', reason };
  }
  const booked = await book(context, reader, {
    slot,
    patient: context.seal.open(patient),
    comment: null,
    holdId: null,
  });
  if (booked.outcome === 'taken') {
    // Perhaps by the same order, given twice at once.
    const now = await reader.conflict(conflict.id);
    return (
      (now && answered(now, order)) ?? {
        outcome: 'slot-taken',
        reason: 'it was taken meanwhile: choose another',
      }
    );
  }
  if (booked.outcome === 'not-released') {
    return { outcome: 'not-movable', reason: 'the slot may not be booked yet: see the proposals' };
  }
  if (booked.outcome === 'not-bookable') return { outcome: 'not-movable', reason: booked.reason };
  if (booked.outcome === 'unavailable') return booked;
  const toBusyId = booked.appointment.id;
  if (booked.outcome === 'pending') {
    await endBooking(context, toBusyId, 'appointment.cancelled');
    return { outcome: 'unavailable', reason: `${booked.reason}; so nothing was moved` };
  }
  const done = await carryOut(context, reader, conflict, { resolution: 'move', side, slotId, toBusyId, by });
  const isOurs =
    done.outcome === 'resolved' &&
    done.conflict.settlement?.resolution === 'move' &&
    done.conflict.settlement.toBusyId === toBusyId;
  if (!isOurs) await endBooking(context, toBusyId, 'appointment.cancelled');
  return done;
}

const byHand = (side: Side): string =>
  'ask the patient, book the new time for them (there, or by POST /fhir/Appointment), and then settle this as ' +
  `keep-${otherSide(side)}`;

/** Null = the booking could go there. */
function whyUnfit(
  { directory, environment }: Context,
  slot: SlotDetails,
  actorId: string,
  booking: ConflictBooking,
): string | null {
  const { scheduleId, interval } = slot;
  if (!directory.hasSchedule(scheduleId) || actorOf(directory.schedule(scheduleId)) !== actorId)
    return 'the slot is of somebody else: see the proposals of GET /api/conflicts/<id>';
  const now = environment.clock.now();
  if (interval.start <= now) return 'the slot has begun';
  if (slotBookableFrom(directory, slot, now) !== null)
    return 'the slot may not be booked yet: see the proposals';
  const length = booking.interval.end - booking.interval.start;
  return interval.end - interval.start < length ? 'the slot is too short for the booking' : null;
}
