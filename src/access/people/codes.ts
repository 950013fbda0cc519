import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { type Instant, SECOND } from '../../domain/instant.ts';

/** Codes of six digits that change with the clock (RFC 6238), and those on paper for when the telephone is lost. */

const DIGITS = 6;
const PERIOD_SECONDS = 30;
/** One step before and one after: clocks differ, and people type slowly (RFC 6238, section 5.2). */
const WINDOW = 1;
const ISSUER = 'Passerelle';

const totpOf = (secret: Buffer, label: string): TOTP =>
  new TOTP({
    issuer: ISSUER,
    label,
    // What every application understands.
    algorithm: 'SHA1',
    digits: DIGITS,
    period: PERIOD_SECONDS,
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
  });

/** As it is typed: spaces do not count. @returns the step that it is of; null = it is none of now. */
export function stepOf(code: string, secret: Buffer, now: Instant): number | null {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const delta = totpOf(secret, '').validate({ token, timestamp: now, window: WINDOW });
  return delta === null ? null : Math.floor(now / (PERIOD_SECONDS * SECOND)) + delta;
}

/** What the telephone reads from the picture. @param label as it shows whose it is. */
export const keyUri = (secret: Buffer, label: string): string => totpOf(secret, label).toString();

/** For who types it: in groups of four. */
export const typedSecret = (secret: Buffer): string =>
  new Secret({ buffer: Uint8Array.from(secret).buffer }).base32.replace(/(.{4})(?=.)/g, '$1 ');

const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;

/** Ten, each good once: 80 random bits in letters and digits that are not mistaken for others, in groups of four. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => {
    const { base32 } = new Secret({ buffer: Uint8Array.from(randomBytes(RECOVERY_BYTES)).buffer });
    return base32.toLowerCase().replace(/(.{4})(?=.)/g, '$1-');
  });

export const isRecoveryCode = (text: string): boolean => /^[a-z2-7]{16}$/.test(bare(text));

const bare = (text: string): string => text.toLowerCase().replace(/[\s-]/g, '');

/** With the person as salt (OWASP ASVS 4, 2.6.2). */
export const hashOfRecoveryCode = (personId: string, code: string): Buffer =>
  createHash('sha256')
    .update(`${personId}\n${bare(code)}`)
    .digest();
