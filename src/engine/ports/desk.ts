import type { PatientDetails } from '../../adapter/contract.ts';
import type { BusyKind } from '../../domain/busy.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Bilingual } from '../../domain/schedule.ts';
import type { SlotStatus } from '../../domain/slot.ts';
import type { BlockReason, OverrideReason, StaffReason } from '../../domain/staff-reason.ts';

/**
 * What the clinic's own people do with the time of a practitioner, by no slot and at no platform: it stands here, and every
 * platform is closed for it, or opened.
 */

/** By it the same command, sent twice, is done once. */
export type Once = {
  /** The name that the caller is known by. */
  readonly by: string;
  /** Of the caller's choice; null = each time is another one. */
  readonly key: string | null;
};

export type CloseCommand = Once & {
  readonly scheduleId: string;
  /** Of whole minutes, here and below: many platforms keep no less. */
  readonly interval: Interval;
  readonly reason: BlockReason | null;
};

/** An appointment or a hold that stands in that time. It stays. */
export type Met = {
  readonly id: string;
  readonly kind: Exclude<BusyKind, 'block'>;
  readonly scheduleId: string;
  readonly interval: Interval;
};

export type CloseOutcome =
  | { readonly outcome: 'closed'; readonly id: string; readonly meets: readonly Met[] }
  | { readonly outcome: 'unknown-schedule' }
  | { readonly outcome: 'passed' }
  /** The same caller used it for something else. */
  | { readonly outcome: 'key-used' };

export type OpenOutcome =
  /** Also when it was before. */
  | { readonly outcome: 'opened' }
  | { readonly outcome: 'unknown' }
  /** A platform shows it, or an agenda of ours has it as a slot: it is opened there. */
  | { readonly outcome: 'elsewhere'; readonly reason: Bilingual };

/** Over time that is taken or closed, knowingly. */
export type Override = { readonly reason: OverrideReason };

export type PlaceCommand = Once & {
  readonly scheduleId: string;
  readonly interval: Interval;
  readonly patient: PatientDetails | null;
  /** One who is kept, whose details these are; left out = what they say, says who it is. */
  readonly patientId?: string;
  readonly comment: string | null;
  /** Null = only where the time is free. */
  readonly override: Override | null;
};

/** What is in the way. */
export type Taken = { readonly outcome: 'taken'; readonly status: Exclude<SlotStatus, 'free'> };

export type PlaceOutcome =
  | { readonly outcome: 'placed'; readonly id: string }
  | Taken
  | { readonly outcome: 'unknown-schedule' }
  | { readonly outcome: 'passed' }
  /** No platform would know who comes, and the clinic does not keep it. */
  | { readonly outcome: 'patients-not-kept' }
  | { readonly outcome: 'key-used' };

export type ReplaceCommand = Pick<Once, 'by'> & {
  readonly id: string;
  readonly interval: Interval;
  readonly override: Override | null;
};

export type ReplaceOutcome =
  | { readonly outcome: 'moved' }
  | Taken
  | { readonly outcome: 'unknown-appointment' }
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'too-late'; readonly until: Instant }
  /** A platform has it, or it is not booked any more. */
  | { readonly outcome: 'not-movable'; readonly reason: Bilingual };

export type Desk = {
  readonly closeTime: (command: CloseCommand) => Promise<CloseOutcome>;
  readonly openTime: (id: string) => Promise<OpenOutcome>;
  readonly placeAppointment: (command: PlaceCommand) => Promise<PlaceOutcome>;
  readonly replaceAppointment: (command: ReplaceCommand) => Promise<ReplaceOutcome>;
};

/** What a transaction writes for it. */
export type StoredReasons = {
  /** In place of the one that it had. */
  readonly giveReason: (periodId: string, reason: StaffReason) => Promise<void>;
};
