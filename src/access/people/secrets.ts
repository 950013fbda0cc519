import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Seal, SealedAs } from '../../engine/ports/seal.ts';

/** Random texts that people and browsers hold, and what is made of them. */

const BYTES = 32;
const LABEL = 'passerelle: sign-in';

/** 256 random bits, as a cookie or a link has them. */
export const newSecret = (): string => randomBytes(BYTES).toString('base64url');

const SECRET = /^[A-Za-z0-9_-]{43}$/;
export const isSecret = (text: string): boolean => SECRET.test(text);

/** Of what has 256 random bits nothing can be guessed, so nothing slower is needed. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export const isSame = (a: string, b: string): boolean => timingSafeEqual(hashOf(a), hashOf(b));

/** HMAC-SHA-256 of the parts, for one purpose. */
export type Mac = (purpose: string, ...parts: readonly string[]) => Buffer;

/** @param key 32 bytes, that all processes share; what is derived from it here is of no use for anything else. */
export function createMac(key: Uint8Array): Mac {
  const derived = Buffer.from(hkdfSync('sha256', key, '', LABEL, BYTES));
  return (purpose, ...parts) =>
    createHmac('sha256', derived)
      .update(JSON.stringify([purpose, ...parts]))
      .digest();
}

/** Sealed for one purpose: what was sealed for another does not open, even where it could be put in its place. */
export type PurposeSeal = {
  readonly close: (as: SealedHere, purpose: string, text: string) => Uint8Array;
  /** @throws Error when it was sealed for another purpose, or with a key that is not here. */
  readonly open: (as: SealedHere, purpose: string, sealed: Uint8Array) => string;
};

type SealedHere = Extract<SealedAs, 'totp' | 'sign-in'>;

export const sealFor = ({ closeText, openText }: Pick<Seal, 'closeText' | 'openText'>): PurposeSeal => ({
  close: (as, purpose, text) => closeText(JSON.stringify([purpose, text]), as),
  open(as, purpose, sealed) {
    const [found, text] = JSON.parse(openText(sealed, as)) as [string, string];
    if (found !== purpose) throw new Error(`sealed for ${found}, not for ${purpose}`);
    return text;
  },
});
