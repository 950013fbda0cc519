import { type BusyPeriod, slotStatus } from '../domain/busy.ts';
import type { Instant } from '../domain/instant.ts';
import { actorOf, type Bilingual } from '../domain/schedule.ts';
import { tooLateSince } from './cancellable.ts';
import { publish, situate, type Written, write } from './commit.ts';
import type { Context } from './context.ts';
import { Draft } from './draft.ts';
import { planBlocks } from './mirror.ts';
import { idOf, madeBefore } from './once.ts';
import type { AppointmentWrite } from './ports/appointments.ts';
import type {
  Override,
  PlaceCommand,
  PlaceOutcome,
  ReplaceCommand,
  ReplaceOutcome,
  Taken,
} from './ports/desk.ts';
import type { Transaction } from './ports/store.ts';
import { NOT_BOOKED, standsAt } from './reasons.ts';
import { NO_SLOTS } from './slots.ts';
import { whoComes } from './who-comes.ts';

/**
 * Appointments that people of the clinic make by no slot: in free time, inside of the lock as any other; or over time that is
 * taken or closed, knowingly. Such a one gets a lane only where there is one. Else it stands outside of the lock as a booking
 * in conflict does, and that conflict is settled as keep-both by whoever made it: nothing is freed for it, and nothing that
 * was accepted before is touched. No platform has it, so who comes is kept here or nowhere.
 */
export async function placeAppointment(context: Context, command: PlaceCommand): Promise<PlaceOutcome> {
  const { scheduleId, interval, patient, patientId, comment, override } = command;
  const { directory, documents, environment, keepsPatients } = context;
  if (!directory.hasSchedule(scheduleId)) return { outcome: 'unknown-schedule' };
  if (patient !== null && !keepsPatients) return { outcome: 'patients-not-kept' };
  const at = environment.clock.now();
  if (interval.end <= at) return { outcome: 'passed' };
  const actorId = actorOf(directory.schedule(scheduleId));
  const here = { originId: null, expiresAt: null, changedAt: at };
  const wanted = {
    id: idOf(context, command),
    actorId,
    scheduleId,
    kind: 'appointment' as const,
    interval,
    ...here,
  };
  const appointment: AppointmentWrite = {
    id: wanted.id,
    scheduleId,
    slotId: null,
    status: 'booked',
    document: documents.appointment({ ...wanted, lane: null }, { slotId: null, comment }),
    ...whoComes(context, patient, patientId),
    // There is no platform that is to be told.
    sealedPatient: null,
  };
  const result = await context.store.transaction(async (transaction) => {
    await transaction.lockActors([actorId]);
    const involved = { subjectIds: [], actorIds: [actorId], intervals: [interval] };
    const draft = new Draft(await situate(transaction, directory, involved), directory, at);
    const before = await madeBefore(transaction, command, wanted);
    if (before) return before === 'same' ? ({ outcome: 'same' } as const) : ({ outcome: 'other' } as const);
    const { by } = command;
    return put(transaction, context, draft, {
      wanted,
      appointment,
      override,
      by,
      event: 'appointment.booked',
    });
  });
  if (result.outcome === 'taken') return result;
  if (result.outcome === 'other') return { outcome: 'key-used' };
  if (result.outcome === 'put') publish(context, result.written);
  return { outcome: 'placed', id: wanted.id };
}

/** Gives one that stands here another time, under the same id. */
export async function replaceAppointment(
  context: Context,
  { id, interval, override, by }: ReplaceCommand,
): Promise<ReplaceOutcome> {
  const { directory, documents, environment } = context;
  const at = environment.clock.now();
  const result = await context.store.transaction(async (transaction) => {
    const [subject] = await transaction.busyByIds([id]);
    if (subject?.kind !== 'appointment') return { outcome: 'unknown-appointment' } as const;
    await transaction.lockActors([subject.actorId]);
    const involved = { subjectIds: [id], actorIds: [subject.actorId], intervals: [interval] };
    const draft = new Draft(await situate(transaction, directory, involved), directory, at);
    const busy = draft.live(id);
    const refusal = busy ? refusalOf(context, draft, busy, at) : notMovable(NOT_BOOKED);
    if (!busy || refusal) return refusal ?? notMovable(NOT_BOOKED);
    if (interval.end <= at) return { outcome: 'passed' } as const;
    const wanted = { ...busy, interval, changedAt: at };
    const appointment: AppointmentWrite = {
      id,
      scheduleId: busy.scheduleId,
      slotId: null,
      status: 'booked',
      // Its comment stays (write-appointments.ts).
      document: documents.appointment(wanted, { slotId: null, comment: null }),
      sealedPatient: null,
    };
    return put(transaction, context, draft, {
      wanted,
      appointment,
      override,
      by,
      event: 'appointment.moved',
    });
  });
  if (result.outcome !== 'put') return result;
  publish(context, result.written);
  return { outcome: 'moved' };
}

const notMovable = (reason: Bilingual) => ({ outcome: 'not-movable', reason }) as const;

/** Null = it stands here, and there is still time. */
function refusalOf(
  { directory }: Context,
  draft: Draft,
  { id, scheduleId, interval }: BusyPeriod,
  at: Instant,
): Extract<ReplaceOutcome, { outcome: 'not-movable' | 'too-late' }> | null {
  const home = draft.listingsOf(id).find(({ kind }) => kind === 'booking');
  if (home) return notMovable(standsAt(home.connectionId));
  const until = tooLateSince(directory, { scheduleId, start: interval.start, status: 'booked' }, at);
  return until === null ? null : { outcome: 'too-late', until };
}

type Putting = {
  readonly wanted: Omit<BusyPeriod, 'lane'>;
  readonly appointment: AppointmentWrite;
  readonly override: Override | null;
  readonly by: string;
  readonly event: 'appointment.booked' | 'appointment.moved';
};

async function put(
  transaction: Transaction,
  context: Context,
  draft: Draft,
  { wanted, appointment, override, by, event }: Putting,
): Promise<Taken | { readonly outcome: 'put'; readonly written: Written }> {
  const { directory } = context;
  const { id, scheduleId, interval } = wanted;
  const status = slotStatus(interval, directory.capacityOf(scheduleId), draft.beside(wanted));
  if (status !== 'free' && override === null) return { outcome: 'taken', status };
  draft.place(wanted);
  draft.putAppointment(appointment);
  draft.tell({ type: event, at: draft.at, connectionId: null, busyId: id, scheduleId, interval });
  if (override) acceptConflicts(draft, id, by);
  planBlocks(draft, directory);
  const written = await write(transaction, context, draft, NO_SLOTS);
  if (override) await transaction.giveReason(id, override.reason);
  return { outcome: 'put', written };
}

/** Two are there at once because somebody wants it so. */
function acceptConflicts(draft: Draft, busyId: string, by: string): void {
  for (const { id, a, b } of draft.conflicts.found) {
    if (a.busyId === busyId || b.busyId === busyId)
      draft.conflicts.settle(id, { resolution: 'keep-both', by, at: draft.at });
  }
}
