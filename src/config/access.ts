import { z } from 'zod';
import type { Scopes } from '../domain/access.ts';
import type { SignInSettings } from '../domain/sign-in.ts';
import { NOTHING_OUTSIDE, type Outside } from './outside.ts';
import { isUnique, scopeList as scopes, scopesOf, url } from './scopes.ts';
import { SignInDocument, signInOf } from './sign-in.ts';

/** Who else may ask, as it is written: programs that have keys of their own, and authorization servers whose tokens are taken. */

/** A public key that can be imported is another matter: it is said at start. */
const Jwk = z
  .looseObject({ kty: z.enum(['RSA', 'EC']), kid: z.string().min(1) })
  .refine((key) => !('d' in key), {
    error: 'is a private key: only its public part belongs here',
  });

const organization = z
  .string()
  .min(1)
  .optional()
  .meta({ description: 'the only organization that it sees anything of (default: all)' });

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
    organization,
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
  organization,
});

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
  signIn: SignInDocument.prefault({}).meta({ description: 'how people sign in' }),
});

export type ClientKeys =
  | { readonly uri: string }
  | { readonly keys: readonly Readonly<Record<string, unknown>>[] };

export type RegisteredClient = {
  readonly id: string;
  readonly name: string;
  /** The most that it may have. */
  readonly scopes: Scopes;
  /** The only one that it sees anything of; null = all. */
  readonly organizationId: string | null;
  readonly keys: ClientKeys;
};

export type TrustedIssuer = {
  readonly issuer: string;
  readonly audience: string;
  /** The most that a token of it may have. */
  readonly scopes: Scopes;
  /** The only one that its tokens see anything of; null = all. */
  readonly organizationId: string | null;
};

export type AccessSettings = {
  readonly clients: readonly RegisteredClient[];
  readonly issuers: readonly TrustedIssuer[];
  readonly signIn: SignInSettings;
};

/** @param outside where the secret of a provider is. */
export const accessOf = (
  { clients, issuers, signIn }: z.output<typeof AccessDocument>,
  outside: Outside,
): AccessSettings => ({
  clients: clients.map(({ id, name, scopes: all, organization: only, jwks, jwksUri }) => ({
    id,
    name,
    scopes: scopesOf(all),
    organizationId: only ?? null,
    keys: jwksUri === undefined ? { keys: jwks?.keys ?? [] } : { uri: jwksUri },
  })),
  issuers: issuers.map(({ issuer, audience, scopes: all, organization: only }) => ({
    issuer,
    audience,
    scopes: scopesOf(all),
    organizationId: only ?? null,
  })),
  signIn: signInOf(signIn, outside),
});

/** Where the file says nothing. */
export const ACCESS_DEFAULTS: AccessSettings = {
  clients: [],
  issuers: [],
  signIn: signInOf(SignInDocument.parse({}), NOTHING_OUTSIDE),
};
