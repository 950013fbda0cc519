import type { BusyKind } from '../domain/busy.ts';
import type { Instant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import type { ShiftTask } from '../domain/shift.ts';
import type { SlotAttributes } from '../domain/slot.ts';

/**
 * Our own id, written on whatever we create at a platform and read back from it: by it an echo is told from news,
 * also after a restart and by another gateway on the same database. It names no patient.
 */
export type Mark = string & { readonly __unit: 'mark' };

const PREFIX = 'passerelle:';

export const markOf = (subjectId: string): Mark => `${PREFIX}${subjectId}` as Mark;

/** As ids are written here; PostgreSQL takes nothing else for one. */
const SUBJECT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id of the subject behind a text found on a platform, or null when the text is not a mark of ours: people write there
 * as well, and one that only begins like a mark has no id behind it.
 */
export function subjectOf(mark: string | null | undefined): string | null {
  const id = mark?.startsWith(PREFIX) ? mark.slice(PREFIX.length) : '';
  return SUBJECT.test(id) ? id : null;
}

type Observed = {
  /** The platform's id of this slot or busy period; unique within the connection and the kind. */
  readonly externalId: string;
  /** The platform's id of the agenda it stands in. */
  readonly calendar: string;
  readonly interval: Interval;
  /** Our mark, if the platform carries one on it. */
  readonly mark: Mark | null;
  /** Opaque version for conditional writes (ETag, version number as text), or null. */
  readonly revision: string | null;
  /** Version that only grows, so that a late message is told from a new one; null if the platform has none. */
  readonly sequence: number | null;
};

/** A slot on offer at the platform, whether or not it is taken. */
export type ObservedSlot = Observed & {
  readonly kind: 'slot';
  readonly attributes: SlotAttributes;
};

/** Time that is taken at the platform. Nothing of the patient: Passerelle needs the time, not the person. */
export type ObservedBusy = Observed & {
  readonly kind: 'busy';
  readonly busyKind: BusyKind;
  /** When a hold ends by itself, by the platform's clock. */
  readonly expiresAt: Instant | null;
  /** When it was made, by the platform's clock: from here the mirror lag is measured. */
  readonly changedAt: Instant | null;
};

export type Observation = ObservedSlot | ObservedBusy;

/**
 * When somebody works, as a roster publishes it: potential supply, and never a slot by itself. Rosters are only read, so it
 * carries no mark of ours, and is told apart from slots and busy periods by the list that it stands in.
 */
export type ObservedShift = Pick<Observed, 'externalId' | 'calendar' | 'interval' | 'revision'> & {
  /** Null = the roster does not say, or in a code that is not mapped; then it counts as work with patients. */
  readonly task: ShiftTask | null;
  /** Where, in the roster's own words; null = it does not say. */
  readonly place: string | null;
  /** The period that it was published with: what is published of another period says nothing of it. */
  readonly period: Interval | null;
  /** When that was published, by the roster's own account. */
  readonly publishedAt: Instant | null;
};

/** Something that is there no more. */
export type Removal = {
  readonly kind: 'slot' | 'busy';
  readonly externalId: string;
  readonly sequence: number | null;
};

/** A record that could not be normalized: set aside, reported, and no reason to stop the feed. */
export type Rejected = {
  /**
   * The platform's id where it could be read. One record may stand for several rows, such as the instances of a series:
   * those are named `<id>#<instance>`, and all of them are meant here.
   */
  readonly externalId: string | null;
  /** The path to what was wrong and why, without any value of the record: it may name a patient. */
  readonly reason: string;
  /**
   * The record as the platform gave it, for a person to look at: JSON, or its text. It may name a patient, so it goes
   * nowhere but under seal into the store.
   */
  readonly raw?: unknown;
};

export type Page =
  | {
      readonly kind: 'rows';
      readonly rows: readonly Observation[];
      readonly removed: readonly Removal[];
      readonly rejected: readonly Rejected[];
      /** Of a roster (`capabilities.shifts`). Left out = none. */
      readonly shifts?: readonly ObservedShift[];
    }
  /**
   * The end. `complete` = every row of the feed within `window` was read since the cursor null, or by this very reading
   * though it had a cursor: only then does absence mean deletion, only inside the window, and never of what was rejected
   * in the same reading: it stands there and could only not be read. When a rejected record has no readable id, `complete`
   * is null. `cursor` = where to go on next time; null = read all again.
   */
  | {
      readonly kind: 'end';
      readonly complete: Interval | null;
      readonly cursor: string | null;
      /**
       * When all that it says was true, where that was before the reading began: an answer out of a cache (RFC 9111), or
       * a platform that wants to be asked no sooner. The feed is confirmed as of then and no later. Left out = since the
       * reading began. Null = nothing was asked, so nothing is confirmed.
       */
      readonly trueAt?: Instant | null;
    }
  /** The platform forgot the cursor: start again from null. */
  | { readonly kind: 'cursorExpired' };

/** How much a page of rows has in it. */
export const sizeOf = ({ rows, removed, rejected, shifts = [] }: Extract<Page, { kind: 'rows' }>): number =>
  rows.length + removed.length + rejected.length + shifts.length;
