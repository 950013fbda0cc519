import type { Instant } from './instant.ts';
import type { Interval } from './interval.ts';

/** FHIR R4 SlotStatus, without `entered-in-error` (Passerelle withdraws a slot instead). */
export const SLOT_STATUSES = ['free', 'busy', 'busy-unavailable', 'busy-tentative'] as const;
export type SlotStatus = (typeof SLOT_STATUSES)[number];
export const SLOT_STATUS_SYSTEM = 'http://hl7.org/fhir/slotstatus';

/** Who may book, r. 1 (O.C. 800-2024), s. 4, par. 2 (a) to (d). */
export const ELIGIBILITIES = [
  'registered-doctor',
  'registered-place',
  'registered-professional',
  'anyone',
] as const;
export type Eligibility = (typeof ELIGIBILITIES)[number];

/** Reason of the consultation: s. 4, par. 3. */
export const REASONS = [
  'urgent',
  'semi-urgent',
  'pregnancy-follow-up',
  'paediatric-follow-up',
  'regular-follow-up',
] as const;
export type Reason = (typeof REASONS)[number];

/** Reorientation source: s. 4, par. 4. */
export const REORIENTATIONS = ['811', '911', 'GAP', 'CH'] as const;
export type Reorientation = (typeof REORIENTATIONS)[number];

/** How the patient is seen: s. 4, par. 5. */
export const MODES = ['in-person', 'home', 'video', 'phone'] as const;
export type Mode = (typeof MODES)[number];

/**
 * What the regulation wants of a slot besides its times and place (A-2.2, r. 1, s. 4). Null means that the
 * platform did not say; it is never filled in with a guess.
 */
export type SlotAttributes = {
  /** Since when it may be booked (s. 4, par. 1). */
  readonly availableSince: Instant | null;
  readonly eligibility: readonly Eligibility[] | null;
  readonly reasons: readonly Reason[] | null;
  readonly reorientation: readonly Reorientation[] | null;
  readonly mode: Mode | null;
  /** A page where the patient can book this very slot. */
  readonly bookingUrl: string | null;
};

export const UNKNOWN_ATTRIBUTES: SlotAttributes = {
  availableSince: null,
  eligibility: null,
  reasons: null,
  reorientation: null,
  mode: null,
  bookingUrl: null,
};

/** Whether two slots say the same of themselves: lists of codes are sets. */
export const sameAttributes = (a: SlotAttributes, b: SlotAttributes): boolean =>
  a.availableSince === b.availableSince &&
  sameCodes(a.eligibility, b.eligibility) &&
  sameCodes(a.reasons, b.reasons) &&
  sameCodes(a.reorientation, b.reorientation) &&
  a.mode === b.mode &&
  a.bookingUrl === b.bookingUrl;

const sameCodes = (a: readonly string[] | null, b: readonly string[] | null): boolean =>
  a === null || b === null
    ? a === b
    : a.every((code) => b.includes(code)) && b.every((code) => a.includes(code));

/** An interval on offer on a schedule. Its status is not part of it: that follows from the busy periods. */
export type Slot = {
  readonly id: string;
  readonly scheduleId: string;
  readonly interval: Interval;
  readonly attributes: SlotAttributes;
  /** The connection that offers it. */
  readonly connectionId: string;
};
