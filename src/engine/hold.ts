import { isFault } from '../adapter/faults.ts';
import { markOf } from '../adapter/observation.ts';
import type { BusyPeriod } from '../domain/busy.ts';
import { type Instant, plus } from '../domain/instant.ts';
import { sameInterval } from '../domain/interval.ts';
import { isFull } from '../domain/lanes.ts';
import { busyFingerprint, type Listing } from '../domain/listing.ts';
import { appointmentOf } from './appointments.ts';
import { commitHeld } from './booked.ts';
import { reasonOf } from './circuit.ts';
import {
  CLAIM_MILLISECONDS,
  type Claim,
  claimEvent,
  lookUp,
  newClaim,
  recordedOf,
  takeTime,
  undo,
} from './claim.ts';
import { situate, write } from './commit.ts';
import type { Context } from './context.ts';
import { Draft } from './draft.ts';
import { endBooking } from './end-booking.ts';
import { slotFailoverRefusal } from './failover.ts';
import { feedOf, readSoon } from './feeds.ts';
import { isReachable, refusalOf } from './gate.ts';
import { recordFault } from './health.ts';
import { closeFirst } from './hold-first.ts';
import { planBlocks } from './mirror.ts';
import type { HoldOutcome, Reader } from './ports/front.ts';
import type { Recorded, SlotDetails } from './ports/store.ts';
import { NO_SLOTS } from './slots.ts';

/**
 * Time that is kept for somebody who is still filling in the form, by our own API. It carries nobody's name. The platform
 * that offers the slot holds it if it can; where it can't, it is blocked there as it is everywhere else, so that a hold
 * that becomes a booking costs the mirrors no call.
 */

export type HoldCommand = { readonly slot: SlotDetails; readonly milliseconds: number };

export async function hold(
  context: Context,
  reader: Reader,
  { slot, milliseconds }: HoldCommand,
): Promise<HoldOutcome> {
  if (slot.status !== 'free') return { outcome: 'taken' };
  const refusal = refusalOf(context, slot);
  if (refusal) return refusal;
  const { operations } = context.platforms.get(slot.connectionId).platform;
  const expiresAt = plus(await context.store.now(), milliseconds);
  const { interval } = slot;
  const listing = operations.hold
    ? ({ kind: 'booking', desired: busyFingerprint('hold', interval, expiresAt) } as const)
    : ({ kind: 'block', desired: busyFingerprint('block', interval) } as const);
  const busy = { kind: 'hold', originId: null, expiresAt } as const;
  const claim = newClaim(context, slot, { busy, listing, comment: null });
  if (!(await takeTime(context, claim, null))) return { outcome: 'taken' };
  if (!(await closeFirst(context, claim))) {
    await undo(context, claim);
    return { outcome: 'taken' };
  }
  const placed = isReachable(context, slot) ? await place(context, claim, expiresAt) : 'down';
  if (typeof placed !== 'string') return stand(context, reader, claim, placed, expiresAt);
  if (placed === 'down') return stand(context, reader, claim, null, expiresAt);
  if (placed === 'taken') return { outcome: 'taken' };
  const reason = slotFailoverRefusal(context, slot, slot.failingSince ?? claim.busy.changedAt);
  return { outcome: 'unavailable', reason: reason ?? `the answer of ${slot.connectionId} was lost` };
}

/** @param recorded what the platform says of it; null = it is down, and is told when it returns. */
async function stand(
  context: Context,
  reader: Reader,
  claim: Claim,
  recorded: Recorded | null,
  expiresAt: Instant,
): Promise<HoldOutcome> {
  const { slot, busy } = claim;
  const at = context.environment.clock.now();
  const event = claimEvent(busy, slot, 'appointment.held', at);
  if (!(await commitHeld(context, claim, recorded, event))) return { outcome: 'taken' };
  return { outcome: 'held', appointment: await appointmentOf(reader, busy.id), expiresAt };
}

