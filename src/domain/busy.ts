import type { Instant } from './instant.ts';
import { type Interval, overlaps } from './interval.ts';
import { lanesOf, together } from './lanes.ts';
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
 * Otherwise the slot is free while at no moment of it every lane is taken. Where every lane is, it is `busy` if they all
 * have an appointment, else `busy-tentative`: it may come free when a hold ends.
 * Precedence busy > busy-unavailable > busy-tentative > free. schema/0001: slot_status() is the same rule in SQL.
 */
export function slotStatus(slot: Interval, capacity: number, periods: readonly Occupation[]): SlotStatus {
  const inside = periods.filter(({ interval }) => overlaps(slot, interval));
  const full = [...together(slot, inside)].filter((many) => lanesOf(many) >= capacity);
  const isBooked = (many: Occupation[]): boolean =>
    lanesOf(many.filter(({ kind }) => kind === 'appointment')) >= capacity;
  const isConflict = inside.some(({ kind, lane }) => isLocking(kind) && lane === null);
  if (isConflict || full.some(isBooked)) return 'busy';
  if (inside.some(({ kind }) => kind === 'block')) return 'busy-unavailable';
  return full.length > 0 ? 'busy-tentative' : 'free';
}
