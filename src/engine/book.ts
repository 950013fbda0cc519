import type { PatientDetails } from '../adapter/contract.ts';
import { isFault } from '../adapter/faults.ts';
import { markOf } from '../adapter/observation.ts';
import { instant } from '../domain/instant.ts';
import { busyFingerprint } from '../domain/listing.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { appointmentOf, findAppointment } from './appointments.ts';
import { commitAccepted, commitBooked } from './booked.ts';
import { tooLateSince, whyNotTakenOff } from './cancellable.ts';
import { reasonOf } from './circuit.ts';
import { type Claim, claimEvent, lookUp, newClaim, recordedOf, takeTime, undo } from './claim.ts';
import { bookOver } from './command.ts';
import type { Context } from './context.ts';
import { endBooking } from './end-booking.ts';
import { slotFailoverRefusal } from './failover.ts';
import { feedOf, readSoon } from './feeds.ts';
import { isReachable, refusalOf } from './gate.ts';
import { recordFault } from './health.ts';
import { closeFirst } from './hold-first.ts';
import { whileOurs } from './lease.ts';
import type { IdentifierWrite } from './ports/appointments.ts';
import type { BookOutcome, CancelOutcome, Reader } from './ports/front.ts';
import type { Recorded, SlotDetails } from './ports/store.ts';
import { deliveryFindsOut, followed, holdLookedAt, STILL_HELD, writtenLater } from './reasons.ts';
import { type Held, keepHold, takeHold } from './take-hold.ts';
import { whoComes } from './who-comes.ts';

/**
 * A booking through our own API: claim the time in the database, book at the home platform, then `booked` to the caller
 * and the time closed everywhere else. If home refuses, the claim is undone.
 */

type Booking = Claim & {
  readonly patient: PatientDetails | null;
  /** What it is made of, if it was held. */
  readonly held: Held | null;
};

export type BookCommand = {
  readonly slot: SlotDetails;
  readonly patient: PatientDetails | null;
  /** One who is kept, whose details these are; left out = what they say, says who it is. */
  readonly patientId?: string;
  readonly comment: string | null;
  /** Left out = none. */
  readonly identifiers?: readonly IdentifierWrite[];
  /** The appointment of a hold that this is to become; it is booked under that id. Null = it was not held. */
  readonly holdId: string | null;
};

export async function book(context: Context, reader: Reader, command: BookCommand): Promise<BookOutcome> {
  const { slot } = command;
  if (command.holdId === null && slot.status !== 'free') return { outcome: 'taken' };
  const refusal = refusalOf(context, slot);
  if (refusal) return refusal;
  const claimed = await claim(context, command);
  if (claimed === 'taken') return { outcome: 'taken' };
  if (claimed === 'unsettled') {
    return { outcome: 'unavailable', reason: followed(holdLookedAt(slot.connectionId), STILL_HELD) };
  }
  const booking = await closeFirst(context, claimed);
  if (!booking) {
    await undo(context, claimed);
    return { outcome: 'taken' };
  }
  if (!isReachable(context, slot)) return accept(context, reader, booking, writtenLater(slot.connectionId));
  return place(context, reader, booking);
}

async function claim(context: Context, command: BookCommand): Promise<Booking | 'taken' | 'unsettled'> {
  const { slot, patient, comment, identifiers = [], holdId } = command;
  const who = whoComes(context, patient, command.patientId);
  if (holdId !== null) {
    const taken = await takeHold(context, slot, holdId, { who, comment, identifiers });
    return typeof taken === 'string' ? taken : { ...taken, patient };
  }
  const claimed = newClaim(context, slot, {
    busy: { kind: 'appointment', originId: slot.connectionId, expiresAt: null },
    listing: { kind: 'booking', desired: busyFingerprint('appointment', slot.interval) },
    comment,
    identifiers,
  });
  return (await takeTime(context, claimed, who)) ? { ...claimed, patient, held: null } : 'taken';
}

async function place(context: Context, reader: Reader, booking: Booking): Promise<BookOutcome> {
  const { slot, busy, listing, patient } = booking;
  const { operations } = context.platforms.get(slot.connectionId).platform;
  try {
    const command = { calendar: slot.calendar, mark: markOf(busy.id), interval: slot.interval };
    const written = await whileOurs(context, new Set([listing]), () =>
      bookOver(operations, { ...command, slot: slot.externalId, patient }, listing),
    );
    if (written?.outcome === 'done') return confirm(context, reader, booking, recordedOf(listing, written));
    await undo(context, booking);
    await readSoon(context, [feedOf(context, slot)]);
    return { outcome: 'taken' };
  } catch (error) {
    context.onError(`booking at ${slot.connectionId}: ${reasonOf(error)}`, error);
    const state = await context.store.connectionState(slot.connectionId);
    if (isFault(error)) await recordFault(context, state, error);
    return afterFault(context, reader, booking, error);
  }
}