/** `down`: nothing was done there, and that is accepted. What is `taken` or `unavailable` is given back already. */
async function place(
  context: Context,
  claim: Claim,
  expiresAt: Instant,
): Promise<Recorded | 'taken' | 'unavailable' | 'down'> {
  const { slot, busy, listing } = claim;
  const { operations } = context.platforms.get(slot.connectionId).platform;
  const command = { calendar: slot.calendar, mark: markOf(busy.id), interval: slot.interval };
  try {
    const written = operations.hold
      ? await operations.hold({ ...command, slot: slot.externalId, expiresAt })
      : await operations.block?.({ ...command, known: null });
    // A platform that can't even be blocked: the hold keeps the others away, and the lock whoever asks us.
    if (!written) return recordedOf(listing, { externalId: null, revision: null, sequence: null });
    if (written.outcome === 'done') return recordedOf(listing, written);
    await undo(context, claim);
    await readSoon(context, [feedOf(context, slot)]);
    return 'taken';
  } catch (error) {
    context.onError(`hold at ${slot.connectionId}: ${reasonOf(error)}`, error);
    if (isFault(error))
      await recordFault(context, await context.store.connectionState(slot.connectionId), error);
    if (isFault(error) && error.kind !== 'unsure') {
      // Where this fault is the first of an outage, that began with this very call.
      if (slotFailoverRefusal(context, slot, slot.failingSince ?? busy.changedAt) === null) return 'down';
      await undo(context, claim);
      return 'unavailable';
    }
    const found = await lookUp(context, claim, operations.hold ? 'hold' : 'block');
    if (found) return recordedOf(listing, found);
    // Delivery finds out whether it landed, and takes it away if it did.
    await endBooking(context, busy.id, 'appointment.refused');
    return 'unavailable';
  }
}

/**
 * Makes an appointment of a hold, still to be booked at its platform. A hold that is over does as well, as long as nobody
 * else has its time. Null = somebody has, or it is being written to its platform this moment, or it is no hold.
 */
export async function takeHold(
  context: Context,
  slot: SlotDetails,
  holdId: string,
  wanted: { readonly sealedPatient: Uint8Array | null; readonly comment: string | null },
): Promise<Claim | null> {
  const { directory, store, environment } = context;
  const at = environment.clock.now();
  return store.transaction(async (transaction) => {
    const [subject] = await transaction.busyByIds([holdId]);
    if (!subject) return null;
    await transaction.lockActors([subject.actorId]);
    // As it is now that nobody else can change it.
    const [before] = await transaction.busyByIds([holdId]);
    if (before?.kind !== 'hold' || before.scheduleId !== slot.scheduleId) return null;
    if (!sameInterval(before.interval, slot.interval) || slot.interval.end <= at) return null;
    const situation = await situate(transaction, directory, {
      subjectIds: [holdId],
      actorIds: [before.actorId],
      intervals: [before.interval],
    });
    const others = situation.live.filter((busy) => busy.id !== holdId && busy.actorId === before.actorId);
    if (isFull(before.interval, directory.capacityOf(before.scheduleId), others)) return null;
    const row = situation.listings.find(
      (listing) =>
        listing.subjectId === holdId &&
        listing.connectionId === slot.connectionId &&
        listing.calendar === slot.calendar,
    );
    if (row && isUnsettled(row)) return null;
    const draft = new Draft(situation, directory, at);
    const busy: BusyPeriod = draft.place({
      ...before,
      kind: 'appointment',
      originId: slot.connectionId,
      expiresAt: null,
      changedAt: at,
    });
    const wasHeld = situation.live.some(({ id }) => id === holdId);
    const nothing = { known: null, externalId: null, revision: null, sequence: null };
    const listing: Listing = {
      connectionId: slot.connectionId,
      calendar: slot.calendar,
      subjectId: holdId,
      kind: 'booking',
      // What a hold that still stands has closed stays closed.
      home: wasHeld && row?.home === 'stands' ? 'stands' : 'asked',
      scheduleId: slot.scheduleId,
      interval: slot.interval,
      desired: busyFingerprint('appointment', slot.interval),
      // The hold, or the block in its place, for whoever books over it, or takes it away where nothing comes of that.
      ...(row ? recordedIn(row) : nothing),
      unsure: true,
      knownAt: at,
    };
    draft.putListing(listing);
    const document = context.documents.appointment(busy, { slotId: slot.id, comment: wanted.comment });
    draft.putAppointment({
      id: holdId,
      scheduleId: slot.scheduleId,
      slotId: slot.id,
      status: 'pending',
      document,
      sealedPatient: wanted.sealedPatient,
    });
    draft.tell(claimEvent(busy, slot, 'appointment.claimed', at));
    planBlocks(draft, directory);
    await write(transaction, context, draft, NO_SLOTS);
    await transaction.hideListing(listing, plus(at, CLAIM_MILLISECONDS));
    return { slot, busy, listing, document };
  });
}

const recordedIn = ({ known, externalId, revision, sequence }: Listing): Recorded => ({
  known,
  externalId,
  revision,
  sequence,
});

const isUnsettled = ({ unsure, desired, known }: Listing): boolean =>
  unsure || (desired !== null && desired !== known);
