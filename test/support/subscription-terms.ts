import type { SubscriptionTerms } from '../../src/engine/ports/subscriptions.ts';

/** The terms of a subscription that is made up. */
export const terms = (more: Partial<SubscriptionTerms> = {}): SubscriptionTerms => ({
  owner: 'administrator',
  organizationId: null,
  resourceType: 'Slot',
  criteria: 'Slot?',
  base: 'http://here/fhir',
  endpoint: 'https://subscriber.example/hook',
  payload: 'application/fhir+json',
  reason: 'a test',
  contact: null,
  end: null,
  headers: [],
  sealed: Buffer.from('sealed'),
  ...more,
});
