import type { Capabilities, OperationName } from '../adapter/contract.ts';
import type { Outcome } from './grade.ts';

/** Which cases prove which declared capability: a declaration that nothing proves is only a word. */

export type Proof = {
  readonly capability: string;
  /** As the manifest declares it. */
  readonly declared: string;
  /** `refuted`: a case that should prove it has failed. `unproven`: none was tried, or not all of them. */
  readonly proof: 'proven' | 'refuted' | 'unproven';
};

type Tried = { readonly id: string; readonly outcome: Outcome };

const PULL =
  /^(whole-reading|told-|booking-observed|cancellation-observed|cursor-|read-(clock|mid|over|all-day|repeated))/;
const IDEMPOTENCY = /-twice$|-answer-lost$|-written-again$|^read-back-/;
const SHIFTS = /^(shift|shifts|roster)-/;
const CONDITIONAL = /^(conditional-write|move-changed)$/;
const OPERATIONS: Record<OperationName, RegExp> = {
  publish: /^publish-|^withdraw-taken$/,
  withdraw: /^withdraw-/,
  block: /^block-|^write-/,
  unblock: /^unblock-/,
  hold: /^hold-|^book-own-hold$/,
  release: /^release-/,
  book: /^book-/,
  cancel: /^cancel-/,
  move: /^move-/,
};

/** One for each capability that is declared, in the order of the contract. @param tried the cases that apply. */
export const proofsOf = (capabilities: Capabilities, tried: readonly Tried[]): readonly Proof[] =>
  claimsOf(capabilities).map(({ capability, declared, pattern }) => ({
    capability,
    declared,
    proof: proofBy(tried.filter(({ id }) => pattern.test(id)).map(({ outcome }) => outcome)),
  }));

/** By capability, the ids of the cases that hold and speak for it. @param tried the cases that apply. */
export const casesProving = (
  capabilities: Capabilities,
  tried: readonly Tried[],
): ReadonlyMap<string, readonly string[]> =>
  new Map(
    claimsOf(capabilities).map(({ capability, pattern }) => [
      capability,
      tried.filter(({ id, outcome }) => outcome === 'passed' && pattern.test(id)).map(({ id }) => id),
    ]),
  );

type Claim = Pick<Proof, 'capability' | 'declared'> & { readonly pattern: RegExp };

function claimsOf(capabilities: Capabilities): readonly Claim[] {
  const { pull, feed, webhook, idempotency, conditionalWrite, writes, lists, shifts, calendars } =
    capabilities;
  const reading = lists ? /^list-/ : pull === 'none' ? /^told-/ : /^whole-reading$/;
  const by = (capability: string, declared: string, pattern: RegExp): Claim => ({
    capability,
    declared,
    pattern,
  });
  return [
    by('pull', pull, PULL),
    by('feed', feed, reading),
    ...(lists ? [by('lists', 'yes', /^list-/)] : []),
    ...(writes === undefined ? [] : [by('writes', writes, /^asked-|-asked$/)]),
    ...(webhook === 'none' ? [] : [by('webhook', webhook, /^webhook-/)]),
    ...(idempotency === 'none' ? [] : [by('idempotency', idempotency, IDEMPOTENCY)]),
    ...(conditionalWrite ? [by('conditionalWrite', 'yes', CONDITIONAL)] : []),
    ...(shifts ? [by('shifts', 'yes', SHIFTS)] : []),
    ...(calendars ? [by('calendars', 'yes', /^calendars-/)] : []),
    ...capabilities.operations.map((name) => by(name, 'yes', OPERATIONS[name])),
  ];
}

function proofBy(outcomes: readonly Outcome[]): Proof['proof'] {
  if (outcomes.includes('failed')) return 'refuted';
  return outcomes.includes('passed') && !outcomes.includes('untried') ? 'proven' : 'unproven';
}
