import type { Removal } from '../../adapter/observation.ts';
import type { Gone, Held } from '../../domain/absence.ts';
import type { BusyKind, BusyPeriod } from '../../domain/busy.ts';
import type { Conflict } from '../../domain/conflict.ts';
import type { DirectoryEntries } from '../../domain/directory.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Fingerprint, Listing, ListingKey } from '../../domain/listing.ts';
import type { Handed, Unit } from '../../domain/schedule.ts';
import type { SlotAttributes, SlotStatus } from '../../domain/slot.ts';
import type { AppointmentStatus, AppointmentWrite } from './appointments.ts';
import type { Confirmation, Confirmed } from './confirmation.ts';
import type { StoredConflicts } from './conflicts.ts';
import type { StoredReasons } from './desk.ts';
import type { PartedText } from './documents.ts';
import type { EngineEvent } from './events.ts';
import type {
  FeedKey,
  FeedRead,
  FeedState,
  NamedAhead,
  RejectedRow,
  RejectedWrite,
  Suspicion,
  Unreadable,
} from './feeds.ts';
import type { KnownSlot, SlotDifference } from './known-slots.ts';
import type { LinkStore } from './links.ts';
import type { OfferedSchedule, StoredAgendas } from './offerings.ts';
import type { StoredRosters } from './rosters.ts';
import type { CalendarKey, OfferedRange, Seen, SlotMark, Stretch, Unread } from './stretches.ts';
import type { StoredTasks, TaskStore } from './tasks.ts';

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
  readonly document: PartedText;
};

/** What one decision writes, in one transaction. */
export type Changes = {
  readonly busy: readonly BusyPeriod[];
  /** Busy periods that are over: cancelled, released, expired or removed at their source. */
  readonly ended: readonly string[];
  /** Those that are over as soon as they are known. */
  readonly passed: readonly BusyPeriod[];
  readonly listings: readonly Listing[];
  readonly appointments: readonly AppointmentWrite[];
  readonly appointmentStatuses: readonly { readonly id: string; readonly status: AppointmentStatus }[];
  readonly conflicts: readonly Conflict[];
  readonly events: readonly EngineEvent[];
};

/** Of a decision that writes little. */
export const NOTHING = {
  busy: [],
  ended: [],
  passed: [],
  listings: [],
  appointments: [],
  appointmentStatuses: [],
  conflicts: [],
  events: [],
} as const satisfies Changes;

export type Claim = {
  readonly slotId: string;
  /** Its lane is chosen by the database. */
  readonly busy: BusyPeriod;
  readonly capacity: number;
  readonly appointment: AppointmentWrite;
  /** The home platform's listing, or null for a slot that no platform offers. */
  readonly listing: Listing | null;
  /** Until then delivery leaves the listing to whoever claimed it. */
  readonly leaseUntil: Instant;
  readonly events: readonly EngineEvent[];
};

export type DueListing = Listing & {
  readonly attempts: number;
  /** Of them, those that the platform answered `taken`. */
  readonly refusals: number;
  /** When it began to differ. */
  readonly since: Instant;
  /** When its busy period last changed where it was made; null of a slot. */
  readonly changedAt: Instant | null;
  /** Where its busy period was made; null of a slot, and of our own API. */
  readonly originId: string | null;
  /** Of its busy period; null of a slot. */
  readonly busyKind: BusyKind | null;
  /** When it ends by itself; null of all but a hold. */
  readonly busyExpiresAt: Instant | null;
  /** The slot that a booking was made on. */
  readonly slot: {
    readonly id: string;
    readonly externalId: string;
    readonly attributes: SlotAttributes;
  } | null;
  readonly sealedPatient: Uint8Array | null;
  /** Of the appointment that it is about, if any: `pending` = nobody was told yet that it is booked. */
  readonly appointmentStatus: AppointmentStatus | null;
};

export type SlotDetails = {
  readonly id: string;
  readonly connectionId: string;
  readonly calendar: string;
  readonly externalId: string;
  readonly scheduleId: string;
  readonly interval: Interval;
  readonly status: SlotStatus;
  /** Its time is another platform's to sell, or not on offer. */
  readonly withheld: boolean;
  /** Whether its schedule has that time on offer. */
  readonly isOffered: boolean;
  /** Of its connection. */
  readonly paused: boolean;
  readonly openUntil: Instant | null;
  readonly failingSince: Instant | null;
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
  /** Since when it is paused; null = it is not. */
  readonly pausedAt: Instant | null;
  readonly differing: number;
  readonly oldestDifferingSince: Instant | null;
  readonly conflicts: number;
  readonly rejected: number;
  /** Of these the ones that say of a code that no ConceptMap leads from it, the most frequent first, and of how many records. */
  readonly unmapped: readonly { readonly reason: string; readonly records: number }[];
  /** What persons were asked to do there and have not done, and of these what is past its deadline. */
  readonly tasks: { readonly open: number; readonly overdue: number };
  readonly slots: number;
  readonly confirmedAt: Instant | null;
  readonly feeds: number;
  readonly feedsRead: number;
  readonly suspects: readonly (Suspicion & Pick<FeedKey, 'feedId'>)[];
  readonly unreadable: readonly (Unreadable & Pick<FeedKey, 'feedId'>)[];
};

