import type { Removal } from '../adapter/observation.ts';
import type { Absence, Tally } from '../domain/absence.ts';
import type { Interval } from '../domain/interval.ts';
import type { Listing } from '../domain/listing.ts';
import { type Batch, isRejected, type RemovedCount } from './batch.ts';
import type { Transaction } from './ports/store.ts';

/** What we know to stand at a connection and a reading did not meet, or was told of as removed. */
export type Absent = {
  /** External ids. */
  readonly slots: readonly string[];
  readonly listings: readonly Listing[];
  /** Of all that a reading could decide about: nothing that we learned of since it began. */
  readonly absence: Absence;
};

const NOTHING: Tally = { known: 0, missing: 0 };
export const NOTHING_ABSENT: Absent = {
  slots: [],
  listings: [],
  absence: { slots: NOTHING, busy: NOTHING },
};

/** Of a complete reading, within its window, which begins with the reading: what has passed is not in it. */
export async function absentOf(transaction: Transaction, batch: Batch): Promise<Absent> {
  const { missing, connectionId, asOf } = batch;
  if (!missing) return NOTHING_ABSENT;
  const known = await knownAt(transaction, connectionId, missing.calendars, missing.window);
  const isThere = (seen: ReadonlySet<string>, externalId: string): boolean =>
    seen.has(externalId) || isRejected(externalId, missing.rejected);
  const older = known.slots.filter((slot) => slot.knownAt < asOf);
  const slots = older.filter(({ externalId }) => !isThere(missing.seenSlots, externalId));
  const listings = known.listings.filter(({ kind, externalId }) => {
    const seen = kind === 'offer' ? missing.seenSlots : missing.seenBusy;
    return externalId === null || !isThere(seen, externalId);
  });
  const own = (listing: Listing): boolean => isOwn(listing) && listing.knownAt < asOf;
  const absence = {
    slots: { known: older.length, missing: slots.length },
    busy: { known: known.listings.filter(own).length, missing: listings.filter(own).length },
  };
  return {
    slots: slots.map((slot) => slot.externalId),
    listings,
    absence: plusRemoved(absence, missing.removed),
  };
}

/** How much of what we know there these removals would take, and those before them took. */
export async function absenceBy(
  transaction: Transaction,
  place: { connectionId: string; calendars: readonly string[]; window: Interval },
  removed: readonly Removal[],
  before: RemovedCount,
): Promise<Absence> {
  const known = await knownAt(transaction, place.connectionId, place.calendars, place.window);
  const named = { slot: new Set<string>(), busy: new Set<string>() };
  for (const { kind, externalId } of removed) named[kind].add(externalId);
  const own = known.listings.filter(isOwn);
  const absence = {
    slots: {
      known: known.slots.length,
      missing: known.slots.filter(({ externalId }) => named.slot.has(externalId)).length,
    },
    busy: {
      known: own.length,
      missing: own.filter(({ externalId }) => externalId !== null && named.busy.has(externalId)).length,
    },
  };
  return plusRemoved(absence, before);
}

async function knownAt(
  transaction: Transaction,
  connectionId: string,
  calendars: readonly string[],
  window: Interval,
) {
  return {
    slots: await transaction.slotsShown(connectionId, calendars, window),
    listings: await transaction.listingsShown(connectionId, calendars, window),
  };
}

/** What the platform has of its own: blocks and offers are ours, and put back where they are missing. */
const isOwn = ({ kind, known }: Listing): boolean => kind === 'booking' && known !== null;

const plusRemoved = ({ slots, busy }: Absence, removed: RemovedCount): Absence => ({
  slots: plus(slots, removed.slots),
  busy: plus(busy, removed.busy),
});

const plus = ({ known, missing }: Tally, removed: number): Tally => ({
  known: known + removed,
  missing: missing + removed,
});
