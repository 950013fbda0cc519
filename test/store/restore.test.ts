import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { backupsOf, checkBackup, writeBackup } from '../../src/store/backup.ts';
import { migrations } from '../../src/store/migrate.ts';
import { openPglite } from '../../src/store/pglite.ts';
import { finishRestore, restoreBackup } from '../../src/store/restore.ts';
import { isTar } from '../../src/store/tar.ts';
import { copyMigratedPglite } from '../support/pglite-copies.ts';

const NOW = Date.parse('2026-11-24T14:30:00Z');

describe('a backup of the embedded database', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-restore-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const path = (name: string) => join(folder, name);
  const stand = async (name: string, text: string): Promise<void> => {
    await mkdir(path(name), { recursive: true });
    await writeFile(join(path(name), 'PG_VERSION'), text);
  };

  it('has what was committed when it was asked for, and nothing of a transaction that was open', async () => {
    await copyMigratedPglite(path('database'));
    const database = await openPglite(path('database'));
    await database.script('create table noted (word text)');
    await database.query('insert into noted (word) values ($1)', ['committed']);
    const open = database
      .transaction(async (transaction) => {
        await transaction.query('insert into noted (word) values ($1)', ['undone']);
        throw new Error('undone');
      })
      .catch(() => undefined);
    const take = backupsOf(database, () => NOW);
    const [, { chunks }] = await Promise.all([open, take()]);
    await database.query('insert into noted (word) values ($1)', ['later']);
    const manifest = await writeBackup(path('a.backup'), chunks);
    const schema = (await migrations()).at(-1);
    expect(manifest).to.deep.include({ schema, at: '2026-11-24T14:30:00.000Z' });
    await database.close();

    await mkdir(path('elsewhere'));
    const { replaced } = await restoreBackup(path('a.backup'), path('elsewhere'), {
      replace: false,
      now: NOW,
    });
    expect(replaced).to.equal(null);
    const made = await openPglite(join(path('elsewhere'), 'database'));
    expect(await made.query('select word from noted')).to.deep.equal([{ word: 'committed' }]);
    await made.close();
  });

  it('refuses a database that is newer than its manifest says', async () => {
    await copyMigratedPglite(path('database'));
    const database = await openPglite(path('database'));
    const take = backupsOf(database, () => NOW);
    const { chunks } = await take();
    const claimed = chunks[0] as Uint8Array;
    await database.query('insert into schema_migration (name) values ($1)', ['9999_future.sql']);
    const text = Buffer.concat((await take()).chunks.slice(1));
    const manifest = {
      ...JSON.parse(Buffer.from(claimed).toString()),
      byteLength: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    };
    await database.close();
    await writeBackup(path('a.backup'), [Buffer.from(`${JSON.stringify(manifest)}\n`), text]);
    const refused = await restoreBackup(path('a.backup'), folder, { replace: true, now: NOW }).catch(
      (error: Error) => error.message,
    );
    expect(refused).to.contain('has no database in it that this version can open');
    expect((await readdir(folder)).sort()).to.deep.equal(['a.backup', 'database']);
  });

  it('leaves nothing when what came was no backup', async () => {
    const failed = await writeBackup(path('a.backup'), [
      Buffer.from('{"resourceType":"OperationOutcome"}\n'),
    ]).catch((error: Error) => error.message);
    expect(failed).to.contain('is not a backup');
    expect(await readdir(folder)).to.deep.equal([]);
    expect(await checkBackup(path('a.backup')).catch((error) => error.code)).to.equal('ENOENT');
  });

  describe('whose restore was cut short', () => {
    it('while it was filled: it has not taken place', async () => {
      await stand('database', 'old');
      await stand('database.loading', 'half');
      await finishRestore(folder);
      expect(await readdir(folder)).to.deep.equal(['database']);
    });

    it('before the other was put aside: it has not taken place', async () => {
      await stand('database', 'old');
      await stand('database.restored', 'new');
      await finishRestore(folder);
      expect(await readdir(folder)).to.deep.equal(['database']);
      expect(await readFile(path('database/PG_VERSION'), 'utf8')).to.equal('old');
    });

    it('after that: the next start has the restored one, and the other is kept', async () => {
      await stand('database', 'old');
      await stand('database.restored', 'new');
      await rename(path('database'), path('database.replaced-20261124T143000Z'));
      await finishRestore(folder);
      expect((await readdir(folder)).sort()).to.deep.equal([
        'database',
        'database.replaced-20261124T143000Z',
      ]);
      expect(await readFile(path('database/PG_VERSION'), 'utf8')).to.equal('new');
    });
  });

  it('tells an archive from what is none', () => {
    expect(isTar(Buffer.alloc(0))).to.equal(false);
    expect(isTar(Buffer.alloc(1024))).to.equal(false);
    expect(isTar(Buffer.alloc(1024, 'a'))).to.equal(false);
  });
});
