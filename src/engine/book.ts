import type { PatientDetails, Written } from '../adapter/contract.ts';
import { isFault } from '../adapter/faults.ts';
import { markOf, type Observation } from '../adapter/observation.ts';
import type { BusyPeriod } from '../domain/busy.ts';
import { type Instant, instant, plus, SECOND } from '../domain/instant.ts';
import { busyFingerprint, type Listing } from '../domain/listing.ts';
import { actorOf, cancellableUntil } from '../domain/schedule.ts';
import { commitAccepted, commitBooked } from './booked.ts';
import { isOpen, reasonOf } from './circuit.ts';
import type { Context } from './context.ts';
import { endBooking } from './end-booking.ts';
import { slotFailoverRefusal } from './failover.ts';
import { feedOf, readSoon } from './feeds.ts';
import { recordFault } from './health.ts';
import type { EngineEvent } from './ports/events.ts';
import type { AppointmentRow, BookOutcome, CancelOutcome, Reader } from './ports/front.ts';
import type { Recorded, SlotDetails } from './ports/store.ts';
import { bookableFrom } from './release.ts';

/**
 * A booking through our own API: claim the time in the database, book at the home platform, then `booked` to the caller
 * and the time closed everywhere else. If home refuses, the claim is undone.
 */

/** While the answer of home is awaited; after that delivery looks there what became of it. */
const CLAIM_MILLISECONDS = 30 * SECOND;

type Booking = {
  readonly slot: SlotDetails;
  readonly busy: BusyPeriod;
  readonly listing: Listing;
  readonly patient: PatientDetails | null;
  readonly document: string;
};

export type BookCommand = {
  readonly slot: SlotDetails;
  readonly patient: PatientDetails | null;
  readonly comment: string | null;
};

export async function book(context: Context, reader: Reader, command: BookCommand): Promise<BookOutcome> {
  const { slot } = command;
  if (slot.status !== 'free') return { outcome: 'taken' };
  const from = bookableFrom(
    context.directory,
    slot.scheduleId,
    slot.interval.start,
    context.environment.clock.now(),
  );
  if (from !== null) return { outcome: 'not-released', from };
  const { platform } = context.platforms.get(slot.connectionId);
  if (!platform.operations.book) {
    return { outcome: 'not-bookable', reason: `${slot.connectionId} takes no bookings from outside` };
  }
  const isUp = !slot.paused && !isOpen(slot, context.environment.clock.now());
  const refusal = isUp ? null : slotFailoverRefusal(context, slot, slot.failingSince);
  if (refusal !== null) return { outcome: 'unavailable', reason: refusal };
  const booking = prepare(context, command);
  const claimed = await claim(context, booking);
  if (!claimed) return { outcome: 'taken' };
  if (!isUp) return accept(context, reader, booking, `${slot.connectionId} is written to when it returns`);
  return place(context, reader, booking);
}

function prepare(context: Context, { slot, patient, comment }: BookCommand): Booking {
  const { clock, ids } = context.environment;
  const now = clock.now();
  const busy: BusyPeriod = {
    id: ids.next(),
    actorId: actorOf(context.directory.schedule(slot.scheduleId)),
    scheduleId: slot.scheduleId,
    kind: 'appointment',
    interval: slot.interval,
    lane: null,
    originId: slot.connectionId,
    expiresAt: null,
    changedAt: now,
  };
  const listing: Listing = {
    connectionId: slot.connectionId,
    calendar: slot.calendar,
    subjectId: busy.id,
    kind: 'booking',
    scheduleId: slot.scheduleId,
    interval: slot.interval,
    desired: busyFingerprint('appointment', slot.interval),
    known: null,
    unsure: true,
    externalId: null,
    revision: null,
    sequence: null,
    knownAt: now,
  };
  const document = context.documents.appointment(busy, { slotId: slot.id, comment });
  return { slot, busy, listing, patient, document };
}

function claim(context: Context, { slot, busy, listing, patient, document }: Booking): Promise<boolean> {
  const at = busy.changedAt;
  return context.store.claimSlot(
    {
      slotId: slot.id,
      busy,
      capacity: context.directory.schedule(slot.scheduleId).capacity,
      appointment: {
        id: busy.id,
        scheduleId: slot.scheduleId,
        slotId: slot.id,
        // Until the platform, or the policy, says more: a process that dies now has told nobody that it is booked.
        status: 'pending',
        document,
        sealedPatient: patient && context.seal.close(patient),
      },
      listing,
      hiddenUntil: plus(at, CLAIM_MILLISECONDS),
      events: [eventOf(busy, 'appointment.claimed', at)],
    },
    at,
  );
}

