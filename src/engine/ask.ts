import type { Asked } from '../adapter/contract.ts';
import { type Interval, sameInterval, subtract } from '../domain/interval.ts';
import { timeOf } from '../domain/listing.ts';
import { TASK_OPERATIONS, type TaskOperation } from '../domain/task.ts';
import { operationFor } from './command.ts';
import type { Context } from './context.ts';
import { announce } from './health.ts';
import type { DueListing } from './ports/store.ts';

/**
 * A write that a person is asked for: a task stands for the listing until that is as it is wanted, whoever brings that about,
 * or is wanted otherwise. Then there is another one, or none.
 */

/**
 * What is to be opened where a person opens it: they cannot tell what we closed twice.
 * @returns null where nothing is opened, or no person does it; none = all of it stays closed for something else.
 */
export async function timesToOpen(context: Context, listing: DueListing): Promise<Interval[] | null> {
  const { connectionId, desired, known, kind } = listing;
  if (desired !== null || known === null || !context.directory.asksPeople(connectionId)) return null;
  const stands = timeOf(known);
  if (kind !== 'block') return [stands];
  const at = context.environment.clock.now();
  return subtract(stands, await context.store.closedBeside(listing, stands, at));
}

/**
 * As it is to be worded: what moves is closed where it goes, and opened where it was, unless something else keeps that time
 * closed. Then it is only closed where it goes.
 */
export async function asWorded(context: Context, listing: DueListing): Promise<DueListing> {
  const { connectionId, desired, known, kind, interval } = listing;
  if (kind !== 'block' || desired === null || known === null) return listing;
  const stands = timeOf(known);
  if (!context.directory.asksPeople(connectionId) || sameInterval(stands, interval)) return listing;
  const at = context.environment.clock.now();
  const beside = await context.store.closedBeside(listing, stands, at);
  return beside.length === 0 ? listing : { ...listing, known: null };
}

/** While a patient whom a person found there has the time it is closed, and nothing of ours can stand. */
export const isLeftToPatient = async ({ directory, store }: Context, listing: DueListing): Promise<boolean> =>
  listing.desired !== null &&
  directory.asksPeople(listing.connectionId) &&
  (await store.isFoundTaken(listing));

export async function ask(context: Context, listing: DueListing, asked: Asked): Promise<void> {
  const { store, environment, queue } = context;
  const { connectionId, calendar, subjectId, scheduleId, desired, known } = listing;
  const at = environment.clock.now();
  const task = {
    id: environment.ids.next(),
    connectionId,
    calendar,
    subjectId,
    scheduleId,
    operation: askable(listing),
    interval: desired === null && known !== null ? timeOf(known) : listing.interval,
    desired,
    externalId: asked.externalId,
    text: asked.task,
    askedAt: at,
    dueAt: asked.dueAt,
  };
  if (await store.askTask(task)) {
    const { id: taskId, interval } = task;
    const named = { connectionId, taskId, subjectId, scheduleId, interval, by: null };
    return announce(context, { type: 'task.asked', at, ...named });
  }
  // Something else is wanted by now.
  await store.releaseListing(listing);
  queue.wake({ kind: 'deliver', connectionId });
}

/** @throws TypeError where an adapter asks for what no person is asked for. */
function askable(listing: DueListing): TaskOperation {
  const operation = operationFor(listing);
  const found = TASK_OPERATIONS.find((each) => each === operation);
  if (found === undefined) throw new TypeError(`a person was asked to ${operation}`);
  return found;
}
