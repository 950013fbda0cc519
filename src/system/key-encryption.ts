import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataKey, Wrap } from '../engine/ports/keys.ts';
import { decrypt, encrypt, KEY_BYTES } from './seal.ts';

/**
 * The keys that wrap data keys, kept outside of the database: in PASSERELLE_KEY, or in a file of the data folder. What they
 * were before there were data keys, `legacy`, sealed and hashed everything.
 */

const WRAP_LABEL = 'passerelle: wraps data keys';
const CHECK_LABEL = 'passerelle: check value';
const CHECK_BYTES = 8;
export const KEY_FILE = 'sealing-key';

export type WrappingKey = {
  /** Tells which key it is, and nothing of it. */
  readonly check: string;
  readonly bytes: Buffer;
};

export type WrappingKeys = {
  /** Null = there is none, or only former ones. */
  readonly current: WrappingKey | null;
  /** What may have wrapped what is there. */
  readonly former: readonly WrappingKey[];
};

/** @param key 32 bytes. @throws RangeError */
export function wrappingKey(key: Buffer): WrappingKey {
  if (key.length !== KEY_BYTES) throw new RangeError(`the key has ${key.length} bytes, not ${KEY_BYTES}`);
  const check = createHmac('sha256', keyFor(key)).update(CHECK_LABEL).digest();
  return { check: check.subarray(0, CHECK_BYTES).toString('hex'), bytes: key };
}

/** Derived (RFC 5869), since the same key may have sealed values of its own before. */
const keyFor = (key: Buffer): Buffer => Buffer.from(hkdfSync('sha256', key, '', WRAP_LABEL, KEY_BYTES));

const aboutOf = (id: number, kind: DataKey['kind']): Buffer => Buffer.from(`${kind}\n${id}`, 'utf8');

export const newDataKey = (): Buffer => randomBytes(KEY_BYTES);

export const wrapping =
  (by: WrappingKey, kind: DataKey['kind'], key: Buffer): Wrap =>
  (id) => ({ wrapped: encrypt(keyFor(by.bytes), key, aboutOf(id, kind)), wrappedBy: by.check });

/** Null when it was changed. @param by the one that wrapped it. */
export const unwrap = (by: WrappingKey, { id, kind, wrapped }: DataKey): Buffer | null =>
  decrypt(keyFor(by.bytes), Buffer.from(wrapped), aboutOf(id, kind));

/** The key of the environment (base64) before the one of the data folder, which is a former one beside it. */
export async function findWrappingKeys(
  dataFolder: string,
  fromEnvironment: { readonly key: string | null; readonly previousKeys: readonly string[] },
): Promise<WrappingKeys> {
  const named = fromEnvironment.key === null ? null : ofText(fromEnvironment.key);
  const file = await readKeyFile(dataFolder);
  const former = [...fromEnvironment.previousKeys.map(ofText), ...(named && file ? [file] : [])];
  return { current: named ?? file, former };
}

/** The key of the data folder, made unless it is there (mode 0600). */
export async function makeKeyFile(dataFolder: string): Promise<WrappingKey> {
  try {
    const text = randomBytes(KEY_BYTES).toString('base64');
    // What is sealed with it is on the disk once it is committed, and nothing opens that without this file.
    await writeFile(join(dataFolder, KEY_FILE), text, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return ofText(await readFile(join(dataFolder, KEY_FILE), 'utf8'));
}

async function readKeyFile(dataFolder: string): Promise<WrappingKey | null> {
  try {
    return ofText(await readFile(join(dataFolder, KEY_FILE), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const ofText = (base64: string): WrappingKey => wrappingKey(Buffer.from(base64, 'base64'));
