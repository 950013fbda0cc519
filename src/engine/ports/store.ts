import type { Rejected } from '../../adapter/observation.ts';
import type { BusyPeriod } from '../../domain/busy.ts';
import type { DirectoryEntries } from '../../domain/directory.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Fingerprint, Listing, ListingKey } from '../../domain/listing.ts';
import type { SlotAttributes, SlotStatus } from '../../domain/slot.ts';
import type { EngineEvent } from './events.ts';

/** What the engine asks of the database. Every method is one statement, or one transaction where it says so. */

/** A slot to write. `document` is its resource as JSON text up to, and without, the closing brace. */
export type SlotWrite = {
  readonly id: string;
  readonly connectionId: string;
  readonly calendar: string;
  readonly externalId: string;
  readonly scheduleId: string;
  readonly interval: Interval;
  readonly attributes: SlotAttributes;
  /** Hash of interval and attributes: an unchanged slot costs one comparison. */
  readonly content: string;
  readonly revision: string | null;
  readonly sequence: number | null;
  readonly document: string;
};

export type AppointmentStatus = 'pending' | 'booked' | 'cancelled' | 'noshow' | 'entered-in-error';

export type AppointmentWrite = {
  /** The same as its busy period's. */
  readonly id: string;
  readonly scheduleId: string;
  readonly slotId: string | null;
  readonly status: AppointmentStatus;
  readonly document: string;
  /** Encrypted details of the patient for the platform that must honour the booking; null once it has them. */
  readonly sealedPatient: Uint8Array | null;
};

export type ConflictWrite = { readonly id: string; readonly busyId: string; readonly withBusyId: string };

/** What one decision writes, in one transaction. */
export type Changes = {
  readonly busy: readonly BusyPeriod[];
  /** Busy periods that are over: cancelled, released, expired or removed at their source. */
  readonly ended: readonly string[];
  readonly listings: readonly Listing[];
  readonly appointments: readonly AppointmentWrite[];
  readonly appointmentStatuses: readonly { readonly id: string; readonly status: AppointmentStatus }[];
  readonly conflicts: readonly ConflictWrite[];
  readonly events: readonly EngineEvent[];
};

export type Claim = {
  readonly slotId: string;
  readonly busy: BusyPeriod;
  readonly appointment: AppointmentWrite;
  /** The home platform's listing, or null for a slot that no platform offers. */
  readonly listing: Listing | null;
  readonly events: readonly EngineEvent[];
};

export type DueListing = Listing & {
  readonly attempts: number;
  /** When it began to differ. */
  readonly since: Instant;
  readonly interval: Interval;
  /** The slot that a booking was made on. */
  readonly slot: {
    readonly id: string;
    readonly externalId: string;
    readonly attributes: SlotAttributes;
  } | null;
  readonly sealedPatient: Uint8Array | null;
};

export type FeedKey = { readonly connectionId: string; readonly feedId: string };

export type FeedState = FeedKey & {
  readonly cursor: string | null;
  /** The last time that a reading reached its end: everything of this feed was true then. */
  readonly confirmedAt: Instant | null;
  readonly dueAt: Instant;
};

export type ConnectionState = {
  readonly id: string;
  /** Faults in a row; 0 = healthy. */
  readonly failures: number;
  readonly failingSince: Instant | null;
  /** The circuit is open, no call is made, until then. */
  readonly openUntil: Instant | null;
  readonly lastError: string | null;
  readonly lastSuccessAt: Instant | null;
  readonly paused: boolean;
};

export type ConnectionSummary = ConnectionState & {
  readonly differing: number;
  readonly oldestDifferingSince: Instant | null;
  readonly conflicts: number;
  readonly rejected: number;
  readonly slots: number;
  readonly confirmedAt: Instant | null;
  readonly feeds: number;
  readonly feedsRead: number;
};

/** What is known of slots before a page is merged: which of the rows are new or differ. */
export type SlotDifference = { readonly externalId: string; readonly id: string | null };

export type StoredOffer = {
  readonly slotId: string;
  readonly scheduleId: string;
  readonly connectionId: string;
  readonly calendar: string;
  readonly interval: Interval;
  readonly content: string;
  readonly status: SlotStatus;
};

