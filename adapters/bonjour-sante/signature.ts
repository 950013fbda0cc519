import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, MINUTE } from '../../src/domain/instant.ts';

/** How a webhook of the vendor proves where it comes from: HMAC-SHA256 over its time and its raw bytes. */

export const TIME_HEADER = 'x-bonjour-horodatage';
export const SIGNATURE_HEADER = 'x-bonjour-signature';
/** A delivery whose time is further from ours than this is taken for a replay. */
export const REPLAY_WINDOW_MILLISECONDS = 5 * MINUTE;

/** @param seconds the value of the time header: seconds since 1970, UTC. */
const digest = (secret: string, seconds: string, body: Buffer | string): Buffer =>
  createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();

/** The headers of a delivery that is sent at `at`. */
export function sign(secret: string, body: string, at: Instant): Record<string, string> {
  const seconds = String(Math.floor(at / 1000));
  return {
    [TIME_HEADER]: seconds,
    [SIGNATURE_HEADER]: `sha256=${digest(secret, seconds, body).toString('hex')}`,
  };
}

/** Null when the delivery is genuine and fresh. Compares in constant time. */
export function refusal(
  secret: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: Buffer,
  now: Instant,
): 'signature' | 'replay' | null {
  const seconds = headers[TIME_HEADER] ?? '';
  const [scheme, hex = ''] = (headers[SIGNATURE_HEADER] ?? '').split('=');
  if (scheme !== 'sha256' || !/^\d{1,12}$/.test(seconds) || !/^[0-9a-f]{64}$/i.test(hex)) return 'signature';
  if (!timingSafeEqual(Buffer.from(hex, 'hex'), digest(secret, seconds, body))) return 'signature';
  return Math.abs(now - Number(seconds) * 1000) > REPLAY_WINDOW_MILLISECONDS ? 'replay' : null;
}
