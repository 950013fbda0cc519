import { createHash, randomBytes } from 'node:crypto';

/** Tokens that are made by hand, for who cannot have keys of its own. */

/** What they begin with, so that one that was published by mistake is found by those who look for such. */
const PREFIX = 'passerelle_';
const BYTES = 32;

/** A new one: 256 random bits. It is shown once, and only its hash is kept. */
export const newApiToken = (): string => PREFIX + randomBytes(BYTES).toString('base64url');

export const isApiToken = (token: string): boolean => token.startsWith(PREFIX);

/** SHA-256: nothing can be guessed of what has 256 random bits, so nothing slower is needed. */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();
