import type { Instant } from '../../domain/instant.ts';
import type { SlotStatus } from '../../domain/slot.ts';
import type { AppointmentRow, SlotRow, StartRange } from './front.ts';

/** What the FHIR front asks about versions: what is, what was, and that something is gone. The engine asks nothing. */

/** A version of a resource, and since when it is, or was, the latest. */
export type VersionKey = { readonly id: string; readonly version: number; readonly updatedMs: number };

export type VersionQuery = {
  /** Null = of all of its type, in the order of (updatedMs, id, version); else in that of the version. Newest first. */
  readonly of: {
    readonly id: string;
    /** Null = any. */
    readonly version: number | null;
    /** That were the latest at some moment of it; epoch ms, half-open. */
    readonly at: StartRange;
  } | null;
  /** No older ones; epoch ms, null = all. */
  readonly sinceMs: number | null;
  /** The last one of the page before. */
  readonly after: VersionKey | null;
  readonly limit: number;
  /** Slots and appointments of these schedules only, resources with these ids, patients of these organizations. Left out = all. */
  readonly within?: readonly string[];
};

export type SlotVersion =
  | { readonly state: 'current'; readonly row: SlotRow }
  | { readonly state: 'former'; readonly row: FormerSlot }
  | { readonly state: 'gone'; readonly row: VersionKey };

/** As it was served then, but for what follows from the clock: how fresh it was, and from when it could be booked. */
export type FormerSlot = VersionKey & {
  readonly connectionId: string;
  readonly status: SlotStatus;
  readonly document: string;
};

/** An appointment is never gone. Of a former one it is not known until when it was held. */
export type AppointmentVersion = Pick<
  AppointmentRow,
  'id' | 'version' | 'updatedMs' | 'status' | 'document' | 'identifiers' | 'heldUntilMs'
>;

/** Of what follows from the configuration: JSON text without a version; null = it was gone. */
export type ResourceVersion = VersionKey & { readonly document: string | null };

export type VersionReader = {
  readonly slotVersions: (query: VersionQuery) => Promise<SlotVersion[]>;
  readonly appointmentVersions: (query: VersionQuery) => Promise<AppointmentVersion[]>;
  readonly resourceVersions: (query: VersionQuery, type: string) => Promise<ResourceVersion[]>;
  /** How many there are on all pages. */
  readonly countSlotVersions: (query: VersionQuery) => Promise<number>;
  readonly countAppointmentVersions: (query: VersionQuery) => Promise<number>;
  readonly countResourceVersions: (query: VersionQuery, type: string) => Promise<number>;
};

/** A resource that follows from the configuration, as JSON text without a version. */
export type ConfiguredResource = { readonly type: string; readonly id: string; readonly document: string };

/** Its latest version. */
export type ConfiguredVersion = VersionKey & { readonly type: string };

export type VersionKeeper = {
  /**
   * Writes a version of each that is not as it was last stored, and one of each that is configured no more: gone.
   * Whoever starts at the same time waits. @returns the latest of each.
   */
  readonly keepResources: (
    resources: readonly ConfiguredResource[],
    at: Instant,
  ) => Promise<ConfiguredVersion[]>;
  /**
   * Erases former versions of slots and appointments that began before then, and of the configuration that were replaced
   * before then: of each kind `limit` at the most. @returns how many.
   */
  readonly forgetVersions: (before: Instant, limit: number) => Promise<number>;
};
