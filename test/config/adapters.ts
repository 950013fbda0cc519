import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Adapter } from '../../src/adapter/contract.ts';

const FOLDER = new URL('../../adapters/', import.meta.url);
/** Of what was built of them where this was built too. */
const EXTENSION = extname(import.meta.filename);

/** Every adapter that has a folder here, so that a new one is in the tests from its first day. */
export async function allAdapters(): Promise<ReadonlyMap<string, Adapter>> {
  const folders = await readdir(FOLDER, { withFileTypes: true });
  const names = folders.flatMap((entry) =>
    entry.isDirectory() && !entry.name.startsWith('_') ? [entry.name] : [],
  );
  const modules: { default: Adapter }[] = await Promise.all(
    names.map((name) => import(new URL(`${name}/adapter${EXTENSION}`, FOLDER).href)),
  );
  return new Map(modules.map(({ default: adapter }) => [adapter.manifest.id, adapter]));
}
