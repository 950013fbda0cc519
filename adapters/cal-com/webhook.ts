import type { WebhookOutcome, WebhookRequest } from '../../src/adapter/contract.ts';
import { jsonIn } from '../../src/adapter/json.ts';
import type { Clock } from '../../src/domain/environment.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { isGenuine, SIGNATURE_HEADER } from './signature.ts';
import { Delivery } from './wire.ts';

/** A delivery whose time is further from ours than this is taken for a replay. */
const REPLAY_WINDOW_MILLISECONDS = 5 * MINUTE;

/**
 * Something was booked, moved or cancelled: a hint. It has no number that grows, so what it says of the booking is not
 * believed over a reading, and its attendees are never looked at. The time of the event is inside of what is signed.
 */
export function createWebhook(secret: string, clock: Clock): (request: WebhookRequest) => WebhookOutcome {
  return ({ headers, body }) => {
    if (!isGenuine(secret, headers[SIGNATURE_HEADER], body))
      return { outcome: 'refused', reason: 'signature' };
    const delivery = Delivery.safeParse(jsonIn(body));
    if (!delivery.success) return { outcome: 'refused', reason: 'malformed' };
    const age = Math.abs(clock.now() - delivery.data.createdAt);
    if (age > REPLAY_WINDOW_MILLISECONDS) return { outcome: 'refused', reason: 'replay' };
    return { outcome: 'hint', calendars: null };
  };
}
