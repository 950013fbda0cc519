import { DAY, HOUR, type Instant, parseInstant, plus } from '../../../src/domain/instant.ts';

/** What happens to the home vendor, and when. */

export type Phase = 'calm' | 'down' | 'uneven';

export type Span = { readonly phase: Phase; readonly from: Instant; readonly until: Instant };

export type Timetable = {
  readonly from: Instant;
  readonly until: Instant;
  /** One after the other, without a gap. */
  readonly spans: readonly Span[];
};

export type Lengths = {
  readonly calmMilliseconds: number;
  readonly outageMilliseconds: number;
  /** From the recovery on; the second outage lies within. */
  readonly unevenMilliseconds: number;
  readonly secondAfterMilliseconds: number;
  readonly secondMilliseconds: number;
  readonly afterwardsMilliseconds: number;
};

/** As in October 2019, as far as it is known: from a Sunday to a Thursday, again some days later, uneven for 11 days. */
export const AS_IT_WAS: Lengths = {
  calmMilliseconds: 3 * DAY + 6 * HOUR,
  outageMilliseconds: 4 * DAY,
  unevenMilliseconds: 11 * DAY,
  secondAfterMilliseconds: 4 * DAY,
  secondMilliseconds: DAY,
  afterwardsMilliseconds: 2 * DAY,
};

/** The same in less than two days, for a test. */
export const IN_SHORT: Lengths = {
  calmMilliseconds: 6 * HOUR,
  outageMilliseconds: 14 * HOUR,
  unevenMilliseconds: 18 * HOUR,
  secondAfterMilliseconds: 11 * HOUR,
  secondMilliseconds: 5 * HOUR,
  afterwardsMilliseconds: 4 * HOUR,
};

/** A Sunday, early. The dates are made up: only days of the week and lengths are those of the event. */
const FALLS = parseInstant('2026-10-04T06:00:00-04:00');

export function timetable(lengths: Lengths): Timetable {
  const recovers = plus(FALLS, lengths.outageMilliseconds);
  const fallsAgain = plus(recovers, lengths.secondAfterMilliseconds);
  const recoversAgain = plus(fallsAgain, lengths.secondMilliseconds);
  const isWell = plus(recovers, lengths.unevenMilliseconds);
  const from = plus(FALLS, -lengths.calmMilliseconds);
  const until = plus(isWell, lengths.afterwardsMilliseconds);
  return {
    from,
    until,
    spans: [
      { phase: 'calm', from, until: FALLS },
      { phase: 'down', from: FALLS, until: recovers },
      { phase: 'uneven', from: recovers, until: fallsAgain },
      { phase: 'down', from: fallsAgain, until: recoversAgain },
      { phase: 'uneven', from: recoversAgain, until: isWell },
      { phase: 'calm', from: isWell, until },
    ],
  };
}

export const outagesOf = ({ spans }: Timetable): readonly Span[] =>
  spans.filter(({ phase }) => phase === 'down');

export const spanAt = ({ spans }: Timetable, at: Instant): Span | null =>
  spans.find(({ from, until }) => from <= at && at < until) ?? null;
