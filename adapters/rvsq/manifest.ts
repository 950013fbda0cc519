import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

export const Settings = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .describe('Address of the RVSQ interface, without /v1, as https://api.example.qc.ca')
    .meta(
      titled(
        'Address',
        'Adresse',
        'Adresse de l’interface de RVSQ, sans /v1, comme https://api.example.qc.ca',
      ),
    ),
  apiKey: z
    .string()
    .min(1)
    .describe('Key that RAMQ gave to the establishment')
    .meta(IS_SECRET)
    .meta(titled('API key', 'Clé d’accès', 'Clé que la RAMQ a donnée à l’établissement')),
});
export type Settings = z.output<typeof Settings>;

export const manifest = {
  id: 'rvsq',
  title: { fr: 'Rendez-vous santé Québec', en: 'Québec Medical Appointment Scheduler' },
  kind: 'public',
  // RAMQ publishes no API: this contract is ours, in the words of the public site, and runs on our simulator only.
  contract: 'assumed',
  capabilities: {
    agenda: 'there',
    pull: 'delta',
    feed: 'connection',
    webhook: 'none',
    idempotency: 'lookup',
    conditionalWrite: false,
    operations: ['publish', 'withdraw', 'block', 'unblock', 'hold', 'release', 'book', 'cancel', 'move'],
    calendars: true,
  },
  limits: {
    requests: 240,
    windowMilliseconds: MINUTE,
    concurrency: 4,
    timeoutMilliseconds: 20 * SECOND,
    stalenessMilliseconds: 5 * SECOND,
  },
  settings: Settings,
  exemptions: {},
} as const satisfies Manifest<typeof Settings>;
