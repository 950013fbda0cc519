import { expect } from 'chai';
import type { Capabilities, OperationName } from '../../src/adapter/contract.ts';
import { type Grade, type Graded, gradeOf, type Outcome, together } from '../../src/conformance/grade.ts';

const HOLDS: readonly OperationName[] = ['block', 'unblock', 'hold', 'release', 'book', 'cancel'];

const capabilities = (
  operations: readonly OperationName[],
  idempotency: Capabilities['idempotency'] = 'key',
): Capabilities => ({
  agenda: 'there',
  pull: 'snapshot',
  feed: 'calendar',
  webhook: 'none',
  conditionalWrite: false,
  idempotency,
  operations,
});

/** One case of each grade, named by it. */
const cases = (outcomes: Partial<Record<Grade, Outcome>> = {}): readonly Graded[] =>
  (['platinum', 'gold', 'silver', 'bronze'] as const).map((grade) => ({
    id: `of-${grade}`,
    grade,
    outcome: outcomes[grade] ?? 'passed',
  }));

const VERDICTS: readonly {
  readonly title: string;
  readonly declared: Capabilities;
  readonly cases: readonly Graded[];
  readonly grade: Grade | null;
  readonly missing: readonly string[];
}[] = [
  {
    title: 'all holds and all is declared',
    declared: capabilities(HOLDS),
    cases: cases(),
    grade: 'platinum',
    missing: [],
  },
  {
    title: 'what is exempt stands in the way of nothing',
    declared: capabilities(HOLDS),
    cases: cases({ bronze: 'exempt', gold: 'exempt' }),
    grade: 'platinum',
    missing: [],
  },
  {
    title: 'a case of bronze failed: no grade, however much holds above',
    declared: capabilities(HOLDS),
    cases: cases({ bronze: 'failed' }),
    grade: null,
    missing: ['bronze: of-bronze (failed)'],
  },
  {
    title: 'what was not tried is not held to have passed',
    declared: capabilities(HOLDS),
    cases: cases({ silver: 'untried' }),
    grade: 'bronze',
    missing: ['silver: of-silver (untried)'],
  },
  {
    title: 'it reads only',
    declared: capabilities([], 'none'),
    cases: cases(),
    grade: 'bronze',
    missing: ['silver: block and unblock, or publish and withdraw, are to be declared'],
  },
  {
    title: 'it blocks and never unblocks',
    declared: capabilities(['block', 'publish']),
    cases: cases(),
    grade: 'bronze',
    missing: ['silver: block and unblock, or publish and withdraw, are to be declared'],
  },
  {
    title: 'it publishes in place of blocking, and never finds what it wrote',
    declared: capabilities(['publish', 'withdraw'], 'none'),
    cases: cases(),
    grade: 'silver',
    missing: ['gold: idempotency is to be key or lookup: a write whose answer was lost is never found'],
  },
  {
    title: 'it finds what it wrote by looking, and a fault was not survived',
    declared: capabilities(['publish', 'withdraw'], 'lookup'),
    cases: cases({ gold: 'failed' }),
    grade: 'silver',
    missing: ['gold: of-gold (failed)'],
  },
  {
    title: 'it books without holds',
    declared: capabilities(['block', 'unblock', 'book', 'cancel'], 'lookup'),
    cases: cases(),
    grade: 'gold',
    missing: ['platinum: hold, release, book and cancel are to be declared'],
  },
  {
    title: 'of the next grade all is named that is missing, and nothing of those above it',
    declared: capabilities([], 'none'),
    cases: [
      ...cases({ silver: 'failed', gold: 'failed' }),
      { id: 'another', grade: 'silver', outcome: 'untried' },
    ],
    grade: 'bronze',
    missing: [
      'silver: block and unblock, or publish and withdraw, are to be declared',
      'silver: of-silver (failed)',
      'silver: another (untried)',
    ],
  },
];

const TOGETHER: readonly (readonly [outcomes: readonly Outcome[], whole: Outcome])[] = [
  [[], 'untried'],
  [['untried', 'untried'], 'untried'],
  [['untried', 'exempt'], 'exempt'],
  [['exempt', 'untried', 'passed'], 'passed'],
  [['passed', 'failed', 'passed'], 'failed'],
  [['exempt', 'failed'], 'failed'],
];

describe('the grade of an adapter', () => {
  for (const { title, declared, cases: tried, grade, missing } of VERDICTS) {
    it(`is ${grade ?? 'none'}: ${title}`, () => {
      expect(gradeOf(declared, tried)).to.deep.equal({ grade, missing });
    });
  }

  for (const [outcomes, whole] of TOGETHER) {
    it(`takes a case that was ${outcomes.join(', ') || 'on no target'} for ${whole}`, () => {
      expect(together(outcomes)).to.equal(whole);
    });
  }
});
