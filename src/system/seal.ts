import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PatientDetails } from '../adapter/contract.ts';
import type { Seal } from '../engine/ports/seal.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HASH = 'sha256';
/** What the key of hashes is derived for, so that it is of no use for anything else (RFC 5869, 3.2). */
const HASH_KEY_LABEL = 'passerelle: patient by health insurance number';

/**
 * AES-256-GCM (NIST SP 800-38D): nonce, tag, ciphertext. Hashes are HMAC-SHA-256 (RFC 2104) by a key of their own.
 * @param key 32 bytes.
 */
export function createSeal(key: Buffer): Seal {
  if (key.length !== KEY_BYTES) throw new RangeError(`the key has ${key.length} bytes, not ${KEY_BYTES}`);
  const text: Pick<Seal, 'closeText' | 'openText'> = {
    closeText(plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    openText(bytes) {
      const sealed = Buffer.from(bytes);
      const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const plain = Buffer.concat([
        decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)),
        decipher.final(),
      ]);
      return plain.toString('utf8');
    },
  };
  const hashKey = Buffer.from(hkdfSync(HASH, key, '', HASH_KEY_LABEL, KEY_BYTES));
  return {
    ...text,
    hash: (nam) => createHmac(HASH, hashKey).update(`nam\n${nam}`).digest(),
    close: (patient) => text.closeText(JSON.stringify(patient)),
    open: (sealed) => JSON.parse(text.openText(sealed)) as PatientDetails,
  };
}

/** The key of the environment (base64), or one kept in the data folder, made at first start (mode 0600). */
export async function sealingKey(dataFolder: string, fromEnvironment: string | null): Promise<Buffer> {
  if (fromEnvironment !== null) return Buffer.from(fromEnvironment, 'base64');
  const file = join(dataFolder, 'sealing-key');
  try {
    await writeFile(file, randomBytes(KEY_BYTES).toString('base64'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return Buffer.from(await readFile(file, 'utf8'), 'base64');
}
