import { decodeJwt, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { type Instant, instant, MINUTE, plus, SECOND } from '../domain/instant.ts';
import type { AssertionStore } from '../engine/ports/access.ts';
import { ALGORITHMS, KeysUnreadable, keysAt, keysOf } from './key-sets.ts';

/**
 * How a client says who it is: a JWT that it has signed (private_key_jwt; RFC 7523, section 3; SMART App Launch 2, «Client
 * Authentication: Asymmetric», section 5.3).
 */

export type RegisteredClient<Client> = Client & {
  readonly id: string;
  readonly keys: { readonly uri: string } | { readonly keys: readonly Readonly<Record<string, unknown>>[] };
};

export type Assertions<Client> = {
  /** The client, or what is wrong: for its developer, without anything of the assertion. @param audiences each will do. */
  readonly check: (
    assertion: string,
    audiences: readonly string[],
  ) => Promise<{ readonly client: Client } | { readonly wrong: string }>;
};

/** SMART, 5.3: «no more than five minutes in the future». */
const AHEAD_MILLISECONDS_MAX = 5 * MINUTE;
const SKEW_SECONDS = 30;
const JTI_MAX = 500;

/** @throws an error of jose where the keys of a client are no keys. */
export function createAssertions<Client>(
  clients: readonly RegisteredClient<Client>[],
  used: AssertionStore,
  now: () => Instant,
): Assertions<RegisteredClient<Client>> {
  const known = new Map(
    clients.map((client) => {
      const { keys } = client;
      const key: JWTVerifyGetKey = 'uri' in keys ? keysAt(keys.uri) : keysOf(keys.keys);
      return [client.id, { client, key }];
    }),
  );

  return {
    async check(assertion, audiences) {
      const found = known.get(issuerIn(assertion));
      if (!found) return { wrong: 'iss: no client of this id is registered here' };
      const { client, key } = found;
      if (audiences.length === 0) return { wrong: NO_ADDRESS };
      const at = now();
      try {
        const { payload, protectedHeader } = await jwtVerify(assertion, key, {
          algorithms: ALGORITHMS,
          issuer: client.id,
          subject: client.id,
          audience: [...audiences],
          currentDate: new Date(at),
          clockTolerance: SKEW_SECONDS,
          requiredClaims: ['exp', 'jti'],
        });
        if (protectedHeader.kid === undefined) return { wrong: 'kid: the header names no key' };
        const { jti, exp = 0 } = payload;
        // A NumericDate may have a fraction (RFC 7519, section 2), and no column of whole numbers takes one.
        const expiresAt = instant(Math.ceil(exp * 1000));
        if (expiresAt > plus(at, AHEAD_MILLISECONDS_MAX + SKEW_SECONDS * SECOND)) {
          return { wrong: 'exp: no more than five minutes ahead' };
        }
        if (!isId(jti)) {
          return { wrong: `jti: a text of 1 to ${JTI_MAX} characters` };
        }
        const remembered = plus(expiresAt, SKEW_SECONDS * SECOND);
        const isNew = await used.useAssertion({ clientId: client.id, jti, expiresAt: remembered }, at);
        return isNew ? { client } : { wrong: 'jti: this assertion was used before' };
      } catch (error) {
        const wrong = wrongBy(error);
        if (wrong === null) throw error;
        return { wrong };
      }
    },
  };
}

/** The type of a claim is what the client says, whatever jose calls it; and no text of PostgreSQL has U+0000. */
const isId = (jti: unknown): jti is string =>
  typeof jti === 'string' && jti !== '' && jti.length <= JTI_MAX && !jti.includes('\0');

const NO_ADDRESS =
  'aud: this gateway does not know its own address; its operator sets PASSERELLE_URL where it is started';

function issuerIn(assertion: string): string {
  try {
    return decodeJwt(assertion).iss ?? '';
  } catch {
    return '';
  }
}

/** By the code of jose's error; null = it is no error of the assertion. */
function wrongBy(error: unknown): string | null {
  if (error instanceof KeysUnreadable) return 'the keys of the client cannot be read at its jwksUri';
  if (!(error instanceof Error) || !('code' in error)) return null;
  const claim = 'claim' in error && typeof error.claim === 'string' ? error.claim : null;
  switch (error.code) {
    case 'ERR_JWT_EXPIRED':
      return 'exp: it has expired';
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return claim === 'aud'
        ? 'aud: not the token endpoint of this gateway'
        : `${claim ?? 'claims'}: missing or wrong`;
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return 'kid: no key of the client fits: does its key set have it?';
    case 'ERR_JWKS_MULTIPLE_MATCHING_KEYS':
      return 'kid: several keys of the client fit: name one';
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'the signature is not by this key of the client';
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return `alg: one of ${ALGORITHMS.join(', ')}`;
    default:
      return /^ERR_J(WT|WS|OSE)/.test(String(error.code)) ? 'it is no signed JWT that can be read' : null;
  }
}
