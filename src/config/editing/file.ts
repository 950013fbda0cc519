import { createHash, randomUUID } from 'node:crypto';
import { access, chown, constants, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConfigurationError } from '../problems.ts';

/** The configuration file on its disk. */

/** What there is before anything was configured. */
export const NOTHING_CONFIGURED = `# Écrit par Passerelle; docs/configuration.md dit ce que veut dire chaque clé.
# Written by Passerelle; docs/configuration.md says what each key means.
locations: []
services: []
practitioners: []
schedules: []
connections: []
`;

export type Text = {
  readonly text: string;
  /** SHA-256 of the text, in hex. */
  readonly revision: string;
  /** False = there is no file so far, and this is what it would begin as. */
  readonly exists: boolean;
};

export const revisionOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @throws ConfigurationError where it cannot be read, but for one that is not there in a folder that is. */
export async function readText(file: string): Promise<Text> {
  try {
    const text = await readFile(file, 'utf8');
    return { text, revision: revisionOf(text), exists: true };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && (await isFolder(dirname(file)))) {
      return { text: NOTHING_CONFIGURED, revision: revisionOf(NOTHING_CONFIGURED), exists: false };
    }
    const message = `cannot be read (${error instanceof Error ? error.message : String(error)})`;
    throw new ConfigurationError(file, [{ line: 1, column: 1, path: '', message }]);
  }
}

/** Whether it can be written here; one that nobody may write is meant to stay as it is, also where root runs this. */
export async function canWrite(file: string): Promise<boolean> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o222) === 0) return false;
    await access(file, constants.W_OK);
    return true;
  } catch (error) {
    return codeOf(error) === 'ENOENT' && (await isWritable(dirname(file)));
  }
}

/**
 * All of it or nothing, with the mode and the owner that it had. One that is mounted by itself, or in a folder that cannot be
 * written, is written in its place.
 */
export async function writeText(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const before = await stat(target).catch(() => null);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    await writeDown(temporary, text, before ? before.mode & 0o777 : 0o600);
    if (before) await chown(temporary, before.uid, before.gid).catch(() => undefined);
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if (before === null || !['EACCES', 'EPERM', 'EBUSY', 'EROFS', 'EXDEV'].includes(codeOf(error)))
      throw error;
    await writeDown(target, text, before.mode & 0o777, 'r+');
  }
}

async function writeDown(path: string, text: string, mode: number, flags: 'wx' | 'r+' = 'wx'): Promise<void> {
  const handle = await open(path, flags, mode);
  try {
    const bytes = Buffer.from(text);
    await handle.write(bytes, 0, bytes.length, 0);
    await handle.truncate(bytes.length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;

const isWritable = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  );

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';
