import { expect } from 'chai';
import { hasPostgres } from '../support/databases.ts';
import { requireServer } from '../support/servers.ts';
import { corpusOf, targetsInCorpus } from './harness/corpus.ts';
import { Runner } from './harness/runner.ts';
import { told, wrongIn } from './harness/verdict.ts';
import { TARGETS } from './targets.ts';

/** A little of `npm run fuzz`, always the same inputs in the same order: as many as there is time for. */

const SEED = 20_261_127;
/** For one share of a target; all together have some thirty of them. */
const MILLISECONDS = 500;

describe('fuzz', function () {
  this.timeout(300_000);
  const runner = new Runner();
  after(() => runner.close());

  it('has no corpus of a target that is none', () => {
    expect(TARGETS.map(({ name }) => name)).to.include.members([...targetsInCorpus()]);
  });

  for (const { name, share = 1, needs } of TARGETS)
    it(`${name}: is read or refused, and nothing else`, async function () {
      if (needs) await requireServer(needs, hasPostgres).call(this);
      const wanted = { milliseconds: MILLISECONDS * share, seed: SEED, corpus: corpusOf(name) };
      const report = await runner.fuzz({ target: name, ...wanted });
      expect(wrongIn(name, report), 'what is wrong').to.equal(null);
      // One that says the same of every input looks at none of them.
      expect(Object.keys(report.verdicts).length, told(name, report)).to.be.at.least(2);
    });
});
