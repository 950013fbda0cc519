import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

export const Settings = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .describe('Address of the vendor’s interface, without /v1, as https://api.example.ca')
    .meta(
      titled(
        'Address',
        'Adresse',
        'Adresse de l’interface du fournisseur, sans /v1, comme https://api.example.ca',
      ),
    ),
  apiKey: z
    .string()
    .min(1)
    .describe('Key that the vendor gave to the clinic for its agendas')
    .meta(IS_SECRET)
    .meta(titled('API key', 'Clé d’accès', 'Clé que le fournisseur a donnée à la clinique pour ses agendas')),
  webhookSecret: z
    .string()
    .min(16)
    .describe('Secret shared with the vendor, by which its webhooks are signed; at least 16 characters')
    .meta(IS_SECRET)
    .meta(
      titled(
        'Webhook secret',
        'Secret des avis',
        'Secret convenu avec le fournisseur, par lequel il signe ses avis; 16 caractères au moins',
      ),
    ),
});
export type Settings = z.output<typeof Settings>;

export const manifest = {
  id: 'bonjour-sante',
  title: { fr: 'Bonjour-santé', en: 'Bonjour-santé' },
  kind: 'private',
  // The vendor publishes no API: this contract is ours, in its vocabulary, and runs against our simulator only.
  contract: 'assumed',
  capabilities: {
    agenda: 'there',
    pull: 'snapshot',
    feed: 'calendar',
    webhook: 'payload',
    idempotency: 'key',
    conditionalWrite: true,
    operations: ['publish', 'withdraw', 'block', 'unblock', 'hold', 'release', 'book', 'cancel', 'move'],
    calendars: true,
  },
  limits: {
    requests: 600,
    windowMilliseconds: MINUTE,
    concurrency: 8,
    timeoutMilliseconds: 10 * SECOND,
    stalenessMilliseconds: SECOND,
  },
  settings: Settings,
  exemptions: {},
} as const satisfies Manifest<typeof Settings>;
