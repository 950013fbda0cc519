import { isLocking } from '../domain/busy.ts';
import { type Interval, overlaps } from '../domain/interval.ts';
import { type PresentSlot, renew } from '../domain/renewal.ts';
import { actorOf, type Calendar } from '../domain/schedule.ts';
import { publish } from './commit.ts';
import type { Context } from './context.ts';
import { calendarHere, slotRow, whereElse } from './decide-offering.ts';
import { commit } from './offering.ts';
import type { AgendaSlot, GenerateCommand, GenerateOutcome } from './ports/offerings.ts';
import type { Transaction } from './ports/store.ts';

/**
 * The slots of a period of an agenda that is edited here, made anew from what is wanted of it. What is there is looked at
 * and changed in one transaction, so that nobody books meanwhile what is removed.
 */
export async function generateSlots(context: Context, command: GenerateCommand): Promise<GenerateOutcome> {
  const { directory, store, environment } = context;
  const { scheduleId } = command;
  if (!directory.hasSchedule(scheduleId)) return { outcome: 'unknown-schedule' };
  const calendar = calendarHere(directory, scheduleId);
  if (!calendar) return { outcome: 'elsewhere', reason: whereElse(directory, scheduleId) };
  const at = environment.clock.now();
  const { renewal, written } = await store.transaction(async (transaction) => {
    const actorId = actorOf(directory.schedule(scheduleId));
    await transaction.lockActors([actorId]);
    const present = await presentSlots(transaction, calendar, actorId, command.period);
    const { mode, period, wanted } = command;
    const renewal = renew({ mode, period, wanted, present, now: at });
    const writes = {
      connectionId: calendar.connectionId,
      rows: renewal.create.map((slot) => slotRow(slot, calendar, environment.ids.next(), at)),
      removed: renewal.remove.map(({ externalId }) => ({
        kind: 'slot' as const,
        externalId,
        sequence: null,
      })),
    };
    const isNothing = writes.rows.length === 0 && writes.removed.length === 0;
    return { renewal, written: await commit(transaction, context, isNothing ? [] : [writes], at) };
  });
  publish(context, written);
  return { outcome: 'done', renewal };
}

type Present = AgendaSlot & PresentSlot;

async function presentSlots(
  transaction: Transaction,
  calendar: Calendar,
  actorId: string,
  period: Interval,
): Promise<Present[]> {
  const slots = await transaction.agendaSlots(calendar, period);
  const live = await transaction.busyOverlapping([actorId], period);
  const taken = live.filter(({ kind }) => isLocking(kind)).map(({ interval }) => interval);
  return slots.map((slot) => ({ ...slot, isTaken: taken.some((each) => overlaps(each, slot.interval)) }));
}
