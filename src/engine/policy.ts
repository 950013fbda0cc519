import type { BusyPeriod } from '../domain/busy.ts';
import { type Conflict, inConflict, type Side } from '../domain/conflict.ts';
import type { Directory } from '../domain/directory.ts';
import { type Interval, overlaps } from '../domain/interval.ts';
import type { Draft } from './draft.ts';
import { giveUp } from './give-up.ts';

/**
 * Conflicts that the clinic's policy settles, in the decision that detects them. Pure. It takes a patient's booking away,
 * so wherever anything is in doubt the conflict stays open, for a person.
 */

export type MayCancel = (connectionId: string) => boolean;

const BY_POLICY = 'policy';

/** Of those that this very batch brought about; whoever booked first is looked at first, so that nobody goes for nobody. */
export function settleByPolicy(draft: Draft, directory: Directory, mayCancel: MayCancel): void {
  const verdicts = draft.conflicts.found.flatMap((conflict) => verdictOn(draft, conflict, directory) ?? []);
  verdicts.sort((a, b) => a.first.changedAt - b.first.changedAt || a.second.changedAt - b.second.changedAt);
  for (const { conflict, first, second, keep } of verdicts) {
    const [kept, other] = [draft.live(first.id), draft.live(second.id)];
    if (!kept || !other || !inConflict(kept, other)) continue;
    if (!stands(draft, kept) || !stands(draft, other) || !mayCancel(other.originId ?? '')) continue;
    giveUp(draft, other, kept.id);
    draft.conflicts.settle(conflict.id, { resolution: `keep-${keep}`, by: BY_POLICY, at: draft.at });
  }
}

type Verdict = {
  readonly conflict: Conflict;
  readonly first: BusyPeriod;
  readonly second: BusyPeriod;
  readonly keep: Side;
};

/** Null = a person decides. */
function verdictOn(draft: Draft, conflict: Conflict, directory: Directory): Verdict | null {
  const [a, b] = [draft.live(conflict.a.busyId), draft.live(conflict.b.busyId)];
  if (!a || !b || !keepsFirst(directory, a) || !keepsFirst(directory, b)) return null;
  // Who books two at one time on one platform may well mean it. Who came first is not known of two at one moment.
  if (a.originId === b.originId || a.changedAt === b.changedAt) return null;
  if (a.interval.start <= draft.at || b.interval.start <= draft.at) return null;
  return a.changedAt < b.changedAt
    ? { conflict, first: a, second: b, keep: 'a' }
    : { conflict, first: b, second: a, keep: 'b' };
}

const keepsFirst = (directory: Directory, { scheduleId }: BusyPeriod): boolean =>
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
