import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { codeTables, contentOf } from '../../src/system/mappings.ts';
import { OperatorError } from '../../src/system/operator-error.ts';

const tableOf = (...codes: string[]) => ({
  resourceType: 'ConceptMap',
  id: 'made-up-mode',
  group: [{ source: 'urn:theirs', target: 'urn:ours', element: codes.map((code) => ({ code })) }],
});

describe('the content of code tables', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'passerelle-mappings-'));
    await mkdir(join(root, 'made-up'));
  });
  after(() => rm(root, { recursive: true }));

  const write = (name: string, text: string) => writeFile(join(root, 'made-up', name), text);

  const content = (platform: string): string => contentOf(codeTables(platform, { root }));

  it('is the same while they say the same, and another when a code is added', async () => {
    await write('mode.json', JSON.stringify(tableOf('A')));
    await write('reason.json', JSON.stringify(tableOf()));
    const before = content('made-up');
    await write('mode.json', `${JSON.stringify(tableOf('A'), null, 2)}\n`);
    await write('README.md', 'not a table');
    expect(content('made-up')).to.equal(before);
    await write('mode.json', JSON.stringify(tableOf('A', 'B')));
    expect(content('made-up')).to.not.equal(before);
  });

  it('cannot be told of a table that cannot be used: an operator is told which file, and why', async () => {
    const told = (text: string) => expect(() => content('made-up')).to.throw(OperatorError, text);
    const file = join(root, 'made-up', 'mode.json');
    await write('mode.json', '{"resourceType":');
    told(`${file} cannot be read as JSON`);
    await write('mode.json', JSON.stringify({ ...tableOf('A'), resourceType: 'ValueSet' }));
    told(`${file} cannot be used: not a ConceptMap that can be read: resourceType`);
    await write('mode.json', JSON.stringify(tableOf('A')));
    const check = (): void => {
      throw new Error('not served so');
    };
    expect(() => codeTables('made-up', { root, check })).to.throw(OperatorError, 'not served so');
  });

  it('is known of a platform that maps no codes, too', () => {
    expect(content('nothing')).to.equal(content('nothing-either'));
  });
});
