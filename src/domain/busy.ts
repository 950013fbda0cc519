import type { Instant } from './instant.ts';
import { type Interval, overlaps } from './interval.ts';
import type { SlotStatus } from './slot.ts';

/** Why time is taken. RFC 5545 FBTYPE: appointment = BUSY, hold = BUSY-TENTATIVE, block = BUSY-UNAVAILABLE. */
export type BusyKind = 'appointment' | 'hold' | 'block';

/** An interval of an actor that is taken. */
export type BusyPeriod = {
  readonly id: string;
  readonly actorId: string;
  readonly scheduleId: string;
  readonly kind: BusyKind;
  readonly interval: Interval;
  /** 0 … capacity − 1 inside the lock; null outside of it: a block, or a booking in conflict. */
  readonly lane: number | null;
  /** The connection that it came from, or null: made through our own API and not yet placed. */
  readonly originId: string | null;
  /** When a hold ends by itself; null of all else. */
  readonly expiresAt: Instant | null;
  /** When it last changed, by the clock of the place where it did: from here the mirror lag is measured. */
  readonly changedAt: Instant;
};

/** Whether it is a hold of our own API, and none that a platform gave. */
export const isOurHold = ({ kind, originId }: Pick<BusyPeriod, 'kind' | 'originId'>): boolean =>
  kind === 'hold' && originId === null;

export const STATUS_OF: Record<BusyKind, Exclude<SlotStatus, 'free'>> = {
  appointment: 'busy',
  block: 'busy-unavailable',
  hold: 'busy-tentative',
};

/** Blocks stand outside of the lock: two platforms may well show the same lunch hour. */
export const isLocking = (kind: BusyKind): boolean => kind !== 'block';

type Occupation = Pick<BusyPeriod, 'kind' | 'interval' | 'lane'>;

/**
 * The status of a slot of an actor with `capacity` lanes, from the busy periods of that actor.
 * A block closes every lane, and so does a booking in conflict (it has no lane, yet its patient will come).
 * Otherwise the slot is free while a lane is free over its whole length; when none is, it is `busy` if every lane
 * has an appointment, else `busy-tentative`: it may come free when a hold ends.
 * Precedence busy > busy-unavailable > busy-tentative > free. schema/0001: slot_status() is the same rule in SQL.
 */
export function slotStatus(slot: Interval, capacity: number, periods: Iterable<Occupation>): SlotStatus {
  const taken = new Set<number>();
  const booked = new Set<number>();
  let blocked = false;
  let conflict = false;
  for (const period of periods) {
    if (!overlaps(slot, period.interval)) continue;
    if (period.kind === 'block') blocked = true;
    else if (period.lane === null) conflict = true;
    else {
      taken.add(period.lane);
      if (period.kind === 'appointment') booked.add(period.lane);
    }
  }
  if (conflict || booked.size >= capacity) return 'busy';
  if (blocked) return 'busy-unavailable';
  return taken.size >= capacity ? 'busy-tentative' : 'free';
}

/** The first lane that is free over the whole interval, or null: every lane is taken, so this is a conflict. */
export function freeLane(wanted: Interval, capacity: number, periods: Iterable<Occupation>): number | null {
  const taken = new Set<number>();
  for (const period of periods) {
    if (period.lane !== null && overlaps(wanted, period.interval)) taken.add(period.lane);
  }
  for (let lane = 0; lane < capacity; lane += 1) if (!taken.has(lane)) return lane;
  return null;
}

/**
 * Whether at some moment of `wanted` nobody more can be taken: a block, a booking in conflict, or every lane taken.
 * Only then is the time to be closed on other platforms: while a lane is free they may go on selling it.
 */
export function isFull(wanted: Interval, capacity: number, periods: Iterable<Occupation>): boolean {
  const overlapping = [...periods].filter((period) => overlaps(wanted, period.interval));
  if (overlapping.some((period) => period.lane === null)) return true;
  // Lanes fill where a period begins, so these moments are enough to look at.
  const moments = [wanted.start, ...overlapping.map((period) => period.interval.start)];
  return moments.some((moment) => {
    const at = overlapping.filter(({ interval }) => interval.start <= moment && moment < interval.end);
    return moment >= wanted.start && new Set(at.map((period) => period.lane)).size >= capacity;
  });
}
