import type { Capabilities } from '../adapter/contract.ts';
import { type Case, Untried } from './case.ts';
import { ASKING } from './cases/asking.ts';
import { CALENDARS } from './cases/calendars.ts';
import { FAULTS } from './cases/faults.ts';
import { LISTENING } from './cases/listening.ts';
import { LISTS } from './cases/lists.ts';
import { MOVING } from './cases/moving.ts';
import { NIGHTS } from './cases/nights.ts';
import { READING } from './cases/reading.ts';
import { SHIFTS } from './cases/shifts.ts';
import { WEBHOOK } from './cases/webhook.ts';
import { WRITING } from './cases/writing.ts';
import { Context } from './context.ts';
import type { Outcome } from './grade.ts';
import { NotRecorded, playBack } from './playback.ts';
import { startProxy } from './proxy.ts';
import { type Staging, stagePlatform } from './staging.ts';
import type { Target } from './target.ts';

/** Every case, by subject. Which of them an adapter must pass follows from what its manifest declares. */
export const SUBJECTS: readonly (readonly [subject: string, cases: readonly Case[]])[] = [
  ['reading', READING],
  ['writing', WRITING],
  ['moving', MOVING],
  ['faults', FAULTS],
  ['nights', NIGHTS],
  ['webhook', WEBHOOK],
  ['listening', LISTENING],
  ['lists', LISTS],
  ['asking', ASKING],
  ['shifts', SHIFTS],
  ['calendars', CALENDARS],
];

export const CASES: readonly Case[] = SUBJECTS.flatMap(([, cases]) => cases);

export const applying = (capabilities: Capabilities): readonly Case[] =>
  CASES.filter((each) => each.applies(capabilities));

/** What became of one case. `error`: why it failed; `reason`: the same in words, or why it was not tried. */
export type CaseResult =
  | { readonly outcome: 'passed'; readonly reason: null }
  | { readonly outcome: Exclude<Outcome, 'passed' | 'failed'>; readonly reason: string }
  | { readonly outcome: 'failed'; readonly reason: string; readonly error: Error };

export type Session = {
  readonly run: (each: Case) => Promise<CaseResult>;
  readonly close: () => Promise<void>;
};

/** @param staging in place of the target's own, as for a recording. */
export function openSession(target: Target, staging: Staging = stagingOf(target)): Session {
  const { exemptions } = target.adapter.manifest;
  return {
    close: staging.close,
    async run(each) {
      const exemption = exemptions[each.id];
      if (exemption !== undefined) return exempt(each, exemption);
      try {
        await runCase(each, target, staging);
        return { outcome: 'passed', reason: null };
      } catch (thrown) {
        if (thrown instanceof Untried) return { outcome: 'untried', reason: thrown.message };
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        return { outcome: 'failed', reason: error.message, error };
      }
    },
  };
}

const stagingOf = (target: Target): Staging =>
  target.stage === 'recorded' ? playBack(target) : stagePlatform(target);

function exempt({ isExemptable }: Case, reason: string): CaseResult {
  if (isExemptable && reason.trim() !== '') return { outcome: 'exempt', reason };
  const why = isExemptable
    ? 'the exemption has no reason'
    : `no adapter is exempt from it (its manifest says: ${reason})`;
  return { outcome: 'failed', reason: why, error: new Error(why) };
}

/** On its own connections and its own proxy. */
export async function runCase(each: Case, { adapter }: Target, staging: Staging): Promise<void> {
  const staged = await staging.stage(each);
  const proxy = await (staged.bench.startProxy ?? startProxy)(staged.pass);
  const context = new Context(adapter, staged, proxy);
  let failure: unknown = null;
  try {
    await each.run(context);
  } catch (error) {
    failure = error;
  } finally {
    await context.close();
    await proxy.close();
  }
  // What a recording could not answer is why the case failed, whatever the adapter made of it.
  failure = proxy.failures.find((each) => each instanceof NotRecorded) ?? failure;
  if (failure !== null) throw failure;
}
