import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { codeTables, contentOf } from '../../src/system/mappings.ts';

describe('the content of code tables', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'passerelle-mappings-'));
    await mkdir(join(root, 'made-up'));
  });
  after(() => rm(root, { recursive: true }));

  const write = (name: string, text: string) => writeFile(join(root, 'made-up', name), text);

  const content = (platform: string): string => contentOf(codeTables(platform, root));

  it('is the same while they say the same, and another when a code is added', async () => {
    await write('mode.json', '{"group":[{"code":"A"}]}');
    await write('reason.json', '{"group":[]}');
    const before = content('made-up');
    await write('mode.json', '{\n  "group": [{ "code": "A" }]\n}\n');
    await write('README.md', 'not a table');
    expect(content('made-up')).to.equal(before);
    await write('mode.json', '{"group":[{"code":"A"},{"code":"B"}]}');
    expect(content('made-up')).to.not.equal(before);
  });

  it('is known of a platform that maps no codes, too', () => {
    expect(content('nothing')).to.equal(content('nothing-either'));
  });
});
