import { subjectOf } from '../adapter/observation.ts';
import { kindOf, type Listing } from '../domain/listing.ts';
import type { Row } from './match.ts';

/**
 * What a platform says of a hold of ours that has become a booking, or is over: it must not undo what came after. Where
 * the platform can't hold, a block stands in place of the hold, under the same mark.
 */

type Stood = Pick<Listing, 'kind' | 'subjectId' | 'desired' | 'known' | 'externalId'>;

/** A block stands there in place of a hold, and is known: it is to be booked over or taken away. */
export const isStoodFor = ({ kind, known }: Pick<Stood, 'kind' | 'known'>): boolean =>
  kind === 'booking' && known !== null && kindOf(known) === 'block';

/** A block that stood in place of a hold and should be gone: nothing of the booking's. */
export const isLeftOfHold = (row: Row, listing: Stood): boolean =>
  isOfHold('block', row, listing) && !(isStoodFor(listing) && listing.externalId === row.externalId);

/** Late news of the hold makes no hold, and no block, of what it has become. */
export const isLateHold = (row: Row, listing: Stood): boolean =>
  (isOfHold('hold', row, listing) || isOfHold('block', row, listing)) &&
  (listing.desired === null || kindOf(listing.desired) === 'appointment');

/** The hold ended while it was becoming a booking: that ends no booking. */
export const isPastHold = ({ known, desired }: Pick<Stood, 'known' | 'desired'>): boolean =>
  known !== null && kindOf(known) !== 'appointment' && desired !== null && kindOf(desired) === 'appointment';

const isOfHold = (busyKind: 'hold' | 'block', row: Row, { kind, subjectId }: Stood): boolean =>
  kind === 'booking' && row.kind === 'busy' && row.busyKind === busyKind && subjectOf(row.mark) === subjectId;
