import type { Removal } from '../adapter/observation.ts';
import { type Absence, absenceOf, type Expected, type Gone, toHold, withGone } from '../domain/absence.ts';
import type { Instant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import type { Listing } from '../domain/listing.ts';
import { type Batch, isRejected } from './batch.ts';
import type { KnownSlot } from './ports/known-slots.ts';
import type { KnownShift } from './ports/rosters.ts';
import type { Transaction } from './ports/store.ts';

/** What we know to stand at a connection and a reading did not meet, or was told of as removed. */
export type Absent = {
  /** External ids of those to be removed. */
  readonly slots: readonly string[];
  readonly listings: readonly Listing[];
  /** Ids of the shifts to be removed. */
  readonly shifts: readonly string[];
  /** So much is missing at once that nothing is taken for gone; null = nothing is held back. */
  readonly heldBack: Absence | null;
};

export const NOTHING_ABSENT: Absent = { slots: [], listings: [], shifts: [], heldBack: null };

type Known = {
  readonly slots: readonly KnownSlot[];
  readonly listings: readonly Listing[];
  readonly shifts: readonly KnownShift[];
};

/**
 * Of a complete reading, within its window, which begins with the reading: what has passed is not in it. What it has to
 * hold back is remembered. Then the slots that it showed for the first time are taken away again: it may have shown
 * another agenda.
 */
export async function absentOf(transaction: Transaction, batch: Batch): Promise<Absent> {
  const { missing, connectionId, asOf } = batch;
  if (!missing) return NOTHING_ABSENT;
  const feed = { connectionId, feedId: missing.feedId };
  const known = await knownAt(transaction, connectionId, missing, asOf);
  const isGone = (seen: ReadonlySet<string>, externalId: string): boolean =>
    !seen.has(externalId) && !isRejected(externalId, missing.rejected);
  const isSlotGone = ({ externalId }: KnownSlot): boolean => isGone(missing.seenSlots, externalId);
  const isListingGone = ({ kind, externalId }: Listing): boolean =>
    externalId === null || isGone(kind === 'offer' ? missing.seenSlots : missing.seenBusy, externalId);
  const isShiftGone = ({ id, externalId }: KnownShift): boolean =>
    !missing.seenShifts?.has(id) && !isRejected(externalId, missing.rejected);
  const isDecided = ({ knownAt }: { knownAt: Instant }): boolean => knownAt < asOf;

  const isMissed =
    known.slots.some(isSlotGone) ||
    known.listings.some((each) => isOwn(each) && isListingGone(each)) ||
    known.shifts.some(isShiftGone);
  const before = missing.limit === null ? [] : await transaction.heldBack(feed);
  // Most readings miss nothing, and may be of tens of thousands.
  if (missing.limit !== null && (isMissed || before.length > 0)) {
    const held = new Set(before.map(({ id }) => id));
    // What a suspect feed has shown of its own since is no evidence for it, nor against it once it is gone again.
    const { suspectSince } = missing;
    const isCounted = (id: string, knownAt: Instant): boolean =>
      held.has(id) || (knownAt < asOf && (suspectSince === null || knownAt < suspectSince));
    const counted = [
      ...known.slots
        .filter((slot) => held.has(slot.id) || isDecided(slot))
        .map((slot) => ({ ...goneSlot(slot), isMissing: isSlotGone(slot) })),
      ...known.listings
        .filter((listing) => isOwn(listing) && isCounted(listing.subjectId, listing.knownAt))
        .map((listing) => ({ ...goneBusy(listing), isMissing: isListingGone(listing) })),
      ...known.shifts
        .filter((shift) => held.has(shift.id) || isDecided(shift))
        .map((shift) => ({ ...goneShift(shift), isMissing: isShiftGone(shift) })),
    ];
    const told = await transaction.toldGone(connectionId, missing.calendars);
    const gone = [...missing.removed, ...told];
    // Of what is held back since it began the reading knows nothing.
    const holding = [
      ...toHold(counted, gone, before, missing.limit),
      ...before.filter((each) => each.at >= asOf),
    ];
    if (before.length > 0 || holding.length > 0)
      await transaction.holdBack(feed, holding, { at: asOf, before: asOf });
    if (holding.length > 0)
      return {
        ...NOTHING_ABSENT,
        slots: missing.created,
        heldBack: absenceOf(withGone(counted, gone)),
      };
  }
  // What a person accepted is all of it, also what was held back a moment ago.
  const until = missing.limit === null ? null : asOf;
  if (until === null) await transaction.holdBack(feed, [], { at: asOf, before: until });
  await transaction.forgetTold(connectionId, missing.calendars, until);
  return {
    slots: known.slots
      .filter((slot) => isDecided(slot) && isSlotGone(slot))
      .map(({ externalId }) => externalId),
    listings: known.listings.filter(isListingGone),
    shifts: known.shifts.filter((shift) => isDecided(shift) && isShiftGone(shift)).map(({ id }) => id),
    heldBack: null,
  };
}

/** What we know there, as these removals would leave it. */
export async function expectedAfter(
  transaction: Transaction,
  place: { connectionId: string } & Looked,
  removed: readonly Pick<Removal, 'kind' | 'externalId'>[],
): Promise<Expected[]> {
  const known = await knownAt(transaction, place.connectionId, place, null);
  const named = { slot: new Set<string>(), busy: new Set<string>() };
  for (const { kind, externalId } of removed) named[kind].add(externalId);
  return [
    ...known.slots.map((slot) => ({ ...goneSlot(slot), isMissing: named.slot.has(slot.externalId) })),
    ...known.listings.filter(isOwn).map((listing) => ({
      ...goneBusy(listing),
      isMissing: listing.externalId !== null && named.busy.has(listing.externalId),
    })),
  ];
}

type Looked = { readonly calendars: readonly string[]; readonly window: Interval };

/** @param asOf of a whole reading; null = shifts do not matter, as none is told of as removed. */
async function knownAt(
  transaction: Transaction,
  connectionId: string,
  { calendars, window }: Looked,
  asOf: Instant | null,
): Promise<Known> {
  return {
    slots: await transaction.slotsShown(connectionId, calendars, window),
    listings: await transaction.listingsShown(connectionId, calendars, window),
    shifts: asOf === null ? [] : await transaction.shiftsShown(connectionId, calendars, window, asOf),
  };
}

/** What the platform has of its own: blocks and offers are ours, and put back where they are missing. */
export const isOwn = ({ kind, known }: Listing): boolean => kind === 'booking' && known !== null;

export const goneSlot = ({ id, calendar }: Pick<KnownSlot, 'id' | 'calendar'>): Gone => ({
  id,
  kind: 'slots',
  calendar,
});

const goneShift = ({ id, calendar }: KnownShift): Gone => ({ id, kind: 'shifts', calendar });

export const goneBusy = ({ subjectId, calendar }: Listing): Gone => ({
  id: subjectId,
  kind: 'busy',
  calendar,
});
