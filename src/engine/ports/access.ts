import type { Instant } from '../../domain/instant.ts';

/** What is kept of those who may ask: tokens that were made by hand, and which assertions have been used. */

export type ApiToken = {
  readonly id: string;
  /** As people call it; of those that have not been revoked each has another. */
  readonly name: string;
  /** With spaces between (src/domain/access.ts). */
  readonly scopes: string;
  /** Null = of all. */
  readonly organizationId: string | null;
  readonly createdAt: Instant;
  /** Kind and id of the principal. */
  readonly createdBy: string;
  readonly expiresAt: Instant;
  readonly revokedAt: Instant | null;
  /** To a minute or so; null = never. */
  readonly usedAt: Instant | null;
};

export type ApiTokenStore = {
  /** False = one that has not been revoked has the name. @param hash of the token itself, which is not kept. */
  readonly addApiToken: (token: Omit<ApiToken, 'revokedAt' | 'usedAt'>, hash: Uint8Array) => Promise<boolean>;
  /** All of them, the latest first. */
  readonly apiTokens: () => Promise<ApiToken[]>;
  readonly apiTokenByHash: (hash: Uint8Array) => Promise<ApiToken | null>;
  /** Null = there is none, or it has been revoked before. */
  readonly revokeApiToken: (id: string, at: Instant) => Promise<ApiToken | null>;
  readonly apiTokenUsed: (id: string, at: Instant) => Promise<void>;
};

export type AssertionStore = {
  /**
   * False = the client has used it before. It is remembered until it expires, by all processes of one database.
   * @param jti of the assertion (RFC 7519, section 4.1.7).
   */
  readonly useAssertion: (
    assertion: { readonly clientId: string; readonly jti: string; readonly expiresAt: Instant },
    at: Instant,
  ) => Promise<boolean>;
};
