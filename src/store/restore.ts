import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { OperatorError } from '../system/operator-error.ts';
import { checkBackup, type Manifest } from './backup.ts';
import { migrations, ranMigrations } from './migrate.ts';
import { loadPglite } from './pglite.ts';
import { isTar } from './tar.ts';

/**
 * A backup becomes the embedded database of a data folder. At every moment one whole database is there under a name that
 * the next start knows:
 * 1. `database.loading` is filled, opened and looked at; what is found there later was never whole.
 * 2. It becomes `database.restored`: whole, and not yet in use.
 * 3. `database` becomes `database.replaced-<time>`.
 * 4. `database.restored` becomes `database`. Whoever starts in between does this step (`finishRestore`).
 */

const DATABASE = 'database';
const LOADING = 'database.loading';
const RESTORED = 'database.restored';

/** Where the embedded database of a data folder is. */
export const databaseFolder = (dataFolder: string): string => join(dataFolder, DATABASE);

export type Restored = {
  readonly manifest: Manifest;
  /** Where the database is that was there before; null = there was none. */
  readonly replaced: string | null;
};

export type RestoreOptions = {
  /** Whether a database that is there may be put aside. */
  readonly replace: boolean;
  /** Epoch milliseconds, for the name of what is put aside. */
  readonly now: number;
};

/**
 * To be called by who has the folder locked.
 * @throws OperatorError when the file is no whole backup or is of a newer version, or there is a database that may not be
 * replaced: then nothing has changed.
 */
export async function restoreBackup(
  file: string,
  dataFolder: string,
  { replace, now }: RestoreOptions,
): Promise<Restored> {
  await finishRestore(dataFolder);
  const { manifest, content } = await checkBackup(file);
  await refuseNewer(file, manifest);
  const target = databaseFolder(dataFolder);
  if (existsSync(target) && !replace) {
    throw new OperatorError(`${target} has a database: give --replace to have it put aside for this one`);
  }
  await load(file, join(dataFolder, LOADING), content());
  await rename(join(dataFolder, LOADING), join(dataFolder, RESTORED));
  const replaced = existsSync(target) ? `${target}.replaced-${stamp(now)}` : null;
  if (replaced !== null) await rename(target, replaced);
  await finishRestore(dataFolder);
  return { manifest, replaced };
}

/** Ends what a restore that was cut short has left. To be called by who has the folder locked, before it is opened. */
export async function finishRestore(dataFolder: string): Promise<void> {
  const [target, restored] = [databaseFolder(dataFolder), join(dataFolder, RESTORED)];
  await rm(join(dataFolder, LOADING), { recursive: true, force: true });
  if (!existsSync(restored)) return;
  // With a database in use nothing was put aside yet: the restore has not taken place.
  if (existsSync(target)) await rm(restored, { recursive: true });
  else await rename(restored, target);
}

async function refuseNewer(file: string, { schema, passerelle }: Manifest): Promise<void> {
  if ((await migrations()).includes(schema)) return;
  throw new OperatorError(
    `${file} is of a newer version (Passerelle ${passerelle}, with ${schema}): restore it by that version`,
  );
}

/** @throws OperatorError when no database comes of it, or one that is not what was said. */
async function load(file: string, folder: string, packed: Readable): Promise<void> {
  try {
    const archive = await pipeline(packed, createGunzip(), buffer);
    if (!isTar(archive)) throw new Error('not an archive');
    const database = await loadPglite(folder, new Blob([archive]));
    try {
      const known = new Set(await migrations());
      const ran = await ranMigrations(database);
      if (ran.length === 0 || ran.some((name) => !known.has(name))) throw new Error('not a schema of ours');
    } finally {
      await database.close();
    }
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw new OperatorError(`${file} has no database in it that this version can open`, { cause });
  }
}

/** As 20261124T143000Z. */
const stamp = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
