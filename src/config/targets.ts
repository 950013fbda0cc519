import { isIP } from 'node:net';
import { z } from 'zod';

/** Targets that may be called although they are not public, as they are written. */

const HOST = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

/** A host name, an address, or a network as 10.20.0.0/16. */
function isHostOrNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  if (prefix === undefined) return isIP(text) > 0 || HOST.test(text);
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}

export const allowedTargets = (description: string, example: readonly string[]) =>
  z
    .array(
      z.string().refine(isHostOrNetwork, {
        error: 'must be a host name, an address, or a network such as 10.20.0.0/16',
      }),
    )
    .default([])
    .meta({ description, examples: [example] });
