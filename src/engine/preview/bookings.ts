import type { Directory } from '../../domain/directory.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Bilingual, Handed } from '../../domain/schedule.ts';
import { failoverRefusal } from '../failover.ts';
import type { RecordedOutage, Refusal } from '../ports/policy-preview.ts';
import { bookableFrom } from '../release.ts';
import { allottedOf, holderOf, maySell, pooledAt } from '../shares.ts';
import type { Made } from './made.ts';
import { acrossShares, momentAt, notReleased, outageUnknown, shareOf } from './words.ts';

/** Whether a booking could have been made where it was, under the rules of a directory. Pure. */

export type Judged =
  | { readonly outcome: 'possible'; readonly reason: null }
  | { readonly outcome: 'unknown'; readonly reason: Bilingual }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly reason: Bilingual };

const POSSIBLE: Judged = { outcome: 'possible', reason: null };

export type Circumstances = {
  /** Of which only the rules differ from what is configured. */
  readonly directory: Directory;
  readonly scheduleId: string;
  readonly outages: readonly RecordedOutage[];
};

/** @param handed the units that had been handed on by then. */
export function judgeBooking(
  circumstances: Circumstances,
  made: Made,
  handed: readonly Pick<Handed, 'unit' | 'connectionId'>[],
): Judged {
  const { connectionId } = made;
  // The clinic itself is bound by no rule of ours.
  if (made.how === 'clinic' || connectionId === null) return POSSIBLE;
  return (
    ofRelease(circumstances, made, connectionId) ??
    ofShares(circumstances, made, connectionId, handed) ??
    (made.isAccepted ? ofOutage(circumstances, { ...made, connectionId }) : null) ??
    POSSIBLE
  );
}

/** It binds what is booked through Passerelle, and what is fed to a platform; not what a platform sells of its own. */
function ofRelease(
  { directory, scheduleId }: Circumstances,
  { how, at, interval }: Made,
  connectionId: string,
): Judged | null {
  const isFed = directory.entries.calendars.some(
    (calendar) =>
      calendar.connectionId === connectionId &&
      calendar.scheduleId === scheduleId &&
      calendar.topology === 'publish',
  );
  if (how === 'platform' && !isFed) return null;
  const from = bookableFrom(directory, scheduleId, interval.start, at);
  if (from === null) return null;
  const reason = notReleased(momentAt(from, directory.zoneOf(scheduleId)));
  return { outcome: 'refused', refusal: 'release', reason };
}

function ofShares(
  { directory, scheduleId }: Circumstances,
  { at, interval }: Made,
  connectionId: string,
  handed: readonly Pick<Handed, 'unit' | 'connectionId'>[],
): Judged | null {
  const rule = allottedOf(directory, scheduleId);
  if (!rule) return null;
  const zone = directory.zoneOf(scheduleId);
  const holder = holderOf(rule, { zone, handed, at })(interval);
  if (maySell(rule, connectionId, holder)) return null;
  const until = momentAt(pooledAt(rule, interval, zone), zone);
  return typeof holder === 'string'
    ? { outcome: 'refused', refusal: 'across', reason: acrossShares(until) }
    : {
        outcome: 'refused',
        refusal: 'share',
        reason: shareOf(titleOf(directory, holder.connectionId), until),
      };
}

/** A booking that was accepted on behalf of a platform. */
export function ofOutage(
  { directory, scheduleId, outages }: Circumstances,
  { connectionId, at, interval }: Pick<Made, 'at' | 'interval'> & { readonly connectionId: string },
): Judged | null {
  const { failover } = directory.policyOf(scheduleId);
  const outage = outageAt(outages, connectionId, at);
  // Where it is not known since when, what does not depend on that is asked.
  const since = outage ? failingSince(outage) : at;
  const zone = directory.zoneOf(scheduleId);
  const reason = failoverRefusal(failover, { connectionId, since, start: interval.start, zone }, at);
  if (reason !== null) return { outcome: 'refused', refusal: 'outage', reason };
  const isLimited = failover.mode === 'accept' && failover.forMilliseconds !== null;
  return isLimited && !outage ? { outcome: 'unknown', reason: outageUnknown } : null;
}

export const outageAt = (
  outages: readonly RecordedOutage[],
  connectionId: string,
  at: Instant,
): RecordedOutage | null =>
  outages.find(
    (outage) => outage.connectionId === connectionId && outage.window.start <= at && at < outage.window.end,
  ) ?? null;

/** A pause has no beginning that a limit could be counted from. */
export const failingSince = ({ kind, window }: RecordedOutage): Instant | null =>
  kind === 'paused' ? null : window.start;

export const titleOf = ({ entries }: Directory, connectionId: string): Bilingual =>
  entries.connections.find(({ id }) => id === connectionId)?.title ?? { fr: connectionId, en: connectionId };
