import { isFault } from '../adapter/faults.ts';
import { markOf } from '../adapter/observation.ts';
import { type Instant, plus } from '../domain/instant.ts';
import { busyFingerprint } from '../domain/listing.ts';
import { appointmentOf } from './appointments.ts';
import { commitHeld } from './booked.ts';
import { reasonOf } from './circuit.ts';
import { type Claim, claimEvent, lookUp, newClaim, recordedOf, takeTime, undo } from './claim.ts';
import type { Context } from './context.ts';
import { endBooking } from './end-booking.ts';
import { slotFailoverRefusal } from './failover.ts';
import { feedOf, readSoon } from './feeds.ts';
import { isReachable, refusalOf } from './gate.ts';
import { recordFault } from './health.ts';
import { closeFirst } from './hold-first.ts';
import { whileOurs } from './lease.ts';
import type { HoldOutcome, Reader } from './ports/front.ts';
import type { Recorded, SlotDetails } from './ports/store.ts';
import { answerLost } from './reasons.ts';
import { NOBODY } from './who-comes.ts';

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
  if (!(await takeTime(context, claim, NOBODY))) return { outcome: 'taken' };
  if (!(await closeFirst(context, claim))) {
    await undo(context, claim);
    return { outcome: 'taken' };
  }
  const placed = isReachable(context, slot) ? await place(context, claim, expiresAt) : 'down';
  if (placed === 'down') return stand(context, reader, claim, null, expiresAt);
  if (typeof placed !== 'string') {
    const granted = until(claim, placed.expiresAt);
    return stand(context, reader, granted, recordedOf(granted.listing, placed), placed.expiresAt);
  }
  if (placed === 'taken') return { outcome: 'taken' };
  const reason = slotFailoverRefusal(context, slot, slot.failingSince ?? claim.busy.changedAt);
  return { outcome: 'unavailable', reason: reason ?? answerLost(slot.connectionId) };
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

type Placed = Omit<Recorded, 'known'> & { readonly expiresAt: Instant };

/** As the platform granted it: nobody is promised more. */
const until = ({ busy, listing, ...claim }: Claim, expiresAt: Instant): Claim => ({
  ...claim,
  busy: { ...busy, expiresAt },
  listing:
    listing.kind === 'booking'
      ? { ...listing, desired: busyFingerprint('hold', busy.interval, expiresAt) }
      : listing,
});

/** `down`: nothing was done there, and that is accepted. What is `taken` or `unavailable` is given back already. */
async function place(
  context: Context,
  claim: Claim,
  expiresAt: Instant,
): Promise<Placed | 'taken' | 'unavailable' | 'down'> {
  const { slot, busy } = claim;
  const { operations } = context.platforms.get(slot.connectionId).platform;
  const command = { calendar: slot.calendar, mark: markOf(busy.id), interval: slot.interval };
  try {
    const written = await whileOurs(context, new Set([claim.listing]), async () =>
      operations.hold
        ? operations.hold({ ...command, slot: slot.externalId, expiresAt })
        : operations.block?.({ ...command, known: null }),
    );
    // A platform that can't even be blocked: the hold keeps the others away, and the lock whoever asks us.
    if (!written) return { externalId: null, revision: null, sequence: null, expiresAt };
    if (written.outcome === 'done') return { expiresAt, ...written };
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
    if (found) return { ...found, expiresAt: found.expiresAt ?? expiresAt };
    // Delivery finds out whether it landed, and takes it away if it did.
    await context.store.releaseListing(claim.listing);
    await endBooking(context, busy.id, 'appointment.refused');
    return 'unavailable';
  }
}
