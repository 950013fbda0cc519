import type { BusyPeriod } from './busy.ts';
import type { Instant } from './instant.ts';
import { type Interval, overlaps } from './interval.ts';

/** Two bookings of the same time of one actor, of which one found no room in the lock. */

/** Which of the two. */
export type Side = 'a' | 'b';

export const otherSide = (side: Side): Side => (side === 'a' ? 'b' : 'a');

/** How it is settled; `move` = one of the two was given another time. */
export type Resolution = 'keep-a' | 'keep-b' | 'keep-both' | 'move';

/** Whose patient is told to stay away; null = nobody's. */
export const loserOf = (resolution: Resolution): Side | null =>
  resolution === 'keep-a' ? 'b' : resolution === 'keep-b' ? 'a' : null;

export type Settlement = {
  /** Who said so: a name that the caller is known by, or `policy`. */
  readonly by: string;
  readonly at: Instant;
} & ({ readonly resolution: Exclude<Resolution, 'move'> } | ({ readonly resolution: 'move' } & Move));

export type Move = {
  readonly side: Side;
  /** Where it went. */
  readonly slotId: string;
  /** The booking that took its place; the same one where its platform moved it. */
  readonly toBusyId: string;
};

export type Party = {
  readonly busyId: string;
  /** As it was when the conflict was last decided on. */
  readonly interval: Interval;
};

export type Conflict = {
  readonly id: string;
  /** The smaller id is `a`: whoever holds the lock, now or later, the words `keep-a` always mean the same booking. */
  readonly a: Party;
  readonly b: Party;
  /** Of the booking outside of the lock. */
  readonly scheduleId: string;
  readonly connectionId: string | null;
  readonly detectedAt: Instant;
  /** Null = nobody has settled it. */
  readonly settlement: Settlement | null;
  /** Since when the two do not meet any more; null = they do. Both may be null, either, or none. */
  readonly endedAt: Instant | null;
};

/** By itself. `apart`: one of the two was cancelled or moved, or both found room. `passed`: the time of both has passed. */
export type HowEnded = 'apart' | 'passed';

/** Whether it is too late to do anything about the two. */
export const hasPassed = (both: readonly Pick<Party, 'interval'>[], at: Instant): boolean =>
  both.every(({ interval }) => interval.end <= at);

export const howEndedAt = (both: Readonly<Record<Side, Pick<Party, 'interval'>>>, at: Instant): HowEnded =>
  hasPassed([both.a, both.b], at) ? 'passed' : 'apart';

/** `gone`: it ended by itself. */
export type ConflictState = 'open' | 'resolved' | 'gone';

export const conflictState = ({
  settlement,
  endedAt,
}: Pick<Conflict, 'settlement' | 'endedAt'>): ConflictState => {
  if (settlement) return 'resolved';
  return endedAt === null ? 'open' : 'gone';
};

type Booking = Pick<BusyPeriod, 'kind' | 'actorId' | 'interval' | 'lane'>;

/** Blocks and holds are nobody's visit; two that have a lane each are in order. */
export const inConflict = (one: Booking, other: Booking): boolean =>
  one.kind === 'appointment' &&
  other.kind === 'appointment' &&
  one.actorId === other.actorId &&
  (one.lane === null || other.lane === null) &&
  overlaps(one.interval, other.interval);
