import type { Policy } from '../../domain/schedule.ts';
import type { Verdict } from '../ports/policy-preview.ts';
import type { Held } from './made.ts';
import { HOLD_SHORTER, LAPSED_LATER, LAPSED_SOONER } from './words.ts';

/** For how long a hold would have kept its time. Pure. */

const POSSIBLE: Verdict = { outcome: 'possible', reason: null };

export type HoldForecast = { readonly verdict: Verdict; readonly milliseconds: number };

/**
 * @param holds as it would be.
 * @param usual milliseconds for which one is given today where nobody says: of one that lapsed after just that, nobody is known to have said.
 */
export function holdForecast(
  { at, until, isLapsed }: Held,
  { usualMilliseconds, mostMilliseconds }: Policy['holds'],
  usual: number,
): HoldForecast {
  const lasted = until - at;
  if (!isLapsed) {
    const isShorter = lasted > mostMilliseconds;
    return {
      verdict: isShorter ? { outcome: 'shorter', reason: HOLD_SHORTER } : POSSIBLE,
      milliseconds: Math.min(lasted, mostMilliseconds),
    };
  }
  const isUsual = Math.abs(lasted - usual) <= TOLERANCE;
  const given = Math.min(isUsual ? usualMilliseconds : lasted, mostMilliseconds);
  if (Math.abs(given - lasted) <= TOLERANCE) return { verdict: POSSIBLE, milliseconds: lasted };
  const verdict: Verdict =
    given < lasted
      ? { outcome: 'shorter', reason: LAPSED_SOONER }
      : { outcome: 'longer', reason: LAPSED_LATER };
  return { verdict, milliseconds: given };
}

/** Between the promise and what was written down of it lie the calls to the platforms. */
const TOLERANCE = 10_000;
