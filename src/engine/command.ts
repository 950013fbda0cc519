import type { Book, Known, OperationName, Operations, PatientDetails, Written } from '../adapter/contract.ts';
import { markOf } from '../adapter/observation.ts';
import { kindOf, type ListingKind } from '../domain/listing.ts';
import { UNKNOWN_ATTRIBUTES } from '../domain/slot.ts';
import type { DueListing } from './ports/store.ts';

/** The one write that brings a listing to what we want of it. */

const WRITES: Record<ListingKind, { readonly make: OperationName; readonly remove: OperationName }> = {
  block: { make: 'block', remove: 'unblock' },
  offer: { make: 'publish', remove: 'withdraw' },
  booking: { make: 'book', remove: 'cancel' },
};
/** Of a hold of ours, which stands where its booking is to be. */
const HOLD = { make: 'hold', remove: 'release' } as const;

export function operationFor({
  kind,
  desired,
  known,
}: Pick<DueListing, 'kind' | 'desired' | 'known'>): OperationName {
  const shape = desired ?? known;
  const isHold = kind === 'booking' && shape !== null && kindOf(shape) === 'hold';
  return (isHold ? HOLD : WRITES[kind])[desired === null ? 'remove' : 'make'];
}

/** Books what may be held there, or blocked in place of a hold, under the same mark. */
export async function bookOver(
  operations: Partial<Operations>,
  command: Omit<Book, 'hold'>,
  standing: { readonly kind: 'hold' | 'block'; readonly known: Known } | null,
): Promise<Written | null> {
  const { calendar, mark } = command;
  if (standing?.kind === 'block') await operations.unblock?.({ calendar, mark, known: standing.known });
  const hold = standing?.kind === 'hold' ? standing.known : null;
  return (await operations.book?.({ ...command, hold })) ?? null;
}

/**
 * Calls the operation, or returns null when the platform does not offer it.
 * @param openPatient called only for a booking, whose platform must know who comes.
 * @throws Fault as the platform's.
 */
export async function perform(
  operations: Partial<Operations>,
  listing: DueListing,
  openPatient: (sealed: Uint8Array) => PatientDetails,
): Promise<Written | null> {
  const { calendar, interval } = listing;
  const mark = markOf(listing.subjectId);
  const known = knownOf(listing);
  if (listing.desired === null) {
    if (!known) return { outcome: 'gone' };
    const remove = operationFor(listing) as 'unblock' | 'withdraw' | 'cancel' | 'release';
    return (await operations[remove]?.({ calendar, mark, known })) ?? null;
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
      const patient = listing.sealedPatient && openPatient(listing.sealedPatient);
      const standing = known && { kind: 'hold' as const, known };
      return bookOver(operations, { calendar, mark, interval, slot, patient }, standing);
    }
  }
}

/** What stands at the platform, if anything does: an id of something that is gone would be refused. */
const knownOf = (listing: DueListing): Known | null =>
  listing.known !== null && listing.externalId !== null
    ? { externalId: listing.externalId, revision: listing.revision }
    : null;
