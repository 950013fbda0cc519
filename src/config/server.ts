import { z } from 'zod';
import { isAddressOrNetwork } from './network.ts';

/** How clients reach the server, as it is written. */

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
});

export type ServerSettings = z.output<typeof ServerDocument>;

/** Where the file says nothing. */
export const SERVER_DEFAULTS: ServerSettings = ServerDocument.parse({});
