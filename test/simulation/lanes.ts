import type { Instant } from '../../src/domain/instant.ts';
import { type Interval, overlaps } from '../../src/domain/interval.ts';

/** Time that several may have at once, counted by the moment: which lane is whose nobody outside of the engine knows. */

const at = (moment: Instant, times: readonly Interval[]): Interval[] =>
  times.filter(({ start, end }) => start <= moment && moment < end);

/** The moments at which it gets fuller: it is fullest at one of them. */
const moments = (within: Interval, times: readonly Interval[]): Instant[] => [
  within.start,
  ...times.map(({ start }) => start).filter((start) => within.start < start && start < within.end),
];

/** How many there are at the fullest moment of that time. */
export const mostAtOnce = (within: Interval, times: readonly Interval[]): number =>
  Math.max(...moments(within, times).map((moment) => at(moment, times).length));

type Pair = { readonly a: Interval; readonly b: Interval };

/**
 * At a moment with more visits than lanes those that are too many are in conflict with everybody there; and a conflict
 * is of two visits in whose time there are too many.
 */
export function crowding(
  lanes: number,
  visits: readonly Interval[],
  shown: readonly Pair[],
): { readonly hidden: Interval[]; readonly groundless: Pair[] } {
  const hidden = visits.filter((visit) =>
    moments(visit, visits).some((moment) => {
      const over = at(moment, visits).length - lanes;
      const pairs = shown.filter(({ a, b }) => at(moment, [a, b]).length === 2).length;
      return over > 0 && pairs < over * lanes + (over * (over - 1)) / 2;
    }),
  );
  const groundless = shown.filter(
    ({ a, b }) => !overlaps(a, b) || Math.max(mostAtOnce(a, visits), mostAtOnce(b, visits)) <= lanes,
  );
  return { hidden, groundless };
}
