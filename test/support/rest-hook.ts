import type { Subscription as R4Subscription } from 'fhir/r4.js';
import type { Subscription } from '../../src/engine/ports/subscriptions.ts';
import { NOW, uuid } from './fake-ports.ts';
import { fakeSecrets } from './fake-subscriptions.ts';
import { terms } from './subscription-terms.ts';

/** A subscription as a client sends it. */
export const REST_HOOK: R4Subscription = {
  resourceType: 'Subscription',
  status: 'requested',
  reason: 'un essai',
  criteria: 'Slot?schedule=Schedule/agenda-gagnon',
  channel: {
    type: 'rest-hook',
    endpoint: 'https://subscriber.example/fhir',
    payload: 'application/fhir+json',
    header: ['Authorization: Bearer a-token-of-nobody'],
  },
};

/** One that is known here. */
export const subscriptionOf = (n: number, more: Partial<Subscription> = {}): Subscription => ({
  ...terms({
    endpoint: 'https://subscriber.example/fhir',
    headers: ['Authorization'],
    sealed: fakeSecrets.close({
      secret: `whsec_${Buffer.alloc(32, n).toString('base64')}`,
      headers: [{ name: 'Authorization', value: 'Bearer a-token-of-nobody' }],
    }),
  }),
  id: uuid(0x500 + n),
  status: 'active',
  version: 4,
  updatedAt: NOW,
  attempts: 0,
  failingSince: null,
  trouble: null,
  ...more,
});
