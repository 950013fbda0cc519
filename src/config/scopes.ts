import { z } from 'zod';
import { readScopes, type Scopes } from '../domain/access.ts';

/** What the parts of `access` are written with. */

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export const url = (description: string, example: string) =>
  z
    .string()
    .refine(isSafe, { error: 'must be an address that begins with https:// (http:// only of this machine)' })
    .meta({ description, examples: [example] });

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, hash, username } = new URL(text);
  const isPrivate = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
  return isPrivate && hash === '' && username === '';
}

export const scopeList = z
  .array(
    z.string().refine((scope) => !/\s/.test(scope) && readScopes(scope).unknown.length === 0, {
      error: 'is no scope: write one such as system/Slot.rs, system/Appointment.cru or passerelle/status',
    }),
  )
  .min(1)
  .meta({
    description: 'the most that it may have, as scopes of SMART 2 (docs/access.md)',
    examples: [['system/Slot.rs', 'system/Schedule.rs']],
  });

export const isUnique = (names: readonly string[]): boolean => new Set(names).size === names.length;

export const scopesOf = (all: readonly string[]): Scopes => readScopes(all.join(' ')).scopes;
