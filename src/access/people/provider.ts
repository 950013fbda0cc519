import * as oidc from 'openid-client';
import type { Scopes } from '../../domain/access.ts';
import type { Bilingual } from '../../domain/schedule.ts';
import type { ProviderSettings } from '../../domain/sign-in.ts';

/** Who signs in by a provider of OpenID Connect: authorization code with PKCE, state and nonce (RFC 9700, section 2.1.1). */

/** What has to come back with the browser. */
export type Flow = { readonly state: string; readonly nonce: string; readonly verifier: string };

export type Identified = {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly scopes: Scopes;
  readonly organizationId: string | null;
  readonly idToken: string | null;
};

/** Somebody who fits no grant, any more or at all. */
export type Unentitled = Pick<Identified, 'issuer' | 'subject'> & { readonly scopes: null };

export type Provider = {
  readonly name: Bilingual;
  /** @throws ProviderFailed */
  readonly begin: (redirectUri: string) => Promise<{ readonly url: URL; readonly flow: Flow }>;
  /** @param address of the callback, with its parameters. @throws ProviderFailed */
  readonly finish: (address: URL, flow: Flow) => Promise<Identified | Unentitled | 'denied'>;
  /** Where it is told of the end; null = it does not want to be. @throws ProviderFailed */
  readonly endUrl: (idToken: string | null, returnTo: string) => Promise<URL | null>;
};

/** It does not answer, or what it answers is wrong. */
export class ProviderFailed extends Error {
  override readonly name = 'ProviderFailed';
}

const TIMEOUT_SECONDS = 10;
const SKEW_SECONDS = 30;
const SUBJECT_MAX = 255;
const NAME_MAX = 200;

export function createProvider(settings: ProviderSettings): Provider {
  let known: Promise<oidc.Configuration> | null = null;
  /** Read once; anew after a failure. */
  async function configuration(): Promise<oidc.Configuration> {
    known ??= discover(settings);
    try {
      return await known;
    } catch (error) {
      known = null;
      throw new ProviderFailed('its configuration cannot be read', { cause: error });
    }
  }

  return {
    name: settings.name,
    async begin(redirectUri) {
      const config = await configuration();
      const flow = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: settings.scopes.join(' '),
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
      });
      return { url, flow };
    },
    async finish(address, flow) {
      const config = await configuration();
      try {
        const tokens = await oidc.authorizationCodeGrant(config, address, {
          pkceCodeVerifier: flow.verifier,
          expectedState: flow.state,
          expectedNonce: flow.nonce,
          idTokenExpected: true,
        });
        const claims = await claimsOf(config, tokens, settings.claim);
        return identified(settings, claims, tokens.id_token ?? null);
      } catch (error) {
        if (error instanceof oidc.AuthorizationResponseError && error.error === 'access_denied')
          return 'denied';
        throw new ProviderFailed('it did not say who this is', { cause: error });
      }
    },
    async endUrl(idToken, returnTo) {
      const config = await configuration();
      if (config.serverMetadata().end_session_endpoint === undefined) return null;
      return oidc.buildEndSessionUrl(config, {
        post_logout_redirect_uri: returnTo,
        ...(idToken === null ? {} : { id_token_hint: idToken }),
      });
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: ProviderSettings): Promise<oidc.Configuration> {
  // The configuration takes http:// of this machine only.
  const isOpen = new URL(issuer).protocol === 'http:';
  const found = await oidc.discovery(
    new URL(issuer),
    clientId,
    { [oidc.clockTolerance]: SKEW_SECONDS },
    clientSecret === null ? oidc.None() : oidc.ClientSecretBasic(clientSecret),
    isOpen
      ? { execute: [oidc.allowInsecureRequests], timeout: TIMEOUT_SECONDS }
      : { timeout: TIMEOUT_SECONDS },
  );
  found.timeout = TIMEOUT_SECONDS;
  return found;
}

type Claims = Readonly<Record<string, unknown>>;
type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>;

/** Those of the ID token; those of UserInfo as well, where the claim that is looked for is not among them. */
async function claimsOf(config: oidc.Configuration, tokens: Tokens, claim: string): Promise<Claims> {
  const claims = tokens.claims();
  if (!claims) throw new Error('no ID token');
  const isThere = valueAt(claims, claim) !== undefined;
  if (isThere || config.serverMetadata().userinfo_endpoint === undefined) return claims;
  return { ...claims, ...(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)) };
}

function identified(
  { issuer, claim, grants }: ProviderSettings,
  claims: Claims,
  idToken: string | null,
): Identified | Unentitled {
  const said = valueAt(claims, claim);
  const values = Array.isArray(said) ? said : [said];
  const granted = grants.find(({ value }) => values.includes(value));
  const subject = claims['sub'];
  if (typeof subject !== 'string' || subject.length > SUBJECT_MAX) throw new Error('no subject');
  if (!granted) return { issuer, subject, scopes: null };
  const named = [claims['name'], claims['preferred_username'], claims['email'], subject];
  const name = named.find((each): each is string => typeof each === 'string' && each.trim() !== '');
  const { scopes, organizationId } = granted;
  return { issuer, subject, name: (name ?? subject).slice(0, NAME_MAX), scopes, organizationId, idToken };
}

/** By its whole name, or by the way to it: `realm_access.roles`. */
export function valueAt(claims: Claims, claim: string): unknown {
  if (claim in claims) return claims[claim];
  return claim
    .split('.')
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? (at as Claims)[key] : undefined),
      claims,
    );
}
