import type {
  Asked,
  Book,
  Known,
  OperationName,
  Operations,
  PatientDetails,
  Written,
} from '../adapter/contract.ts';
import { markOf } from '../adapter/observation.ts';
import type { BusyKind } from '../domain/busy.ts';
import type { Interval } from '../domain/interval.ts';
import { kindOf, type Listing } from '../domain/listing.ts';
import { UNKNOWN_ATTRIBUTES } from '../domain/slot.ts';
import { isStoodFor } from './our-hold.ts';
import type { DueListing } from './ports/store.ts';

/** The one write that brings a listing to what we want of it. */

type Write = { readonly make: OperationName; readonly remove: OperationName };

const BLOCK: Write = { make: 'block', remove: 'unblock' };
const OFFER: Write = { make: 'publish', remove: 'withdraw' };
/** By what stands, or is to stand, where a booking is or is to be: before it a hold of ours, or a block in its place. */
const BOOKING: Record<BusyKind, Write> = {
  appointment: { make: 'book', remove: 'cancel' },
  hold: { make: 'hold', remove: 'release' },
  block: BLOCK,
};

type Shape = Pick<DueListing, 'kind' | 'desired' | 'known'>;

export function operationFor(listing: Shape): OperationName {
  return writeOf(listing)[listing.desired === null ? 'remove' : 'make'];
}

function writeOf({ kind, desired, known }: Shape): Write {
  if (kind !== 'booking') return kind === 'block' ? BLOCK : OFFER;
  const shape = desired ?? known;
  return BOOKING[shape === null ? 'appointment' : kindOf(shape)];
}

/** Books where a hold of ours may stand, or a block in its place, under the same mark. */
export async function bookOver(
  operations: Partial<Operations>,
  command: Omit<Book, 'hold'>,
  listing: Stood,
): Promise<Written | null> {
  const { calendar, mark } = command;
  const known = knownOf(listing);
  const isBlocked = isStoodFor(listing);
  if (known && isBlocked) await operations.unblock?.({ calendar, mark, known });
  return (await operations.book?.({ ...command, hold: isBlocked ? null : known })) ?? null;
}

/**
 * Calls the operation, or returns null when the platform does not offer it.
 * @param patient of a booking, whose platform must know who comes.
 * @param times of a removal, where a person is asked: what is to be opened.
 * @throws Fault as the platform's.
 */
export async function perform(
  operations: Partial<Operations>,
  listing: DueListing,
  patient: PatientDetails | null,
  times: readonly Interval[] | null = null,
): Promise<Written | Asked | null> {
  const { calendar, interval } = listing;
  const mark = markOf(listing.subjectId);
  const known = knownOf(listing);
  if (listing.desired === null) {
    if (!known) return { outcome: 'gone' };
    const remove = operationFor(listing) as 'unblock' | 'withdraw' | 'cancel' | 'release';
    return (await operations[remove]?.({ calendar, mark, known, ...(times && { times }) })) ?? null;
  }
  switch (listing.kind) {
    case 'block':
      return (await operations.block?.({ calendar, mark, interval, known })) ?? null;
    case 'offer': {
      const attributes = listing.slot?.attributes ?? UNKNOWN_ATTRIBUTES;
      return (await operations.publish?.({ calendar, mark, interval, attributes, known })) ?? null;
    }
    case 'booking': {
      const slot = listing.slot?.externalId ?? null;
      const { busyExpiresAt: expiresAt } = listing;
      if (expiresAt !== null) {
        return (await operations.hold?.({ calendar, mark, interval, slot, expiresAt })) ?? null;
      }
      return bookOver(operations, { calendar, mark, interval, slot, patient }, listing);
    }
  }
}

type Stood = Pick<Listing, 'kind' | 'known' | 'externalId' | 'revision'>;

/** What stands at the platform, if anything does: an id of something that is gone would be refused. */
const knownOf = (listing: Stood): Known | null =>
  listing.known !== null && listing.externalId !== null
    ? { externalId: listing.externalId, revision: listing.revision }
    : null;
