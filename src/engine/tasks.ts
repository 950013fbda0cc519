import { DAY, type Instant, plus } from '../domain/instant.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { Context } from './context.ts';
import { listedEvent } from './deliver.ts';
import { takeWord } from './lists.ts';
import type { EngineEvent } from './ports/events.ts';
import type { LockedTask, TaskOutcome, Tasks } from './ports/tasks.ts';
import {
  beingRead,
  HAS_CHANGED_SINCE,
  NOT_TICKED,
  TAKEN_IS_CANCELLED,
  TICK_TOO_OLD,
  taskEnded,
} from './reasons.ts';

/** What a person says of what they were asked: it is made, it is not after all, or a patient has that time. */

/** After that others have built on it. */
const UNDO_MILLISECONDS = 1 * DAY;

export const createTasks = (context: Context): Tasks => ({
  list: (query) => context.store.tasks({ scheduleIds: null, ...query, now: context.environment.clock.now() }),
  find: (id) => context.store.task(id),
  done: (id, by) => end(context, id, by, 'done'),
  undo: (id, by) => undo(context, id, by),
  taken: (id, by) => taken(context, id, by),
});

/** Nothing is told of it before it is committed. */
type Told = { readonly outcome: TaskOutcome; readonly events: readonly EngineEvent[] };

async function end(context: Context, id: string, by: string, how: 'done' | 'taken'): Promise<TaskOutcome> {
  const at = context.environment.clock.now();
  const before = await context.store.task(id);
  const listing = before && (await context.store.listing(before));
  const told = await context.store.transaction(async (transaction): Promise<Told> => {
    const task = await transaction.lockTask(id);
    if (!task) return { outcome: { outcome: 'unknown-task' }, events: [] };
    if (task.ended)
      return { outcome: { outcome: 'refused', task, reason: taskEnded(task.ended) }, events: [] };
    await transaction.endTask(id, { how, at, by, known: task.listing.known });
    const recorded = { known: task.desired, externalId: task.externalId, revision: null, sequence: null };
    // What was to stand there does not, where a patient has the time: there would be nothing to take away again.
    if (how === 'taken' && task.desired !== null) await transaction.releaseTask(id);
    else await transaction.recordKnown(task, recorded, at);
    const stands =
      how === 'done' && listing && listing.desired === task.desired ? listedEvent(listing, at) : null;
    const events = [endedEvent(task, by, how, at), ...(stands ? [stands] : [])];
    await transaction.tell(events);
    const ended = { how, at, by };
    return { outcome: { outcome: 'changed', task: { ...task, ended } }, events };
  });
  return answer(context, told);
}

const endedEvent = (task: LockedTask, by: string, how: 'done' | 'taken', at: Instant): EngineEvent =>
  how === 'taken'
    ? { type: 'task.taken', at, ...named(task, by) }
    : { type: 'task.done', at, ...named(task, by), lateMilliseconds: Math.max(0, at - task.dueAt) };

async function undo(context: Context, id: string, by: string): Promise<TaskOutcome> {
  const at = context.environment.clock.now();
  const told = await context.store.transaction(async (transaction): Promise<Told> => {
    const task = await transaction.lockTask(id);
    if (!task) return { outcome: { outcome: 'unknown-task' }, events: [] };
    const reason = whyNotUndone(task, at);
    if (reason !== null) return { outcome: { outcome: 'refused', task, reason }, events: [] };
    await transaction.reopenTask(id, at);
    const events: EngineEvent[] = [{ type: 'task.undone', at, ...named(task, by) }];
    await transaction.tell(events);
    return { outcome: { outcome: 'changed', task: { ...task, ended: null } }, events };
  });
  return answer(context, told);
}

function whyNotUndone({ ended, listing, desired, interval }: LockedTask, at: Instant): Bilingual | null {
  if (ended?.how !== 'done') return NOT_TICKED;
  if (at > plus(ended.at, UNDO_MILLISECONDS) || interval.end <= at) return TICK_TOO_OLD;
  const isAsTicked =
    listing.taskId === null && !listing.unsure && listing.desired === desired && listing.known === desired;
  return isAsTicked ? null : HAS_CHANGED_SINCE;
}

/** First the booking, which may be the second one of that time; then the task, as it is no matter of closing it any more. */
async function taken(context: Context, id: string, by: string): Promise<TaskOutcome> {
  const task = await context.store.task(id);
  if (!task) return { outcome: 'unknown-task' };
  if (task.ended) return { outcome: 'refused', task, reason: taskEnded(task.ended) };
  if (task.operation === 'cancel') return { outcome: 'refused', task, reason: TAKEN_IS_CANCELLED };
  const { connectionId, calendar, interval } = task;
  const isKnown = await takeWord(context, connectionId, calendar, [{ calendar, interval, status: 'booked' }]);
  if (!isKnown) return { outcome: 'refused', task, reason: beingRead(connectionId) };
  const outcome = await end(context, id, by, 'taken');
  // That the time is taken may be why it is wanted no more.
  const isOver = outcome.outcome === 'refused' && outcome.task.ended?.by === null;
  return isOver ? { outcome: 'changed', task: outcome.task } : outcome;
}

const named = ({ id, connectionId, subjectId, scheduleId, interval }: LockedTask, by: string) => ({
  connectionId,
  taskId: id,
  subjectId,
  scheduleId,
  interval,
  by,
});

function answer({ onEvent }: Context, { outcome, events }: Told): TaskOutcome {
  for (const event of events) onEvent(event);
  return outcome;
}
