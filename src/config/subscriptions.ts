import { isIP } from 'node:net';
import { z } from 'zod';
import { HOUR } from '../domain/instant.ts';
import { milliseconds } from './duration.ts';

/** Who may be told of changes, as it is written. */

const HOST = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

/** A host name, an address, or a network as 10.20.0.0/16. */
function isHostOrNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  if (prefix === undefined) return isIP(text) > 0 || HOST.test(text);
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}

export const SubscriptionsDocument = z.strictObject({
  allowedTargets: z
    .array(
      z.string().refine(isHostOrNetwork, {
        error: 'must be a host name, an address, or a network such as 10.20.0.0/16',
      }),
    )
    .default([])
    .meta({
      description:
        'hosts and networks that may be told although they are not public, and by http; all others are called by https, where they are public',
      examples: [['hooks.clinic.internal', '10.20.0.0/16']],
    }),
  giveUpHours: z
    .number()
    .min(0.1)
    .max(8_760)
    .default(24)
    .meta({ description: 'hours of failures after which a subscriber is told no more' }),
  maxSubscriptions: z
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .meta({ description: 'how many subscriptions there may be' }),
});

export type SubscriptionSettings = {
  /** Host names, addresses and networks that may be told although they are not public, and by http. */
  readonly allowedTargets: readonly string[];
  /** A subscriber that fails for so long is told no more. */
  readonly giveUpMilliseconds: number;
  /** How many there may be. */
  readonly most: number;
};

export const subscriptionsOf = ({
  allowedTargets,
  giveUpHours,
  maxSubscriptions,
}: z.output<typeof SubscriptionsDocument>): SubscriptionSettings => ({
  allowedTargets,
  giveUpMilliseconds: milliseconds(giveUpHours, HOUR),
  most: maxSubscriptions,
});

/** Where the file says nothing. */
export const SUBSCRIPTION_DEFAULTS: SubscriptionSettings = subscriptionsOf(SubscriptionsDocument.parse({}));
