import { otherSide } from '../domain/conflict.ts';
import { actorOf } from '../domain/schedule.ts';
import { book } from './book.ts';
import type { Context } from './context.ts';
import { endBooking } from './end-booking.ts';
import type {
  ConflictBooking,
  ConflictDetails,
  ConflictReader,
  ResolveCommand,
  ResolveOutcome,
} from './ports/conflicts.ts';
import type { Reader } from './ports/front.ts';
import type { SlotDetails } from './ports/store.ts';
import { answered, carryOut } from './resolve.ts';

/**
 * One of two bookings in conflict is given another time: booked anew at the platform of the new slot, and only once that
 * has confirmed it is the old one given up. No platform moves a booking for us, and to book somebody one must know them:
 * that is so only of a booking that came through our own API and that its platform has not taken. What dies in between
 * leaves both, and the conflict open.
 */
export async function move(
  context: Context,
  reader: Reader & ConflictReader,
  id: string,
  command: Extract<ResolveCommand, { resolution: 'move' }>,
): Promise<ResolveOutcome> {
  const found = await reader.conflict(id);
  if (!found) return { outcome: 'unknown-conflict' };
  const before = answered(found, command);
  if (before) return before;
  const { side, slotId, by } = command;
  const booking = found.bookings[side];
  const patient = await context.store.sealedPatient(booking.busyId);
  if (!patient) return { outcome: 'not-movable', reason: whyUnknown(found, command) };
  const slot = await context.store.slotDetails(slotId);
  if (!slot) return { outcome: 'unknown-slot' };
  const reason = whyUnfit(context, slot, found.actorId, booking);
  if (reason !== null) return { outcome: 'not-movable', reason };
  const booked = await book(context, reader, {
    slot,
    patient: context.seal.open(patient),
    comment: null,
    holdId: null,
  });
  if (booked.outcome === 'taken') {
    // Perhaps by the same order, given twice at once.
    const now = await reader.conflict(id);
    return (now && answered(now, command)) ?? { outcome: 'slot-taken' };
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
  const done = await carryOut(context, reader, found, { resolution: 'move', side, slotId, toBusyId, by });
  const isOurs =
    done.outcome === 'resolved' &&
    done.conflict.settlement?.resolution === 'move' &&
    done.conflict.settlement.toBusyId === toBusyId;
  if (!isOurs) await endBooking(context, toBusyId, 'appointment.cancelled');
  return done;
}

const whyUnknown = (
  { bookings }: ConflictDetails,
  { side }: Extract<ResolveCommand, { resolution: 'move' }>,
): string =>
  `who comes is known to ${bookings[side].originId ?? 'its platform'} only: ask the patient, book the new time for them ` +
  `(there, or by POST /fhir/Appointment), and then settle this as keep-${otherSide(side)}`;

/** Null = the booking could go there. */
function whyUnfit(
  { directory, environment }: Context,
  { scheduleId, interval }: SlotDetails,
  actorId: string,
  booking: ConflictBooking,
): string | null {
  if (!directory.hasSchedule(scheduleId) || actorOf(directory.schedule(scheduleId)) !== actorId)
    return 'the slot is of somebody else: see the proposals of GET /api/conflicts/<id>';
  if (interval.start <= environment.clock.now()) return 'the slot has begun';
  const length = booking.interval.end - booking.interval.start;
  return interval.end - interval.start < length ? 'the slot is too short for the booking' : null;
}
