import { randomBytes } from 'node:crypto';
import { mkdir, readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Path } from '../problems.ts';

/** Files of secrets that came by a form: each of them is written once and never changed, so that what runs has its own. */

const SUFFIX = /\.[0-9a-f]{12}$/;
const WORDS_MAX = 120;

/** As `rvsq.apiKey.3f9c…`: whose it is, for people; and what tells it from the one before. */
export function nameOfSecret(connectionId: string, path: Path): string {
  const words = [connectionId, ...path]
    .join('.')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, WORDS_MAX);
  return `${words || 'secret'}.${randomBytes(6).toString('hex')}`;
}

/** Readable by whoever runs this, and by nobody else. */
export async function keepSecrets(folder: string, secrets: ReadonlyMap<string, string>): Promise<void> {
  if (secrets.size === 0) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of secrets) {
    await writeFile(join(folder, name), text, { mode: 0o600, flag: 'wx' });
  }
}

export async function forgetSecrets(folder: string, names: Iterable<string>): Promise<void> {
  for (const name of names) await unlink(join(folder, name)).catch(() => undefined);
}

/** Of those that were written here the ones to which nothing leads any more. What an operator has put there stays. */
export async function unusedSecrets(folder: string, used: ReadonlySet<string>): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => SUFFIX.test(name) && !used.has(name));
}
