import { z } from 'zod';
import { readScopes, type Scopes } from '../domain/access.ts';

/** Who else may ask, as it is written: programs that have keys of their own, and authorization servers whose tokens are taken. */

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const url = (description: string, example: string) =>
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

const scopes = z
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

/** A public key that can be imported is another matter: it is said at start. */
const Jwk = z
  .looseObject({ kty: z.enum(['RSA', 'EC']), kid: z.string().min(1) })
  .refine((key) => !('d' in key), {
    error: 'is a private key: only its public part belongs here',
  });

const Client = z
  .strictObject({
    id: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/, { error: 'may have 200 characters of ASCII at the most, and no space' })
      .meta({ description: 'its client_id', examples: ['agregateur-provincial'] }),
    name: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: 'as people call it', examples: ['Agrégateur provincial'] }),
    scopes,
    jwksUri: url('where its public keys are read', 'https://agregateur.example/jwks.json').optional(),
    jwks: z
      .strictObject({ keys: z.array(Jwk).min(1).max(20) })
      .optional()
      .meta({ description: 'its public keys themselves, where it has no address for them' }),
  })
  .refine(({ jwks, jwksUri }) => (jwks === undefined) !== (jwksUri === undefined), {
    error: 'needs jwksUri or jwks, one of the two',
  });

const Issuer = z.strictObject({
  issuer: url('as it calls itself in its tokens (iss)', 'https://auth.sante.example'),
  audience: z
    .string()
    .min(1)
    .meta({
      description: 'how it calls this gateway in them (aud)',
      examples: ['https://passerelle.example/fhir'],
    }),
  scopes,
});

const isUnique = (names: readonly string[]): boolean => new Set(names).size === names.length;

export const AccessDocument = z.strictObject({
  clients: z
    .array(Client)
    .max(500)
    .refine((all) => isUnique(all.map(({ id }) => id)), { error: 'has one id twice' })
    .default([])
    .meta({
      description: 'programs that get access tokens here by a key of their own (SMART Backend Services)',
    }),
  issuers: z
    .array(Issuer)
    .max(20)
    .refine((all) => isUnique(all.map(({ issuer }) => issuer)), { error: 'has one issuer twice' })
    .default([])
    .meta({ description: 'authorization servers whose access tokens are taken here' }),
});

export type ClientKeys =
  | { readonly uri: string }
  | { readonly keys: readonly Readonly<Record<string, unknown>>[] };

export type RegisteredClient = {
  readonly id: string;
  readonly name: string;
  /** The most that it may have. */
  readonly scopes: Scopes;
  readonly keys: ClientKeys;
};

export type TrustedIssuer = {
  readonly issuer: string;
  readonly audience: string;
  /** The most that a token of it may have. */
  readonly scopes: Scopes;
};

export type AccessSettings = {
  readonly clients: readonly RegisteredClient[];
  readonly issuers: readonly TrustedIssuer[];
};

export const accessOf = ({ clients, issuers }: z.output<typeof AccessDocument>): AccessSettings => ({
  clients: clients.map(({ id, name, scopes: all, jwks, jwksUri }) => ({
    id,
    name,
    scopes: scopesOf(all),
    keys: jwksUri === undefined ? { keys: jwks?.keys ?? [] } : { uri: jwksUri },
  })),
  issuers: issuers.map(({ scopes: all, ...issuer }) => ({ ...issuer, scopes: scopesOf(all) })),
});

const scopesOf = (all: readonly string[]): Scopes => readScopes(all.join(' ')).scopes;

/** Where the file says nothing. */
export const ACCESS_DEFAULTS: AccessSettings = { clients: [], issuers: [] };
