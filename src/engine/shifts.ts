import type { ObservedShift } from '../adapter/observation.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Instant } from '../domain/instant.ts';
import { type Interval, sameInterval } from '../domain/interval.ts';
import { isSupply } from '../domain/shift.ts';
import type { Batch } from './batch.ts';
import type { Context } from './context.ts';
import { derivedId } from './identity.ts';
import type { EngineEvent } from './ports/events.ts';
import type { ShiftWrite, StoredShift } from './ports/rosters.ts';
import type { Transaction } from './ports/store.ts';
import { NO_SUPPLY_CHANGE, type SupplyChange, schedulesOf, settleSupply } from './supply.ts';

/** Shifts that a roster shows: taken as they are, since the roster's word is all there is about them. */

/** One that is given to somebody else is another: it is withdrawn here and published there. */
export const shiftId = (
  connectionId: string,
  shift: Pick<ObservedShift, 'calendar' | 'externalId'>,
): string => derivedId('shift', connectionId, shift.calendar, shift.externalId);

/** @param missing ids of those that are not there any more. */
export async function writeShiftChanges(
  transaction: Transaction,
  context: Context,
  { connectionId, shifts = [] }: Batch,
  missing: readonly string[],
  at: Instant,
): Promise<SupplyChange> {
  if (shifts.length === 0 && missing.length === 0) return NO_SUPPLY_CHANGE;
  const { directory } = context;
  const writes = new Map<string, ShiftWrite>();
  for (const shift of shifts) {
    const calendar = directory.calendar(connectionId, shift.calendar);
    if (calendar?.topology !== 'shifts') continue;
    const id = shiftId(connectionId, shift);
    writes.set(id, { ...shift, id, connectionId, scheduleId: calendar.scheduleId });
  }
  const stored = await transaction.shiftsByIds([...writes.keys(), ...missing]);
  const before = new Map(stored.map((shift) => [shift.id, shift]));
  const withdrawn = missing.flatMap((id) => before.get(id) ?? []);
  const changed = [...writes.values()].filter((shift) => !isSame(before.get(shift.id), shift));
  await transaction.writeShifts(changed, at);
  await transaction.removeShifts(withdrawn.map(({ id }) => id));

  const moved = changed.flatMap((shift) => before.get(shift.id) ?? []);
  const gone = new Map<string, Interval[]>();
  for (const [externalId, own] of groupBy([...changed, ...moved, ...withdrawn], calendarOf)) {
    const calendar = directory.calendar(connectionId, externalId);
    const was = own.filter((shift) => isSupply(shift) && !changed.includes(shift));
    for (const id of calendar ? schedulesOf(directory, calendar) : [])
      gone.set(id, [...(gone.get(id) ?? []), ...was.map(({ interval }) => interval)]);
  }
  const supply = await settleSupply(transaction, context, gone, at);
  const events = eventsOf(before, changed, withdrawn, at);
  return { ...supply, events: [...events, ...supply.events] };
}

const calendarOf = ({ calendar }: ShiftWrite): string => calendar;

const isSame = (stored: StoredShift | undefined, shift: ShiftWrite): boolean =>
  stored !== undefined &&
  sameInterval(stored.interval, shift.interval) &&
  stored.scheduleId === shift.scheduleId &&
  stored.task === shift.task &&
  stored.place === shift.place &&
  stored.revision === shift.revision &&
  stored.publishedAt === shift.publishedAt &&
  stored.period?.start === shift.period?.start &&
  stored.period?.end === shift.period?.end;

/** Those that are new say nothing: a roster publishes weeks of them at once. */
function eventsOf(
  before: ReadonlyMap<string, StoredShift>,
  changed: readonly ShiftWrite[],
  withdrawn: readonly StoredShift[],
  at: Instant,
): EngineEvent[] {
  const moved = changed.filter((shift) => {
    const was = before.get(shift.id);
    return was !== undefined && !sameInterval(was.interval, shift.interval);
  });
  const told = (type: 'shift.moved' | 'shift.withdrawn', shift: ShiftWrite): EngineEvent => ({
    type,
    at,
    connectionId: shift.connectionId,
    shiftId: shift.id,
    scheduleId: shift.scheduleId,
    interval: shift.interval,
  });
  return [
    ...moved.map((shift) => told('shift.moved', shift)),
    ...withdrawn.map((shift) => told('shift.withdrawn', shift)),
  ];
}
