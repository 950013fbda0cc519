import type {
  PublicationQuery,
  PublicationReader,
  PublicationTally,
  PublishedSlot,
} from '../engine/ports/publication.ts';
import { isSame, sumOf, tallyOf } from './tally.ts';

/**
 * The slots of a file, page by page: the next one is read when the one before has been taken. What is told of the whole
 * file goes out before its first line. A file of one page is told by the page itself; a longer one by what the database
 * says of it, and it is broken off where the pages turn out to be others: a client must not keep it under that name.
 */

export type SlotPages = {
  readonly tally: PublicationTally;
  readonly pages: Iterable<PublishedSlot[]> | AsyncIterable<PublishedSlot[]>;
};

/** A slot of the file changed while it was sent. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/** @param limit slots of a page. */
export async function openSlotPages(
  reader: PublicationReader,
  query: PublicationQuery,
  limit: number,
): Promise<SlotPages> {
  const first = await reader.publishedSlots(query, null, limit);
  if (first.length < limit) return { tally: tallyOf(first), pages: first.length === 0 ? [] : [first] };
  const tally = await reader.publicationTally(query);
  return { tally, pages: following(first, tally) };

  /** @throws ChangedMeanwhile after the last page. */
  async function* following(start: PublishedSlot[], announced: PublicationTally) {
    let sent: PublicationTally = { slots: 0, marks: 0n };
    let page = start;
    for (;;) {
      sent = sumOf(sent, tallyOf(page));
      yield page;
      const last = page.at(-1);
      if (!last || page.length < limit) break;
      page = await reader.publishedSlots(query, { atMs: last.startMs, id: last.id }, limit);
    }
    if (!isSame(sent, announced)) throw new ChangedMeanwhile();
  }
}
