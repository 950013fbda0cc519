import type { Known, OperationName, Operations, PatientDetails, Written } from '../adapter/contract.ts';
import { markOf } from '../adapter/observation.ts';
import type { ListingKind } from '../domain/listing.ts';
import { UNKNOWN_ATTRIBUTES } from '../domain/slot.ts';
import type { DueListing } from './ports/store.ts';

/** The one write that brings a listing to what we want of it. */

const WRITES: Record<ListingKind, { readonly make: OperationName; readonly remove: OperationName }> = {
  block: { make: 'block', remove: 'unblock' },
  offer: { make: 'publish', remove: 'withdraw' },
  booking: { make: 'book', remove: 'cancel' },
};

export const operationFor = (listing: Pick<DueListing, 'kind' | 'desired'>): OperationName =>
  WRITES[listing.kind][listing.desired === null ? 'remove' : 'make'];

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
    return (
      (await operations[WRITES[listing.kind].remove as 'unblock' | 'withdraw' | 'cancel']?.({
        calendar,
        mark,
        known,
      })) ?? null
    );
  }
  switch (listing.kind) {
    case 'block':
      return (await operations.block?.({ calendar, mark, interval, known })) ?? null;
    case 'offer': {
      const attributes = listing.slot?.attributes ?? UNKNOWN_ATTRIBUTES;
      return (await operations.publish?.({ calendar, mark, interval, attributes, known })) ?? null;
    }
    case 'booking': {
      const patient = listing.sealedPatient && openPatient(listing.sealedPatient);
      const slot = listing.slot?.externalId ?? null;
      return (await operations.book?.({ calendar, mark, interval, slot, patient, hold: null })) ?? null;
    }
  }
}

/** What stands at the platform, if anything does: an id of something that is gone would be refused. */
const knownOf = (listing: DueListing): Known | null =>
  listing.known !== null && listing.externalId !== null
    ? { externalId: listing.externalId, revision: listing.revision }
    : null;
