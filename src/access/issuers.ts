import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { commonScopes, type Principal, readScopes, type Scopes } from '../domain/access.ts';
import type { Instant } from '../domain/instant.ts';
import { ALGORITHMS, discoverKeys, keysAt } from './key-sets.ts';

/** Access tokens of authorization servers that the configuration trusts: JWT, signed by a key that they publish (RFC 9068). */

export type TrustedIssuer = {
  readonly issuer: string;
  readonly audience: string;
  readonly scopes: Scopes;
  /** The only one that its tokens see anything of; null = all. */
  readonly organizationId: string | null;
};

export type Issuers = {
  /** Who it is of, and until when; null = of nobody that is trusted, or it is no such token, or over. */
  readonly read: (
    token: string,
  ) => Promise<{ readonly principal: Principal; readonly until: Instant } | null>;
};

/** @param onError hears why keys could not be read: an issuer that is down looks like a wrong token to its clients. */
export function createIssuers(
  trusted: readonly TrustedIssuer[],
  now: () => Instant,
  onError: (reason: string, error: unknown) => void,
): Issuers {
  const byName = new Map(trusted.map((each) => [each.issuer, each]));
  const keys = new Map<string, Promise<JWTVerifyGetKey>>();

  function keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    const known = keys.get(issuer);
    if (known) return known;
    const found = discoverKeys(issuer).then(keysAt);
    keys.set(issuer, found);
    found.catch(() => keys.delete(issuer));
    return found;
  }

  return {
    async read(token) {
      const issuer = byName.get(issuerIn(token));
      if (!issuer) return null;
      try {
        const key = await keysOf(issuer.issuer);
        const { payload } = await jwtVerify(token, key, {
          algorithms: ALGORITHMS,
          issuer: issuer.issuer,
          audience: issuer.audience,
          currentDate: new Date(now()),
          requiredClaims: ['exp'],
        });
        return principalOf(payload, issuer);
      } catch (error) {
        if (!isOfToken(error)) onError(`keys of ${issuer.issuer}`, error);
        return null;
      }
    },
  };
}

function issuerIn(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    return '';
  }
}

function principalOf(payload: JWTPayload, { issuer, scopes, organizationId }: TrustedIssuer) {
  const { scope, client_id, azp, sub, exp } = payload;
  const purpose = purposeIn(payload);
  const id = [client_id, azp, sub].find((claim) => typeof claim === 'string' && claim !== '');
  if (typeof id !== 'string' || typeof scope !== 'string' || exp === undefined) return null;
  const principal: Principal = {
    kind: 'client',
    id: `${issuer}#${id}`,
    name: id,
    organizationId,
    scopes: commonScopes(readScopes(scope).scopes, scopes),
    ...(purpose === null ? {} : { purpose }),
  };
  return { principal, until: (exp * 1000) as Instant };
}

/** IHE IUA (ITI TF-2: 3.71.4.2.2.1.1): what it is for, as a coding; the first, where there are several. */
const Claims = z.object({
  extensions: z.object({
    ihe_iua: z.object({
      purpose_of_use: z.array(z.object({ code: z.string().regex(/^[A-Za-z]{1,20}$/) })).min(1),
    }),
  }),
});

function purposeIn(payload: JWTPayload): string | null {
  const parsed = Claims.safeParse(payload);
  return parsed.data?.extensions.ihe_iua.purpose_of_use[0]?.code ?? null;
}

/** What is left is that its keys could not be had. */
const isOfToken = (error: unknown): boolean => error instanceof errors.JOSEError;
