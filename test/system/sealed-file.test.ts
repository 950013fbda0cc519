import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { wrappingKey } from '../../src/system/key-encryption.ts';
import { openText, sealText, writeWhole } from '../../src/system/sealed-file.ts';

/** Files that are opened without the database. */

const KEY = wrappingKey(Buffer.alloc(32, 1));
const OTHER = wrappingKey(Buffer.alloc(32, 2));
const TEXT = 'Rose Fictive, 514 555-0123';

describe('a sealed file', () => {
  it('opens with its key, as what it was sealed for, and has nothing of it in clear', () => {
    const sealed = sealText(KEY, TEXT, 'a');
    expect(openText({ current: KEY, former: [] }, sealed, 'a')).to.equal(TEXT);
    expect(openText({ current: OTHER, former: [KEY] }, sealed, 'a')).to.equal(TEXT);
    expect(sealed.includes('Fictive')).to.equal(false);
    expect(sealText(KEY, TEXT, 'a').equals(sealed), 'each has a key of its own').to.equal(false);
  });

  it('says which key it wants, and nothing of it', () => {
    expect(() => openText({ current: OTHER, former: [] }, sealText(KEY, TEXT, 'a'), 'a')).to.throw(
      new RegExp(`check value ${KEY.check}: set PASSERELLE_KEY`),
    );
  });

  it('does not open when one bit of it is another, when it is cut, or in the place of another', () => {
    const sealed = sealText(KEY, TEXT, 'a');
    for (const at of [0, 5, 20, 50, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => openText({ current: KEY, former: [] }, changed, 'a'), `bit of ${at}`).to.throw(
        /sealed file/,
      );
    }
    expect(() => openText({ current: KEY, former: [] }, sealed.subarray(0, 30), 'a')).to.throw(/cut/);
    expect(() => openText({ current: KEY, former: [] }, sealed, 'b')).to.throw(/in the place of another/);
  });

  it('is written whole, for this user alone', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'passerelle-sealed-'));
    try {
      const path = join(parent, 'made', 'x.sealed');
      await writeWhole(path, Buffer.from('one'));
      await writeWhole(path, Buffer.from('two'));
      expect(await readFile(path, 'utf8')).to.equal('two');
      expect(await readdir(join(parent, 'made'))).to.deep.equal(['x.sealed']);
      expect((await stat(path)).mode & 0o777).to.equal(0o600);
      expect((await stat(join(parent, 'made'))).mode & 0o777).to.equal(0o700);
    } finally {
      await rm(parent, { recursive: true });
    }
  });
});
