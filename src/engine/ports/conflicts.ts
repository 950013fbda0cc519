import type { Conflict, ConflictState, Move, Resolution, Side } from '../../domain/conflict.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Bilingual } from '../../domain/schedule.ts';

/** What people ask about conflicts, and say to settle them. Time and platforms, never a patient. */

export type ConflictBooking = {
  /** The appointment's id too. */
  readonly busyId: string;
  /** Where it was made; null of our own API. */
  readonly originId: string | null;
  readonly scheduleId: string;
  /** As it was when the conflict was last decided on. */
  readonly interval: Interval;
  readonly holdsLock: boolean;
};

export type ConflictDetails = Omit<Conflict, Side> & {
  readonly actorId: string;
  readonly bookings: Readonly<Record<Side, ConflictBooking>>;
};

export type ConflictQuery = {
  /** Null = any. */
  readonly state: ConflictState | null;
  readonly limit: number;
  /** Of these schedules. Left out = of any. */
  readonly scheduleIds?: readonly string[];
};

/** A free slot to which one of the two bookings could go. */
export type Proposal = {
  readonly slotId: string;
  readonly connectionId: string;
  readonly scheduleId: string;
  readonly interval: Interval;
  /** From the start of the booking to its start; negative = before. */
  readonly distanceMilliseconds: number;
};

export type FreeSlot = Pick<Proposal, 'slotId' | 'connectionId' | 'scheduleId' | 'interval'>;

/** The free slots nearest to an instant, of each schedule so many before it and after it; those that may be booked now. */
export type FreeSlotQuery = {
  /** Slots that start at `releasedUntil` or later may not be booked yet; null = all may. */
  readonly schedules: readonly { readonly id: string; readonly releasedUntil: Instant | null }[];
  /** Their start is nearest to the start of this, and they last as long at the least. */
  readonly around: Interval;
  readonly fromMs: number;
  /** Only the slots of these. */
  readonly calendars: readonly { readonly connectionId: string; readonly calendar: string }[];
  readonly limit: number;
};

export type ConflictReader = {
  /** Upcoming ones in the order of their time, then those of time that has passed, the latest first. */
  readonly conflicts: (query: ConflictQuery, now: Instant) => Promise<ConflictDetails[]>;
  readonly conflict: (id: string) => Promise<ConflictDetails | null>;
  readonly freeSlotsAround: (query: FreeSlotQuery) => Promise<FreeSlot[]>;
};

export type ConflictWithProposals = ConflictDetails & {
  /** Nearest first; empty where the conflict is not open. */
  readonly proposals: Readonly<Record<Side, readonly Proposal[]>>;
};

/** What a transaction reads of them, with their actors reserved to it. */
export type StoredConflicts = {
  /** Those of the named busy periods whose two bookings meet, settled or not. */
  readonly conflictsOf: (busyIds: readonly string[]) => Promise<Conflict[]>;
  /** Whatever became of it. */
  readonly conflictById: (id: string) => Promise<Conflict | null>;
  /** Ends those that are open and whose time has passed; returns them. */
  readonly passConflicts: (now: Instant) => Promise<Conflict[]>;
  /** Whether one was settled by giving up this busy period. */
  readonly isGivenUp: (busyId: string) => Promise<boolean>;
};

export type ResolveCommand = {
  /** The name that the caller is known by. */
  readonly by: string;
} & (
  | { readonly resolution: Exclude<Resolution, 'move'> }
  | ({ readonly resolution: 'move' } & Pick<Move, 'side' | 'slotId'>)
);

export type MoveOrder = Extract<ResolveCommand, { resolution: 'move' }>;

export type ResolveOutcome =
  /** Also when the same had been said before. */
  | { readonly outcome: 'resolved'; readonly conflict: ConflictDetails }
  | { readonly outcome: 'unknown-conflict' }
  /** Somebody has settled it otherwise, or it ended by itself. */
  | { readonly outcome: 'not-open'; readonly conflict: ConflictDetails }
  /** The platform of the booking that would have to go cannot cancel from outside. */
  | { readonly outcome: 'not-cancellable'; readonly reason: Bilingual }
  /** It has to be done by hand. */
  | { readonly outcome: 'not-movable'; readonly reason: Bilingual }
  | { readonly outcome: 'unknown-slot' }
  /** Here, or at its platform. */
  | { readonly outcome: 'slot-taken'; readonly reason: Bilingual }
  /** The platform of the new time did not confirm it, so nothing was moved. */
  | { readonly outcome: 'unavailable'; readonly reason: Bilingual };

export type Conflicts = {
  readonly list: (query: ConflictQuery) => Promise<ConflictDetails[]>;
  readonly find: (id: string) => Promise<ConflictWithProposals | null>;
  readonly resolve: (id: string, command: ResolveCommand) => Promise<ResolveOutcome>;
};
