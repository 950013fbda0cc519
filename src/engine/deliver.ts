import type { Asked, Written } from '../adapter/contract.ts';
import { isFault } from '../adapter/faults.ts';
import { markOf } from '../adapter/observation.ts';
import { backoff } from '../domain/backoff.ts';
import { type Instant, MINUTE, plus, SECOND } from '../domain/instant.ts';
import { ask, asWorded, isLeftToPatient, timesToOpen } from './ask.ts';
import { commitLanded } from './booked.ts';
import { askedToWait, reasonOf } from './circuit.ts';
import { recordedOf } from './claim.ts';
import { operationFor, perform } from './command.ts';
import { commitBatch } from './commit.ts';
import type { Context } from './context.ts';
import { endBooking, endLive } from './end-booking.ts';
import { feedOf, readSoon } from './feeds.ts';
import { unwant } from './give-up.ts';
import { type Callable, callable, passOn, recordFault, recordSuccess } from './health.ts';
import { CLAIM_MILLISECONDS, whileOurs } from './lease.ts';
import type { EngineEvent } from './ports/events.ts';
import type { DueListing } from './ports/store.ts';
import { reinstate } from './reinstate.ts';
import { openPatient } from './who-comes.ts';

/**
 * Brings the listings of a connection from `known` to `desired`. Level-triggered: it looks for those that differ at the
 * moment that it runs, so a lost or doubled wake costs nothing.
 */

const BATCH = 64;
const RETRY_MIN_MILLISECONDS = 500;
/** Short, since the circuit spares a platform that is down, and what is soonest must not wait when it is back. */
const RETRY_MAX_MILLISECONDS = 30 * SECOND;
/** A promised booking whose time is taken at home: whoever has it may give it back at any time. */
const PROMISED_MILLISECONDS = 5 * MINUTE;
/** A platform that refuses a cancellation so often means it: it is not our copy that is old. Outages do not count. */
const REFUSALS_MAX = 3;
/** What no call can bring about is looked at again from time to time: the platform or its adapter may change. */
const HOPELESS_MILLISECONDS = 60 * MINUTE;
/** A process may be about to learn of the key. */
const UNREADABLE_MILLISECONDS = 1 * MINUTE;
/** Somebody at the clinic said so; they cannot be asked for it while that patient has the time. */
const FOUND_TAKEN_MILLISECONDS = 1 * MINUTE;
const FOUND_TAKEN = 'a patient has that time there, as a person found';
const UNREADABLE = 'who comes cannot be opened: its key is not here, or it was changed in the database';

export async function deliver(context: Context, connectionId: string, signal: AbortSignal): Promise<void> {
  let state = await callable(context, connectionId);
  let limit = BATCH;
  while (state && !signal.aborted) {
    // A platform that failed is tried with one call, and gets more at once only as it answers.
    limit = state.failures > 0 ? 1 : Math.min(BATCH, 2 * limit);
    const due = await claim(context, connectionId, limit);
    if (due.length === 0) return passOn(context, state);
    state = await attemptAll(context, state, due);
  }
}

/** Only what is wanted of these subjects, now and once; nothing where no call may be made. */
export async function deliverOf(
  context: Context,
  connectionId: string,
  subjectIds: readonly string[],
): Promise<void> {
  const state = await callable(context, connectionId);
  if (!state) return;
  const due = await claim(context, connectionId, BATCH, subjectIds);
  if (due.length === 0) await passOn(context, state);
  else await attemptAll(context, state, due);
  // What was wanted of them meanwhile was left to us.
  context.queue.wake({ kind: 'deliver', connectionId });
}

function claim(
  context: Context,
  connectionId: string,
  limit: number,
  subjectIds?: readonly string[],
): Promise<DueListing[]> {
  const { manifest } = context.platforms.get(connectionId);
  const now = context.environment.clock.now();
  return context.store.claimListings(connectionId, {
    now,
    leaseUntil: plus(now, CLAIM_MILLISECONDS),
    limit,
    writeAhead: manifest.capabilities.idempotency !== 'key',
    ...(subjectIds ? { subjectIds } : {}),
  });
}

async function attemptAll(
  context: Context,
  state: Callable,
  due: readonly DueListing[],
): Promise<Callable | null> {
  const underWay = new Set(due);
  const results = await whileOurs(context, underWay, () =>
    Promise.all(
      due.map(async (listing) => {
        const result = await attempt(context, listing);
        underWay.delete(listing);
        return result;
      }),
    ),
  );
  const faults = results.flatMap((result) => (result.fault === null ? [] : [result.fault]));
  return settle(context, state, faults, results.length > faults.length);
}

async function settle(
  context: Context,
  state: Callable,
  faults: readonly unknown[],
  anySucceeded: boolean,
): Promise<Callable | null> {
  const after = anySucceeded ? await recordSuccess(context, state) : state;
  if (faults.length > 0) await recordFault(context, after, faults[0]);
  return callable(context, state.id);
}

