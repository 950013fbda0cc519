import { type Instant, plus } from '../domain/instant.ts';
import { hull, type Interval } from '../domain/interval.ts';
import { actorOf } from '../domain/schedule.ts';
import { publish, take, type Written } from './commit.ts';
import type { Context } from './context.ts';
import { type Decision, decideOffering, type SlotWrites, type View } from './decide-offering.ts';
import type { EngineEvent } from './ports/events.ts';
import type { OfferingOutcome, SlotChange } from './ports/offerings.ts';
import { NOTHING, type Transaction } from './ports/store.ts';

/**
 * Slots of an agenda that is edited here. What a caller writes goes the way of what a platform shows: it is committed as
 * that agenda's word, and copies of it are published and withdrawn elsewhere by the same rules.
 */

export const changeSlots = (context: Context, changes: readonly SlotChange[]): Promise<OfferingOutcome> =>
  offer(context, changes, commit);

export const tryChanges = (context: Context, changes: readonly SlotChange[]): Promise<OfferingOutcome> =>
  offer(context, changes, async () => NONE);

const NONE: Written = { events: [], differing: [] };

type Commit = (
  transaction: Transaction,
  context: Context,
  writes: readonly SlotWrites[],
  at: Instant,
) => Promise<Written>;

async function offer(
  context: Context,
  changes: readonly SlotChange[],
  then: Commit,
): Promise<OfferingOutcome> {
  const place = await placeOf(context, changes);
  const at = context.environment.clock.now();
  const done = await context.store.transaction(async (transaction) => {
    const view = await viewOf(transaction, context, place, at);
    const decision = decideOffering(changes, view);
    if (decision.decision === 'refuse') return { decision, written: NONE };
    return { decision, written: await then(transaction, context, decision.writes, at) };
  });
  publish(context, done.written);
  return outcomeOf(done.decision);
}

function outcomeOf(decision: Decision): OfferingOutcome {
  if (decision.decision === 'write') return { outcome: 'done', slotIds: decision.slotIds };
  const { decision: _, ...refusal } = decision;
  return { outcome: 'refused', ...refusal };
}

/** Which schedules and which time are concerned. */
type Place = { readonly scheduleIds: readonly string[]; readonly window: Interval | null };

/** As far as it can be told before anything is locked: a slot that is moved meanwhile is refused as unknown. */
async function placeOf({ store, directory }: Context, changes: readonly SlotChange[]): Promise<Place> {
  const named = changes.flatMap((change) => (change.kind === 'publish' ? [] : [change.slotId]));
  const standing = await Promise.all(named.map((id) => store.slotDetails(id)));
  const places = [
    ...standing.filter((slot) => slot !== null),
    ...changes.flatMap((change) => (change.kind === 'withdraw' ? [] : [change])),
  ].filter(({ scheduleId }) => directory.hasSchedule(scheduleId));
  return {
    scheduleIds: [...new Set(places.map(({ scheduleId }) => scheduleId))],
    window: hull(places.map(({ interval }) => interval)),
  };
}

/** Locks the actors, and reads all that the decision depends on. */
async function viewOf(
  transaction: Transaction,
  context: Context,
  { scheduleIds, window }: Place,
  at: Instant,
): Promise<View> {
  const { directory, environment } = context;
  const actorIds = [...new Set(scheduleIds.map((id) => actorOf(directory.schedule(id))))];
  await transaction.lockActors(actorIds);
  return {
    directory,
    offers: window ? await transaction.offersOverlapping(scheduleIds, window) : [],
    live: window ? await transaction.busyOverlapping(actorIds, window) : [],
    at,
    newId: environment.ids.next,
  };
}

export async function commit(
  transaction: Transaction,
  context: Context,
  writes: readonly SlotWrites[],
  at: Instant,
): Promise<Written> {
  let all: Written = NONE;
  for (const each of writes) {
    const { connectionId } = each;
    // It is so from this commit on, so nothing that is known of it can be younger.
    const batch = { ...each, asOf: plus(at, 1), settledAt: null, isFirst: false, missing: null };
    const { changes, slots } = await take(transaction, context, batch, at);
    const figures = { published: slots.written.length, withdrawn: slots.removed.length };
    const event: EngineEvent = { type: 'agenda.written', at, connectionId, ...figures };
    await transaction.apply({ ...NOTHING, events: [event] }, at);
    all = {
      events: [...all.events, event, ...changes.events],
      differing: [...all.differing, ...changes.differing],
    };
  }
  return all;
}
