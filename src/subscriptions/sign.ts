import { createHmac } from 'node:crypto';
import { type Instant, SECOND } from '../domain/instant.ts';

/** Standard Webhooks 1.0.0, symmetric signatures (github.com/standard-webhooks/standard-webhooks, spec). */

const PREFIX = 'whsec_';

/**
 * The headers by which a receiver knows that it was us, when, and whether it has had it already.
 * @param id the same for each attempt; without a full stop. @param at of this attempt.
 */
export function signed(secret: string, id: string, at: Instant, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at / SECOND));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
