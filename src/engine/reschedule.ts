import type { Written } from '../adapter/contract.ts';
import { isFault } from '../adapter/faults.ts';
import { markOf } from '../adapter/observation.ts';
import { MINUTE, plus, SECOND } from '../domain/instant.ts';
import { busyFingerprint, type Listing, listingKey } from '../domain/listing.ts';
import { reasonOf } from './circuit.ts';
import { type Claim, claimEvent, newClaim, recordedOf } from './claim.ts';
import { publish, situate, write } from './commit.ts';
import type { Context } from './context.ts';
import { Draft } from './draft.ts';
import { endBooking } from './end-booking.ts';
import { feedOf, readSoon } from './feeds.ts';
import { isReachable } from './gate.ts';
import { unwant } from './give-up.ts';
import { recordFault } from './health.ts';
import { closeFirst } from './hold-first.ts';
import { planBlocks } from './mirror.ts';
import { observe } from './observe.ts';
import type { ConflictDetails, ConflictReader, MoveOrder, ResolveOutcome } from './ports/conflicts.ts';
import type { Recorded, SlotDetails } from './ports/store.ts';
import {
  followed,
  gaveNoAnswer,
  isDown,
  isGone,
  moveUnknown,
  NOTHING_MOVED,
  refusedMove,
  TAKEN_MEANWHILE,
} from './reasons.ts';
import { answered } from './resolve.ts';
import { NO_SLOTS } from './slots.ts';

/**
 * One of two bookings in conflict is given another time by the platform that has it, which knows who comes. The new time is
 * taken by a hold of ours first; then the platform is asked; then the booking stands at its new time, the hold and the old
 * time end and the conflict is settled, in one transaction. Whatever dies in between, the hold ends by itself, and the
 * next reading shows where the booking is.
 */

/** Longer than any platform is waited for, with all that one move asks of it. */
const HOLD_MILLISECONDS = 2 * MINUTE;
/** After an answer that was lost: a reading may lag behind what it did. */
const LOOKS = 4;
const LOOK_AGAIN_MILLISECONDS = 1 * SECOND;

export type Rescheduling = {
  readonly conflict: ConflictDetails;
  readonly order: MoveOrder;
  /** How the booking stands at its platform. */
  readonly home: Standing;
  /** Of the same calendar. */
  readonly slot: SlotDetails;
};
export type Standing = Listing & { readonly externalId: string };

export async function reschedule(
  context: Context,
  reader: ConflictReader,
  rescheduling: Rescheduling,
): Promise<ResolveOutcome> {
  const { conflict, order, slot } = rescheduling;
  const { connectionId } = slot;
  if (!isReachable(context, slot))
    return { outcome: 'unavailable', reason: followed(isDown(connectionId), NOTHING_MOVED) };
  const claim = await takeTime(context, slot);
  if (!claim) {
    // Perhaps by the same order, given twice at once.
    const now = await reader.conflict(conflict.id);
    return (now && answered(now, order)) ?? TAKEN;
  }
  if (!(await closeFirst(context, claim))) {
    await giveBack(context, claim);
    return TAKEN;
  }
  try {
    const written = await ask(context, rescheduling);
    if (written.outcome === 'done') {
      return settle(context, reader, rescheduling, claim, recordedOf(wanted(slot), written));
    }
    await giveBack(context, claim);
    await readSoon(context, [feedOf(context, slot)]);
    return refusal(written, connectionId);
  } catch (error) {
    context.onError(`moving at ${connectionId}: ${reasonOf(error)}`, error);
    if (isFault(error)) await recordFault(context, await context.store.connectionState(connectionId), error);
    if (!isFault(error) || error.kind === 'unsure') return lookUp(context, reader, rescheduling, claim);
    await giveBack(context, claim);
    return { outcome: 'unavailable', reason: followed(gaveNoAnswer(connectionId), NOTHING_MOVED) };
  }
}

const TAKEN: ResolveOutcome = { outcome: 'slot-taken', reason: TAKEN_MEANWHILE };

const refusal = ({ outcome }: Written, connectionId: string): ResolveOutcome =>
  outcome === 'gone'
    ? { outcome: 'not-movable', reason: isGone(connectionId) }
    : { outcome: 'slot-taken', reason: refusedMove(connectionId) };

const giveBack = (context: Context, { busy }: Claim): Promise<boolean> =>
  endBooking(context, busy.id, 'appointment.refused');

