import type { WebhookOutcome, WebhookRequest } from '../../src/adapter/contract.ts';
import { jsonIn } from '../../src/adapter/json.ts';
import type { Clock } from '../../src/domain/environment.ts';
import type { Normalized } from './normalize.ts';
import { refusal } from './signature.ts';
import { Evenement } from './wire.ts';

/** A delivery of the vendor: one record that changed, or one that is there no more. */
export function createWebhook(
  secret: string,
  clock: Clock,
  normalize: (elements: readonly unknown[]) => Normalized,
): (request: WebhookRequest) => WebhookOutcome {
  return ({ headers, body }) => {
    const refused = refusal(secret, headers, body, clock.now());
    if (refused) return { outcome: 'refused', reason: refused };
    const event = Evenement.safeParse(jsonIn(body));
    if (!event.success) return { outcome: 'refused', reason: 'malformed' };
    if (event.data.type === 'modification') {
      return { outcome: 'payload', removed: [], ...normalize([event.data.element]) };
    }
    const { genre, id, version } = event.data.element;
    const removal = { kind: genre === 'plage' ? 'slot' : 'busy', externalId: id, sequence: version } as const;
    return { outcome: 'payload', rows: [], removed: [removal], rejected: [] };
  };
}