export type StoredOffer = {
  readonly slotId: string;
  readonly scheduleId: string;
  readonly connectionId: string;
  readonly calendar: string;
  readonly externalId: string;
  readonly version: number;
  readonly interval: Interval;
  readonly content: string;
  readonly status: SlotStatus;
  readonly withheld: boolean;
  readonly awaitedBy: string | null;
};

/** Inside one transaction, with the time of some actors reserved to it. */
export type Transaction = StoredConflicts &
  StoredAgendas &
  StoredTasks &
  StoredReasons &
  StoredRosters & {
    /** Waits until no other transaction writes the time of these actors. Call first, and once. */
    readonly lockActors: (actorIds: readonly string[]) => Promise<void>;
    readonly listingsByExternalId: (
      connectionId: string,
      externalIds: readonly string[],
    ) => Promise<Listing[]>;
    readonly listingsBySubject: (subjectIds: readonly string[]) => Promise<Listing[]>;
    /** Listings of busy periods that the connection is known to show in these calendars, within the window. */
    readonly listingsShown: (
      connectionId: string,
      calendars: readonly string[],
      window: Interval,
    ) => Promise<Listing[]>;
    /** Bookings that stand, whose platforms are still to be told, and that overlap the window on these schedules. */
    readonly listingsAwaited: (scheduleIds: readonly string[], window: Interval) => Promise<Listing[]>;
    readonly busyByIds: (ids: readonly string[]) => Promise<BusyPeriod[]>;
    /** Live busy periods of the actors that overlap the window. */
    readonly busyOverlapping: (actorIds: readonly string[], window: Interval) => Promise<BusyPeriod[]>;
    /** Which of the slots are new, or known otherwise; one that is older than ours by its sequence is neither. */
    readonly slotsDiffering: (
      connectionId: string,
      slots: readonly { externalId: string; content: string; sequence: number | null }[],
    ) => Promise<SlotDifference[]>;
    readonly writeSlots: (slots: readonly SlotWrite[], at: Instant) => Promise<void>;
    /** Slots that slotsDiffering() called new: while their actors are locked nobody else writes them. */
    readonly insertSlots: (slots: readonly SlotWrite[], at: Instant) => Promise<void>;
    /**
     * The slots that are named, gone as of `at`, but for those of which younger news is known by their sequence; returns
     * those that existed.
     */
    readonly removeSlots: (
      connectionId: string,
      gone: readonly { externalId: string; sequence: number | null }[],
      at: Instant,
    ) => Promise<{ id: string; calendar: string; scheduleId: string; interval: Interval }[]>;
    /** The slots of these calendars that start within the window. */
    readonly slotsShown: (
      connectionId: string,
      calendars: readonly string[],
      window: Interval,
    ) => Promise<KnownSlot[]>;
    /** What a suspect feed misses, as it was last judged. */
    readonly heldBack: (feed: FeedKey) => Promise<(Held & { readonly at: Instant })[]>;
    /**
     * Remembers these, as of `at`, and no others: but what is remembered as of `before` or later stays, who judges knows
     * nothing of it. Null = nothing stays.
     */
    readonly holdBack: (
      feed: FeedKey,
      held: readonly Held[],
      when: { at: Instant; before: Instant | null },
    ) => Promise<void>;
    readonly feed: (key: FeedKey) => Promise<FeedState | null>;
    /** Since when it is so stays as it was. */
    readonly suspectFeed: (key: FeedKey, suspicion: Suspicion) => Promise<void>;
    /** What these removals name that is ahead: slots, and busy periods of the platform's own. */
    readonly namedAhead: (
      connectionId: string,
      removed: readonly Removal[],
      now: Instant,
    ) => Promise<NamedAhead[]>;
    /** Counts what a platform told as removed, until a complete reading forgets it. */
    readonly tellGone: (connectionId: string, gone: readonly Gone[], at: Instant) => Promise<void>;
    readonly toldGone: (connectionId: string, calendars: readonly string[]) => Promise<Gone[]>;
    /** What was told before then; null = all of it. */
    readonly forgetTold: (
      connectionId: string,
      calendars: readonly string[],
      before: Instant | null,
    ) => Promise<void>;
    /** Slots of the schedules that overlap the window, with their status as it now stands. */
    readonly offersOverlapping: (scheduleIds: readonly string[], window: Interval) => Promise<StoredOffer[]>;
    readonly apply: (changes: Changes, at: Instant) => Promise<void>;
    readonly markSlots: (marks: readonly SlotMark[], at: Instant) => Promise<void>;
    /** The units of these schedules that were handed on. */
    readonly handedUnits: (scheduleIds: readonly string[]) => Promise<Handed[]>;
    readonly handUnits: (units: readonly Handed[]) => Promise<void>;
    /** How far these calendars are known; those that were never read are left out. */
    readonly calendarsSeen: (calendars: readonly CalendarKey[]) => Promise<Seen[]>;
    readonly claimSlot: (claim: Claim, at: Instant) => Promise<boolean>;
    readonly confirmBooking: (confirmation: Confirmation, at: Instant) => Promise<Confirmed | null>;
    /** The appointment that was booked in place of another is known to its caller as that was. */
    readonly passIdentifiers: (fromId: string, toId: string, at: Instant) => Promise<void>;
    readonly recordKnown: (key: ListingKey, recorded: Recorded, at: Instant) => Promise<void>;
    /** Leaves a listing to who writes it to its platform until then, whatever is wanted meanwhile. */
    readonly leaseListing: (key: ListingKey, until: Instant) => Promise<void>;
    readonly releaseListing: Store['releaseListing'];
    readonly tell: Store['appendEvents'];
  };