/** Inside one transaction, with the time of some actors reserved to it. */
export type Transaction = {
  /** Waits until no other transaction writes the time of these actors. Call first, and once. */
  readonly lockActors: (actorIds: readonly string[]) => Promise<void>;
  readonly listingsByExternalId: (connectionId: string, externalIds: readonly string[]) => Promise<Listing[]>;
  readonly listingsBySubject: (subjectIds: readonly string[]) => Promise<Listing[]>;
  /** Listings of busy periods that the connection is known to show in these calendars, within the window. */
  readonly listingsShown: (
    connectionId: string,
    calendars: readonly string[],
    window: Interval,
  ) => Promise<Listing[]>;
  readonly busyByIds: (ids: readonly string[]) => Promise<BusyPeriod[]>;
  /** Live busy periods of the actors that overlap the window. */
  readonly busyOverlapping: (actorIds: readonly string[], window: Interval) => Promise<BusyPeriod[]>;
  readonly slotsDiffering: (connectionId: string, slots: readonly SlotWrite[]) => Promise<SlotDifference[]>;
  readonly writeSlots: (slots: readonly SlotWrite[], at: Instant) => Promise<void>;
  /** The slots whose external ids are named; returns those that existed. */
  readonly removeSlots: (
    connectionId: string,
    externalIds: readonly string[],
  ) => Promise<{ id: string; scheduleId: string; interval: Interval }[]>;
  /** External ids of the slots of these calendars that start within the window. */
  readonly slotsShown: (
    connectionId: string,
    calendars: readonly string[],
    window: Interval,
  ) => Promise<{ externalId: string; knownAt: Instant }[]>;
  /** Slots of the schedules that overlap the window, with their status as it now stands. */
  readonly offersOverlapping: (scheduleIds: readonly string[], window: Interval) => Promise<StoredOffer[]>;
  readonly apply: (changes: Changes, at: Instant) => Promise<void>;
};

export type Recorded = {
  readonly known: Fingerprint | null;
  readonly externalId: string | null;
  readonly revision: string | null;
  readonly sequence: number | null;
};

export type Store = {
  readonly transaction: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;

  /** Makes connections, feeds and schedules of the configuration known to the database. */
  readonly applyDirectory: (
    entries: DirectoryEntries,
    feeds: readonly FeedKey[],
    at: Instant,
  ) => Promise<void>;

  /** One statement: takes the slot only if it is free this instant. Null = somebody was faster. */
  readonly claimSlot: (claim: Claim, at: Instant) => Promise<boolean>;

  /** Takes due listings that differ, soonest appointment first, and hides them from other workers until `hiddenUntil`. */
  readonly claimListings: (
    connectionId: string,
    options: { now: Instant; hiddenUntil: Instant; limit: number; writeAhead: boolean },
  ) => Promise<DueListing[]>;
  readonly listing: (key: ListingKey) => Promise<DueListing | null>;
  /** What a write or a read-back taught us; ignored when something newer was observed meanwhile. */
  readonly recordKnown: (key: ListingKey, recorded: Recorded, at: Instant) => Promise<void>;
  readonly recordFailure: (
    key: ListingKey,
    failure: { nextAttemptAt: Instant; error: string; unsure: boolean },
  ) => Promise<void>;
  /** Connections with listings that differ and are due. */
  readonly connectionsDue: (now: Instant) => Promise<string[]>;

  /** Takes a due feed for one reader; null when it is not due or another reader has it. */
  readonly claimFeed: (
    key: FeedKey,
    options: { now: Instant; leaseUntil: Instant; force: boolean },
  ) => Promise<FeedState | null>;
  readonly recordFeed: (
    key: FeedKey,
    read: { cursor: string | null; confirmedAt: Instant; dueAt: Instant },
  ) => Promise<void>;
  readonly releaseFeed: (key: FeedKey, dueAt: Instant) => Promise<void>;
  readonly feeds: () => Promise<FeedState[]>;

  readonly connectionState: (id: string) => Promise<ConnectionState>;
  readonly recordConnection: (state: ConnectionState) => Promise<void>;
  readonly connectionSummaries: (now: Instant) => Promise<ConnectionSummary[]>;

  readonly recordRejected: (key: FeedKey, rejected: readonly Rejected[], at: Instant) => Promise<void>;
  /** Ids of live holds that are over. */
  readonly expiredHolds: (now: Instant) => Promise<string[]>;
  /** Bookings that were claimed and neither confirmed nor refused since `before`. */
  readonly appendEvents: (events: readonly EngineEvent[]) => Promise<void>;
  readonly close: () => Promise<void>;
};
