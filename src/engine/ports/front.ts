import type { PatientDetails } from '../../adapter/contract.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Bilingual } from '../../domain/schedule.ts';
import type { Reason, SlotStatus } from '../../domain/slot.ts';
import type { AppointmentIdentifier, AppointmentStatus, IdentifierWrite } from './appointments.ts';
import type { RejectedRow } from './feeds.ts';
import type { ConnectionSummary, SlotDetails } from './store.ts';

/** What the FHIR front and the command line ask of the engine and the store: queries by keyset, commands by name. */

export type SlotRow = {
  readonly id: string;
  readonly connectionId: string;
  readonly calendar: string;
  readonly scheduleId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly status: SlotStatus;
  /** Its time is another platform's to sell. */
  readonly withheld: boolean;
  readonly version: number;
  readonly updatedMs: number;
  /** JSON text of the resource without status, meta and closing brace; the front completes it. */
  readonly document: string;
};

export type AppointmentRow = {
  readonly id: string;
  readonly scheduleId: string;
  readonly startMs: number;
  readonly status: AppointmentStatus;
  readonly version: number;
  readonly updatedMs: number;
  readonly slotId: string | null;
  readonly document: string;
  readonly identifiers: readonly AppointmentIdentifier[];
  /** Until when it is held, epoch ms; null = it is no hold, or one that is over. */
  readonly heldUntilMs: number | null;
  /** Who comes, as long as that is kept. */
  readonly patientId: string | null;
};

/** Half-open bounds on the start, epoch ms; null = open. */
export type StartRange = { readonly fromMs: number | null; readonly beforeMs: number | null };

/** By what results are sorted, before their id. */
export type Order = { readonly by: 'start' | 'updated'; readonly descending: boolean };

/** The last row of the page before: what it was sorted by, epoch ms, and its id. */
export type After = { readonly atMs: number; readonly id: string };

/** What all searches have. */
type Common = {
  /** Null = any. An empty list matches nothing. */
  readonly ids: readonly string[] | null;
  readonly scheduleIds: readonly string[] | null;
  readonly start: StartRange;
  /** Within `start`: in any of these. Left out = it is all of it. */
  readonly anyStart?: readonly StartRange[];
  /** When its latest version was made: in any of these. Left out = whenever. */
  readonly anyUpdated?: readonly StartRange[];
  /** Left out = by start. */
  readonly order?: Order;
  readonly after: After | null;
  readonly limit: number;
};

export type SlotQuery = Common & {
  readonly statuses: readonly SlotStatus[] | null;
  /** The platform's own ids. Null or left out = any. */
  readonly externalIds?: readonly { readonly connectionId: string; readonly externalId: string }[] | null;
  /** That are for this reason, and for no other. Null or left out = any. */
  readonly onlyReasons?: readonly Reason[] | null;
  /** That are for one of these reasons, among others. Null or left out = any. */
  readonly anyReasons?: readonly Reason[] | null;
  /** Calendars whose free slots are too old to be served as free: left out where the status is free. */
  readonly staleCalendars: readonly { readonly connectionId: string; readonly calendar: string }[];
  /** Of these schedules free slots that start then or later may not be booked yet: left out as well. */
  readonly unreleased: readonly { readonly scheduleIds: readonly string[]; readonly fromMs: number }[];
  /** Free slots whose time is another platform's to sell are left out as well. */
  readonly onlySellable: boolean;
};

export type AppointmentQuery = Common & {
  readonly statuses: readonly AppointmentStatus[] | null;
  /** Null or left out = any. */
  readonly slotIds?: readonly string[] | null;
  /** That have one of these: of any system where that is null, any of it where the value is empty. Left out = any. */
  readonly identifiers?: readonly AppointmentIdentifier[] | null;
  /** Of one of these patients. Null or left out = any, or nobody's. */
  readonly patientIds?: readonly string[] | null;
};

export type Reader = {
  readonly searchSlots: (query: SlotQuery) => Promise<SlotRow[]>;
  readonly countSlots: (query: SlotQuery) => Promise<number>;
  /** Those that some such slot is of, whatever its page. */
  readonly schedulesOfSlots: (query: SlotQuery) => Promise<string[]>;
  readonly searchAppointments: (query: AppointmentQuery) => Promise<AppointmentRow[]>;
  readonly countAppointments: (query: AppointmentQuery) => Promise<number>;
};

/** When a calendar was last confirmed by its platform, and whether that is too long ago or in doubt. */
export type Freshness = { readonly confirmedAt: Instant | null; readonly stale: boolean };

export type Bookings = {
  /** The slot as it stands, to be looked at before it is booked. */
  readonly find: (slotId: string) => Promise<SlotDetails | null>;
  readonly book: (command: {
    readonly slot: SlotDetails;
    readonly patient: PatientDetails | null;
    /** One who is kept, whose details these are; left out = what they say, says who it is. */
    readonly patientId?: string;
    readonly comment: string | null;
    /** By which the caller knows it; left out = it has none. Where a sole one is taken, so is the slot. */
    readonly identifiers?: readonly IdentifierWrite[];
    /** The appointment of a hold that this is to become; it is booked under that id. Null = it was not held. */
    readonly holdId: string | null;
  }) => Promise<BookOutcome>;
  /** Keeps the slot for somebody who is about to book it. @param milliseconds how long. */
  readonly hold: (command: {
    readonly slot: SlotDetails;
    readonly milliseconds: number;
  }) => Promise<HoldOutcome>;
  readonly cancel: (appointmentId: string) => Promise<CancelOutcome>;
  /** Gives it the time of another slot; its platform does, which knows who comes. */
  readonly move: (command: {
    readonly appointmentId: string;
    readonly slot: SlotDetails;
  }) => Promise<MoveOutcome>;
};

