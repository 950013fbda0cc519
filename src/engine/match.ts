import { type ObservedBusy, type ObservedSlot, subjectOf } from '../adapter/observation.ts';
import type { Instant } from '../domain/instant.ts';
import type { Listing } from '../domain/listing.ts';
import type { Draft } from './draft.ts';
import { isVacant } from './mirror.ts';
import { isLeftOfHold } from './our-hold.ts';

/** Which listing a row of a platform is about. Pure. */

export type Match =
  | { readonly kind: 'new' }
  | { readonly kind: 'listed'; readonly listing: Listing }
  /** Our mark, under another id than we know: that one may be gone or stand beside it, so somebody has to look. */
  | { readonly kind: 'doubtful'; readonly listing: Listing }
  /** Both stand there: a write that was taken for lost has landed after all, and is one too many. */
  | { readonly kind: 'copy' }
  /** It began before a reading that did not meet it: late news, overtaken by its end. */
  | { readonly kind: 'overtaken' };

export type Row = ObservedBusy | ObservedSlot;

export type Rows = {
  readonly connectionId: string;
  readonly present: readonly Row[];
  /**
   * A reading showed all that stood there at this instant. Time taken earlier that we do not know of was not among it.
   * Null = the rows are themselves a reading.
   */
  readonly settledAt: Instant | null;
};

/** @returns a function of a row of `rows`, and of the draft as the rows before it have left it. */
export function matcher(rows: Rows): (row: Row, draft: Draft) => Match {
  const { connectionId, present, settledAt } = rows;
  const shown = new Set(present.map((row) => shownKey(row.kind === 'slot', row.externalId)));
  return (row, draft) => {
    const listing = listingOf(row, connectionId, draft);
    if (settledAt !== null && isOvertaken(row, listing, settledAt)) return { kind: 'overtaken' };
    if (!listing) return { kind: 'new' };
    if (isLeftOfHold(row, listing)) return { kind: 'copy' };
    if (!isAnother(row, listing)) return { kind: 'listed', listing };
    if (shown.has(shownKey(listing.kind === 'offer', listing.externalId))) return { kind: 'copy' };
    return { kind: listing.unsure ? 'listed' : 'doubtful', listing };
  };
}

function listingOf(row: Row, connectionId: string, draft: Draft): Listing | null {
  const { calendar, externalId, mark } = row;
  const subjectId = subjectOf(mark);
  const known = draft.listingAt(connectionId, externalId, row.kind === 'slot');
  const marked = subjectId === null ? null : draft.listing({ connectionId, calendar, subjectId });
  // A copy of ours that is to be taken away has a listing of its own.
  if (known && known.kind !== 'booking' && known.desired === null && known.subjectId !== subjectId)
    return known;
  if (marked && !isVacant(marked)) return marked;
  // A booking keeps its id when it is moved to another agenda; a block of ours that is there is one too many.
  return (subjectId === null || known?.kind === 'booking' ? known : null) ?? marked;
}

/** Only what closes time or offers it: a booking of the same mark is somebody's visit. */
const isAnother = (row: Row, { kind, known, externalId }: Listing): boolean =>
  kind !== 'booking' &&
  (row.kind === 'slot' || row.busyKind === 'block') &&
  known !== null &&
  externalId !== null &&
  externalId !== row.externalId;

const isOvertaken = (row: Row, listing: Listing | null, settledAt: Instant): boolean =>
  row.kind === 'busy' &&
  subjectOf(row.mark) === null &&
  (listing === null || isVacant(listing)) &&
  row.changedAt !== null &&
  row.changedAt <= settledAt;

const shownKey = (isOffer: boolean, externalId: string | null): string => `${isOffer}\n${externalId}`;
