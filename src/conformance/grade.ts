import type { Capabilities, OperationName } from '../adapter/contract.ts';

/**
 * What the suite found, as one word that a clinic understands. Each grade needs all of the ones below it.
 * `bronze`: reads truly. `silver`: mirrors. `gold`: survives every fault of the list. `platinum`: books, with holds.
 */
export const GRADES = ['bronze', 'silver', 'gold', 'platinum'] as const;
export type Grade = (typeof GRADES)[number];

/** `untried`: the target has no hands for it, so nothing is known. */
export const OUTCOMES = ['passed', 'failed', 'exempt', 'untried'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type Graded = { readonly id: string; readonly grade: Grade; readonly outcome: Outcome };

export type Verdict = {
  /** Null = not even bronze. */
  readonly grade: Grade | null;
  /** What stands between it and the next grade; empty at the top. */
  readonly missing: readonly string[];
};

/** What has to be declared, besides the cases that hold. */
const DEMANDS: Record<Grade, (capabilities: Capabilities) => string | null> = {
  bronze: () => null,
  silver: ({ operations }) =>
    hasAll(operations, ['block', 'unblock']) || hasAll(operations, ['publish', 'withdraw'])
      ? null
      : 'block and unblock, or publish and withdraw, are to be declared',
  gold: ({ idempotency, writes }) => {
    if (writes === 'asked')
      return 'writes are to be done: what a person is asked for may be sold until they have';
    return idempotency === 'none'
      ? 'idempotency is to be key or lookup: a write whose answer was lost is never found'
      : null;
  },
  platinum: ({ operations }) =>
    hasAll(operations, ['hold', 'release', 'book', 'cancel'])
      ? null
      : 'hold, release, book and cancel are to be declared',
};

const hasAll = (declared: readonly OperationName[], wanted: readonly OperationName[]): boolean =>
  wanted.every((name) => declared.includes(name));

/** @param cases all that apply to the adapter, each once. */
export function gradeOf(capabilities: Capabilities, cases: readonly Graded[]): Verdict {
  let reached: Grade | null = null;
  for (const grade of GRADES) {
    const demand = DEMANDS[grade](capabilities);
    const open = cases.filter(
      (each) => each.grade === grade && (each.outcome === 'failed' || each.outcome === 'untried'),
    );
    const missing = [
      ...(demand === null ? [] : [demand]),
      ...open.map(({ id, outcome }) => `${id} (${outcome})`),
    ];
    if (missing.length > 0) return { grade: reached, missing: missing.map((each) => `${grade}: ${each}`) };
    reached = grade;
  }
  return { grade: reached, missing: [] };
}

/**
 * One outcome of a case that was tried on several targets: it holds where it held on one and failed on none.
 */
export function together(outcomes: readonly Outcome[]): Outcome {
  for (const outcome of ['failed', 'passed', 'exempt'] as const)
    if (outcomes.includes(outcome)) return outcome;
  return 'untried';
}
