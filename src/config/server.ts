import { z } from 'zod';
import { isAddressOrNetwork } from './network.ts';

/** How clients reach the server, as it is written. */

const PER_MINUTE_MAX = 1_000_000;

const perMinute = (defaultValue: number, description: string) =>
  z.int().min(1).max(PER_MINUTE_MAX).default(defaultValue).meta({ description });

const LimitsDocument = z.strictObject({
  client: perMinute(
    6_000,
    'requests a minute of one client that has a token, or of one person who is signed in',
  ),
  anonymous: perMinute(600, 'requests a minute without either of one address'),
  authentication: perMinute(
    30,
    'requests a minute with a token that is not known, or for a token, of one address',
  ),
  delivery: perMinute(3_000, 'deliveries a minute to the webhook of one connection, of one address'),
});

/** Requests in a minute. */
export type RequestLimits = z.output<typeof LimitsDocument>;

export const ServerDocument = z.strictObject({
  trustProxy: z
    .array(
      z
        .string()
        .refine(isAddressOrNetwork, { error: 'must be an address, or a network such as 10.20.0.0/16' }),
    )
    .default([])
    .meta({
      description:
        'proxies in front: what they say in X-Forwarded-For of whom they speak for is taken; of nobody else it is',
      examples: [['127.0.0.1', '::1']],
    }),
  limits: LimitsDocument.prefault({}).meta({
    description: 'how often each may ask; who asks more is answered 429',
  }),
});

export type ServerSettings = z.output<typeof ServerDocument>;

/** Where the file says nothing. */
export const SERVER_DEFAULTS: ServerSettings = ServerDocument.parse({});
