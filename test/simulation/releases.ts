import { Temporal } from 'temporal-polyfill';
import { SIMULATED_ZONE } from '../../src/adapter/simulator/agenda.ts';
import { type Instant, instant, plus } from '../../src/domain/instant.ts';
import type { Release } from '../../src/domain/schedule.ts';
import { isGiven } from './callers.ts';
import { type Evidence, MARK, when } from './checker.ts';
import { RVSQ } from './clinic.ts';
import { isPooled } from './shares.ts';

/** From when a slot may be booked through Passerelle, and offered where it publishes, worked out for each by itself. */

/** From when a slot with this start is released; null = since ever. */
function releasedAt(rule: Release, start: Instant): Instant | null {
  if (rule.kind === 'always') return null;
  if (rule.kind === 'before') return plus(start, -rule.milliseconds);
  const day = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(SIMULATED_ZONE).toPlainDate();
  const first = day.subtract({ days: rule.daysBefore }).toZonedDateTime(SIMULATED_ZONE);
  return instant(first.epochMilliseconds);
}

export function isReleased(rule: Release, start: Instant, at: Instant): boolean {
  const from = releasedAt(rule, start);
  return from === null || from <= at;
}

/** Nothing was sold, held or offered before its release, and nothing refused after it, at any time of the run. */
export async function releases(evidence: Evidence): Promise<string[]> {
  const { asks, sites, release, sharing } = evidence;
  const given = asks.filter((ask) => isGiven(ask) && !isReleased(release, ask.interval.start, ask.until));
  // The same answer is given as long as the time is another platform's to sell.
  const refused = asks.filter(
    ({ outcome, interval, from }) =>
      outcome === 'not-released' &&
      isReleased(release, interval.start, from) &&
      (sharing.mode !== 'allotted' || isPooled(interval, from)),
  );
  const early = sites[RVSQ].offered.filter(
    ({ reference, interval, at }) => reference?.startsWith(MARK) && !isReleased(release, interval.start, at),
  );
  return [
    ...given.map((ask) => `${ask.outcome} before its release: ${when(ask.scheduleId, ask.interval)}`),
    ...refused.map((ask) => `refused though it was released: ${when(ask.scheduleId, ask.interval)}`),
    ...early.map(({ calendar, interval }) => `offered before its release: ${when(calendar, interval)}`),
    ...(await claimed(evidence)),
  ];
}

/** Time that was taken for a caller who may never have heard of it. */
async function claimed({ database, release }: Evidence): Promise<string[]> {
  const rows = await database.query<{ at_ms: Instant; start_ms: Instant; schedule_id: string }>(
    `select at_ms, (data->'interval'->>'start')::bigint as start_ms, data->>'scheduleId' as schedule_id
     from event where type = 'appointment.claimed'`,
  );
  return rows
    .filter(({ at_ms, start_ms }) => !isReleased(release, start_ms, at_ms))
    .map(({ schedule_id, start_ms }) => `claimed before its release: ${schedule_id} ${start_ms}`);
}

/** How many of these were put on offer as their release came: that is news, wherever all else is quiet. */
export const broughtByTheClock = ({ sites, release }: Evidence, since: Instant, margin: number): number =>
  sites[RVSQ].offered.filter(({ interval, at }) => {
    const from = releasedAt(release, interval.start);
    return at > since && from !== null && from > plus(since, -margin);
  }).length;
