import { type Removal, subjectOf } from '../adapter/observation.ts';
import type { Absence, Gone } from '../domain/absence.ts';
import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import { hull, type Interval } from '../domain/interval.ts';
import type { Listing } from '../domain/listing.ts';
import { actorOf } from '../domain/schedule.ts';
import { absentOf, goneBusy, goneSlot, isOwn } from './absence.ts';
import type { Batch } from './batch.ts';
import { type Context, canCancel } from './context.ts';
import { type Draft, isInWay, type Situation } from './draft.ts';
import { merge } from './merge.ts';
import { alignSlots } from './offers.ts';
import { rivals } from './policy.ts';
import type { EngineEvent } from './ports/events.ts';
import type { Transaction } from './ports/store.ts';
import { writeShiftChanges } from './shifts.ts';
import { type SlotChanges, writeSlotChanges } from './slots.ts';
import { NO_SUPPLY_CHANGE, type SupplyChange } from './supply.ts';
import { isWaiting, sharesTime, surroundings } from './surroundings.ts';

/** One transaction: the state, what it makes us want of every platform, and the events. Then, and only then, news of it. */

export type Committed = {
  readonly slotsChanged: number;
  /** External ids of slots that were not known. */
  readonly slotsCreated: readonly string[];
  /** What was known, and was taken away. */
  readonly removed: readonly Gone[];
  /** So much is missing at once that none of it was taken for gone; null = nothing was held back. */
  readonly heldBack: Absence | null;
  /** A row was too old to decide: the same must be read again. */
  readonly lookAgain: boolean;
  /** The end of something was told whose beginning was not: that news may still be on its way. */
  readonly outOfOrder: boolean;
  /** A platform shows one time of an agenda as booked twice: the end of one may not have been heard. */
  readonly overbooked: boolean;
};

/** Rows of calendars that nobody linked are not ours: the caller has set them aside. */
export async function commitBatch(context: Context, batch: Batch): Promise<Committed> {
  const at = context.environment.clock.now();
  const actors = actorsOf(context, batch);
  const result = await context.store.transaction(async (transaction) => {
    await transaction.lockActors(actors);
    return take(transaction, context, batch, at);
  });
  publish(context, result.changes);
  return {
    slotsChanged: result.slots.written.length,
    slotsCreated: result.slots.created,
    removed: [...result.slots.removed.map(goneSlot), ...result.busyRemoved],
    heldBack: result.heldBack,
    lookAgain: result.lookAgain,
    outOfOrder: result.outOfOrder,
    overbooked: result.overbooked,
  };
}

/** What is done of it in the transaction. The actors must be locked. */
export async function take(transaction: Transaction, context: Context, batch: Batch, at: Instant) {
  const absent = await absentOf(transaction, batch);
  const slots = await writeSlotChanges(transaction, context, batch, absent.slots, at);
  const supply = await writeShiftChanges(transaction, context, batch, absent.shifts, at);
  const { draft, ...merged } = await mergeBusy(transaction, context, batch, absent.listings, at);
  const changes = await write(transaction, context, draft, slots, supply);
  return { changes, slots, heldBack: absent.heldBack, overbooked: draft.isOverbooked, ...merged };
}

export type Written = {
  readonly events: readonly EngineEvent[];
  /** What is to be delivered. */
  readonly differing: readonly Listing[];
};

/** Writes what a draft decided, then what follows for the slots. */
export async function write(
  transaction: Transaction,
  context: Context,
  draft: Draft,
  slots: SlotChanges,
  supply: SupplyChange = NO_SUPPLY_CHANGE,
): Promise<Written> {
  const decided = draft.changes();
  const changes = { ...decided, events: [...supply.events, ...decided.events] };
  await transaction.apply(changes, draft.at);
  const { actorIds, window } = draft.affected;
  const supplied = supply.scheduleIds.map((id) => actorOf(context.directory.schedule(id)));
  const followed = await alignSlots(transaction, context.directory, {
    actorIds: [...new Set([...actorIds, ...supplied])],
    window: hull([window, supply.window].filter((each) => each !== null)),
    slots,
    scheduleIds: supply.scheduleIds,
    at: draft.at,
  });
  const differing = [...changes.listings, ...followed].filter(
    ({ desired, known, unsure }) => unsure || desired !== known,
  );
  return { events: changes.events, differing };
}

/** After the commit: tells the listeners, and wakes delivery where something is to be done. */
export function publish(context: Context, { events, differing }: Written): void {
  for (const event of events) context.onEvent(event);
  for (const connectionId of new Set(differing.map((listing) => listing.connectionId)))
    context.queue.wake({ kind: 'deliver', connectionId });
}

const actorsOf = ({ directory }: Context, batch: Batch): string[] => {
  const named = new Set([
    ...[...batch.rows, ...(batch.shifts ?? [])].map(({ calendar }) => calendar),
    ...(batch.missing?.calendars ?? []),
  ]);
  // A removal does not say in which calendar it was.
  const calendars =
    batch.removed.length > 0
      ? directory.calendarsOn(batch.connectionId)
      : [...named].flatMap((externalId) => directory.calendar(batch.connectionId, externalId) ?? []);
  return [...new Set(calendars.map((calendar) => actorOf(directory.schedule(calendar.scheduleId))))];
};

