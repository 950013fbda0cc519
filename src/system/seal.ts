import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { PatientDetails } from '../adapter/contract.ts';
import type { Seal, SealedAs } from '../engine/ports/seal.ts';

/**
 * AES-256-GCM (NIST SP 800-38D): nonce, tag, ciphertext. What is sealed begins with the form and the id of its data key;
 * these and what it is for are authenticated with it. It is not bound to its row: the same person's details move between
 * rows, and whoever can write rows can as well write to whom an appointment refers.
 */

const ALGORITHM = 'aes-256-gcm';
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HASH = 'sha256';
/** Nothing that was sealed before there were data keys begins so, but by one chance in four thousand million. */
const FORM = Buffer.from('PSR\u0001', 'latin1');
const ID_BYTES = 4;
export const PREFIX_BYTES = FORM.length + ID_BYTES;
/** What the key of hashes was derived for from the one key of before (RFC 5869, 3.2). */
const LEGACY_HASH_LABEL = 'passerelle: patient by health insurance number';

export type RingKey = { readonly id: number; readonly bytes: Buffer };

/** The data keys, as they are at the moment. */
export type KeyRing = {
  /** Whatever is new is sealed with it. */
  readonly current: () => RingKey;
  readonly find: (id: number) => Buffer | null;
  /** Whatever is new is hashed with the first. Never empty. */
  readonly hashKeys: () => readonly [RingKey, ...RingKey[]];
  /** The one key of before there were data keys, while anything is left of it. */
  readonly legacy: () => Buffer | null;
};

export type Trouble = 'unknown key' | 'changed, or sealed as something else';

/** Its message may be logged. */
export class Unopenable extends Error {
  override readonly name = 'Unopenable';
  readonly trouble: Trouble;

  constructor(as: SealedAs, trouble: Trouble) {
    super(`a sealed value (${as}) cannot be opened: ${trouble}`);
    this.trouble = trouble;
  }
}

/** What all that is sealed with this key begins with. */
export function prefixOf(keyId: number): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  FORM.copy(prefix);
  prefix.writeUInt32BE(keyId, FORM.length);
  return prefix;
}

/** What all hashes by this key begin with. */
export const hashPrefixOf = (keyId: number): Buffer => prefixOf(keyId).subarray(FORM.length);

/** @param onTrouble hears of each value that cannot be opened. */
export function createSeal(ring: KeyRing, onTrouble: (trouble: Unopenable) => void = () => undefined): Seal {
  const openText = (sealed: Uint8Array, as: SealedAs): string => {
    try {
      return opened(ring, Buffer.from(sealed), as);
    } catch (error) {
      if (error instanceof Unopenable) onTrouble(error);
      throw error;
    }
  };
  const closeText = (text: string, as: SealedAs): Buffer => {
    const { id, bytes } = ring.current();
    const prefix = prefixOf(id);
    return Buffer.concat([prefix, encrypt(bytes, Buffer.from(text, 'utf8'), aboutOf(prefix, as))]);
  };
  const hashed = ({ id, bytes }: RingKey, nam: string): Buffer =>
    Buffer.concat([hashPrefixOf(id), hmac(bytes, nam)]);
  return {
    closeText,
    openText,
    close: (patient, as) => closeText(JSON.stringify(patient), as),
    open: (sealed, as) => JSON.parse(openText(sealed, as)) as PatientDetails,
    hash: (nam) => hashed(ring.hashKeys()[0], nam),
    hashes(nam) {
      const legacy = ring.legacy();
      const before = legacy ? [hmac(legacyHashKey(legacy), nam)] : [];
      return [...ring.hashKeys().map((key) => hashed(key, nam)), ...before];
    },
  };
}

const hmac = (key: Buffer, nam: string): Buffer => createHmac(HASH, key).update(`nam\n${nam}`).digest();

const legacyHashKey = (key: Buffer): Buffer =>
  Buffer.from(hkdfSync(HASH, key, '', LEGACY_HASH_LABEL, KEY_BYTES));

const aboutOf = (prefix: Buffer, as: SealedAs): Buffer => Buffer.concat([prefix, Buffer.from(as, 'utf8')]);

/** @throws Unopenable */
function opened(ring: KeyRing, sealed: Buffer, as: SealedAs): string {
  const isOfNow = sealed.subarray(0, FORM.length).equals(FORM) && sealed.length >= PREFIX_BYTES;
  const key = isOfNow ? ring.find(sealed.readUInt32BE(FORM.length)) : ring.legacy();
  if (!key) throw new Unopenable(as, 'unknown key');
  const prefix = sealed.subarray(0, isOfNow ? PREFIX_BYTES : 0);
  const about = isOfNow ? aboutOf(prefix, as) : null;
  const plain = decrypt(key, sealed.subarray(prefix.length), about);
  if (!plain) throw new Unopenable(as, 'changed, or sealed as something else');
  return plain.toString('utf8');
}

/** @param about authenticated with it. */
export function encrypt(key: Buffer, plain: Buffer, about: Buffer | null): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  if (about) cipher.setAAD(about);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Null when it is not what was encrypted with this key about that. */
export function decrypt(key: Buffer, sealed: Buffer, about: Buffer | null): Buffer | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  if (about) decipher.setAAD(about);
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
