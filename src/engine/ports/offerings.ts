import type { Interval } from '../../domain/interval.ts';
import type { PresentSlot, Renewal, RenewalMode } from '../../domain/renewal.ts';
import type { Bilingual, Calendar } from '../../domain/schedule.ts';
import type { SlotAttributes, SlotStatus } from '../../domain/slot.ts';
import type { WantedSlot } from '../../domain/template.ts';

/** Slots of the agendas that are edited here (Capabilities.agenda): published, changed and withdrawn by commands. */

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

export type Offerings = {
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

/** What a transaction asks the database about them. */
export type StoredAgendas = {
  /** Slots of this calendar that overlap the window, in order of their start. */
  readonly agendaSlots: (calendar: Calendar, window: Interval) => Promise<AgendaSlot[]>;
};
