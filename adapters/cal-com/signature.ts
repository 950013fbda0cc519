import { createHmac, timingSafeEqual } from 'node:crypto';

/** How a webhook proves where it comes from: HMAC-SHA256 over its raw bytes, as 64 hexadecimal digits. */

export const SIGNATURE_HEADER = 'x-cal-signature-256';

export const sign = (secret: string, body: Buffer | string): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/** Compares in constant time. */
export function isGenuine(secret: string, signature: string | undefined, body: Buffer): boolean {
  if (!/^[0-9a-f]{64}$/i.test(signature ?? '')) return false;
  return timingSafeEqual(Buffer.from(signature ?? '', 'hex'), Buffer.from(sign(secret, body), 'hex'));
}
