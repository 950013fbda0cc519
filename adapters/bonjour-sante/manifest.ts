import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

export const Settings = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .describe('Address of the vendor’s interface, without /v1, as https://api.example.ca'),
  apiKey: z
    .string()
    .min(1)
    .describe('Key that the vendor gave to the clinic for its agendas')
    .meta(IS_SECRET),
  webhookSecret: z
    .string()
    .min(16)
    .describe('Secret shared with the vendor, by which its webhooks are signed; at least 16 characters')
    .meta(IS_SECRET),
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
