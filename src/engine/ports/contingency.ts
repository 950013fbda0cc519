import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { SlotAttributes } from '../../domain/slot.ts';
import type { AppointmentStatus } from './appointments.ts';

/** What the contingency sheet and the report of an outage read. */

/** A schedule, and from when until when; two days of its own zone begin at different instants in different places. */
export type Stretched = { readonly scheduleId: string; readonly window: Interval };

/** Time that somebody has, or holds: blocks are not among them. */
export type TakenRow = {
  readonly id: string;
  readonly scheduleId: string;
  readonly kind: 'appointment' | 'hold';
  readonly interval: Interval;
  /** Of a hold; null = it does not end by itself. */
  readonly expiresAt: Instant | null;
  /** Where it was made; null = nowhere else than here. */
  readonly connectionId: string | null;
  /** Null of what was only seen at its platform. */
  readonly status: AppointmentStatus | null;
  readonly comment: string | null;
  /** By which its platform knows it. */
  readonly externalId: string | null;
  /** Its platform is still to be told of it. */
  readonly isAwaited: boolean;
  readonly inConflict: boolean;
  /** Of the slot that it was booked on. */
  readonly attributes: SlotAttributes | null;
  readonly patientId: string | null;
  /** As the clinic keeps who comes. */
  readonly sealedPatient: Uint8Array | null;
  /** The same for the platform that is to be told. */
  readonly sealedBooking: Uint8Array | null;
};

export type FreeRow = {
  readonly slotId: string;
  readonly connectionId: string;
  readonly calendar: string;
  readonly scheduleId: string;
  readonly interval: Interval;
  readonly withheld: boolean;
};

/** Listings of one connection that differ, of one kind and in one way. */
export type QueuedRow = {
  readonly connectionId: string;
  readonly kind: 'booking' | 'block' | 'offer';
  /** It is to be there, and it is known to be there. */
  readonly isWanted: boolean;
  readonly isThere: boolean;
  readonly count: number;
  readonly since: Instant;
};

/** A booking that was accepted on behalf of a platform, which is still to be told. */
export type WaitingRow = {
  readonly connectionId: string;
  readonly appointmentId: string;
  readonly scheduleId: string;
  readonly interval: Interval;
  readonly since: Instant;
};

/** Slots of one calendar that are free, before and since the middle of a stretch. */
export type FreeCount = {
  readonly connectionId: string;
  readonly calendar: string;
  readonly today: number;
  readonly tomorrow: number;
};

export type ContingencyReader = {
  readonly takenTime: (stretches: readonly Stretched[]) => Promise<TakenRow[]>;
  readonly freeTime: (stretches: readonly Stretched[]) => Promise<FreeRow[]>;
  readonly queuedListings: (scheduleIds: readonly string[]) => Promise<QueuedRow[]>;
  /** The soonest first. */
  readonly waitingBookings: (scheduleIds: readonly string[], limit: number) => Promise<WaitingRow[]>;
  /** @param stretches each with where its second day begins, and from when on nothing is released yet, or null. */
  readonly freeCounts: (
    stretches: readonly (Stretched & { readonly middle: Instant; readonly releasedUntil: Instant | null })[],
  ) => Promise<FreeCount[]>;
};
