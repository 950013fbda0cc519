import { conflictState, type Side } from '../domain/conflict.ts';
import type { Directory } from '../domain/directory.ts';
import { MINUTE, plus } from '../domain/instant.ts';
import { actorOf } from '../domain/schedule.ts';
import type { Context } from './context.ts';
import type {
  ConflictBooking,
  ConflictDetails,
  ConflictReader,
  ConflictWithProposals,
  FreeSlot,
  Proposal,
} from './ports/conflicts.ts';
import type { Freshness } from './ports/front.ts';
import { scheduleReleasedUntil } from './release.ts';

/** Where a booking in conflict could go: the nearest free slots of the same actor, long enough for it. */

const PROPOSALS_MAX = 5;
/** Whoever is called must have the time to hear of it and to come. */
const NOTICE_MILLISECONDS = 60 * MINUTE;

export type Propose = {
  readonly context: Context;
  readonly reader: ConflictReader;
  readonly freshness: (connectionId: string, calendar: string) => Freshness;
};

/** Only of an open conflict, and none for a booking whose schedule is not configured any more. */
export async function withProposals(
  conflict: ConflictDetails,
  propose: Propose,
): Promise<ConflictWithProposals> {
  const isOpen = conflictState(conflict) === 'open';
  const of = async (side: Side) =>
    isOpen ? await proposalsFor(conflict.bookings[side], conflict.actorId, propose) : [];
  return { ...conflict, proposals: { a: await of('a'), b: await of('b') } };
}

async function proposalsFor(
  booking: ConflictBooking,
  actorId: string,
  { context, reader, freshness }: Propose,
): Promise<readonly Proposal[]> {
  const { directory, environment } = context;
  if (!directory.hasSchedule(booking.scheduleId)) return [];
  const now = environment.clock.now();
  const slots = await reader.freeSlotsAround({
    schedules: directory.entries.schedules
      .filter((schedule) => actorOf(schedule) === actorId)
      .map(({ id }) => ({ id, releasedUntil: scheduleReleasedUntil(directory, id, now) })),
    around: booking.interval,
    fromMs: plus(now, NOTICE_MILLISECONDS),
    calendars: directory
      .calendarsOf(actorId)
      .filter(({ connectionId, externalId }) => !freshness(connectionId, externalId).stale)
      .map(({ connectionId, externalId }) => ({ connectionId, calendar: externalId })),
    limit: PROPOSALS_MAX,
  });
  return rank(slots, booking, directory).slice(0, PROPOSALS_MAX);
}

/**
 * Those of the same schedule first, then those of the same service elsewhere, then the rest; among these the nearest by
 * their start, then those of the platform where the booking stands. Pure.
 */
export function rank(
  slots: readonly FreeSlot[],
  booking: Pick<ConflictBooking, 'interval' | 'scheduleId' | 'originId'>,
  directory: Directory,
): Proposal[] {
  const { serviceId } = directory.schedule(booking.scheduleId);
  const remoteness = ({ scheduleId }: FreeSlot): number => {
    if (scheduleId === booking.scheduleId) return 0;
    return directory.schedule(scheduleId).serviceId === serviceId ? 1 : 2;
  };
  const isElsewhere = ({ connectionId }: FreeSlot): number => (connectionId === booking.originId ? 0 : 1);
  return slots
    .map((slot) => ({ ...slot, distanceMilliseconds: slot.interval.start - booking.interval.start }))
    .sort(
      (one, other) =>
        remoteness(one) - remoteness(other) ||
        Math.abs(one.distanceMilliseconds) - Math.abs(other.distanceMilliseconds) ||
        isElsewhere(one) - isElsewhere(other) ||
        one.interval.start - other.interval.start ||
        (one.slotId < other.slotId ? -1 : 1),
    );
}
