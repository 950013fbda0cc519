import type { Directory } from '../domain/directory.ts';
import { FOREVER, type Instant, instant } from '../domain/instant.ts';
import { hull, type Interval, overlaps, subtract } from '../domain/interval.ts';
import { actorOf, type Calendar } from '../domain/schedule.ts';
import {
  changedTime,
  type Roster,
  sameUnsupplied,
  type Unsupplied,
  unsuppliedAfter,
} from '../domain/supply.ts';
import type { Context } from './context.ts';
import type { EngineEvent } from './ports/events.ts';
import type { RosterCalendar } from './ports/rosters.ts';
import type { Transaction } from './ports/store.ts';

/**
 * What follows from a roster for the schedules that it speaks of: which of their time no shift has any more. It is written
 * beside the shifts, in their transaction, and closes slots as a schedule does that is off offer (withhold.ts).
 */

export type SupplyChange = {
  /** Whose slots are to be looked at again, and when. */
  readonly scheduleIds: readonly string[];
  readonly window: Interval | null;
  readonly events: readonly EngineEvent[];
};

export const NO_SUPPLY_CHANGE: SupplyChange = { scheduleIds: [], window: null, events: [] };

const ALL_TIME: Interval = { start: instant(0), end: FOREVER };

type Known = Pick<Context, 'directory' | 'platforms'>;

/** The schedules of which a roster's calendar tells. */
export const schedulesOf = (directory: Directory, calendar: Calendar): string[] =>
  directory.entries.schedules
    .filter(({ practitionerId }) => practitionerId === actorOf(directory.schedule(calendar.scheduleId)))
    .filter(({ id }) => directory.rostersOf(id).includes(calendar))
    .map(({ id }) => id);

/** Who is not in one roster at all may still be known to have no shift in it: it is published for everybody. */
export const publishedWith = (
  { directory, platforms }: Known,
  calendars: readonly Calendar[],
): Calendar[] => [
  ...new Set(
    calendars.flatMap((calendar) => {
      const { capabilities } = platforms.get(calendar.connectionId).manifest;
      return capabilities.feed === 'connection' ? directory.calendarsOn(calendar.connectionId) : [calendar];
    }),
  ),
];

/**
 * The actors of the schedules must be locked.
 * @param gone by schedule, when shifts were that are not there any more.
 */
export async function settleSupply(
  transaction: Transaction,
  context: Known,
  gone: ReadonlyMap<string, readonly Interval[]>,
  at: Instant,
): Promise<SupplyChange> {
  const { directory } = context;
  const changed: SupplyChange[] = [];
  const stored = await transaction.unsuppliedTime([...gone.keys()]);
  for (const [scheduleId, intervals] of gone) {
    const before = stored.filter((each) => each.scheduleId === scheduleId);
    const roster = await rosterOf(transaction, context, directory.rostersOf(scheduleId));
    const { roster: policy } = directory.policyOf(scheduleId);
    const after = unsuppliedAfter(before, intervals, roster, policy, at);
    if (sameUnsupplied(before, after)) continue;
    await transaction.writeUnsupplied(scheduleId, after);
    changed.push({
      scheduleIds: [scheduleId],
      window: changedTime(before, after),
      events: await bookedIn(transaction, directory, scheduleId, newIn(before, after), at),
    });
  }
  return {
    scheduleIds: changed.flatMap(({ scheduleIds }) => scheduleIds),
    window: hull(changed.flatMap(({ window }) => window ?? [])),
    events: changed.flatMap(({ events }) => events),
  };
}

async function rosterOf(
  transaction: Transaction,
  context: Known,
  calendars: readonly Calendar[],
): Promise<Roster | null> {
  if (calendars.length === 0) return null;
  const published: readonly RosterCalendar[] = publishedWith(context, calendars);
  return {
    shifts: await transaction.shiftsOn(calendars, ALL_TIME),
    published: await transaction.publishedOn(published),
  };
}

/** What is withdrawn now and was not. */
function newIn(before: readonly Unsupplied[], after: readonly Unsupplied[]): Interval[] {
  const was = before.filter(({ cause }) => cause === 'withdrawn').map(({ interval }) => interval);
  return after
    .filter(({ cause }) => cause === 'withdrawn')
    .flatMap(({ interval }) => subtract(interval, was));
}

/** No patient is cancelled: somebody has to look at each, and call. */
async function bookedIn(
  transaction: Transaction,
  directory: Directory,
  scheduleId: string,
  withdrawn: readonly Interval[],
  at: Instant,
): Promise<EngineEvent[]> {
  const window = hull(withdrawn);
  if (!window || window.end <= at) return [];
  const live = await transaction.busyOverlapping([actorOf(directory.schedule(scheduleId))], window);
  return live
    .filter((busy) => busy.kind === 'appointment' && busy.scheduleId === scheduleId)
    .filter(({ interval }) => interval.end > at && withdrawn.some((each) => overlaps(each, interval)))
    .map(({ id, originId, interval }) => ({
      type: 'appointment.unsupplied',
      at,
      connectionId: originId,
      busyId: id,
      scheduleId,
      interval,
    }));
}
