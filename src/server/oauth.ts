import type { IncomingMessage } from 'node:http';
import express, { type Request, type Response, type Router } from 'express';
import type { AccessTokens } from '../access/access-token.ts';
import { LIFETIME_MILLISECONDS } from '../access/access-token.ts';
import type { Assertions } from '../access/client-assertion.ts';
import { ALGORITHMS } from '../access/key-sets.ts';
import { commonScopes, nameOf, readScopes, type Scopes, writeScopes } from '../domain/access.ts';
import type { Ids } from '../domain/environment.ts';
import { SECOND } from '../domain/instant.ts';
import type { Auditor } from '../engine/ports/audit.ts';
import { agentOf } from '../fhir/origin.ts';
import type { Audit } from './auditing.ts';
import { isLoopback } from './client-address.ts';

/**
 * Access tokens for programs (SMART App Launch 2, «Backend Services»; RFC 6749, section 4.4): they ask with an assertion that
 * they have signed. Errors are OAuth's (RFC 6749, section 5.2), in English, since they are read by developers.
 */

export type OauthDependencies = {
  readonly assertions: Assertions<{ readonly id: string; readonly scopes: Scopes }>;
  readonly accessTokens: Pick<AccessTokens, 'issue'>;
  readonly ids: Ids;
  readonly auditor: Pick<Auditor, 'note'>;
  readonly audit: Audit;
  /** Where clients reach this server; null = it is not known. */
  readonly publicUrl: string | null;
};

export const TOKEN_PATH = '/oauth/token';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const BODY_BYTES_MAX = 16 * 1024;
const PARAMETERS_MAX = 20;

type OauthError = 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type';

export function oauth({
  assertions,
  accessTokens,
  ids,
  publicUrl,
  auditor,
  audit,
}: OauthDependencies): Router {
  const router = express.Router();
  const refuse = (request: Request, response: Response, error: OauthError, description: string): void => {
    auditor.note({
      ...agentOf(request, null),
      type: 'access.token-refused',
      action: 'E',
      outcome: 'refused',
      entities: [],
      detail: { error },
    });
    response.status(error === 'invalid_client' ? 401 : 400);
    response.json({ error, error_description: description });
  };
  const form = express.text({
    type: 'application/x-www-form-urlencoded',
    limit: BODY_BYTES_MAX,
    inflate: false,
  });

  router.post(TOKEN_PATH, form, async (request, response) => {
    // RFC 6749, section 5.1.
    response.set({ 'cache-control': 'no-store', pragma: 'no-cache' });
    const given = parametersIn(request.body);
    if (given === null) {
      return refuse(request, response, 'invalid_request', 'a form is needed, and each parameter in it once');
    }
    if (given.get('grant_type') !== 'client_credentials') {
      return refuse(request, response, 'unsupported_grant_type', 'grant_type: client_credentials');
    }
    if (given.get('client_assertion_type') !== ASSERTION_TYPE) {
      return refuse(request, response, 'invalid_request', `client_assertion_type: ${ASSERTION_TYPE}`);
    }
    const audiences = originsOf(request, publicUrl).map((origin) => origin + TOKEN_PATH);
    const checked = await assertions.check(given.get('client_assertion') ?? '', audiences);
    if ('wrong' in checked) return refuse(request, response, 'invalid_client', checked.wrong);
    const { client } = checked;
    const asked = readScopes(given.get('scope') ?? writeScopes(client.scopes));
    const scopes = commonScopes(asked.scopes, client.scopes);
    if (scopes.types.size === 0 && scopes.duties.size === 0) {
      return refuse(request, response, 'invalid_scope', `scope: of these: ${writeScopes(client.scopes)}`);
    }
    const id = ids.next();
    const issued = await accessTokens.issue({ clientId: client.id, scopes, id });
    const agent = nameOf({ kind: 'client', id: client.id });
    const detail = { scopes: writeScopes(scopes) };
    await audit(request, {
      type: 'access.token-issued',
      action: 'E',
      agent,
      entities: [`AccessToken/${id}`],
      detail,
    });
    response.json({
      access_token: issued,
      token_type: 'bearer',
      expires_in: LIFETIME_MILLISECONDS / SECOND,
      scope: writeScopes(scopes),
    });
  });
  return router;
}

/** Null = it is no form, or has something twice (RFC 6749, section 3.2). */
function parametersIn(body: unknown): URLSearchParams | null {
  if (typeof body !== 'string') return null;
  const given = new URLSearchParams(body);
  const names = [...given.keys()];
  return names.length <= PARAMETERS_MAX && new Set(names).size === names.length ? given : null;
}

/**
 * What the gateway is sure to be called by. The request may say any host, and an assertion that was made for another server
 * must not serve here, so what it says counts only on this very machine.
 */
function originsOf({ socket }: IncomingMessage, publicUrl: string | null): string[] {
  if (publicUrl !== null) return [publicUrl];
  const { localAddress = '', localPort } = socket;
  return isLoopback(localAddress)
    ? ['127.0.0.1', 'localhost', '[::1]'].map((host) => `http://${host}:${localPort}`)
    : [];
}

/** `.well-known/smart-configuration` (SMART App Launch 2, «Conformance»). @param origin of this server. */
export const smartConfiguration = (origin: string, types: readonly string[]): string =>
  JSON.stringify({
    token_endpoint: origin + TOKEN_PATH,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
    scopes_supported: types.map((type) => `system/${type}.rs`),
    capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
  });
