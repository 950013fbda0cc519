import { expect } from 'chai';
import { manifest } from '../../adapters/roster/manifest.ts';
import { PAGE } from '../../src/isolation/answers.ts';
import { ManifestData } from '../../src/isolation/description.ts';

/** What a thread gives of a roster, before the engine sees it. */
describe('shifts of an adapter in a thread', () => {
  const shift = {
    ...{
      externalId: 'a',
      calendar: 'dr',
      interval: { start: 0, end: 60_000 },
      revision: null,
      task: 'on-call',
    },
    ...{ place: null, period: { start: 0, end: 120_000 }, publishedAt: 0 },
  };
  const page = (...shifts: object[]) =>
    PAGE.safeParse({ kind: 'rows', rows: [], removed: [], rejected: [], shifts });

  it('come as they are', () => {
    expect(page(shift).data).to.deep.include({ shifts: [shift] });
    const none = PAGE.safeParse({ kind: 'rows', rows: [], removed: [], rejected: [] });
    expect(none.data).not.to.have.property('shifts');
    expect(ManifestData.parse(manifest).capabilities.shifts).to.equal(true);
  });

  for (const [what, wrong] of [
    ['that end before they begin', { interval: { start: 60_000, end: 0 } }],
    ['for a task that is none', { task: 'garde' }],
    ['of nobody', { calendar: '' }],
    ['with a text that cannot be stored', { place: 'a\0' }],
    ['without an id', { externalId: undefined }],
  ] as const) {
    it(`are refused ${what}`, () => {
      expect(page({ ...shift, ...wrong }).success).to.equal(false);
    });
  }
});
