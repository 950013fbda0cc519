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

/** @param load reads the live periods of the actors that overlap a window; it is asked once where nothing waits. */
export async function surroundings(
  load: Load,
  directory: Directory,
  window: Interval,
): Promise<readonly BusyPeriod[]> {
  const decided = await settle(load, { window, live: await load(window) });
  const besides = await widen(load, decided, sharesTime(directory));
  return (await settle(load, besides)).live;
}

async function settle(load: Load, around: Around): Promise<Around> {
  const wider = await widen(load, around, isWaiting);
  return wider === around ? around : settle(load, wider);
}

async function widen(load: Load, around: Around, matters: (busy: BusyPeriod) => boolean): Promise<Around> {
  const window = hull([around.window, ...around.live.filter(matters).map((busy) => busy.interval)]);
  if (window === null || sameInterval(window, around.window)) return around;
  return { window, live: await load(window) };
}
