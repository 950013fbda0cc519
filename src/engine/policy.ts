import type { BusyPeriod } from '../domain/busy.ts';
import { inConflict, type Side } from '../domain/conflict.ts';
import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import { type Interval, overlaps } from '../domain/interval.ts';
import { hasRoom } from '../domain/lanes.ts';
import { conflictId } from './conflicts.ts';
import type { Draft } from './draft.ts';
import { giveUp } from './give-up.ts';

/**
 * Conflicts that the clinic's policy settles, in the decision that detects them. Pure. It takes a patient's booking away,
 * so wherever anything is in doubt the conflict stays open, for a person.
 */

export type MayCancel = (connectionId: string) => boolean;

const BY_POLICY = 'policy';

/**
 * Of those that this very batch brought about. Whoever booked first is looked at first, so that nobody goes for nobody;
 * and nobody goes where there is room among those that came before, however the lanes lie.
 */
export function settleByPolicy(draft: Draft, directory: Directory, mayCancel: MayCancel): void {
  const { found } = draft.conflicts;
  const involved = [...new Set(found.flatMap(({ a, b }) => [a.busyId, b.busyId]))];
  const inOrder = involved
    .flatMap((id) => draft.live(id) ?? [])
    .sort((one, other) => one.changedAt - other.changedAt);
  for (const last of inOrder) {
    if (!mayCancel(last.originId ?? '')) continue;
    const before = draft.beside(last).filter((other) => goesBefore(draft, directory, other, last));
    const lanes = before.map(({ interval }, lane) => ({ interval, lane }));
    if (hasRoom(last.interval, directory.capacityOf(last.scheduleId), lanes)) continue;
    // Who books two at one time on one platform may well mean it.
    const isTheirs = ({ originId }: BusyPeriod): boolean => originId === last.originId;
    if (before.every(isTheirs)) continue;
    const met = before.filter((other) => inConflict(other, draft.live(last.id) ?? last));
    met.sort(
      (one, other) => Number(isTheirs(one)) - Number(isTheirs(other)) || one.changedAt - other.changedAt,
    );
    const [kept] = met;
    const conflict = found.find(({ id }) => kept !== undefined && id === conflictId(kept.id, last.id));
    if (!kept || !conflict) continue;
    giveUp(draft, last, kept.id);
    const keep: Side = conflict.a.busyId === kept.id ? 'a' : 'b';
    draft.conflicts.settle(conflict.id, { resolution: `keep-${keep}`, by: BY_POLICY, at: draft.at });
  }
}

/** Whether the second may have to go for the first. Where not, and they do not both find room, a person decides. */
function goesBefore(draft: Draft, directory: Directory, first: BusyPeriod, second: BusyPeriod): boolean {
  const both = [first, second];
  return keepsEarlier(directory, first, second, draft.at) && both.every((busy) => stands(draft, busy));
}

type Booking = Pick<BusyPeriod, 'kind' | 'scheduleId' | 'interval' | 'changedAt'>;

/** As far as it follows from the rules and the times of the two: whether what came second is given up for what came first. */
export function keepsEarlier(directory: Directory, first: Booking, second: Booking, at: Instant): boolean {
  const both = [first, second];
  return (
    both.every((busy) => busy.kind === 'appointment' && keepsFirst(directory, busy)) &&
    both.every(({ interval }) => interval.start > at) &&
    // Who came first is not known of two at one moment.
    first.changedAt < second.changedAt
  );
}

const keepsFirst = (directory: Directory, { scheduleId }: Pick<BusyPeriod, 'scheduleId'>): boolean =>
  directory.hasSchedule(scheduleId) && directory.schedule(scheduleId).policy.conflicts === 'keep-first';

/** Its platform has confirmed it: one that may yet be refused is no reason to cancel another. */
const stands = (draft: Draft, { id }: BusyPeriod): boolean =>
  draft
    .listingsOf(id)
    .some(
      ({ kind, desired, known, unsure }) =>
        kind === 'booking' && desired !== null && desired === known && !unsure,
    );

/** Bookings over which a policy may decide once something comes to stand at these times. */
export const rivals =
  (directory: Directory, intervals: readonly Interval[]) =>
  (busy: BusyPeriod): boolean =>
    busy.kind === 'appointment' &&
    keepsFirst(directory, busy) &&
    intervals.some((interval) => overlaps(interval, busy.interval));
