import { rmSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPglite } from '../../src/store/pglite.ts';

/** A gateway's data folder. To make an embedded database takes seconds, so one is made, empty, and copied. */

const PREFIX = join(tmpdir(), 'passerelle-test-');

let template: Promise<string> | null = null;

async function makeTemplate(): Promise<string> {
  const folder = await mkdtemp(PREFIX);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const database = await openPglite(folder);
  await database.close();
  return folder;
}

/** @param embedded whether the gateway has its database in it. */
export async function makeDataFolder({ embedded }: { embedded: boolean }): Promise<string> {
  const folder = await mkdtemp(PREFIX);
  if (embedded) {
    template ??= makeTemplate();
    await cp(await template, join(folder, 'database'), { recursive: true });
  }
  return folder;
}
