import { markOf, type ObservedBusy, type ObservedSlot } from '../../../src/adapter/observation.ts';
import type { Directory } from '../../../src/domain/directory.ts';
import { type Instant, plus } from '../../../src/domain/instant.ts';
import type { Interval } from '../../../src/domain/interval.ts';
import type { Listing, ListingKey } from '../../../src/domain/listing.ts';
import { UNKNOWN_ATTRIBUTES } from '../../../src/domain/slot.ts';
import type { Situation } from '../../../src/engine/draft.ts';
import { derivedId } from '../../../src/engine/identity.ts';
import { type Merged, type Missed, merge } from '../../../src/engine/merge.ts';
import type { Documents } from '../../../src/engine/ports/documents.ts';
import type { Changes } from '../../../src/engine/ports/store.ts';
import { at, directory as clinic, NO_CHANGES } from '../../support/clinic.ts';
import { slotDocument } from '../../support/parted-text.ts';

/** A merge without a database: what a decision writes is applied to the situation from which it was made. */

/** An hour before the clinic opens. */
export const NOW = at(-60);

export const NOWHERE: Situation = { listings: [], live: [], conflicts: [] };

const documents: Documents = {
  slot: ({ id }) => slotDocument(id),
  appointment: ({ id }) => `{"resourceType":"Appointment","id":"${id}"`,
  schedule: (id) => `{"resourceType":"Schedule","id":"${id}"}`,
  commentIn: () => null,
};

export type Look = {
  readonly present?: readonly (ObservedBusy | ObservedSlot)[];
  readonly absent?: readonly Missed[];
  /** When it is decided; the reading began a second earlier, unless `asOf` says otherwise. */
  readonly at?: Instant;
  readonly asOf?: Instant;
  /** Null unless said: the rows are a reading. */
  readonly settledAt?: Instant | null;
  readonly directory?: Directory;
  readonly mayCancel?: (connectionId: string) => boolean;
  /** True unless said. */
  readonly readsBack?: boolean;
};

export type Looked = {
  readonly merged: Merged;
  readonly changes: Changes;
  /** The situation afterwards. */
  readonly after: Situation;
  /** The types of the events that it tells. */
  readonly told: readonly string[];
};

export function look(connectionId: 'east' | 'west', situation: Situation, options: Look): Looked {
  const decidedAt = options.at ?? NOW;
  const merged = merge(
    {
      connectionId,
      asOf: options.asOf ?? plus(decidedAt, -1_000),
      settledAt: options.settledAt ?? null,
      present: options.present ?? [],
      absent: options.absent ?? [],
    },
    situation,
    {
      directory: options.directory ?? clinic,
      documents,
      at: decidedAt,
      mayCancel: options.mayCancel ?? (() => true),
      readsBack: options.readsBack ?? true,
    },
  );
  const changes = merged.draft.changes();
  const told = changes.events.map((event) => event.type);
  return { merged, changes, after: applied(situation, changes), told };
}

/** What the store does with the changes, as far as another decision depends on it. */
export function applied(situation: Situation, changes: Changes): Situation {
  const live = new Map(situation.live.map((busy) => [busy.id, busy]));
  for (const id of changes.ended) live.delete(id);
  for (const busy of changes.busy) live.set(busy.id, busy);
  const listings = new Map(situation.listings.map((listing) => [keyOf(listing), listing]));
  for (const listing of changes.listings) listings.set(keyOf(listing), listing);
  const conflicts = new Map(situation.conflicts.map((conflict) => [conflict.id, conflict]));
  for (const conflict of changes.conflicts) conflicts.set(conflict.id, conflict);
  return {
    live: [...live.values()],
    listings: [...listings.values()],
    conflicts: [...conflicts.values()].filter(({ endedAt }) => endedAt === null),
  };
}

const keyOf = (key: ListingKey): string => `${key.connectionId}/${key.calendar}/${key.subjectId}`;

/** The listing of that subject there, which must exist. */
export function listingAt(situation: Situation, calendar: string, subjectId: string): Listing {
  const found = situation.listings.find(
    (listing) => listing.calendar === calendar && listing.subjectId === subjectId,
  );
  if (!found) throw new Error(`no listing of ${subjectId} on ${calendar}`);
  return found;
}

/** A complete reading did not meet it. */
export const unmet = (listing: Listing): Missed => ({ by: 'reading', listing });

/** A booking that a patient made at `east`, number `n`, as its adapter reads it. */
export const seenBusy = (n: number, interval: Interval, more: Partial<ObservedBusy> = {}): ObservedBusy => ({
  kind: 'busy',
  busyKind: 'appointment',
  externalId: `e-${n}`,
  calendar: 'e-doctor',
  interval,
  mark: null,
  revision: null,
  sequence: null,
  expiresAt: null,
  changedAt: null,
  ...more,
});

export const seenSlot = (n: number, interval: Interval, more: Partial<ObservedSlot> = {}): ObservedSlot => ({
  kind: 'slot',
  externalId: `slot-${n}`,
  calendar: 'e-doctor',
  interval,
  mark: null,
  revision: null,
  sequence: null,
  attributes: UNKNOWN_ATTRIBUTES,
  ...more,
});

/** Our own block of a busy period, as the platform shows it. */
export const seenBlock = (
  subjectId: string,
  interval: Interval,
  more: Partial<ObservedBusy> = {},
): ObservedBusy =>
  seenBusy(0, interval, {
    busyKind: 'block',
    externalId: `block-${subjectId}`,
    mark: markOf(subjectId),
    ...more,
  });

/** The id that a booking of a platform has with us. */
export const idOf = (connectionId: 'east' | 'west', n: number): string =>
  derivedId('busy', connectionId, `${connectionId === 'east' ? 'e' : 'w'}-${n}`);

/** The same at `west`, where everything has its own ids. */
export const atWest = (n: number): Partial<ObservedBusy> => ({ externalId: `w-${n}`, calendar: 'w-doctor' });

export const NOTHING: Changes = NO_CHANGES;
