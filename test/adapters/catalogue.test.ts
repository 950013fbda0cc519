import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { keptReport } from '../../src/cli/adapter-verify.ts';
import { hashOf } from '../../src/conformance/hash.ts';
import { suiteHash } from '../../src/conformance/report.ts';

/** The reports that are shown to users are of these adapters and of this suite: `npm run certify` makes them anew. */

const ids = readdirSync('adapters').filter((id) => existsSync(join('adapters', id, 'conformance.ts')));
const readme = readFileSync('README.md', 'utf8');

describe('the catalogue of adapters', () => {
  for (const id of ids) {
    describe(id, () => {
      it('has a report of the adapter and of the suite as they are', async () => {
        const report = await keptReport(join('adapters', id));
        const hash = await hashOf([join('adapters', id), join('mappings', id)]);
        expect(report?.adapter.hash, `npm run certify -- ${id}`).to.equal(hash);
        expect(report?.suite, 'npm run certify').to.equal(suiteHash());
      });

      it('has no case that failed, and no capability that nothing proves', async () => {
        const report = await keptReport(join('adapters', id));
        const failed = report?.cases.filter(({ outcome }) => outcome === 'failed').map((each) => each.id);
        expect(failed).to.deep.equal([]);
        const unproven = report?.capabilities.filter(({ proof }) => proof !== 'proven');
        expect(unproven).to.deep.equal([]);
      });

      it('is in README’s table with its grade', async () => {
        const report = await keptReport(join('adapters', id));
        const row = readme.split('\n').find((line) => line.startsWith(`| [\`${id}\`]`));
        expect(row?.split('|').at(-2)?.trim()).to.equal(report?.grade ?? 'none');
      });
    });
  }
});
