import { z } from 'zod';
import { HOUR } from '../domain/instant.ts';
import { milliseconds } from './duration.ts';
import { allowedTargets } from './targets.ts';

/** Who may be told of changes, as it is written. */

export const SubscriptionsDocument = z.strictObject({
  allowedTargets: allowedTargets(
    'hosts and networks that may be told although they are not public, and by http; all others are called by https, where they are public',
    ['hooks.clinic.internal', '10.20.0.0/16'],
  ),
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
  giveUpHours,
  maxSubscriptions,
  ...document
}: z.output<typeof SubscriptionsDocument>): SubscriptionSettings => ({
  ...document,
  giveUpMilliseconds: milliseconds(giveUpHours, HOUR),
  most: maxSubscriptions,
});

/** Where the file says nothing. */
export const SUBSCRIPTION_DEFAULTS: SubscriptionSettings = subscriptionsOf(SubscriptionsDocument.parse({}));
