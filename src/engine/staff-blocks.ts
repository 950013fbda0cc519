import type { BusyPeriod } from '../domain/busy.ts';
import { actorOf } from '../domain/schedule.ts';
import { publish, situate, write } from './commit.ts';
import type { Context } from './context.ts';
import { Draft } from './draft.ts';
import { endLive } from './end-booking.ts';
import { planBlocks } from './mirror.ts';
import { idOf, madeBefore } from './once.ts';
import type { CloseCommand, CloseOutcome, OpenOutcome } from './ports/desk.ts';
import { editedAt } from './reasons.ts';
import { NO_SLOTS } from './slots.ts';

/**
 * Time that people of the clinic close by themselves, whoever's schedule it is: a busy period that stands here and at no
 * platform, so it follows everywhere by the same rules as any other, and no reading of a platform says anything of it.
 * It stands outside of the lock: what is booked in it stays booked, and is told to whoever closes the time.
 */
export async function closeTime(context: Context, command: CloseCommand): Promise<CloseOutcome> {
  const { scheduleId, interval, reason } = command;
  const { directory, store, environment } = context;
  if (!directory.hasSchedule(scheduleId)) return { outcome: 'unknown-schedule' };
  const at = environment.clock.now();
  if (interval.end <= at) return { outcome: 'passed' };
  const actorId = actorOf(directory.schedule(scheduleId));
  const id = idOf(context, command);
  const done = await store.transaction(async (transaction) => {
    await transaction.lockActors([actorId]);
    const involved = { subjectIds: [], actorIds: [actorId], intervals: [interval] };
    const draft = new Draft(await situate(transaction, directory, involved), directory, at);
    const here = { originId: null, expiresAt: null, changedAt: at };
    const wanted = { id, actorId, scheduleId, kind: 'block' as const, interval, ...here };
    const before = await madeBefore(transaction, command, wanted);
    if (before) return { before, written: null, met: draft.beside(wanted) };
    const busy = draft.place(wanted);
    draft.tell(eventOf('busy.observed', busy, at));
    planBlocks(draft, directory);
    const written = await write(transaction, context, draft, NO_SLOTS);
    if (reason !== null) await transaction.giveReason(id, reason);
    return { before, written, met: draft.beside(busy) };
  });
  if (done.before === 'other') return { outcome: 'key-used' };
  if (done.written) publish(context, done.written);
  return {
    outcome: 'closed',
    id,
    meets: done.met
      .flatMap(({ id: met, kind, scheduleId: where, interval: time }) =>
        kind === 'block' ? [] : [{ id: met, kind, scheduleId: where, interval: time }],
      )
      .sort((a, b) => a.interval.start - b.interval.start),
  };
}

export async function openTime(context: Context, id: string): Promise<OpenOutcome> {
  const [found] = await context.store.transaction((transaction) => transaction.busyByIds([id]));
  if (found?.kind !== 'block') return { outcome: 'unknown' };
  if (found.originId !== null) return { outcome: 'elsewhere', reason: elsewhere(context, found.originId) };
  await endLive(context, id, (draft, busy) => eventOf('busy.ended', busy, draft.at));
  return { outcome: 'opened' };
}

const elsewhere = ({ directory }: Context, connectionId: string) =>
  editedAt(
    directory.entries.connections.find((each) => each.id === connectionId)?.title ?? {
      fr: connectionId,
      en: connectionId,
    },
  );

const eventOf = (
  type: 'busy.observed' | 'busy.ended',
  { id, kind, scheduleId, interval }: BusyPeriod,
  at: Draft['at'],
) => ({ type, at, connectionId: null, busyId: id, busyKind: kind, scheduleId, interval });
