import type { BusyPeriod } from '../domain/busy.ts';
import type { Instant } from '../domain/instant.ts';
import { type Listing, type ListingKey, listingKey } from '../domain/listing.ts';
import type { Claim } from './claim.ts';
import { publish, situate, type Written, write } from './commit.ts';
import type { Context } from './context.ts';
import { Draft } from './draft.ts';
import { planBlocks, wantedBlocks } from './mirror.ts';
import type { Confirmed } from './ports/confirmation.ts';
import type { EngineEvent } from './ports/events.ts';
import { NOTHING, type Recorded, type Transaction } from './ports/store.ts';
import { NO_SLOTS } from './slots.ts';

/** What follows everywhere else once a booking through our own API stands. */

const NOTHING_WRITTEN: Written = { events: [], differing: [] };

/**
 * The home platform has it. One statement, where the time of a single lane is only to be blocked elsewhere; where slots
 * are published or lanes are counted, what follows depends on what else there is, and so it does where home was awaited
 * and something else may not have been closed there meanwhile: then it is planned in a transaction.
 * @param booking its listing as it stood while home was asked.
 * @returns null when the booking was ended, or an observation has confirmed it, meanwhile.
 */
export async function commitBooked(
  context: Context,
  { busy, listing }: Pick<Claim, 'busy' | 'listing'>,
  recorded: Recorded,
  event: EngineEvent,
): Promise<Confirmed | null> {
  const { store, directory } = context;
  const { at } = event;
  const confirmation = { key: listing, recorded, events: [event] };
  const publishes = directory.calendarsOf(busy.actorId).some((calendar) => calendar.topology === 'publish');
  if (listing.home === 'asked' && !publishes && directory.schedule(busy.scheduleId).capacity === 1) {
    const home = { connectionId: listing.connectionId, externalId: listing.calendar };
    const mirrors = wantedBlocks(busy, { directory, home, confirmed: true, at });
    return store.confirmBooking({ ...confirmation, mirrors }, at);
  }
  const { answer, written } = await store.transaction(async (transaction) => {
    await transaction.lockActors([busy.actorId]);
    const confirm = () => transaction.confirmBooking({ ...confirmation, mirrors: [] }, at);
    return landed(transaction, context, busy.id, confirm, at);
  });
  publish(context, written);
  return answer;
}

/**
 * Home is down and its word is not waited for: the booking stands, and is written to home when it returns.
 * @param listing how it stands there; `unsure` where something of it may.
 */
export async function commitAccepted(
  context: Context,
  busy: BusyPeriod,
  listing: Listing,
  event: EngineEvent,
): Promise<void> {
  const { at } = event;
  await context.store.transaction(async (transaction) => {
    await transaction.lockActors([busy.actorId]);
    const appointmentStatuses = [{ id: busy.id, status: 'booked' as const }];
    const listings = [{ ...listing, home: 'stands' as const }];
    await transaction.apply({ ...NOTHING, listings, appointmentStatuses, events: [event] }, at);
    await plan(transaction, context, busy.id, at);
  });
  // Its claim kept it from delivery while its answer was awaited; from here on it is for delivery.
  const { unsure } = listing;
  const failure = { nextAttemptAt: at, error: 'accepted while its platform was down', unsure };
  await context.store.recordFailure(listing, failure, at);
}

/** A booking that stood already is at its platform now. */
export async function commitLanded(
  context: Context,
  key: ListingKey,
  recorded: Recorded,
  at: Instant,
): Promise<void> {
  const { written } = await context.store.transaction(async (transaction) => {
    const [subject] = await transaction.busyByIds([key.subjectId]);
    if (subject) await transaction.lockActors([subject.actorId]);
    return landed(transaction, context, key.subjectId, () => transaction.recordKnown(key, recorded, at), at);
  });
  publish(context, written);
}

/**
 * What follows once it is at its platform: there, too, where until now it was awaited and what would have been in its
 * way was not closed. @param record writes that it is there, after the look at who was awaited.
 */
async function landed<Answer>(
  transaction: Transaction,
  context: Context,
  busyId: string,
  record: () => Promise<Answer>,
  at: Instant,
): Promise<{ readonly answer: Answer; readonly written: Written }> {
  const { directory } = context;
  const involved = { subjectIds: [busyId], actorIds: [], intervals: [] };
  const draft = new Draft(await situate(transaction, directory, involved), directory, at);
  const answer = await record();
  const busy = draft.live(busyId);
  if (!busy) return { answer, written: NOTHING_WRITTEN };
  for (const listing of await transaction.listingsBySubject([busyId])) draft.putListing(listing);
  draft.place(busy);
  planBlocks(draft, directory);
  return { answer, written: await write(transaction, context, draft, NO_SLOTS) };
}

/**
 * A hold of ours stands, and closes its time everywhere else.
 * @param recorded what the platform that offers the slot says of it; null = it is down, and is told when it returns.
 * @returns whether it stands: it may have ended meanwhile.
 */
export async function commitHeld(
  context: Context,
  { busy, listing }: { readonly busy: BusyPeriod; readonly listing: Listing },
  recorded: Recorded | null,
  event: EngineEvent,
): Promise<boolean> {
  const { directory, store } = context;
  const { at } = event;
  const written = await store.transaction(async (transaction) => {
    await transaction.lockActors([busy.actorId]);
    const rows = await transaction.listingsBySubject([busy.id]);
    const row = rows.find((each) => listingKey(each) === listingKey(listing)) ?? listing;
    // As the platform granted it, unless it was ended meanwhile.
    const desired = row.desired === null ? null : listing.desired;
    const now = { ...row, desired, ...recorded, home: 'stands' as const, unsure: false, knownAt: at };
    // What is in its way is looked for while it is awaited: that begins here where its platform is still to be told, and
    // ends here where the others were closed first.
    if (recorded === null) await transaction.apply({ ...NOTHING, listings: [now] }, at);
    const involved = { subjectIds: [busy.id], actorIds: [busy.actorId], intervals: [busy.interval] };
    const draft = new Draft(await situate(transaction, directory, involved), directory, at);
    draft.putListing(now);
    const held = draft.live(busy.id);
    if (held) {
      draft.place({ ...held, expiresAt: busy.expiresAt });
      draft.tell(event);
    }
    planBlocks(draft, directory);
    const done = await write(transaction, context, draft, NO_SLOTS);
    // Its claim kept it from delivery while its answer was awaited; from here on it is for delivery.
    await transaction.releaseListing(listing);
    return { ...done, stands: held !== null };
  });
  publish(context, written);
  return written.stands;
}

/** What is wanted elsewhere because of it. */
export async function plan(
  transaction: Transaction,
  context: Context,
  busyId: string,
  at: Instant,
): Promise<Written> {
  const { directory } = context;
  const situation = await situate(transaction, directory, {
    subjectIds: [busyId],
    actorIds: [],
    intervals: [],
  });
  const draft = new Draft(situation, directory, at);
  const busy = draft.live(busyId);
  if (!busy) return NOTHING_WRITTEN;
  draft.place(busy);
  planBlocks(draft, directory);
  return write(transaction, context, draft, NO_SLOTS);
}
