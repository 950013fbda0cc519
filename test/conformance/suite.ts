import { expect } from 'chai';
import type { Interval } from '../../src/domain/interval.ts';
import { FAULTS } from './cases/faults.ts';
import { MOVING } from './cases/moving.ts';
import { READING } from './cases/reading.ts';
import { WEBHOOK } from './cases/webhook.ts';
import { WRITING } from './cases/writing.ts';
import { type Case, Context } from './context.ts';
import { startProxy } from './proxy.ts';
import type { Bench, Target } from './target.ts';

/** Every case, by subject. Which of them an adapter must pass follows from what its manifest declares. */
export const CASES: readonly (readonly [subject: string, cases: readonly Case[]])[] = [
  ['reading', READING],
  ['writing', WRITING],
  ['moving', MOVING],
  ['faults', FAULTS],
  ['webhook', WEBHOOK],
];

/** Runs one case on its own connection and its own proxy. */
export async function runCase(each: Case, target: Target, bench: Bench, used: Interval[]): Promise<void> {
  const proxy = await startProxy(bench.baseUrl);
  const context = new Context(target.adapter, bench, proxy, used);
  try {
    await each.run(context);
  } finally {
    await context.close();
    await proxy.close();
  }
}

/** The shared suite, for ours and for a stranger's adapter alike. A case that cannot hold says why, in the manifest. */
export function conforms(name: string, target: Target): void {
  const { capabilities, exemptions } = target.adapter.manifest;
  describe(`${name} conforms`, () => {
    let bench: Bench;
    const used: Interval[] = [];
    before(async () => {
      bench = await target.open();
    });
    after(() => bench.close());

    it('is exempt from cases that exist and apply, each with a reason', () => {
      const applying = CASES.flatMap(([, cases]) => cases).filter((each) => each.applies(capabilities));
      expect(applying.map(({ id }) => id)).to.include.members(Object.keys(exemptions));
      for (const reason of Object.values(exemptions)) expect(reason.trim()).not.to.equal('');
    });

    for (const [subject, cases] of CASES) {
      const applying = cases.filter((each) => each.applies(capabilities));
      if (applying.length === 0) continue;
      describe(subject, () => {
        for (const each of applying) {
          const reason = exemptions[each.id];
          // Without a body the case is shown as pending, with its reason.
          if (reason !== undefined) it(`${each.title} (exempt: ${reason})`);
          else it(each.title, () => runCase(each, target, bench, used));
        }
      });
    }
  });
}
