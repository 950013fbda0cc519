import { z } from 'zod';
import { isAddressOrNetwork } from './network.ts';

/** Targets that may be called although they are not public, as they are written. */

const HOST = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

const isHostOrNetwork = (text: string): boolean => isAddressOrNetwork(text) || HOST.test(text);

export const allowedTargets = (description: string, example: readonly string[]) =>
  z
    .array(
      z.string().refine(isHostOrNetwork, {
        error: 'must be a host name, an address, or a network such as 10.20.0.0/16',
      }),
    )
    .default([])
    .meta({ description, examples: [example] });