/** Null = somebody has it. */
async function takeTime(context: Context, slot: SlotDetails): Promise<Claim | null> {
  const { directory, store, environment } = context;
  const at = environment.clock.now();
  const expiresAt = plus(at, HOLD_MILLISECONDS);
  const claim = newClaim(context, slot, {
    busy: { kind: 'hold', originId: null, expiresAt },
    // What it would look like there. It is never written: the platform gives the time to the booking itself.
    listing: { kind: 'booking', desired: busyFingerprint('hold', slot.interval, expiresAt) },
    comment: null,
  });
  const { busy } = claim;
  const listing: Listing = { ...claim.listing, unsure: false };
  const isTaken = await store.transaction(async (transaction) => {
    await transaction.lockActors([busy.actorId]);
    const offers = await transaction.offersOverlapping([slot.scheduleId], slot.interval);
    const offer = offers.find(({ slotId }) => slotId === slot.id);
    if (offer?.status !== 'free' || offer.withheld) return false;
    const involved = { subjectIds: [], actorIds: [busy.actorId], intervals: [busy.interval] };
    const draft = new Draft(await situate(transaction, directory, involved), directory, at);
    if (draft.place(busy).lane === null) return false;
    draft.putListing(listing);
    draft.tell(claimEvent(busy, slot, 'appointment.claimed', at));
    await transaction.apply(draft.changes(), at);
    await transaction.hideListing(listing, plus(expiresAt, MINUTE));
    return true;
  });
  return isTaken ? { ...claim, listing } : null;
}

/** @throws Fault as the platform's. */
async function ask(context: Context, { home, slot }: Rescheduling): Promise<Written> {
  const { operations } = context.platforms.get(home.connectionId).platform;
  const { calendar, externalId, revision } = home;
  const command = { calendar, mark: markOf(home.subjectId), known: { externalId, revision } };
  const written = await operations.move?.({ ...command, interval: slot.interval, slot: slot.externalId });
  if (!written) throw new Error('a move that its platform does not offer');
  return written;
}

const wanted = ({ interval }: SlotDetails) => ({ desired: busyFingerprint('appointment', interval) });

/** Nothing is repeated: where the booking stands is for the platform to say. The hold stays until that is known. */
async function lookUp(
  context: Context,
  reader: ConflictReader,
  rescheduling: Rescheduling,
  claim: Claim,
): Promise<ResolveOutcome> {
  const { slot, home } = rescheduling;
  const { store, environment } = context;
  const { signal } = new AbortController();
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await environment.clock.sleep(LOOK_AGAIN_MILLISECONDS);
    await observe(context, feedOf(context, slot), { force: true, signal });
    if ((await store.listing(home))?.known === wanted(slot).desired)
      return settle(context, reader, rescheduling, claim, null);
  }
  await readSoon(context, [feedOf(context, slot)]);
  return { outcome: 'unavailable', reason: moveUnknown(slot.connectionId) };
}

/** @param recorded what the platform answered; null = it was read. */
async function settle(
  context: Context,
  reader: ConflictReader,
  { conflict, order, home, slot }: Rescheduling,
  claim: Claim,
  recorded: Recorded | null,
): Promise<ResolveOutcome> {
  const { directory, store, environment } = context;
  const { id, actorId } = conflict;
  const written = await store.transaction(async (transaction) => {
    await transaction.lockActors([actorId]);
    const situation = await situate(transaction, directory, {
      subjectIds: [home.subjectId, claim.busy.id],
      actorIds: [],
      intervals: [slot.interval],
    });
    // A reading may have shown the new time before the answer came: then the two meet no more.
    const now = await transaction.conflictById(id);
    const others = situation.conflicts.filter((each) => each.id !== id);
    const conflicts = now ? [...others, now] : others;
    const draft = new Draft({ ...situation, conflicts }, directory, environment.clock.now());
    if (recorded) reset(context, draft, { home, slot }, recorded);
    const held = draft.live(claim.busy.id);
    if (held) {
      draft.tell(unwant(draft, held, 'appointment.cancelled'));
      draft.end(held.id, home.subjectId);
    }
    if (now && !now.settlement) {
      const { resolution, side, slotId, by } = order;
      const move = { side, slotId, toBusyId: home.subjectId };
      draft.conflicts.settle(id, { resolution, by, at: draft.at, ...move });
    }
    planBlocks(draft, directory);
    return write(transaction, context, draft, NO_SLOTS);
  });
  publish(context, written);
  const after = (await reader.conflict(id)) ?? conflict;
  return answered(after, order) ?? { outcome: 'not-open', conflict: after };
}

/** The booking stands at its new time, unless it was seen otherwise since it was asked for. */
function reset(
  context: Context,
  draft: Draft,
  { home, slot }: Pick<Rescheduling, 'home' | 'slot'>,
  recorded: Recorded,
): void {
  const listing = draft.listingsOf(home.subjectId).find((each) => listingKey(each) === listingKey(home));
  if (!listing || listing.known !== home.known) return;
  const { interval } = slot;
  const desired = listing.desired === null ? null : recorded.known;
  draft.putListing({ ...listing, ...recorded, interval, desired, unsure: false, knownAt: draft.at });
  const before = draft.live(home.subjectId);
  if (!before) return;
  const busy = draft.place({ ...before, interval, changedAt: draft.at });
  const { id, kind, originId, scheduleId } = busy;
  draft.putAppointment({
    id,
    scheduleId,
    slotId: slot.id,
    status: 'booked',
    document: context.documents.appointment(busy, { slotId: slot.id, comment: null }),
    sealedPatient: null,
  });
  draft.tell({
    type: 'busy.moved',
    at: draft.at,
    connectionId: originId,
    busyId: id,
    busyKind: kind,
    scheduleId,
    interval,
  });
}
