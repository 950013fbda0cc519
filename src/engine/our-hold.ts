import { subjectOf } from '../adapter/observation.ts';
import { kindOf, type Listing } from '../domain/listing.ts';
import type { Row } from './match.ts';

/** What a platform says of a hold of ours that has become a booking, or is over: it must not undo what came after. */

type Stood = Pick<Listing, 'kind' | 'subjectId' | 'desired' | 'known'>;

/** A block that stood in place of a hold: nothing of the booking's, and to be taken away. */
export const isInPlaceOfHold = (row: Row, { kind, subjectId }: Pick<Stood, 'kind' | 'subjectId'>): boolean =>
  kind === 'booking' && row.kind === 'busy' && row.busyKind === 'block' && subjectOf(row.mark) === subjectId;

/** Late news of the hold makes no hold of what it has become. */
export const isLateHold = (row: Row, { kind, subjectId, desired }: Stood): boolean =>
  kind === 'booking' &&
  row.kind === 'busy' &&
  row.busyKind === 'hold' &&
  subjectOf(row.mark) === subjectId &&
  (desired === null || kindOf(desired) !== 'hold');

/** The hold ended while it was becoming a booking: that ends no booking. */
export const isPastHold = ({ known, desired }: Pick<Stood, 'known' | 'desired'>): boolean =>
  known !== null && kindOf(known) === 'hold' && desired !== null && kindOf(desired) !== 'hold';
