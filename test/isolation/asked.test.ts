import { expect } from 'chai';
import { TASK_CHARACTERS_MAX } from '../../src/adapter/contract.ts';
import { LIST, WRITTEN, WRITTEN_OR_ASKED } from '../../src/isolation/answers.ts';
import { ManifestData } from '../../src/isolation/description.ts';

/** What an adapter of another package may ask of a person, and read of a list: bounded, and held against the contract. */

const ASKED = {
  outcome: 'asked',
  externalId: 'blocked/1',
  dueAt: 1_795_530_000_000,
  task: { fr: 'Fermer 9 h 20', en: 'Close 09:20' },
};
const long = 'x'.repeat(TASK_CHARACTERS_MAX + 1);

const MANIFEST = {
  id: 'acme',
  title: { fr: 'Acme', en: 'Acme' },
  kind: 'private',
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'snapshot',
    feed: 'calendar',
    webhook: 'none',
    idempotency: 'key',
    conditionalWrite: false,
    operations: ['block', 'unblock'],
  },
  limits: {
    requests: 1,
    windowMilliseconds: 1,
    concurrency: 1,
    timeoutMilliseconds: 1,
    stalenessMilliseconds: 0,
  },
  exemptions: {},
};
const withCapabilities = (more: object) => ({
  ...MANIFEST,
  capabilities: { ...MANIFEST.capabilities, ...more },
});

describe('what is asked by an adapter in a thread of its own', () => {
  it('is taken where it declares to ask, and nowhere else', () => {
    expect(WRITTEN_OR_ASKED.safeParse(ASKED).success).to.equal(true);
    expect(WRITTEN_OR_ASKED.safeParse({ outcome: 'taken' }).success).to.equal(true);
    expect(WRITTEN.safeParse(ASKED).success).to.equal(false);
  });

  for (const [what, wrong] of [
    ['without a deadline', { ...ASKED, dueAt: undefined }],
    ['with a deadline that is none', { ...ASKED, dueAt: 1e300 }],
    ['in one language', { ...ASKED, task: { fr: 'Fermer' } }],
    ['in no words', { ...ASKED, task: { fr: '', en: '' } }],
    ['at great length', { ...ASKED, task: { fr: long, en: 'Close' } }],
    ['with what no database can hold', { ...ASKED, task: { fr: 'Fermer\0', en: 'Close' } }],
    ['under an id without end', { ...ASKED, externalId: long }],
  ] as const) {
    it(`is not taken: ${what}`, () => expect(WRITTEN_OR_ASKED.safeParse(wrong).success).to.equal(false));
  }

  it('is a list with its lines named in both languages, or none', () => {
    const list = { rows: [], removed: [], wrong: [{ line: 3, reason: { fr: 'heure', en: 'time' } }] };
    expect(LIST.safeParse(list).success).to.equal(true);
    for (const wrong of [{ line: 0, reason: { fr: 'x', en: 'y' } }, { line: 3, reason: 'time' }, { line: 3 }])
      expect(LIST.safeParse({ ...list, wrong: [wrong] }).success).to.equal(false);
    const removed = [{ kind: 'busy', externalId: 'x', sequence: null }];
    expect(LIST.safeParse({ ...list, removed }).success, 'of no calendar').to.equal(false);
  });

  it('is declared, or left out as before; what cannot be asked must at least be listed', () => {
    expect(ManifestData.safeParse(MANIFEST).success).to.equal(true);
    const asking = withCapabilities({ pull: 'none', writes: 'asked', lists: true });
    expect(ManifestData.safeParse(asking).data?.capabilities).to.include({ writes: 'asked', lists: true });
    for (const wrong of [{ pull: 'none' }, { pull: 'none', lists: false }, { writes: 'maybe' }])
      expect(ManifestData.safeParse(withCapabilities(wrong)).success).to.equal(false);
  });
});
