import type { BusyPeriod } from './busy.ts';
import type { Instant } from './instant.ts';
import { type Interval, overlaps } from './interval.ts';

/**
 * The lanes of an actor that sees several at once, such as a walk-in service. They are all alike: a lane is nobody's
 * place, it only makes the lock count.
 */

type Laned = Pick<BusyPeriod, 'interval' | 'lane'>;

/**
 * Those of the periods that are there at the same time, for each moment of `within` at which it may be fullest: its
 * start, and wherever one of them begins.
 */
export function* together<P extends Pick<BusyPeriod, 'interval'>>(
  within: Interval,
  periods: readonly P[],
): Generator<P[]> {
  const begin = periods.map(({ interval }) => interval.start);
  const isWithin = (moment: Instant): boolean => within.start < moment && moment < within.end;
  for (const moment of [within.start, ...begin.filter(isWithin)])
    yield periods.filter(({ interval }) => interval.start <= moment && moment < interval.end);
}

/** How many lanes these take. */
export const lanesOf = (periods: readonly Laned[]): number =>
  new Set(periods.flatMap(({ lane }) => lane ?? [])).size;

/** Whether one more can be there for the whole of that time, if those that are may change lanes. */
export function hasRoom(wanted: Interval, capacity: number, periods: readonly Laned[]): boolean {
  for (const many of together(wanted, periods)) if (lanesOf(many) >= capacity) return false;
  return true;
}

/** The first lane that is free over the whole interval, or null. */
export function freeLane(wanted: Interval, capacity: number, periods: Iterable<Laned>): number | null {
  const taken = new Set<number>();
  for (const period of periods) {
    if (period.lane !== null && overlaps(wanted, period.interval)) taken.add(period.lane);
  }
  for (let lane = 0; lane < capacity; lane += 1) if (!taken.has(lane)) return lane;
  return null;
}

/**
 * A lane for everyone, each its own where it can stay. Taken up in the order in which they begin, intervals need no more
 * lanes than there are of them at the fullest moment (the greedy colouring of an interval graph).
 */
export function dealLanes<P extends Laned>(periods: readonly P[]): Map<P, number> {
  const dealt = new Map<P, number>();
  for (const period of [...periods].sort((a, b) => a.interval.start - b.interval.start)) {
    const before = [...dealt].map(([{ interval }, lane]) => ({ interval, lane }));
    const isOwnFree =
      period.lane !== null &&
      !before.some(({ interval, lane }) => lane === period.lane && overlaps(interval, period.interval));
    const lane = isOwnFree ? period.lane : freeLane(period.interval, periods.length, before);
    dealt.set(period, lane ?? 0);
  }
  return dealt;
}

/** All that must be dealt with together: what overlaps it, what overlaps that, and so on. */
export function chainOf<P extends Pick<BusyPeriod, 'interval'>>(start: Interval, periods: readonly P[]): P[] {
  const chain: P[] = [];
  let rest = periods;
  for (let links: readonly Pick<BusyPeriod, 'interval'>[] = [{ interval: start }]; links.length > 0; ) {
    const isLinked = ({ interval }: P): boolean => links.some((link) => overlaps(link.interval, interval));
    const next = rest.filter(isLinked);
    rest = rest.filter((period) => !next.includes(period));
    chain.push(...next);
    links = next;
  }
  return chain;
}

/**
 * Whether at some moment of `wanted` nobody more can be taken: a block, a booking in conflict, or every lane taken.
 * Only then is the time to be closed on other platforms: while a lane is free they may go on selling it.
 */
export function isFull(wanted: Interval, capacity: number, periods: readonly Laned[]): boolean {
  const isOutside = ({ lane, interval }: Laned): boolean => lane === null && overlaps(wanted, interval);
  return periods.some(isOutside) || !hasRoom(wanted, capacity, periods);
}
