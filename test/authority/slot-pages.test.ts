import { expect } from 'chai';
import { ChangedMeanwhile, openSlotPages } from '../../src/authority/slot-pages.ts';
import type { After } from '../../src/engine/ports/front.ts';
import type {
  PublicationQuery,
  PublicationReader,
  PublishedSlot,
} from '../../src/engine/ports/publication.ts';
import { uuid } from '../support/fake-ports.ts';

const QUERY: PublicationQuery = {
  schedules: [{ id: 's', releasedUntilMs: null }],
  confirmedCalendars: [],
  start: { fromMs: 0, beforeMs: 1e6 },
  since: null,
};

const slot = (number: number, mark = number): PublishedSlot => ({
  id: uuid(number),
  scheduleId: 's',
  startMs: number,
  endMs: number + 1,
  status: 'free',
  bookingUrl: null,
  mark: String(mark * 1_000_003),
});

/** Slots that tests change, and the last slot before each page that was read. */
function made(count: number) {
  const slots = Array.from({ length: count }, (_, index) => slot(index + 1));
  const pages: (number | null)[] = [];
  const reader: PublicationReader = {
    async publishedSlots(_query, after: After | null, limit) {
      pages.push(after?.atMs ?? null);
      return slots.filter(({ startMs }) => startMs > (after?.atMs ?? 0)).slice(0, limit);
    },
    publicationTally: async () => ({
      slots: slots.length,
      marks: slots.reduce((sum, { mark }) => sum + BigInt(mark), 0n),
    }),
  };
  return { slots, pages, reader };
}

async function startsOf(
  pages: Iterable<PublishedSlot[]> | AsyncIterable<PublishedSlot[]>,
): Promise<number[]> {
  const starts: number[] = [];
  for await (const page of pages) starts.push(...page.map(({ startMs }) => startMs));
  return starts;
}

describe('scheduling links: the pages of a file', () => {
  for (const [count, limit, pagesRead] of [
    [0, 4, 1],
    [3, 4, 1],
    [4, 4, 2],
    [5, 4, 2],
    [9, 3, 4],
  ] as const) {
    it(`are ${pagesRead} of ${count} slots, ${limit} to a page, with every slot once`, async () => {
      const { reader, slots, pages } = made(count);
      const opened = await openSlotPages(reader, QUERY, limit);
      expect(await startsOf(opened.pages)).to.deep.equal(slots.map(({ startMs }) => startMs));
      expect(opened.tally).to.deep.equal(await reader.publicationTally(QUERY));
      expect(pages).to.have.length(pagesRead);
    });
  }

  it('are read when they are asked for, and not before', async () => {
    const { reader, pages } = made(100);
    const opened = await openSlotPages(reader, QUERY, 10);
    const walk = (opened.pages as AsyncIterable<PublishedSlot[]>)[Symbol.asyncIterator]();
    expect(pages).to.have.length(1);
    await walk.next();
    expect(pages, 'the first is there already').to.have.length(1);
    await walk.next();
    expect(pages).to.deep.equal([null, 10]);
    await walk.return?.();
    expect(pages).to.have.length(2);
  });

  it('of which one changed after they were announced are broken off at the end', async () => {
    for (const change of [
      (slots: PublishedSlot[]) => slots.splice(7, 1),
      (slots: PublishedSlot[]) => slots.splice(7, 1, slot(8, 88)),
      (slots: PublishedSlot[]) => slots.push(slot(11)),
    ]) {
      const { reader, slots } = made(10);
      const opened = await openSlotPages(reader, QUERY, 4);
      change(slots);
      const fault = await startsOf(opened.pages).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(ChangedMeanwhile);
    }
  });

  it('are announced by the page itself where there is one', async () => {
    const { reader, slots } = made(3);
    const opened = await openSlotPages(reader, QUERY, 4);
    slots.push(slot(4));
    expect(opened.tally.slots).to.equal(3);
    expect(await startsOf(opened.pages)).to.deep.equal([1, 2, 3]);
  });
});
