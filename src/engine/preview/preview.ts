import { isDeepStrictEqual } from 'node:util';
import { Directory } from '../../domain/directory.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import type { Bilingual, Policy } from '../../domain/schedule.ts';
import type { Case, PolicyPreview, PolicyRecord } from '../ports/policy-preview.ts';
import { type ForecastOptions, forecastOf, type Judgement } from './forecast.ts';
import { hoursUnseen, knownSince, momentAt, UNKNOWNS } from './words.ts';

/** A recorded week under the policy of its schedule as it is, and under another. Pure. */

export function previewOf(
  directory: Directory,
  record: PolicyRecord,
  candidate: Policy,
  cancels: ForecastOptions['cancels'],
): PolicyPreview {
  const { scheduleId, window, outages, since } = record;
  const policy = directory.policyOf(scheduleId);
  const options = { usualHold: policy.holds.usualMilliseconds, cancels };
  const under = (rules: Directory) => forecastOf({ directory: rules, scheduleId, outages }, record, options);
  const before = under(directory);
  const after = under(withPolicy(directory, scheduleId, candidate));
  return {
    ...{ scheduleId, window, current: before.forecast, candidate: after.forecast },
    since: since !== null && since > window.start ? since : null,
    cases: casesOf(before.judgements, after.judgements, record),
    complete: record.complete,
    unknowns: unknownsOf(directory, record, policy, candidate),
  };
}

/** As if this had been configured. */
export const withPolicy = ({ entries }: Directory, scheduleId: string, policy: Policy): Directory =>
  new Directory({
    ...entries,
    schedules: entries.schedules.map((schedule) =>
      schedule.id === scheduleId ? { ...schedule, policy } : schedule,
    ),
  });

/** Both judge the same things in the same order. */
const casesOf = (
  before: readonly Judgement[],
  after: readonly Judgement[],
  { window }: PolicyRecord,
): Case[] =>
  before
    .flatMap(({ verdict, ...what }, index): Case[] => {
      const other = after[index]?.verdict;
      const isAsEver = !other || (isOrdinary(verdict) && isOrdinary(other));
      // One of this week stands among the bookings already.
      const isTwice =
        what.kind === 'accepted' && window.start <= what.interval.start && what.interval.start < window.end;
      return isAsEver || isTwice ? [] : [{ ...what, current: verdict, candidate: other }];
    })
    .sort((a, b) => a.at - b.at);

/** As it was: a conflict was asked about as well. */
const isOrdinary = ({ outcome }: Judgement['verdict']): boolean =>
  outcome === 'possible' || outcome === 'asked';

function unknownsOf(
  directory: Directory,
  { scheduleId, window, since, minutesWorked, readAt, complete }: PolicyRecord,
  policy: Policy,
  candidate: Policy,
): Bilingual[] {
  const zone = directory.zoneOf(scheduleId);
  const isOver = window.end <= readAt;
  const unseen = isOver ? Math.floor((window.end - window.start - minutesWorked * MINUTE) / HOUR) : 0;
  const isNotPlayed =
    policy.freshnessMilliseconds !== candidate.freshnessMilliseconds ||
    !isDeepStrictEqual(policy.roster, candidate.roster);
  return [
    ...(since !== null && since > window.start ? [knownSince(momentAt(since, zone))] : []),
    ...(unseen > 0 ? [hoursUnseen(unseen)] : []),
    ...(isOver ? [] : [UNKNOWNS.notOver]),
    ...(complete ? [] : [UNKNOWNS.tooMany]),
    UNKNOWNS.elsewhere,
    UNKNOWNS.refused,
    UNKNOWNS.seen,
    UNKNOWNS.rulesThen,
    ...(isNotPlayed ? [UNKNOWNS.notPlayed] : []),
  ];
}
