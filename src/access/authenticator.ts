import { timingSafeEqual } from 'node:crypto';
import { ADMINISTRATOR, commonScopes, type Principal, readScopes } from '../domain/access.ts';
import { earlier, HOUR, type Instant, MINUTE, plus, SECOND } from '../domain/instant.ts';
import type { ApiTokenStore } from '../engine/ports/access.ts';
import type { AccessTokens } from './access-token.ts';
import { hashOfToken, isApiToken } from './api-token.ts';
import type { Issuers } from './issuers.ts';

/** Who has a bearer token (RFC 6750): the administrator, a token made by hand, a client of ours, or one of another server's. */

export type Authenticator = {
  /** Null = nobody that is known, or not any more. A promise only where it has to be looked up. */
  readonly principalOf: (token: string) => Principal | null | Promise<Principal | null>;
  /**
   * The same while the database does not answer: tokens made by hand that were found in it lately. For what needs that and
   * nothing else: docs/decisions/0034.
   */
  readonly recentPrincipalOf: (token: string) => Principal | null;
  /** What was looked up of it is looked up again: it has just been revoked. */
  readonly forget: (tokenId: string) => void;
};

export type AuthenticatorDependencies = {
  /** The administrator's token. */
  readonly token: string;
  readonly tokens: Pick<ApiTokenStore, 'apiTokenByHash' | 'apiTokenUsed'>;
  readonly accessTokens: Pick<AccessTokens, 'read'>;
  readonly clients: readonly Pick<Principal, 'id' | 'name' | 'organizationId' | 'scopes'>[];
  readonly issuers: Issuers;
  readonly now: () => Instant;
  readonly onError: (reason: string, error: unknown) => void;
};

/** A token that was revoked through another process is taken no longer than this. */
const KNOWN_MILLISECONDS = 5 * SECOND;
/** Nor one of another server, where the key that signed it has been taken away: its keys are known for so long too. */
const SIGNED_MILLISECONDS = 5 * MINUTE;
/** Since it was last found. */
const RECENT_MILLISECONDS = 12 * HOUR;
/** How often it is written that a token is in use. */
const USED_MILLISECONDS = 1 * MINUTE;
/** So many are known at once; all are forgotten when there are more. */
const KNOWN_MAX = 10_000;

type Known = { readonly principal: Principal; readonly until: Instant };

export function createAuthenticator(dependencies: AuthenticatorDependencies): Authenticator {
  const { tokens, accessTokens, issuers, now, onError } = dependencies;
  const administrator = hashOfToken(dependencies.token);
  const clients = new Map(dependencies.clients.map((client) => [client.id, client]));
  const known = new Map<string, Known>();
  const recent = new Map<string, Known>();
  let revocations = 0;
  const usedAt = new Map<string, Instant>();

  async function ofApiToken(hash: Buffer, key: string): Promise<Known | null> {
    const at = now();
    const before = revocations;
    const found = await tokens.apiTokenByHash(hash);
    recent.delete(key);
    if (!found || found.revokedAt !== null || found.expiresAt <= at) return null;
    const { id, name, organizationId } = found;
    if (at - (usedAt.get(id) ?? 0) >= USED_MILLISECONDS) {
      usedAt.set(id, at);
      tokens.apiTokenUsed(id, at).catch((error: unknown) => onError('use of a token', error));
    }
    const { scopes } = readScopes(found.scopes);
    const principal: Principal = { kind: 'token', id, name, organizationId, scopes };
    // What was revoked meanwhile is not remembered.
    if (before === revocations) {
      if (recent.size >= KNOWN_MAX) recent.clear();
      recent.set(key, { principal, until: earlier(found.expiresAt, plus(at, RECENT_MILLISECONDS)) });
    }
    return { principal, until: earlier(found.expiresAt, plus(at, KNOWN_MILLISECONDS)) };
  }

  async function ofJwt(token: string): Promise<Known | null> {
    const ours = await accessTokens.read(token);
    if (!ours) return ofIssuer(token);
    const client = clients.get(ours.clientId);
    if (!client) return null;
    const { id, name, organizationId } = client;
    const scopes = commonScopes(ours.scopes, client.scopes);
    return { principal: { kind: 'client', id, name, organizationId, scopes }, until: ours.until };
  }

  async function ofIssuer(token: string): Promise<Known | null> {
    const found = await issuers.read(token);
    return found && { ...found, until: earlier(found.until, plus(now(), SIGNED_MILLISECONDS)) };
  }

  async function lookUp(token: string, hash: Buffer, key: string): Promise<Principal | null> {
    const found = isApiToken(token) ? await ofApiToken(hash, key) : await ofJwt(token);
    if (!found) return null;
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(key, found);
    return found.principal;
  }

  return {
    principalOf(token) {
      // Hashes have one length, and no prefix of a token can be timed by them.
      const hash = hashOfToken(token);
      if (timingSafeEqual(hash, administrator)) return ADMINISTRATOR;
      const key = hash.toString('base64');
      const before = known.get(key);
      if (before && before.until > now()) return before.principal;
      known.delete(key);
      return lookUp(token, hash, key);
    },
    recentPrincipalOf(token) {
      const hash = hashOfToken(token);
      if (timingSafeEqual(hash, administrator)) return ADMINISTRATOR;
      const found = recent.get(hash.toString('base64'));
      return found && found.until > now() ? found.principal : null;
    },
    forget(tokenId) {
      revocations += 1;
      for (const all of [known, recent]) {
        for (const [key, { principal }] of all) if (principal.id === tokenId) all.delete(key);
      }
    },
  };
}
