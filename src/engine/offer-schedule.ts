import { FOREVER } from '../domain/instant.ts';
import { ON_OFFER } from '../domain/offering.ts';
import { actorOf } from '../domain/schedule.ts';
import { publish, type Written } from './commit.ts';
import type { Context } from './context.ts';
import { alignSlots } from './offers.ts';
import type { EngineEvent } from './ports/events.ts';
import type { ScheduleChange, ScheduleOutcome, ScheduleState } from './ports/offerings.ts';
import { NOTHING, type Transaction } from './ports/store.ts';
import { NO_SLOTS } from './slots.ts';

/**
 * A schedule is taken off offer, put back, or offered for a while only. Its slots stay where they are, on any platform:
 * what is not on offer is withheld there (withhold.ts). What is booked stays booked.
 */
export async function offerSchedule(context: Context, change: ScheduleChange): Promise<ScheduleOutcome> {
  const { directory, store } = context;
  const { scheduleId, ifVersion } = change;
  if (!directory.hasSchedule(scheduleId)) return { outcome: 'unknown-schedule' };
  const done = await store.transaction(
    async (transaction): Promise<ScheduleOutcome & { readonly written?: Written }> => {
      await transaction.lockActors([actorOf(directory.schedule(scheduleId))]);
      const version = await transaction.scheduleVersion(scheduleId);
      if (ifVersion !== null && ifVersion !== version) return { outcome: 'version', version };
      const before = (await transaction.offeredSchedule(scheduleId)) ?? UNSAID;
      if (isSame(before, change)) return { outcome: 'done' };
      return { outcome: 'done', written: await write(transaction, context, change, version + 1) };
    },
  );
  const { written, ...outcome } = done;
  if (written) publish(context, written);
  return outcome;
}

const UNSAID: ScheduleState = { ...ON_OFFER, startText: null, endText: null, comment: null };

const isSame = (a: ScheduleState, b: ScheduleState): boolean =>
  a.active === b.active &&
  a.start === b.start &&
  a.end === b.end &&
  a.startText === b.startText &&
  a.endText === b.endText &&
  a.comment === b.comment;

async function write(
  transaction: Transaction,
  { directory, documents, environment }: Context,
  change: ScheduleChange,
  version: number,
): Promise<Written> {
  const { scheduleId, active, start, end } = change;
  const at = environment.clock.now();
  const document = documents.schedule(scheduleId, change);
  await transaction.writeOffering({ scheduleId, version }, change, document, at);
  const differing = await alignSlots(transaction, directory, {
    actorIds: [actorOf(directory.schedule(scheduleId))],
    window: { start: at, end: FOREVER },
    slots: NO_SLOTS,
    scheduleIds: [scheduleId],
    at,
  });
  const event: EngineEvent = {
    type: 'schedule.offered',
    at,
    connectionId: null,
    scheduleId,
    active,
    start,
    end,
  };
  await transaction.apply({ ...NOTHING, events: [event] }, at);
  return { events: [event], differing };
}
