import { MINUTE } from '../../domain/instant.ts';
import { tooLateSince } from '../cancellable.ts';
import type {
  Case,
  Forecast,
  PolicyRecord,
  RecordedPeriod,
  Refusal,
  Verdict,
} from '../ports/policy-preview.ts';
import { type Circumstances, type Judged, judgeBooking, ofOutage } from './bookings.ts';
import { judgeConflict } from './conflicts.ts';
import { holdForecast } from './holds.ts';
import { type GivenUp, givenUp, heldOf, type Made } from './made.ts';
import { outageForecast } from './outages.ts';
import { replay } from './replay.ts';
import { momentAt, tooLate } from './words.ts';

/** A recorded week under the rules of a directory, by the functions that the engine decides by. Pure. */

/** What happened, and what would have become of it. */
export type Judgement = Omit<Case, 'current' | 'candidate'> & { readonly verdict: Verdict };

export type Judgements = { readonly forecast: Forecast; readonly judgements: readonly Judgement[] };

export type ForecastOptions = {
  /** Milliseconds of a hold today where nobody says how long. */
  readonly usualHold: number;
  readonly cancels: (connectionId: string) => boolean;
};

const REFUSALS: readonly Refusal[] = ['share', 'across', 'release', 'outage'];

const POSSIBLE: Verdict = { outcome: 'possible', reason: null };

export function forecastOf(
  circumstances: Circumstances,
  record: PolicyRecord,
  { usualHold, cancels }: ForecastOptions,
): Judgements {
  const { directory, scheduleId } = circumstances;
  const { bookings, platforms } = replay(circumstances, record);
  const booked = bookings.map(({ made, judged }) => ({
    judged,
    judgement: { kind: 'booking', ...placeOf(made), verdict: verdictOf(judged) } satisfies Judgement,
  }));
  const ended = giveUps(record).map(({ period, given }) => ({
    kind: given.kind,
    ...{ at: given.at, interval: given.interval, connectionId: period.originId, how: 'passerelle' },
    verdict: cancelled(circumstances, given),
  })) satisfies Judgement[];
  const accepted = record.accepted.map(({ connectionId, at, interval }) => ({
    kind: 'accepted',
    ...{ at, interval, connectionId, how: 'passerelle' },
    verdict: verdictOf(ofOutage(circumstances, { connectionId, at, interval })),
  })) satisfies Judgement[];
  const known = new Map(bookings.map(({ period, judged }) => [period.id, judged]));
  const conflicts = record.conflicts.map((conflict) => ({
    kind: 'conflict',
    ...{ at: conflict.detectedAt, interval: conflict.a.interval, connectionId: null, how: 'platform' },
    verdict: judgeConflict(
      circumstances,
      conflict,
      (period, made) => known.get(period.id) ?? elsewhere(circumstances, period, made),
      cancels,
    ),
  })) satisfies Judgement[];
  const { holds: rule } = directory.policyOf(scheduleId);
  const holds = record.periods.flatMap((period) => {
    const held = heldOf(period);
    return held ? [{ held, forecast: holdForecast(held, rule, usualHold) }] : [];
  });
  const held = holds.map(({ held: { at, interval, connectionId }, forecast: { verdict } }) => ({
    kind: 'hold',
    ...{ at, interval, connectionId, how: 'passerelle' },
    verdict,
  })) satisfies Judgement[];
  const gone = (kind: GivenUp['kind']) =>
    ended.filter((each) => each.kind === kind).map(({ verdict }) => verdict);
  const forecast: Forecast = {
    bookings: {
      ...refusedOf(booked.map(({ judgement }) => judgement.verdict)),
      reasons: reasonsOf(booked.map(({ judged }) => judged)),
    },
    cancellations: refusedOf(gone('cancellation')),
    moves: refusedOf(gone('move')),
    conflicts: {
      arose: conflicts.length,
      prevented: countOf(conflicts, 'prevented'),
      settled: countOf(conflicts, 'settled'),
      asked: countOf(conflicts, 'asked'),
    },
    accepted: { ...refusedOf(accepted.map(({ verdict }) => verdict)), unknown: countOf(accepted, 'unknown') },
    outages: record.outages
      .filter(({ window }) => window.end > record.window.start)
      .map((outage) => outageForecast(directory, scheduleId, outage)),
    holds: {
      made: holds.length,
      shorter: countOf(held, 'shorter'),
      longer: countOf(held, 'longer'),
      minutes: Math.round(
        holds.reduce((total, { forecast: { milliseconds } }) => total + milliseconds, 0) / MINUTE,
      ),
    },
    platforms,
  };
  return {
    forecast,
    judgements: [...booked.map(({ judgement }) => judgement), ...ended, ...accepted, ...conflicts, ...held],
  };
}

const placeOf = ({
  at,
  interval,
  connectionId,
  how,
}: Pick<Judgement, 'at' | 'interval' | 'connectionId' | 'how'>) => ({
  ...{ at, interval, connectionId, how },
});

/** Another schedule of the same practitioner goes by its own rules, which nobody asks to change. */
const elsewhere = (circumstances: Circumstances, { scheduleId }: RecordedPeriod, made: Made): Judged =>
  circumstances.directory.hasSchedule(scheduleId)
    ? judgeBooking({ ...circumstances, scheduleId }, made, [])
    : { outcome: 'possible', reason: null };

function giveUps({ periods, conflicts }: PolicyRecord): { period: RecordedPeriod; given: GivenUp }[] {
  return periods.flatMap((period) => {
    const settled = conflicts.flatMap(({ a, b, settledAt }) =>
      settledAt !== null && (a.id === period.id || b.id === period.id) ? [settledAt] : [],
    );
    return givenUp(period, (at) => settled.includes(at)).map((given) => ({ period, given }));
  });
}

/** Somebody asked Passerelle to cancel or to move it. */
function cancelled({ directory, scheduleId }: Circumstances, { at, interval }: GivenUp): Verdict {
  const since = tooLateSince(directory, { scheduleId, start: interval.start, status: 'booked' }, at);
  return since === null
    ? POSSIBLE
    : { outcome: 'refused', reason: tooLate(momentAt(since, directory.zoneOf(scheduleId))) };
}

const verdictOf = (judged: Judged | null): Verdict =>
  judged ? { outcome: judged.outcome, reason: judged.reason } : POSSIBLE;

const countOf = (judgements: readonly { readonly verdict: Verdict }[], outcome: Verdict['outcome']): number =>
  judgements.filter(({ verdict }) => verdict.outcome === outcome).length;

const refusedOf = (verdicts: readonly Verdict[]) => ({
  made: verdicts.length,
  refused: verdicts.filter(({ outcome }) => outcome === 'refused').length,
});

const reasonsOf = (all: readonly Judged[]): Record<Refusal, number> =>
  Object.fromEntries(
    REFUSALS.map((refusal) => [
      refusal,
      all.filter((judged) => judged.outcome === 'refused' && judged.refusal === refusal).length,
    ]),
  ) as Record<Refusal, number>;