type Attempt = { readonly fault: unknown };

async function attempt(context: Context, listing: DueListing): Promise<Attempt> {
  try {
    const looks = listing.unsure && !isRepeatable(listing) && !isKeyed(context, listing);
    const verified = looks ? await verify(context, listing) : listing;
    if (verified) await bring(context, verified);
    return { fault: null };
  } catch (error) {
    await recordAttempt(context, listing, error);
    // What is not the platform's fault, such as a database that does not answer, says nothing about the platform.
    return { fault: isFault(error) ? error : null };
  }
}

async function recordAttempt(context: Context, listing: DueListing, error: unknown): Promise<void> {
  const { clock, random } = context.environment;
  const asked = askedToWait(error);
  const wait = asked ?? backoff(listing.attempts - 1, random, RETRY_MIN_MILLISECONDS, RETRY_MAX_MILLISECONDS);
  const now = clock.now();
  const unsure = listing.unsure || (isFault(error) ? error.kind === 'unsure' : true);
  await context.store.recordFailure(
    listing,
    { nextAttemptAt: plus(now, wait), error: reasonOf(error), unsure },
    now,
  );
  context.queue.wake({ kind: 'deliver', connectionId: listing.connectionId }, wait);
  context.onError(`delivery to ${listing.connectionId}: ${reasonOf(error)}`, error);
}

/** To remove by id is safe to repeat: what is gone answers that it is. */
const isRepeatable = ({ desired, known, externalId }: DueListing): boolean =>
  desired === null && known !== null && externalId !== null;

/** The platform cannot be looked at, and knows our mark: what is written again is there once. */
function isKeyed({ platforms }: Context, { connectionId }: DueListing): boolean {
  const { manifest, platform } = platforms.get(connectionId);
  return manifest.capabilities.idempotency === 'key' && !platform.readBack;
}

/**
 * Looks at the platform for what a write with a lost answer left there. Returns the listing as it now stands if there
 * is still something to do, else null.
 */
async function verify(context: Context, listing: DueListing): Promise<DueListing | null> {
  const { platform } = context.platforms.get(listing.connectionId);
  if (!platform.readBack) {
    // Only a complete reading can tell, and it clears `unsure` when it does.
    const asked = context.environment.clock.now();
    const nextAttemptAt = plus(asked, CLAIM_MILLISECONDS);
    const error = 'its answer was lost, and is looked for by reading';
    await context.store.recordFailure(listing, { nextAttemptAt, error, unsure: true }, asked);
    await readSoon(context, [feedOf(context, listing)]);
    return null;
  }
  const found = await platform.readBack(listing.calendar, markOf(listing.subjectId));
  const now = context.environment.clock.now();
  if (found.length > 0) {
    // A read-back after the write is as fresh as a sight can be, whatever was known before.
    await commitBatch(context, {
      connectionId: listing.connectionId,
      asOf: plus(now, 1),
      settledAt: null,
      rows: found,
      removed: [],
      isFirst: false,
      missing: null,
    });
  }
  const after = await context.store.listing(listing);
  if (found.length > 0) {
    if (after && after.desired !== after.known) return after;
    await context.store.releaseListing(listing);
    return null;
  }
  // It is written at once, and until that is answered the row stays claimed and unsure, whoever dies meanwhile.
  if (after && after.desired !== null) return { ...after, known: null };
  const { externalId, revision, sequence } = listing;
  await context.store.recordKnown(listing, { known: null, externalId, revision, sequence }, now);
  return null;
}

async function bring(context: Context, listing: DueListing): Promise<void> {
  const isForgotten =
    listing.kind === 'booking' &&
    listing.busyKind !== 'hold' &&
    listing.appointmentStatus === 'pending' &&
    listing.desired !== null &&
    !(listing.unsure && isKeyed(context, listing));
  // Nobody was told that it is booked, and it did not land: the patient has no confirmation to be kept.
  if (isForgotten) {
    await context.store.releaseListing(listing);
    await endBooking(context, listing.subjectId, 'appointment.refused');
    return;
  }
  const { platform } = context.platforms.get(listing.connectionId);
  const isWanted = listing.kind === 'booking' && listing.desired !== null;
  const patient = isWanted && listing.sealedPatient ? openPatient(context, listing.sealedPatient) : null;
  if (patient === 'unreadable') return giveUp(context, listing, UNREADABLE, UNREADABLE_MILLISECONDS);
  const times = await timesToOpen(context, listing);
  if (times?.length === 0) return leaveClosed(context, listing);
  if (await isLeftToPatient(context, listing))
    return giveUp(context, listing, FOUND_TAKEN, FOUND_TAKEN_MILLISECONDS);
  const worded = await asWorded(context, listing);
  const written = await perform(platform.operations, worded, patient, times);
  if (written === null) return giveUp(context, listing, `this platform offers no ${operationFor(listing)}`);
  await record(context, listing, written);
}

