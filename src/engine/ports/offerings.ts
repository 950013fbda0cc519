import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Offering } from '../../domain/offering.ts';
import type { PresentSlot, Renewal, RenewalMode } from '../../domain/renewal.ts';
import type { Bilingual, Calendar } from '../../domain/schedule.ts';
import type { SlotAttributes, SlotStatus } from '../../domain/slot.ts';
import type { WantedSlot } from '../../domain/template.ts';
import type { VersionKey } from './versions.ts';

/**
 * Slots of the agendas that are edited here (Capabilities.agenda), published, changed and withdrawn by commands; and
 * schedules, wherever their agendas are: taken off offer, put back, or offered for a while only.
 */

export type SlotChange =
  | ({ readonly kind: 'publish' } & Wish)
  | ({ readonly kind: 'change' } & Named & Wish)
  | ({ readonly kind: 'withdraw' } & Named);

type Named = {
  readonly slotId: string;
  /** Only if it is still that version. Null = whichever it is. */
  readonly ifVersion: number | null;
};

type Wish = {
  readonly scheduleId: string;
  readonly interval: Interval;
  readonly attributes: SlotAttributes;
  /** What the caller takes its status for: it is not theirs to set. */
  readonly status: SlotStatus;
};

export type OfferingRefusal =
  /** The slots of this schedule are edited elsewhere, or nowhere. */
  | { readonly refusal: 'elsewhere'; readonly reason: Bilingual }
  | { readonly refusal: 'unknown-slot' }
  | { readonly refusal: 'unknown-schedule' }
  | { readonly refusal: 'version'; readonly version: number }
  /** Somebody booked or holds it: it is neither withdrawn nor given another time. */
  | { readonly refusal: 'taken'; readonly status: SlotStatus }
  /** The same time is on offer there already. */
  | { readonly refusal: 'duplicate'; readonly slotId: string }
  | { readonly refusal: 'begun' }
  | { readonly refusal: 'too-long' }
  /** Its status follows from what takes the time, and is this one. */
  | { readonly refusal: 'status'; readonly status: SlotStatus };

export type OfferingOutcome =
  /** All of it, in one transaction: the ids of the slots, in the order of the changes. */
  | { readonly outcome: 'done'; readonly slotIds: readonly string[] }
  /** Nothing of it. @param index of the change that cannot be made */
  | ({ readonly outcome: 'refused'; readonly index: number } & OfferingRefusal);

export type GenerateCommand = {
  readonly scheduleId: string;
  readonly mode: RenewalMode;
  readonly period: Interval;
  /** No two of them overlap. */
  readonly wanted: readonly WantedSlot[];
};

export type GenerateOutcome =
  | { readonly outcome: 'done'; readonly renewal: Renewal<PresentSlot> }
  | { readonly outcome: 'unknown-schedule' }
  | { readonly outcome: 'elsewhere'; readonly reason: Bilingual };

/** What is said of a schedule besides what is configured. */
export type ScheduleState = Offering & {
  /** Its bounds as they were written (FHIR dateTime, which may be a day or a month). */
  readonly startText: string | null;
  readonly endText: string | null;
  readonly comment: string | null;
};

export type ScheduleChange = ScheduleState & {
  readonly scheduleId: string;
  /** Only if the Schedule is still that version. Null = whichever it is. */
  readonly ifVersion: number | null;
};

export type ScheduleOutcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'unknown-schedule' }
  | { readonly outcome: 'version'; readonly version: number };

/** As it was last written. */
export type OfferedSchedule = ScheduleState & VersionKey;

/** As they are known in this process: at once what it wrote itself, and within a second what others did. */
export type OfferedSchedules = {
  /** Null = nobody said anything of it: it is on offer, without bounds. */
  readonly of: (scheduleId: string) => OfferedSchedule | null;
  /** Another one whenever any of them has changed. */
  readonly revision: () => number;
  /** Hears now what others did. */
  readonly refresh: () => Promise<void>;
};

export type Offerings = {
  readonly offerSchedule: (change: ScheduleChange) => Promise<ScheduleOutcome>;
  readonly schedules: OfferedSchedules;
  /** Makes the slots of a period anew (src/domain/renewal.ts), in one transaction. */
  readonly generateSlots: (command: GenerateCommand) => Promise<GenerateOutcome>;
  readonly changeSlots: (changes: readonly SlotChange[]) => Promise<OfferingOutcome>;
  /** What would become of it now; nothing is written. */
  readonly tryChanges: (changes: readonly SlotChange[]) => Promise<OfferingOutcome>;
};

/** As it is written, of an agenda that is edited here. */
export type AgendaSlot = {
  readonly id: string;
  readonly externalId: string;
  readonly interval: Interval;
  readonly attributes: SlotAttributes;
  readonly status: SlotStatus;
};

export type LimitedOffering = Offering & {
  readonly scheduleId: string;
  /** Time that its roster closes. */
  readonly closed: readonly Interval[];
};

/** What a transaction asks the database about them. */
export type StoredAgendas = {
  /** Slots of this calendar that overlap the window, in order of their start. */
  readonly agendaSlots: (calendar: Calendar, window: Interval) => Promise<AgendaSlot[]>;
  /** Of the schedules of these actors those that are not, or not for all time, on offer. */
  readonly limitedOfferings: (actorIds: readonly string[]) => Promise<LimitedOffering[]>;
  readonly offeredSchedule: (scheduleId: string) => Promise<OfferedSchedule | null>;
  /** Of the Schedule as it is served; 0 = it never was. From here on nobody else writes one before this ends. */
  readonly scheduleVersion: (scheduleId: string) => Promise<number>;
  /** @param document the Schedule as JSON text without a version, as the documents port gives it. */
  readonly writeOffering: (
    key: { readonly scheduleId: string; readonly version: number },
    state: ScheduleState,
    document: string,
    at: Instant,
  ) => Promise<void>;
};
