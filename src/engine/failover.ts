import { toOffset } from '../adapter/zone.ts';
import { HOUR, type Instant } from '../domain/instant.ts';
import type { Bilingual, Failover } from '../domain/schedule.ts';
import type { Context } from './context.ts';
import type { SlotDetails } from './ports/store.ts';
import { acceptedFor, isPaused, silentSince, startsTooSoon } from './reasons.ts';

/** Whether a booking is accepted on behalf of its platform while that cannot be reached. */

type Outage = {
  readonly connectionId: string;
  /** When the platform began to fail; null = it is paused by a person, and answered until then. */
  readonly since: Instant | null;
  /** Of the appointment. */
  readonly start: Instant;
  readonly zone: string;
};

/** @returns why not, for whoever wants to book; null = it is accepted. */
export function failoverRefusal(failover: Failover, outage: Outage, now: Instant): Bilingual | null {
  const { connectionId, since, start, zone } = outage;
  const state = since === null ? isPaused(connectionId) : silentSince(connectionId, toOffset(since, zone));
  if (failover.mode === 'refuse') return state;
  const { forMilliseconds: limit, untilMillisecondsBefore: lead } = failover;
  // A pause lasts as long as its person wants, so it is within no limit.
  if (limit !== null && (since === null || now - since >= limit)) {
    return acceptedFor(state, limit / HOUR);
  }
  if (start - now < lead) {
    return startsTooSoon(state, lead / HOUR);
  }
  return null;
}

/** The same of a slot that somebody wants to book now. */
export const slotFailoverRefusal = (
  { directory, environment }: Context,
  slot: SlotDetails,
  since: Instant | null,
): Bilingual | null =>
  failoverRefusal(
    directory.schedule(slot.scheduleId).policy.failover,
    {
      connectionId: slot.connectionId,
      since,
      start: slot.interval.start,
      zone: directory.zoneOf(slot.scheduleId),
    },
    environment.clock.now(),
  );
