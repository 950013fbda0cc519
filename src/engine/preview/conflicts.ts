import type { Instant } from '../../domain/instant.ts';
import { keepsEarlier } from '../policy.ts';
import type { RecordedConflict, RecordedPeriod, Verdict } from '../ports/policy-preview.ts';
import { isClosedFirst } from '../shares.ts';
import { type Circumstances, type Judged, outageAt, titleOf } from './bookings.ts';
import { type Made, madeOf } from './made.ts';
import { ASKED, CLOSED_FIRST, keptFirst, wasNotBooked } from './words.ts';

/** What would have become of two patients of one hour. Pure. */

type Side = { readonly period: RecordedPeriod; readonly made: Made };

/**
 * @param judge of a booking that the replay has not met, as of another schedule of the same practitioner.
 * @param cancels whether a platform takes cancellations.
 */
export function judgeConflict(
  circumstances: Circumstances,
  conflict: RecordedConflict,
  judge: (period: RecordedPeriod, made: Made) => Judged,
  cancels: (connectionId: string) => boolean,
): Verdict {
  const sides = [conflict.a, conflict.b].flatMap((period): Side[] => {
    const made = madeOf(period);
    return made ? [{ period, made }] : [];
  });
  const [first, second] = sides.sort((one, other) => one.made.at - other.made.at);
  if (!first || !second) return { outcome: 'asked', reason: ASKED };
  for (const { period, made } of [first, second]) {
    const judged = judge(period, made);
    if (judged.outcome === 'refused') return { outcome: 'prevented', reason: wasNotBooked(judged.reason) };
  }
  if (closedBefore(circumstances, first, second) || closedBefore(circumstances, second, first))
    return { outcome: 'prevented', reason: CLOSED_FIRST };
  const at = conflict.detectedAt;
  const { originId } = second.period;
  const isKept = keepsEarlier(circumstances.directory, booking(first), booking(second), at);
  if (isKept && originId !== null && originId !== first.period.originId && cancels(originId))
    return { outcome: 'settled', reason: keptFirst(titleOf(circumstances.directory, originId)) };
  return { outcome: 'asked', reason: ASKED };
}

/** Whether one was asked of Passerelle, which would have closed the other’s platform, and read it, before it answered. */
function closedBefore({ directory, outages }: Circumstances, { period, made }: Side, other: Side): boolean {
  const elsewhere = other.made.connectionId;
  return (
    made.how === 'passerelle' &&
    !made.isAccepted &&
    elsewhere !== null &&
    elsewhere !== made.connectionId &&
    directory.hasSchedule(period.scheduleId) &&
    isClosedFirst(directory, period.scheduleId) &&
    // What is down is not waited for.
    outageAt(outages, elsewhere, made.at) === null
  );
}

const booking = ({ period, made }: Side): Parameters<typeof keepsEarlier>[1] => ({
  kind: 'appointment',
  scheduleId: period.scheduleId,
  interval: made.interval,
  changedAt: made.at as Instant,
});
