import type { Platform, WebhookOutcome, WebhookRequest } from '../../../src/adapter/contract.ts';
import { type Broken, broken, type Spoil } from './broken.ts';

/** Adapters that hear their platform's webhooks wrongly. */

const hearing =
  (change: (heard: WebhookOutcome, request: WebhookRequest) => WebhookOutcome): Spoil =>
  (platform) => ({ webhook: async (request) => change(await hear(platform, request), request) });

const hear = (platform: Platform, request: WebhookRequest): WebhookOutcome | Promise<WebhookOutcome> => {
  if (!platform.webhook) throw new Error('the right adapter hears webhooks');
  return platform.webhook(request);
};

export const WEBHOOK: readonly Broken[] = [
  broken('refuses what is genuine', 'webhook-genuine', () => ({
    webhook: () => ({ outcome: 'refused', reason: 'signature' }),
  })),
  broken(
    'hears that something happened and not what',
    'webhook-genuine',
    hearing((heard) => (heard.outcome === 'payload' ? { ...heard, rows: [] } : heard)),
  ),
  broken(
    'forgets our mark when it hears',
    'webhook-echo',
    hearing((heard) =>
      heard.outcome === 'payload'
        ? { ...heard, rows: heard.rows.map((row) => ({ ...row, mark: null })) }
        : heard,
    ),
  ),
  broken(
    'hears of removals without their order',
    'webhook-echo',
    hearing((heard) =>
      heard.outcome === 'payload'
        ? { ...heard, removed: heard.removed.map((each) => ({ ...each, sequence: null })) }
        : heard,
    ),
  ),
  broken('takes any webhook for genuine', 'webhook-forged', () => ({
    webhook: () => ({ outcome: 'hint', calendars: null }),
  })),
  broken(
    'proves a signature only where there is one',
    'webhook-forged',
    hearing((heard, { headers }) =>
      Object.keys(headers).some((name) => /signature/i.test(name))
        ? heard
        : { outcome: 'hint', calendars: null },
    ),
  ),
  broken(
    'calls a forged webhook malformed',
    'webhook-forged',
    hearing((heard) =>
      heard.outcome === 'refused' && heard.reason === 'signature'
        ? { outcome: 'refused', reason: 'malformed' }
        : heard,
    ),
  ),
  ...(['vendor', 'hinting'] as const).flatMap((right) => {
    const name = right === 'vendor' ? 'webhook' : 'webhook-hint';
    return [
      broken(
        `proves what it read from a ${name}, and not its bytes`,
        `${name}-touched`,
        (platform) => ({
          webhook: ({ headers, body }) => {
            const read = JSON.stringify(JSON.parse(body.toString('utf8')));
            return hear(platform, { headers, body: Buffer.from(read) });
          },
        }),
        right,
      ),
      broken(
        `takes a ${name} of any age`,
        `${name}-replayed`,
        hearing((heard) =>
          heard.outcome === 'refused' && heard.reason === 'replay'
            ? { outcome: 'hint', calendars: null }
            : heard,
        ),
        right,
      ),
    ];
  }),
];