export type HoldOutcome =
  | { readonly outcome: 'held'; readonly appointment: AppointmentRow; readonly expiresAt: Instant }
  | Extract<
      BookOutcome,
      { outcome: 'taken' | 'not-offered' | 'not-released' | 'not-bookable' | 'unavailable' }
    >;

export type BookOutcome =
  | { readonly outcome: 'booked'; readonly appointment: AppointmentRow }
  /** Accepted while the home platform is down (policy failover = accept), or its answer was lost: `pending`. */
  | { readonly outcome: 'pending'; readonly appointment: AppointmentRow; readonly reason: Bilingual }
  /** The slot is not free, or the platform says that it is taken. */
  | { readonly outcome: 'taken' }
  /** Its schedule's policy says that it may be booked from then on. */
  | { readonly outcome: 'not-released'; readonly from: Instant }
  /** Its schedule has it not on offer. */
  | { readonly outcome: 'not-offered' }
  /** The platform offers no way to book from outside. */
  | { readonly outcome: 'not-bookable'; readonly reason: Bilingual }
  | { readonly outcome: 'unavailable'; readonly reason: Bilingual };

export type CancelOutcome =
  | { readonly outcome: 'cancelled'; readonly appointment: AppointmentRow }
  | { readonly outcome: 'unknown-appointment' }
  /** Its schedule's policy says that it can no longer be cancelled through Passerelle. */
  | { readonly outcome: 'too-late'; readonly until: Instant }
  /** Its platform cannot cancel from outside. */
  | { readonly outcome: 'not-cancellable'; readonly reason: Bilingual };

export type MoveOutcome =
  /** Also when it was there before. */
  | { readonly outcome: 'moved'; readonly appointment: AppointmentRow }
  | { readonly outcome: 'unknown-appointment' }
  /** It gives up its present time, so it can be moved for as long as it could be cancelled. */
  | { readonly outcome: 'too-late'; readonly until: Instant }
  /** Its platform cannot move it there, or it is not booked. */
  | { readonly outcome: 'not-movable'; readonly reason: Bilingual }
  /** The platform says that the slot is taken, or that the booking is not as it was read. */
  | { readonly outcome: 'refused'; readonly reason: Bilingual }
  /** Its platform was asked, and nobody knows whether it did; the new time is kept for two minutes. */
  | { readonly outcome: 'unknown'; readonly reason: Bilingual }
  /** Of the new slot; nothing was moved. */
  | Extract<BookOutcome, { outcome: 'taken' | 'not-offered' | 'not-released' | 'unavailable' }>;

export type Operations = {
  readonly freshness: (connectionId: string, calendar: string) => Freshness;
  /** Slots of the schedule that start then or later may not be booked yet; null = all may. */
  readonly releasedUntil: (scheduleId: string) => Instant | null;
  /** When a slot may be booked from, if that is still to come. */
  readonly bookableFrom: (slot: {
    readonly scheduleId: string;
    readonly interval: Interval;
    readonly withheld: boolean;
  }) => Instant | null;
  readonly summaries: () => Promise<ConnectionSummary[]>;
  /** Reads every feed of the connection now, whole; reports pages as they are committed. */
  readonly synchronize: (connectionId: string, progress: (done: SyncProgress) => void) => Promise<SyncResult>;
  /** A person stops it: it is neither asked nor written to until `resume` (pause.ts). */
  readonly pause: (connectionId: string) => Promise<void>;
  readonly resume: (connectionId: string) => Promise<void>;
  /**
   * A person says that what a suspect feed misses is gone: the next complete reading, asked for at once, is taken at its
   * word. Returns the feeds that were suspect, of the connection or the one that is named.
   */
  readonly confirm: (connectionId: string, feedId: string | null) => Promise<string[]>;
  /** @param raw with their raw forms, opened: they may name patients. */
  readonly rejected: (connectionId: string, raw: boolean) => Promise<RejectedRecord[]>;
  /** A delivery of a platform; null = no such connection, or it has no webhook. */
  readonly receive: (
    connectionId: string,
    request: { headers: Readonly<Record<string, string | undefined>>; body: Buffer },
  ) => Promise<'accepted' | 'refused' | null>;
};

/** A record that was set aside. `raw` is null where none was asked for or kept, or its key is another. */
export type RejectedRecord = Omit<RejectedRow, 'sealedRaw'> & { readonly raw: string | null };

export type SyncProgress = {
  readonly feedId: string;
  readonly rows: number;
  readonly feedsDone: number;
  readonly feeds: number;
};

export type SyncResult =
  | {
      readonly outcome: 'done';
      readonly rows: number;
      readonly slotsChanged: number;
      readonly milliseconds: number;
    }
  | { readonly outcome: 'failed'; readonly reason: string };