export type Recorded = {
  readonly known: Fingerprint | null;
  readonly externalId: string | null;
  readonly revision: string | null;
  readonly sequence: number | null;
};

export type Store = TaskStore &
  LinkStore & {
    readonly transaction: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;

    /** Makes connections, feeds and schedules of the configuration known to the database. */
    readonly applyDirectory: (entries: DirectoryEntries, feeds: readonly FeedKey[]) => Promise<void>;

    /** By the database's clock: the one that all processes share, and that says when a hold is over. */
    readonly now: () => Promise<Instant>;

    readonly slotDetails: (id: string) => Promise<SlotDetails | null>;
    /** Who comes, as long as that has to be told to a platform still; else null. */
    readonly sealedPatient: (appointmentId: string) => Promise<Uint8Array | null>;
    /** One statement: takes the slot only if it, and a lane for all of it, are free this instant, and a sole identifier too. */
    readonly claimSlot: (claim: Claim, at: Instant) => Promise<boolean>;

    /** Takes due listings that differ, soonest appointment first; other workers leave them alone until `leaseUntil`. */
    readonly claimListings: (
      connectionId: string,
      options: {
        now: Instant;
        leaseUntil: Instant;
        limit: number;
        writeAhead: boolean;
        /** Only of these; left out = of any. */
        subjectIds?: readonly string[];
      },
    ) => Promise<DueListing[]>;
    readonly listing: (key: ListingKey) => Promise<DueListing | null>;
    /** What a write or a read-back taught us; ignored when something newer was observed meanwhile. */
    readonly recordKnown: (key: ListingKey, recorded: Recorded, at: Instant) => Promise<void>;
    /** One statement: the home platform has the booking, so it is `booked` and closes the time elsewhere. */
    readonly confirmBooking: (confirmation: Confirmation, at: Instant) => Promise<Confirmed | null>;
    readonly recordFailure: (
      key: ListingKey,
      failure: { nextAttemptAt: Instant; error: string; unsure: boolean; refused?: boolean },
      at: Instant,
    ) => Promise<void>;
    /** Those that are still leased at `now` are so until then. */
    readonly renewListings: (keys: readonly ListingKey[], now: Instant, leaseUntil: Instant) => Promise<void>;
    /** Its writer is done with it, and learned nothing that it has not recorded. */
    readonly releaseListing: (key: ListingKey) => Promise<void>;
    /** Connections with listings that differ and are due. */
    readonly connectionsDue: (now: Instant) => Promise<string[]>;

    /**
     * Takes a due feed for one reader; null when it is not due or another reader has it.
     * @param options.mapping the reader's code tables, as a hash. A feed that was last read with others, and has rejected
     * records, forgets its cursor.
     */
    readonly claimFeed: (
      key: FeedKey,
      options: { now: Instant; leaseUntil: Instant; force: boolean; mapping: string },
    ) => Promise<FeedState | null>;
    readonly confirmFeeds: (keys: readonly FeedKey[], at: Instant) => Promise<void>;
    /** Returns when it is due again: sooner than `dueAt` where somebody asked meanwhile. */
    readonly recordFeed: (key: FeedKey, read: FeedRead) => Promise<Instant>;
    /** The next complete reading of the suspect feeds, or of the one that is named, is taken at its word. Returns them. */
    readonly acceptAbsence: (connectionId: string, feedId: string | null, at: Instant) => Promise<FeedKey[]>;
    readonly renewFeed: (key: FeedKey, leaseUntil: Instant) => Promise<void>;
    readonly releaseFeed: (key: FeedKey, dueAt: Instant) => Promise<void>;
    /** Makes the feeds due at that instant, unless they are so before; only a reading that begins then or later will do. */
    readonly hastenFeeds: (keys: readonly FeedKey[], at: Instant) => Promise<void>;
    readonly feed: (key: FeedKey) => Promise<FeedState | null>;
    readonly feeds: () => Promise<FeedState[]>;
    /**
     * Due feeds of connections that may be called, those that have waited longest and no more than `limit` of each; one
     * where the circuit was open until now.
     */
    readonly feedsDue: (now: Instant, limit: number) => Promise<FeedKey[]>;
    /** Ends every lease: for the one owner of an embedded database, which knows that no other worker lives. */
    readonly endLeases: () => Promise<void>;

    readonly connectionState: (id: string) => Promise<ConnectionState>;
    readonly recordConnection: (state: ConnectionState) => Promise<void>;
    /** Opens the circuit until then, if it is as the caller knows it: of several that would, one does. */
    readonly moveOpenUntil: (id: string, from: Instant, to: Instant) => Promise<boolean>;
    /** @param at since when it is paused, unless it is so already; null = it is not paused any more. */
    readonly pauseConnection: (id: string, at: Instant | null) => Promise<void>;
    /** How these were in the minute that began then, as far as nobody has written it down. */
    readonly sampleConnections: (ids: readonly string[], minute: Instant, now: Instant) => Promise<void>;
    readonly connectionSummaries: (now: Instant) => Promise<ConnectionSummary[]>;

    /** @param when `since` = when the reading began that met them; null = a message told of them. */
    readonly recordRejected: (
      key: FeedKey,
      rejected: readonly RejectedWrite[],
      when: { at: Instant; since: Instant | null },
    ) => Promise<void>;
    /** Those met last come first. @param raw with their raw forms, which are large. */
    readonly rejectedRecords: (
      connectionId: string,
      options: { raw: boolean; limit: number },
    ) => Promise<RejectedRow[]>;
    /** Forgets the records that a complete reading begun at `before` did not meet again. */
    readonly forgetMended: (key: FeedKey, before: Instant) => Promise<void>;
    /** Of each schedule the stretch in which its offers are not as their release wants; none where all are. */
    readonly offersAmiss: (ranges: readonly OfferedRange[], now: Instant) => Promise<Stretch[]>;
    /** Stretches with slots that somebody waits for, and that are closed at all others, which were read since. */
    readonly awaitedTime: (now: Instant) => Promise<Stretch[]>;
    /** The feeds that such slots still wait for, once nothing more is being closed there; none that could not be read now. */
    readonly awaitedFeeds: (now: Instant) => Promise<Unread[]>;
    readonly offeredSchedules: () => Promise<OfferedSchedule[]>;
    /** Schedules of which some time is not in a roster, whether or not they have one now. */
    readonly schedulesUnsupplied: () => Promise<string[]>;
    /** Stretches with slots that are withheld or waited for, of any schedule. */
    readonly withheldTime: (now: Instant) => Promise<Stretch[]>;
    /** Forgets who was handed units that begin, by the wall clock, before that. */
    readonly forgetHanded: (before: Unit) => Promise<void>;
    /** Leaves blocks and offers of time that has passed as they stand: nobody can book it any more, so no call is made. */
    readonly settlePast: (now: Instant) => Promise<void>;
    /** Ids of live holds of ours that are over. */
    readonly expiredHolds: (now: Instant) => Promise<string[]>;
    /** The calendars with live holds of their platform whose time has come; each hold is told of once. */
    readonly takeOverdueHolds: (now: Instant) => Promise<{ connectionId: string; calendar: string }[]>;
    readonly appendEvents: (events: readonly EngineEvent[]) => Promise<void>;
    readonly close: () => Promise<void>;
  };
