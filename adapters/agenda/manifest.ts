import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';

/** Nothing to reach, so nothing to be told of it. */
export const Settings = z.strictObject({});

export const manifest = {
  id: 'agenda',
  title: { fr: 'Agenda de Passerelle', en: 'Passerelle agenda' },
  kind: 'standard',
  contract: 'published',
  capabilities: {
    agenda: 'here',
    pull: 'delta',
    feed: 'connection',
    webhook: 'none',
    idempotency: 'key',
    conditionalWrite: false,
    operations: ['block', 'unblock', 'hold', 'release', 'book', 'cancel', 'move'],
  },
  // No request leaves the process.
  limits: {
    requests: 1_000_000,
    windowMilliseconds: MINUTE,
    concurrency: 64,
    timeoutMilliseconds: SECOND,
    stalenessMilliseconds: 0,
  },
  settings: Settings,
  exemptions: {},
} as const satisfies Manifest<typeof Settings>;
