import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { gradeOf } from '../../src/conformance/grade.ts';
import { conforms } from '../../src/conformance/mocha.ts';
import { runSuite } from '../../src/conformance/run.ts';
import { simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { applying, openSession } from '../../src/conformance/suite.ts';
import { adapterOf, readDescription } from '../../src/described/index.ts';
import { EXAMPLES_FOLDER, openings, regionalAgenda, vendorAgenda } from './examples.ts';
import { inThread, loadDescription } from './in-thread.ts';

conforms('vendor-agenda.yaml', simulatorTarget(vendorAgenda), 'platinum');
conforms('openings.yaml', simulatorTarget(openings), 'bronze');

describe('a platform that cannot change a block', function () {
  this.timeout(30_000);

  it('has it made anew, and what stood there before taken away', async () => {
    const text = await readFile(`${EXAMPLES_FOLDER}/regional-agenda.yaml`, 'utf8');
    const changed = text.replace(/^ {4}change: \{ method: PUT, path: "\/unavailabilities.*\n/m, '');
    expect(changed).to.not.equal(text);
    const adapter = adapterOf(readDescription(changed));
    const wants = (id: string): boolean => /^(un)?block-|^read-back|^write-/.test(id);
    const target = simulatorTarget({ ...regionalAgenda, adapter });
    const { cases } = await runSuite(target, wants, () => undefined);
    expect(cases.filter(({ outcome }) => outcome !== 'passed')).to.deep.equal([]);
    expect(cases.map(({ id }) => id)).to.include.members([
      'block-moves',
      'block-twice',
      'block-changes-gone',
      'read-back-all',
    ]);
  });
});

describe('regional-agenda.yaml in a thread of its own', function () {
  this.timeout(120_000);

  it('conforms, and reaches platinum', async () => {
    const isolated = await loadDescription('./regional-agenda.yaml', EXAMPLES_FOLDER);
    const { capabilities } = isolated.manifest;
    expect(capabilities).to.deep.equal(regionalAgenda.adapter.manifest.capabilities);
    const thread = await inThread(regionalAgenda, isolated);
    const session = openSession(simulatorTarget(thread.target));
    try {
      const tried = [];
      for (const each of applying(capabilities)) {
        const { outcome, reason } = await session.run(each);
        tried.push({ id: each.id, grade: each.grade, outcome, reason });
      }
      const failed = tried.filter(({ outcome }) => outcome !== 'passed');
      expect(failed).to.deep.equal([]);
      expect(tried).to.have.length.greaterThan(100);
      expect(gradeOf(capabilities, tried).grade).to.equal('platinum');
      // As configured, with credentials that are refused, and without tables.
      expect(thread.threads()).to.equal(3);
    } finally {
      await session.close();
      await thread.close();
    }
  });
});
