import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyMigratedPglite } from './pglite-copies.ts';

/** A gateway's data folder. @param embedded whether the gateway has its database in it. */
export async function makeDataFolder({ embedded }: { embedded: boolean }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-test-'));
  if (embedded) await copyMigratedPglite(join(folder, 'database'));
  return folder;
}
