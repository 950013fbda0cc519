import { hkdfSync } from 'node:crypto';
import type { Scopes } from '../domain/access.ts';
import type { Clock } from '../domain/environment.ts';
import type { ApiTokenStore, AssertionStore } from '../engine/ports/access.ts';
import { type AccessTokens, createAccessTokens } from './access-token.ts';
import { type Authenticator, createAuthenticator } from './authenticator.ts';
import { type Assertions, createAssertions, type RegisteredClient } from './client-assertion.ts';
import { createIssuers, type TrustedIssuer } from './issuers.ts';

/** All that says who asks. */

export type Client = RegisteredClient<{
  readonly name: string;
  readonly scopes: Scopes;
  /** The only one that it sees anything of; null = all. */
  readonly organizationId: string | null;
}>;

export type Access = {
  readonly authenticator: Authenticator;
  readonly assertions: Assertions<Client>;
  readonly accessTokens: AccessTokens;
};

export type AccessDependencies = {
  /** The administrator's token. */
  readonly token: string;
  /** That all processes share; 32 bytes. What is needed here is derived from it, and is of no use for anything else. */
  readonly key: Uint8Array;
  readonly clients: readonly Client[];
  readonly issuers: readonly TrustedIssuer[];
  readonly store: ApiTokenStore & AssertionStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly onError: (reason: string, error: unknown) => void;
};

const KEY_LABEL = 'passerelle: access tokens';
const KEY_BYTES = 32;

/** @throws an error of jose where a client's keys are none. */
export function createAccess({
  token,
  key,
  clients,
  issuers,
  store,
  clock,
  onError,
}: AccessDependencies): Access {
  const now = () => clock.now();
  const derived = new Uint8Array(hkdfSync('sha256', key, '', KEY_LABEL, KEY_BYTES));
  const accessTokens = createAccessTokens(derived, now);
  return {
    accessTokens,
    assertions: createAssertions(clients, store, now),
    authenticator: createAuthenticator({
      token,
      tokens: store,
      accessTokens,
      clients,
      issuers: createIssuers(issuers, now, onError),
      now,
      onError,
    }),
  };
}