async function place(context: Context, reader: Reader, booking: Booking): Promise<BookOutcome> {
  const { slot, busy, listing, patient } = booking;
  const { platform } = context.platforms.get(slot.connectionId);
  try {
    const written = await platform.operations.book?.({
      calendar: slot.calendar,
      mark: markOf(busy.id),
      interval: slot.interval,
      slot: slot.externalId,
      patient,
      hold: null,
    });
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
    const found = await lookUp(context, booking);
    if (found) {
      const { externalId, revision, sequence } = found;
      return confirm(context, reader, booking, { known: listing.desired, externalId, revision, sequence });
    }
    const reason = `the answer of ${slot.connectionId} was lost; delivery finds out whether it took the booking`;
    return { outcome: 'pending', appointment: await appointment(reader, booking), reason };
  }
  // Where this fault is the first of an outage, that began with this very call.
  const refusal = slotFailoverRefusal(context, slot, slot.failingSince ?? busy.changedAt);
  if (refusal === null) {
    return accept(context, reader, booking, `${slot.connectionId} is written to when it returns`);
  }
  await undo(context, booking);
  return { outcome: 'unavailable', reason: refusal };
}

async function lookUp(context: Context, { slot, busy }: Booking): Promise<Observation | null> {
  const { platform } = context.platforms.get(slot.connectionId);
  try {
    const found = (await platform.readBack?.(slot.calendar, markOf(busy.id))) ?? [];
    // Half of a booking, such as a hold, is none.
    return found.find((row) => row.kind === 'busy' && row.busyKind === 'appointment') ?? null;
  } catch {
    // It can't be read now; delivery will look again.
    return null;
  }
}

async function confirm(
  context: Context,
  reader: Reader,
  booking: Booking,
  recorded: Recorded,
): Promise<BookOutcome> {
  const { listing, busy, slot } = booking;
  const at = context.environment.clock.now();
  const event = eventOf(busy, 'appointment.booked', at);
  const home = { connectionId: slot.connectionId, externalId: slot.calendar };
  const confirmed = await commitBooked(context, busy, home, { key: listing, recorded, events: [event] }, at);
  for (const { connectionId } of context.directory.calendarsOf(busy.actorId)) {
    // Home has it; what is to be done is elsewhere.
    if (connectionId !== slot.connectionId) context.queue.wake({ kind: 'deliver', connectionId });
  }
  // An observation was faster, and has said and done the same.
  if (!confirmed) return { outcome: 'booked', appointment: await appointment(reader, booking) };
  context.onEvent(event);
  const { scheduleId, interval } = busy;
  const written = { id: busy.id, scheduleId, startMs: interval.start, document: booking.document };
  return {
    outcome: 'booked',
    appointment: { ...written, status: 'booked', version: confirmed.version, updatedMs: at },
  };
}

/** Home is down and the policy says that its word is not waited for. */
async function accept(
  context: Context,
  reader: Reader,
  booking: Booking,
  reason: string,
): Promise<BookOutcome> {
  const event = eventOf(booking.busy, 'appointment.accepted', context.environment.clock.now());
  await commitAccepted(context, booking.busy, booking.listing, event);
  context.onEvent(event);
  for (const { connectionId } of context.directory.calendarsOf(booking.busy.actorId)) {
    context.queue.wake({ kind: 'deliver', connectionId });
  }
  return { outcome: 'pending', appointment: await appointment(reader, booking), reason };
}

async function undo(context: Context, { listing, busy }: Booking): Promise<void> {
  const nothing = { known: null, externalId: null, revision: null, sequence: null };
  await context.store.recordKnown(listing, nothing, context.environment.clock.now());
  await endBooking(context, busy.id, 'appointment.refused');
}

async function appointment(reader: Reader, { busy }: Booking): Promise<AppointmentRow> {
  const found = await findAppointment(reader, busy.id);
  if (!found) throw new Error(`the appointment ${busy.id} was not written`);
  return found;
}

async function findAppointment(reader: Reader, id: string): Promise<AppointmentRow | null> {
  const [row] = await reader.searchAppointments({
    ids: [id],
    scheduleIds: null,
    statuses: null,
    start: { fromMs: null, beforeMs: null },
    after: null,
    limit: 1,
  });
  return row ?? null;
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
  const until = cancellableUntil(context.directory.policyOf(found.scheduleId), instant(found.startMs));
  if (context.environment.clock.now() >= until) return { outcome: 'too-late', until };
  const listings = await context.store.transaction((transaction) =>
    transaction.listingsBySubject([appointmentId]),
  );
  for (const { kind, connectionId } of listings) {
    if (kind === 'booking' && !context.platforms.get(connectionId).platform.operations.cancel) {
      return { outcome: 'not-cancellable', reason: `${connectionId} takes no cancellations from outside` };
    }
  }
  await endBooking(context, appointmentId, 'appointment.cancelled');
  const after = await findAppointment(reader, appointmentId);
  return after ? { outcome: 'cancelled', appointment: after } : { outcome: 'unknown-appointment' };
}

const recordedOf = (listing: Listing, written: Extract<Written, { outcome: 'done' }>): Recorded => ({
  known: listing.desired,
  externalId: written.externalId,
  revision: written.revision,
  sequence: written.sequence,
});

const eventOf = (
  busy: BusyPeriod,
  type: 'appointment.claimed' | 'appointment.booked' | 'appointment.accepted',
  at: Instant,
): EngineEvent => ({
  type,
  at,
  connectionId: busy.originId,
  busyId: busy.id,
  scheduleId: busy.scheduleId,
  interval: busy.interval,
});
