import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { adminToken } from '../../src/server/admin-token.ts';

describe('server: the administrator’s token', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is made at the first start, for its owner only, and read at the next', async () => {
    const data = join(folder, 'new', 'data');
    const token = await adminToken(data);
    const path = join(data, 'admin-token');
    expect(token).to.match(/^[0-9a-f]{64}$/);
    expect((await readFile(path, 'utf8')).trim()).to.equal(token);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(await adminToken(data)).to.equal(token);
  });

  it('is one for all that start at once, and nothing is left beside it', async () => {
    for (let round = 0; round < 100; round += 1) {
      const data = join(folder, `${round}`);
      const tokens = await Promise.all(Array.from({ length: 4 }, () => adminToken(data)));
      expect(new Set(tokens)).to.have.property('size', 1);
      expect(await readdir(data)).to.deep.equal(['admin-token']);
    }
  });

  it('is another one for every installation', async () => {
    expect(await adminToken(join(folder, 'a'))).to.not.equal(await adminToken(join(folder, 'b')));
  });

  it('may be one that an operator wrote', async () => {
    const token = 'x'.repeat(40);
    await writeFile(join(folder, 'admin-token'), `${token}\n`);
    expect(await adminToken(folder)).to.equal(token);
  });

  const refused = async (): Promise<string> => {
    try {
      await adminToken(folder);
    } catch (error) {
      return String(error);
    }
    throw new Error('it was not refused');
  };

  it('stops the start when the file holds none', async () => {
    for (const text of ['', 'short', 'two words that are long enough to be a token, but no token']) {
      await writeFile(join(folder, 'admin-token'), text);
      expect(await refused())
        .to.contain(join(folder, 'admin-token'))
        .and.contain('delete it');
    }
  });

  it('stops the start when it cannot be read', async () => {
    await mkdir(join(folder, 'admin-token'));
    expect(await refused())
      .to.contain('cannot be read')
      .and.contain('EISDIR');
  });

  it('stops the start when the folder is a file', async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file where the folder should be');
    expect(await refused()).to.contain('cannot be made');
  });
});
