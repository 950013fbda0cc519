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
export function proofsOf(capabilities: Capabilities, tried: readonly Tried[]): readonly Proof[] {
  const { pull, feed, webhook, idempotency, conditionalWrite, operations, writes, lists, shifts } =
    capabilities;
  const reading = lists ? /^list-/ : pull === 'none' ? /^told-/ : /^whole-reading$/;
  const by = (capability: string, declared: string, pattern: RegExp): Proof => ({
    capability,
    declared,
    proof: proofBy(tried.filter(({ id }) => pattern.test(id)).map(({ outcome }) => outcome)),
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
    ...operations.map((name) => by(name, 'yes', OPERATIONS[name])),
  ];
}

function proofBy(outcomes: readonly Outcome[]): Proof['proof'] {
  if (outcomes.includes('failed')) return 'refuted';
  return outcomes.includes('passed') && !outcomes.includes('untried') ? 'proven' : 'unproven';
}
