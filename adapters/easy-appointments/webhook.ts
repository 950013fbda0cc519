import { createHash, timingSafeEqual } from 'node:crypto';
import type { WebhookOutcome, WebhookRequest } from '../../src/adapter/contract.ts';
import { jsonIn } from '../../src/adapter/json.ts';
import type { Settings } from './manifest.ts';
import { Delivery } from './wire.ts';

/**
 * Its webhooks carry a secret in a header and no signature, so nothing in them is believed but that something changed: a
 * hint. Each is sent once, while its user waits; one that is lost is found by the next reading.
 */
export function createWebhook({
  webhookHeader,
  webhookSecret,
}: Settings): (request: WebhookRequest) => WebhookOutcome {
  const wanted = digest(webhookSecret);
  return ({ headers, body }) => {
    if (!timingSafeEqual(digest(headers[webhookHeader.toLowerCase()] ?? ''), wanted)) {
      return { outcome: 'refused', reason: 'signature' };
    }
    const delivery = Delivery.safeParse(jsonIn(body));
    if (!delivery.success) return { outcome: 'refused', reason: 'malformed' };
    const provider = delivery.data.payload.id_users_provider ?? null;
    return { outcome: 'hint', calendars: provider === null ? null : [String(provider)] };
  };
}

/** Of one length whatever the text's, so that the comparison says nothing of it. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
