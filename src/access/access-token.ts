import { jwtVerify, SignJWT } from 'jose';
import { readScopes, type Scopes, writeScopes } from '../domain/access.ts';
import { type Instant, MINUTE } from '../domain/instant.ts';

/**
 * Access tokens that this gateway gives out, to be taken by itself and by its other processes: JWT (RFC 9068) with a MAC, by a key
 * that all of them derive from the one they share. They cannot be revoked and live for five minutes.
 */

/** SMART App Launch 2, Backend Services: «should be no longer than five minutes». */
export const LIFETIME_MILLISECONDS = 5 * MINUTE;
const SELF = 'passerelle';
const ALGORITHM = 'HS256';
const TYPE = 'at+jwt';

export type AccessTokens = {
  readonly issue: (grant: {
    readonly clientId: string;
    readonly scopes: Scopes;
    readonly id: string;
  }) => Promise<string>;
  /** Null = it is none of ours, or over. */
  readonly read: (
    token: string,
  ) => Promise<{ readonly clientId: string; readonly scopes: Scopes; readonly until: Instant } | null>;
};

/** @param key 32 bytes. @param now the time that all processes go by. */
export function createAccessTokens(key: Uint8Array, now: () => Instant): AccessTokens {
  return {
    issue: ({ clientId, scopes, id }) =>
      new SignJWT({ scope: writeScopes(scopes), client_id: clientId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setIssuer(SELF)
        .setAudience(SELF)
        .setSubject(clientId)
        .setJti(id)
        .setIssuedAt(seconds(now()))
        .setExpirationTime(seconds(now() + LIFETIME_MILLISECONDS))
        .sign(key),
    async read(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: SELF,
          audience: SELF,
          currentDate: new Date(now()),
          requiredClaims: ['exp', 'client_id', 'scope'],
        });
        const { client_id: clientId, scope, exp } = payload;
        if (typeof clientId !== 'string' || typeof scope !== 'string' || exp === undefined) return null;
        return { clientId, scopes: readScopes(scope).scopes, until: (exp * 1000) as Instant };
      } catch {
        return null;
      }
    },
  };
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
