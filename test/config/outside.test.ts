import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigurationError } from '../../src/config/problems.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { ADAPTERS, SAMPLE } from './sample.ts';

describe('a reference to a file of secrets', () => {
  let dataFolder: string;
  const secret = (name: string): string => join(dataFolder, 'secrets', name);

  before(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'passerelle-'));
    await mkdir(secret('folder'), { recursive: true });
    await writeFile(secret('east.token'), 'kept-in-a-file\n', { mode: 0o600 });
    await writeFile(secret('empty'), '\n');
    await writeFile(secret('large'), 'x'.repeat(65 * 1024));
  });
  after(() => rm(dataFolder, { recursive: true }));

  const parse = (reference: string) =>
    parseConfiguration(
      SAMPLE.replace('{ env: EAST_TOKEN }', reference),
      'clinic.yaml',
      ADAPTERS,
      // One that is empty counts as not set, so that it is never the root of the machine.
      { PASSERELLE_DATA: dataFolder },
    );

  it('is its text, without the line break at its end', () => {
    for (const reference of ['{ file: east.token }', `{ file: "${secret('east.token')}" }`]) {
      expect(parse(reference).connections[0]?.settings).to.include({ token: 'kept-in-a-file' });
    }
  });

  for (const [name, wrong] of Object.entries({
    missing: 'cannot be read at',
    empty: 'is empty',
    large: 'is larger than 64 KiB',
    folder: 'is not a file',
    '../admin-token': 'must be a name of letters, digits, . _ and -, or an absolute path',
    '.hidden': 'must be a name',
  })) {
    it(`is a problem of its line where it leads nowhere: ${name}`, () => {
      expect(() => parse(`{ file: "${name}" }`))
        .to.throw(ConfigurationError)
        .with.property('problems')
        .that.satisfies((problems: { path: string; message: string }[]) => {
          expect(problems).to.have.length(1);
          expect(problems[0]?.path).to.equal('connections[0].settings.token');
          expect(problems[0]?.message).to.contain(`the file of secrets ${name}`).and.to.contain(wrong);
          return true;
        });
    });
  }
});