async function afterFault(
  context: Context,
  reader: Reader,
  booking: Booking,
  error: unknown,
): Promise<BookOutcome> {
  const { slot, listing, busy } = booking;
  const isUnsure = !isFault(error) || error.kind === 'unsure';
  if (isUnsure) {
    // Half of a booking, such as a hold, is none.
    const found = await lookUp(context, booking, 'appointment');
    if (found) return confirm(context, reader, booking, recordedOf(listing, found));
    const reason = deliveryFindsOut(slot.connectionId);
    return { outcome: 'pending', appointment: await appointmentOf(reader, booking.busy.id), reason };
  }
  // Where this fault is the first of an outage, that began with this very call.
  const refusal = slotFailoverRefusal(context, slot, slot.failingSince ?? busy.changedAt);
  if (refusal === null) {
    return accept(context, reader, booking, writtenLater(slot.connectionId));
  }
  const { held } = booking;
  if (held && (await keepHold(context, { ...booking, held })))
    return { outcome: 'unavailable', reason: followed(refusal, STILL_HELD) };
  await undo(context, booking);
  return { outcome: 'unavailable', reason: refusal };
}

async function confirm(
  context: Context,
  reader: Reader,
  booking: Booking,
  recorded: Recorded,
): Promise<BookOutcome> {
  const { busy, slot } = booking;
  const at = context.environment.clock.now();
  const event = claimEvent(busy, slot, 'appointment.booked', at);
  const confirmed = await commitBooked(context, booking, recorded, event);
  for (const { connectionId } of context.directory.calendarsOf(busy.actorId)) {
    // Home has it; what is to be done is elsewhere.
    if (connectionId !== slot.connectionId) context.queue.wake({ kind: 'deliver', connectionId });
  }
  if (!confirmed) {
    await context.store.releaseListing(booking.listing);
    context.queue.wake({ kind: 'deliver', connectionId: slot.connectionId });
    const appointment = await appointmentOf(reader, busy.id);
    // An observation was faster, and has said and done the same, or it was cancelled at home as soon as it was made.
    return appointment.status === 'cancelled' ? { outcome: 'taken' } : { outcome: 'booked', appointment };
  }
  context.onEvent(event);
  const { scheduleId, interval } = busy;
  const { document } = booking;
  const identifiers = booking.identifiers.map(({ system, value }) => ({ system, value }));
  const written = {
    id: busy.id,
    scheduleId,
    slotId: slot.id,
    startMs: interval.start,
    document,
    identifiers,
  };
  return {
    outcome: 'booked',
    appointment: {
      ...written,
      status: 'booked',
      version: confirmed.version,
      updatedMs: at,
      heldUntilMs: null,
      patientId: confirmed.patientId,
    },
  };
}

/** Home is down and the policy says that its word is not waited for. */
async function accept(
  context: Context,
  reader: Reader,
  booking: Booking,
  reason: Bilingual,
): Promise<BookOutcome> {
  const { busy, slot, listing, held } = booking;
  const event = claimEvent(busy, slot, 'appointment.accepted', context.environment.clock.now());
  await commitAccepted(context, busy, { ...listing, unsure: held?.listing?.unsure ?? false }, event);
  context.onEvent(event);
  for (const { connectionId } of context.directory.calendarsOf(busy.actorId)) {
    context.queue.wake({ kind: 'deliver', connectionId });
  }
  return { outcome: 'pending', appointment: await appointmentOf(reader, busy.id), reason };
}

/** The time is free again at once; the home platform learns of it as soon as it can be reached. */
export async function cancel(
  context: Context,
  reader: Reader,
  appointmentId: string,
): Promise<CancelOutcome> {
  const found = await findAppointment(reader, appointmentId);
  if (!found) return { outcome: 'unknown-appointment' };
  if (found.status === 'cancelled') return { outcome: 'cancelled', appointment: found };
  const { scheduleId, status, startMs } = found;
  const { directory, environment } = context;
  const until = tooLateSince(
    directory,
    { scheduleId, status, start: instant(startMs) },
    environment.clock.now(),
  );
  if (until !== null) return { outcome: 'too-late', until };
  const listings = await context.store.transaction((transaction) =>
    transaction.listingsBySubject([appointmentId]),
  );
  const reason = whyNotTakenOff(context, listings);
  if (reason !== null) return { outcome: 'not-cancellable', reason };
  await endBooking(context, appointmentId, 'appointment.cancelled');
  const after = await findAppointment(reader, appointmentId);
  return after ? { outcome: 'cancelled', appointment: after } : { outcome: 'unknown-appointment' };
}
