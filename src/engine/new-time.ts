import type { Written } from '../adapter/contract.ts';
import { isFault } from '../adapter/faults.ts';
import { markOf } from '../adapter/observation.ts';
import { MINUTE, plus, SECOND } from '../domain/instant.ts';
import { busyFingerprint, type Fingerprint, type Listing, listingKey } from '../domain/listing.ts';
import type { Bilingual } from '../domain/schedule.ts';
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
import type { MoveOrder } from './ports/conflicts.ts';
import type { Recorded, SlotDetails } from './ports/store.ts';
import { followed, gaveNoAnswer, isDown, NOTHING_MOVED, refusedMove } from './reasons.ts';
import { NO_SLOTS } from './slots.ts';

/**
 * A booking is given another time by the platform that has it, which knows who comes: one of two in conflict (move.ts), or
 * any that somebody moves through our own API (reschedule.ts). The new time is taken by a hold of ours first; then the
 * platform is asked; then the booking stands at its new time, the hold and the old time end and the conflict is settled,
 * in one transaction. Whatever dies in between, the hold ends by itself, and the next reading shows where the booking is.
 */

/** Longer than any platform is waited for, with all that one move asks of it. */
const HOLD_MILLISECONDS = 2 * MINUTE;
/** After an answer that was lost: a reading may lag behind what it did. */
const LOOKS = 4;
const LOOK_AGAIN_MILLISECONDS = 1 * SECOND;

export type Rescheduling = {
  /** How the booking stands at its platform. */
  readonly home: Standing;
  /** Of the same calendar. */
  readonly slot: SlotDetails;
  /** That its appointment has, and keeps. */
  readonly comment: string | null;
  /** The conflict that is settled by it, and by whose order; null = it is moved for its own sake. */
  readonly settles: { readonly conflictId: string; readonly order: MoveOrder } | null;
};
export type Standing = Listing & { readonly externalId: string };

/** What became of it. In all but `done` and `unknown` the booking is where it was, and the new time is not ours. */
export type NewTime =
  | { readonly outcome: 'done' }
  /** Somebody has the new time. */
  | { readonly outcome: 'taken' }
  /** The platform does not have the booking any more. */
  | { readonly outcome: 'gone' }
  /** By the platform. */
  | { readonly outcome: 'refused'; readonly reason: Bilingual }
  /** The platform is not called at present, or did not answer and did nothing. */
  | { readonly outcome: 'unavailable'; readonly reason: Bilingual }
  /** The answer was lost, and the platform does not show the new time; the hold keeps it for now. */
  | { readonly outcome: 'unknown' };

/** At the platform that has taken it and that is to honour it; null = none has, or it is being written there. */
export async function standing({ store }: Context, busyId: string): Promise<Standing | null> {
  const listings = await store.transaction((transaction) => transaction.listingsBySubject([busyId]));
  for (const listing of listings) {
    const { kind, home, desired, known, unsure, externalId } = listing;
    const isSettled = kind === 'booking' && home === 'stands' && desired !== null && desired === known;
    if (isSettled && !unsure && externalId !== null) return { ...listing, externalId };
  }
  return null;
}

export const isSameAgenda = (home: Listing, { connectionId, calendar }: SlotDetails): boolean =>
  home.connectionId === connectionId && home.calendar === calendar;

export const isThere = (home: Listing, slot: SlotDetails): boolean =>
  isSameAgenda(home, slot) && home.known === wanted(slot);

/** How a booking in that slot looks at its platform. */
const wanted = ({ interval }: SlotDetails): Fingerprint => busyFingerprint('appointment', interval);

export async function giveNewTime(context: Context, rescheduling: Rescheduling): Promise<NewTime> {
  const { slot } = rescheduling;
  const { connectionId } = slot;
  if (!isReachable(context, slot)) return unavailable(isDown(connectionId));
  const claim = await takeTime(context, slot);
  if (!claim) return { outcome: 'taken' };
  if (!(await closeFirst(context, claim))) {
    await giveBack(context, claim);
    return { outcome: 'taken' };
  }
  try {
    const written = await ask(context, rescheduling);
    if (written.outcome === 'done') {
      await settle(context, rescheduling, claim, recordedOf({ desired: wanted(slot) }, written));
      return { outcome: 'done' };
    }
    await giveBack(context, claim);
    await readSoon(context, [feedOf(context, slot)]);
    if (written.outcome === 'gone') return { outcome: 'gone' };
    return { outcome: 'refused', reason: refusedMove(connectionId) };
  } catch (error) {
    context.onError(`moving at ${connectionId}: ${reasonOf(error)}`, error);
    if (isFault(error)) await recordFault(context, await context.store.connectionState(connectionId), error);
    if (!isFault(error) || error.kind === 'unsure') return lookUp(context, rescheduling, claim);
    await giveBack(context, claim);
    return unavailable(gaveNoAnswer(connectionId));
  }
}

