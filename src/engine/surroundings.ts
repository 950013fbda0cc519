import { type BusyPeriod, isLocking } from '../domain/busy.ts';
import type { Directory } from '../domain/directory.ts';
import { hull, type Interval, sameInterval } from '../domain/interval.ts';

/**
 * The live periods that a decision about a stretch of time depends on. Those within the window are not enough: one that
 * waits for a lane, or that shares its time with others in several lanes, is decided beside its own neighbours, which
 * may stand outside of it. What is not read would count as free.
 */

type Around = { readonly window: Interval; readonly live: readonly BusyPeriod[] };
type Load = (window: Interval) => Promise<readonly BusyPeriod[]>;

/** Outside of the lock for want of a lane: any decision around it may give it one. */
export const isWaiting = (busy: BusyPeriod): boolean => busy.lane === null && isLocking(busy.kind);

/** Of an actor with several lanes: whether its time is full depends on the others. */
export const sharesTime =
  (directory: Directory) =>
  (busy: BusyPeriod): boolean =>
    directory.capacityOf(busy.scheduleId) > 1;

/**
 * @param load reads the live periods of the actors that overlap a window; it is asked once where nothing waits or shares.
 */
export async function surroundings(
  load: Load,
  directory: Directory,
  window: Interval,
): Promise<readonly BusyPeriod[]> {
  const shares = sharesTime(directory);
  const matters = (busy: BusyPeriod): boolean => isWaiting(busy) || shares(busy);
  let around: Around = { window, live: await load(window) };
  for (;;) {
    const wider = hull([around.window, ...around.live.filter(matters).map((busy) => busy.interval)]);
    if (wider === null || sameInterval(wider, around.window)) return around.live;
    around = { window: wider, live: await load(wider) };
  }
}
