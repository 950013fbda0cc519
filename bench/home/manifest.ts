import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { SECOND } from '../../src/domain/instant.ts';
import { HOME } from '../clinic.ts';

export const Settings = z.strictObject({ baseUrl: z.url() });

/** A platform without limits of its own: what is measured is ours. */
export const manifest = {
  id: HOME,
  title: { fr: 'Maison', en: 'Home' },
  kind: 'private',
  contract: 'assumed',
  capabilities: {
    agenda: 'there',
    pull: 'snapshot',
    feed: 'connection',
    webhook: 'none',
    idempotency: 'none',
    conditionalWrite: false,
    operations: ['book'],
  },
  limits: {
    requests: 1_000_000,
    windowMilliseconds: SECOND,
    concurrency: 64,
    timeoutMilliseconds: 10 * SECOND,
    stalenessMilliseconds: 0,
  },
  settings: Settings,
  exemptions: {},
} as const satisfies Manifest<typeof Settings>;