const unavailable = (reason: Bilingual): NewTime => ({
  outcome: 'unavailable',
  reason: followed(reason, NOTHING_MOVED),
});

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
    await transaction.leaseListing(listing, plus(expiresAt, MINUTE));
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

/** Nothing is repeated: where the booking stands is for the platform to say. The hold stays until that is known. */
async function lookUp(context: Context, rescheduling: Rescheduling, claim: Claim): Promise<NewTime> {
  const { slot, home } = rescheduling;
  const { store, environment } = context;
  const { signal } = new AbortController();
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await environment.clock.sleep(LOOK_AGAIN_MILLISECONDS);
    await observe(context, feedOf(context, slot), { force: true, signal });
    if ((await store.listing(home))?.known !== wanted(slot)) continue;
    await settle(context, rescheduling, claim, null);
    return { outcome: 'done' };
  }
  await readSoon(context, [feedOf(context, slot)]);
  return { outcome: 'unknown' };
}

/** @param recorded what the platform answered; null = it was read. */
async function settle(
  context: Context,
  rescheduling: Rescheduling,
  { busy: hold }: Claim,
  recorded: Recorded | null,
): Promise<void> {
  const { directory, store, environment } = context;
  const { home, slot, settles } = rescheduling;
  const written = await store.transaction(async (transaction) => {
    await transaction.lockActors([hold.actorId]);
    const situation = await situate(transaction, directory, {
      subjectIds: [home.subjectId, hold.id],
      actorIds: [],
      intervals: [slot.interval],
    });
    // A reading may have shown the new time before the answer came: then the two meet no more.
    const conflict = settles && (await transaction.conflictById(settles.conflictId));
    const others = situation.conflicts.filter((each) => each.id !== conflict?.id);
    const conflicts = conflict ? [...others, conflict] : others;
    const draft = new Draft({ ...situation, conflicts }, directory, environment.clock.now());
    stand(context, draft, rescheduling, recorded);
    const held = draft.live(hold.id);
    if (held) {
      draft.tell(unwant(draft, held, 'appointment.cancelled'));
      draft.end(held.id, home.subjectId);
    }
    if (settles && conflict && !conflict.settlement) {
      const { resolution, side, slotId, by } = settles.order;
      const move = { side, slotId, toBusyId: home.subjectId };
      draft.conflicts.settle(conflict.id, { resolution, by, at: draft.at, ...move });
    }
    planBlocks(draft, directory);
    return write(transaction, context, draft, NO_SLOTS);
  });
  publish(context, written);
}

/** The booking at its new time, unless it was seen otherwise, or was cancelled, since that was asked for. */
function stand(
  context: Context,
  draft: Draft,
  { home, slot, comment, settles }: Rescheduling,
  recorded: Recorded | null,
): void {
  const listing = draft.listingsOf(home.subjectId).find((each) => listingKey(each) === listingKey(home));
  if (!listing) return;
  const { interval } = slot;
  const isNews = recorded !== null && listing.known === home.known;
  if (!isNews && listing.known !== wanted(slot)) return;
  if (isNews) {
    const desired = listing.desired === null ? null : recorded.known;
    draft.putListing({ ...listing, ...recorded, interval, desired, unsure: false, knownAt: draft.at });
  }
  const before = draft.live(home.subjectId);
  if (!before) return;
  const busy = isNews ? draft.place({ ...before, interval, changedAt: draft.at }) : before;
  const { id, kind, originId, scheduleId } = busy;
  draft.putAppointment({
    id,
    scheduleId,
    slotId: slot.id,
    status: 'booked',
    document: context.documents.appointment(busy, { slotId: slot.id, comment }),
    sealedPatient: null,
  });
  const told = { at: draft.at, connectionId: originId, busyId: id, scheduleId, interval };
  if (!settles) draft.tell({ type: 'appointment.moved', ...told });
  // A reading that was faster has told it.
  else if (isNews) draft.tell({ type: 'busy.moved', busyKind: kind, ...told });
}
