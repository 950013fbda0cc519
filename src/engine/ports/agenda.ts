import type { BusyPeriod } from '../../domain/busy.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Listing } from '../../domain/listing.ts';
import type { Bilingual } from '../../domain/schedule.ts';
import type { SlotStatus } from '../../domain/slot.ts';
import type { StaffReason } from '../../domain/staff-reason.ts';
import type { AppointmentStatus } from './appointments.ts';

/** The time of some practitioners as a page shows it: what is on offer, what is taken, and how each stands at every platform. */

export type ListingRow = Pick<
  Listing,
  | 'connectionId'
  | 'subjectId'
  | 'scheduleId'
  | 'kind'
  | 'home'
  | 'desired'
  | 'known'
  | 'unsure'
  | 'externalId'
  | 'knownAt'
> & {
  /** When it began to differ the last time. */
  readonly since: Instant;
  readonly attempts: number;
  readonly nextAttemptAt: Instant;
  /** As it was logged: for operators. */
  readonly lastError: string | null;
  /** A person has been asked for it. */
  readonly isAsked: boolean;
};

export type AgendaSlotRow = {
  readonly id: string;
  readonly connectionId: string;
  readonly scheduleId: string;
  readonly interval: Interval;
  readonly status: SlotStatus;
  readonly withheld: boolean;
  readonly version: number;
};

export type PeriodRow = Omit<BusyPeriod, 'changedAt'> & {
  /** Over since then; null = it stands. */
  readonly endedAt: Instant | null;
  readonly reason: StaffReason | null;
  readonly appointment: {
    readonly status: AppointmentStatus;
    readonly version: number;
    readonly slotId: string | null;
    readonly patientId: string | null;
    /** JSON text of the resource, as AppointmentRow has it. */
    readonly document: string;
  } | null;
};

/** One that stands. */
export type ConflictPair = {
  readonly id: string;
  readonly busyIds: readonly [string, string];
  readonly isResolved: boolean;
};

export type AgendaRows = {
  readonly slots: readonly AgendaSlotRow[];
  readonly periods: readonly PeriodRow[];
  readonly conflicts: readonly ConflictPair[];
  readonly listings: readonly ListingRow[];
};

export type AgendaQuery = {
  /** Whose slots. */
  readonly scheduleIds: readonly string[];
  /** Whose time. */
  readonly actorIds: readonly string[];
  /** Schedules of which periods are shown; null = any, also such as are configured no more. */
  readonly within: readonly string[] | null;
  /** Of the calendars that show the time of these actors. */
  readonly calendarScheduleIds: readonly string[];
  readonly window: Interval;
  /** Without them, blocks are all that is shown of what is taken. */
  readonly withAppointments: boolean;
  /** One more than this of each is read at the most. */
  readonly slotsMax: number;
  readonly periodsMax: number;
};

/** Each is one statement, so that what it shows was so at one instant. */
export type AgendaReader = {
  /** What overlaps the window: slots, periods that stand, and such as are over while a platform is still to be told. */
  readonly agenda: (query: AgendaQuery) => Promise<AgendaRows>;
  /** One period, by its id; without slots. */
  readonly agendaPeriod: (id: string, within: readonly string[] | null) => Promise<AgendaRows>;
};

/** What stands at a platform, in the words of who looks at it. */
export type Shown = 'open' | 'closed' | 'booked' | 'held' | 'nothing';

/**
 * `waiting`: about to be written. `failing`: tried, without success so far. `unsure`: a write whose answer was lost, which is
 * looked for. `asked`: a person has been asked.
 */
export type ListingState = 'agrees' | 'waiting' | 'failing' | 'unsure' | 'asked';

export type SeenListing = Pick<
  ListingRow,
  'connectionId' | 'scheduleId' | 'kind' | 'externalId' | 'attempts'
> & {
  readonly wanted: Shown;
  readonly known: Shown;
  readonly state: ListingState;
  /** Since when it is as it is. */
  readonly since: Instant;
  /** Null = it agrees. */
  readonly differsSince: Instant | null;
  /** Null = it agrees, or is due now. */
  readonly nextAttemptAt: Instant | null;
  readonly error: Bilingual | null;
};

export type SeenSlot = AgendaSlotRow & {
  /** Not released until then; null = it is, or the rule says nothing. */
  readonly bookableFrom: Instant | null;
  readonly listings: readonly SeenListing[];
};

export type SeenPeriod = Omit<PeriodRow, 'appointment'> & {
  readonly appointment:
    | (Omit<NonNullable<PeriodRow['appointment']>, 'document'> & { readonly comment: string | null })
    | null;
  readonly conflicts: readonly {
    readonly id: string;
    readonly withId: string;
    readonly isResolved: boolean;
  }[];
  /** Why it can't be cancelled, released or opened through Passerelle; null = it can. */
  readonly whyNotCancelled: Bilingual | null;
  readonly whyNotMoved: Bilingual | null;
  readonly listings: readonly SeenListing[];
};

export type SeenCalendar = {
  readonly connectionId: string;
  readonly topology: 'block' | 'publish' | 'shifts';
  readonly confirmedAt: Instant | null;
  readonly stale: boolean;
  readonly canBook: boolean;
  readonly canCancel: boolean;
  readonly canMove: boolean;
};

export type AgendaPage = {
  readonly at: Instant;
  readonly slots: readonly SeenSlot[];
  readonly periods: readonly SeenPeriod[];
};

export type Agenda = {
  /** @returns null = more than one answer has: ask for fewer schedules, or less time. */
  readonly read: (query: {
    readonly scheduleIds: readonly string[];
    readonly window: Interval;
    readonly withAppointments: boolean;
  }) => Promise<AgendaPage | null>;
  /** Also one that is over. Null = there is none, or it is another organization's. */
  readonly period: (id: string) => Promise<SeenPeriod | null>;
  /** Those that are linked to a schedule, in the order of the configuration. */
  readonly calendars: (scheduleId: string) => readonly SeenCalendar[];
};
