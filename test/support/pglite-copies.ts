import { copyFileSync, mkdirSync, openAsBlob, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { Database } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { EXTENSIONS, overPglite } from '../../src/store/pglite.ts';

/**
 * Embedded databases that are migrated. To make a cluster takes seconds of a processor, so one is made and migrated, and
 * every test has a copy of it. `npm test` makes it for all its processes (scripts/test.ts); else each makes its own.
 */

/** The file of `writeMigrated`. */
const MADE = process.env['PASSERELLE_TEST_DATABASE'];

let content: Promise<Blob> | null = null;
let folder: Promise<string> | null = null;

/** In memory. */
export async function migratedPglite(): Promise<Database> {
  content ??= makeContent();
  return overPglite(await PGlite.create({ loadDataDir: await content, extensions: EXTENSIONS }));
}

/** On disk. @param target a folder that is not there yet */
export async function copyMigratedPglite(target: string): Promise<void> {
  folder ??= makeFolder();
  copyFolder(await folder, target);
}

/** For processes to come. */
export async function writeMigrated(file: string): Promise<void> {
  writeFileSync(file, Buffer.from(await (await makeContent()).arrayBuffer()));
}

async function makeContent(): Promise<Blob> {
  if (MADE) return openAsBlob(MADE);
  const lite = await PGlite.create({ extensions: EXTENSIONS });
  const database = overPglite(lite);
  await migrate(database);
  // So that nobody who opens a copy has to go through the log first.
  await database.script('checkpoint');
  const dumped = await lite.dumpDataDir('none');
  await database.close();
  return dumped;
}

async function makeFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'passerelle-test-template-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  content ??= makeContent();
  const lite = await PGlite.create({
    dataDir: made,
    loadDataDir: await content,
    extensions: EXTENSIONS,
  });
  await lite.close();
  return made;
}

/** A thousand small files: `cp` of node:fs takes five times as long for them. */
function copyFolder(source: string, target: string): void {
  mkdirSync(target, { mode: 0o700 });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) copyFolder(from, to);
    else copyFileSync(from, to);
  }
}