async function mergeBusy(
  transaction: Transaction,
  context: Context,
  batch: Batch,
  absent: readonly Listing[],
  at: Instant,
) {
  const present = batch.rows.filter((row) => row.kind === 'busy' || subjectOf(row.mark) !== null);
  const direct = await directListings(transaction, batch, present);
  const removedIds = new Map(batch.removed.map((removal) => [removalKey(removal), removal.sequence]));
  const removed = direct.flatMap((listing) => {
    const sequence = listing.externalId === null ? undefined : removedIds.get(listingKey(listing));
    return sequence === undefined ? [] : [{ by: 'removal' as const, listing, sequence }];
  });
  const situation = await situate(transaction, context.directory, {
    subjectIds: [...direct, ...absent].map((listing) => listing.subjectId),
    actorIds: actorsOf(context, batch),
    intervals: present.map((row) => row.interval),
  });
  const merged = merge(
    {
      connectionId: batch.connectionId,
      asOf: batch.asOf,
      settledAt: batch.settledAt,
      present,
      absent: [...removed, ...absent.map((listing) => ({ by: 'reading' as const, listing }))],
    },
    situation,
    {
      directory: context.directory,
      documents: context.documents,
      at,
      mayCancel: (connectionId) => !batch.isFirst && canCancel(context, connectionId),
      readsBack: context.platforms.get(batch.connectionId).platform.readBack !== undefined,
    },
  );
  const ended = batch.removed.filter((removal) => removal.kind === 'busy').length;
  return {
    ...merged,
    outOfOrder: removed.filter(({ listing }) => listing.kind !== 'offer').length < ended,
    busyRemoved: removed.flatMap(({ listing }) => (isOwn(listing) ? [goneBusy(listing)] : [])),
  };
}

/** Reads all that a decision about these subjects and times depends on. The actors must be locked. */
export async function situate(
  transaction: Transaction,
  directory: Directory,
  involved: { subjectIds: readonly string[]; actorIds: readonly string[]; intervals: readonly Interval[] },
): Promise<Situation> {
  const subjectIds = [...new Set(involved.subjectIds)];
  const listings = subjectIds.length > 0 ? await transaction.listingsBySubject(subjectIds) : [];
  const subjects = subjectIds.length > 0 ? await transaction.busyByIds(subjectIds) : [];
  const window = hull([...involved.intervals, ...subjects.map((busy) => busy.interval)]);
  const actorIds = [...new Set([...involved.actorIds, ...subjects.map((busy) => busy.actorId)])];
  const load = (within: Interval) => transaction.busyOverlapping(actorIds, within);
  const nearby = window ? await surroundings(load, directory, window) : [];
  const around = hull(nearby.map((busy) => busy.interval));
  const scheduleIds = actorIds.flatMap((id) => directory.calendarsOf(id).map((each) => each.scheduleId));
  const awaited = around ? await transaction.listingsAwaited(scheduleIds, around) : [];
  // What is in the way of one that is awaited may lie outside of the window that this one reaches into.
  const live = around && awaited.length > 0 ? await surroundings(load, directory, around) : nearby;
  // A booking that waits outside of the lock may get a lane by this decision, and where an actor has several lanes one
  // booking closes or opens the time of another: where those stand matters too. So it does of whom a policy may cancel.
  const known = new Set(subjectIds);
  const shares = sharesTime(directory);
  const isRival = rivals(directory, involved.intervals);
  const concerned = live.filter(
    (busy) =>
      !known.has(busy.id) &&
      (isWaiting(busy) || shares(busy) || isRival(busy) || awaited.some((each) => isInWay(busy, each))),
  );
  const more =
    concerned.length > 0 ? await transaction.listingsBySubject(concerned.map((busy) => busy.id)) : [];
  // Of two that are in conflict one waits.
  const waiting = live.filter(isWaiting).map((busy) => busy.id);
  const conflicts = waiting.length > 0 ? await transaction.conflictsOf(waiting) : [];
  return { listings: [...awaited, ...listings, ...more], live, conflicts };
}

/** The listings of the rows themselves, by our mark or by the platform's id. */
async function directListings(
  transaction: Transaction,
  batch: Batch,
  present: Batch['rows'],
): Promise<Listing[]> {
  const marked = present.flatMap((row) => subjectOf(row.mark) ?? []);
  const external = [...present, ...batch.removed].map((row) => row.externalId);
  return [
    ...(marked.length > 0 ? await transaction.listingsBySubject(marked) : []),
    ...(external.length > 0 ? await transaction.listingsByExternalId(batch.connectionId, external) : []),
  ];
}

const removalKey = (removal: Removal): string => `${removal.kind}\n${removal.externalId}`;

const listingKey = (listing: Listing): string =>
  `${listing.kind === 'offer' ? 'slot' : 'busy'}\n${listing.externalId}`;
