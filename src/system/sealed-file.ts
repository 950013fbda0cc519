import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { WrappingKey, WrappingKeys } from './key-encryption.ts';
import { OperatorError } from './operator-error.ts';
import { decrypt, encrypt, KEY_BYTES } from './seal.ts';

/**
 * Files that have to be opened without the database. The data keys are in it, so each of these has a key of its own: derived
 * (RFC 5869) from the one that wraps data keys and from a salt that is made for this content alone. AES-256-GCM; the header is
 * authenticated with it.
 */

const FORM = Buffer.from('PSF\u0001', 'latin1');
const LABEL = 'passerelle: seals a file';
const CHECK_BYTES = 8;
const SALT_BYTES = 32;
const HEADER_BYTES = FORM.length + CHECK_BYTES + SALT_BYTES;
/** Unpacked: a clinic of a hundred doctors takes a hundredth of it. */
const TEXT_BYTES_MAX = 256 * 1024 * 1024;

const keyOf = ({ bytes }: WrappingKey, salt: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', bytes, salt, `${LABEL}\n${purpose}`, KEY_BYTES));

/** @param purpose it opens for this one only, such as a sheet of one organization. */
export function sealText(by: WrappingKey, text: string, purpose: string): Buffer {
  const salt = randomBytes(SALT_BYTES);
  const header = Buffer.concat([FORM, Buffer.from(by.check, 'hex'), salt]);
  const packed = gzipSync(Buffer.from(text, 'utf8'));
  return Buffer.concat([header, encrypt(keyOf(by, salt, purpose), packed, header)]);
}

/** @throws OperatorError that says what to do, when no key here opens it or it was changed. */
export function openText({ current, former }: WrappingKeys, sealed: Uint8Array, purpose: string): string {
  const bytes = Buffer.from(sealed);
  const header = bytes.subarray(0, HEADER_BYTES);
  if (header.length < HEADER_BYTES || !header.subarray(0, FORM.length).equals(FORM)) throw changed();
  const check = header.subarray(FORM.length, FORM.length + CHECK_BYTES).toString('hex');
  const by = [...(current ? [current] : []), ...former].find((key) => key.check === check);
  if (!by) throw notTheKey(check);
  const salt = header.subarray(FORM.length + CHECK_BYTES);
  const packed = decrypt(keyOf(by, salt, purpose), bytes.subarray(HEADER_BYTES), header);
  if (!packed) throw changed();
  return gunzipSync(packed, { maxOutputLength: TEXT_BYTES_MAX }).toString('utf8');
}

const changed = (): OperatorError =>
  new OperatorError('a sealed file was changed, cut, or put in the place of another: it is not opened');

const notTheKey = (check: string): OperatorError =>
  new OperatorError(
    `a sealed file wants the key with check value ${check}: set PASSERELLE_KEY to the one that the gateway runs with, or PASSERELLE_KEY_PREVIOUS to the former one, or restore sealing-key in the data folder`,
  );

/** Whole or not at all, readable by this user alone (0600). Its folder is made (0700). */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeFile(unfinished, bytes, { flag: 'wx', mode: 0o600, flush: true });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