/** Its time is to stay closed for something else of ours: there is nothing to be done, and it is not opened. */
function leaveClosed({ store, environment }: Context, listing: DueListing): Promise<void> {
  const { externalId, revision, sequence } = listing;
  return store.recordKnown(listing, { known: null, externalId, revision, sequence }, environment.clock.now());
}

async function giveUp(
  context: Context,
  listing: DueListing,
  error: string,
  waitMilliseconds = HOPELESS_MILLISECONDS,
): Promise<void> {
  const now = context.environment.clock.now();
  await context.store.recordFailure(
    listing,
    { nextAttemptAt: plus(now, waitMilliseconds), error, unsure: false },
    now,
  );
}

async function record(context: Context, listing: DueListing, written: Written | Asked): Promise<void> {
  const { store, environment, queue } = context;
  const now = environment.clock.now();
  if (written.outcome === 'done') {
    const recorded = recordedOf(listing, written);
    const isLanded = listing.kind === 'booking' && listing.desired !== null;
    if (isLanded) await commitLanded(context, listing, recorded, now);
    else await store.recordKnown(listing, recorded, now);
    await tell(context, listing, now);
    return;
  }
  if (written.outcome === 'asked') return ask(context, listing, written);
  if (written.outcome === 'gone') {
    await store.recordKnown(listing, { known: null, externalId: null, revision: null, sequence: null }, now);
    if (listing.desired !== null) queue.wake({ kind: 'deliver', connectionId: listing.connectionId });
    return;
  }
  await refused(context, listing, now);
}

/** `taken`: the platform's copy is not what we thought, so it is read before anything else is tried. */
async function refused(context: Context, listing: DueListing, now: Instant): Promise<void> {
  const { store, environment, queue } = context;
  await readSoon(context, [feedOf(context, listing)]);
  if (listing.kind === 'booking' && listing.desired !== null) {
    // It was promised while the platform was down. The platform's own booking is read and makes it a conflict, which
    // is for a person: no patient who was told «booked» is cancelled by a machine.
    if (listing.appointmentStatus !== 'pending') {
      const nextAttemptAt = plus(now, PROMISED_MILLISECONDS);
      return store.recordFailure(
        listing,
        { nextAttemptAt, error: 'taken at the platform', unsure: false },
        now,
      );
    }
    // The time is the platform's, so there is nothing there to take back.
    await store.recordKnown(listing, { known: null, externalId: null, revision: null, sequence: null }, now);
    // A hold may have become a booking meanwhile, which is tried for itself.
    await endLive(context, listing.subjectId, (draft, busy) =>
      busy.kind === listing.busyKind ? unwant(draft, busy, 'appointment.refused') : null,
    );
    return;
  }
  const isCancellation = listing.kind === 'booking' && listing.desired === null;
  if (isCancellation && listing.refusals + 1 >= REFUSALS_MAX && (await reinstate(context, listing)))
    return store.releaseListing(listing);
  const wait = backoff(
    listing.attempts - 1,
    environment.random,
    RETRY_MIN_MILLISECONDS,
    RETRY_MAX_MILLISECONDS,
  );
  const failure = {
    nextAttemptAt: plus(now, wait),
    error: 'taken or changed at the platform',
    unsure: false,
    refused: true,
  };
  await store.recordFailure(listing, failure, now);
  queue.wake({ kind: 'deliver', connectionId: listing.connectionId }, wait);
}

async function tell(context: Context, listing: DueListing, now: Instant): Promise<void> {
  const event = listedEvent(listing, now);
  if (event === null) return;
  await context.store.appendEvents([event]);
  context.onEvent(event);
}

/** What is told once a listing stands as it is wanted; null of a booking, which is told of otherwise. */
export function listedEvent(listing: DueListing, now: Instant): EngineEvent | null {
  const type = eventOf(listing);
  if (type === null) return null;
  return {
    type,
    at: now,
    connectionId: listing.connectionId,
    originId: listing.originId,
    busyKind: listing.busyKind,
    subjectId: listing.subjectId,
    scheduleId: listing.scheduleId,
    interval: listing.interval,
    lagMilliseconds: Math.max(0, now - (listing.changedAt ?? listing.since)),
  };
}

function eventOf({
  kind,
  busyKind,
  desired,
}: DueListing): Extract<EngineEvent, { lagMilliseconds: number }>['type'] | null {
  // A block that stands for no busy period stands for a slot.
  if (kind === 'block' && busyKind === null)
    return desired === null ? 'listing.restored' : 'listing.withheld';
  if (kind === 'block') return desired === null ? 'listing.reopened' : 'listing.closed';
  if (kind === 'offer') return desired === null ? 'listing.withdrawn' : 'listing.published';
  return null;
}
