import { expect } from 'chai';
import fc from 'fast-check';
import type { Bundle } from 'fhir/r4.js';
import { ADMINISTRATOR } from '../../src/domain/access.ts';
import { readCursor, writeCursor } from '../../src/fhir/cursor.ts';
import { createFront } from '../../src/fhir/front.ts';
import { FIRST_START, fakePorts, NOW, slotRow, uuid } from '../support/fake-ports.ts';
import { resourcesOf } from '../support/served-front.ts';

const context = {
  base: 'https://passerelle.test/fhir',
  language: 'en' as const,
  caller: ADMINISTRATOR,
  now: NOW,
  zone: 'America/Toronto',
};

/** Follows next links until there are none; every page as the ids on it. */
async function pagesOf(starts: readonly number[], count: number): Promise<string[][]> {
  const ports = fakePorts(0);
  ports.world.slots = starts.map((start, index) => slotRow(index + 1, { startMs: FIRST_START + start }));
  const slots = createFront(ports).resources.find((resource) => resource.type === 'Slot');
  if (!slots) throw new Error('no Slot');
  const pages: string[][] = [];
  let parameters: [string, string][] = [['_count', String(count)]];
  for (;;) {
    const { text } = await slots.search({ parameters, context, strict: true });
    const bundle: Bundle = JSON.parse(text);
    pages.push(resourcesOf(bundle).map((resource) => resource.id ?? ''));
    const next = bundle.link?.find((link) => link.relation === 'next');
    if (!next) return pages;
    parameters = [...new URL(next.url).searchParams];
  }
}

describe('fhir: paging', () => {
  it('gives every row once and in order, whatever the size of a page', () =>
    fc.assert(
      fc.asyncProperty(
        // Few different starts, so that many rows share one and the id must decide.
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 45 }),
        async (starts, count) => {
          const pages = await pagesOf(starts, count);
          const expected = starts
            .map((start, index) => ({ start, id: uuid(index + 1) }))
            .sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))
            .map((row) => row.id);
          expect(pages.flat()).to.deep.equal(expected);
          for (const page of pages.slice(0, -1)) expect(page).to.have.length(count);
          if (expected.length > 0) expect(pages.at(-1)).to.not.be.empty;
        },
      ),
      { seed: 20_261_124, numRuns: 150 },
    ));

  it('reads its own cursors and no others', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e14 }), fc.uuid(), (atMs, id) => {
        const text = writeCursor({ atMs, id });
        expect(readCursor(text)).to.deep.equal({ atMs, id });
        expect(readCursor(`${text}=`)).to.equal(null);
        expect(readCursor(text.slice(1))).to.not.deep.equal({ atMs, id });
      }),
      { seed: 20_261_124 },
    );
    for (const text of ['', 'x', 'MTIz', '%%%', writeCursor({ atMs: 1, id: "';drop" })]) {
      expect(readCursor(text), text).to.equal(null);
    }
  });
});
