import { z } from 'zod';
import type { Connect } from '../adapter/contract.ts';
import { Fault } from '../adapter/faults.ts';
import { createHttp, type Http } from '../adapter/http.ts';
import { type Instant, plus, SECOND } from '../domain/instant.ts';
import { addressOf } from './address.ts';
import type { Authentication } from './description.ts';
import type { Values } from './settings.ts';
import type { Template } from './template.ts';

/** How each request says who we are. */
export type Credentials = {
  /** @param isRefused those of before were: something else is wanted. @throws Fault, or the signal's reason */
  readonly of: (
    isRefused?: boolean,
    signal?: AbortSignal,
  ) => Promise<{
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
  }>;
  /** Whether they may be had anew. */
  readonly areRenewed: boolean;
  readonly close: () => void;
};

export function createCredentials(
  authentication: Authentication | undefined,
  values: Values,
  connect: Connect<unknown>,
): Credentials {
  const fixed = (of: Credentials['of']): Credentials => ({ of, areRenewed: false, close: () => undefined });
  switch (authentication?.type) {
    case undefined:
      return fixed(async () => ({}));
    case 'bearer': {
      const headers = { authorization: `Bearer ${values.secret(authentication.token)}` };
      return fixed(async () => ({ headers }));
    }
    case 'basic': {
      const { user, password } = authentication;
      return fixed(async () => ({
        headers: { authorization: basic(await textOf(user, values), values.secret(password)) },
      }));
    }
    case 'header': {
      const { name, prefix, secret } = authentication;
      const headers = { [name]: `${prefix}${values.secret(secret)}` };
      return fixed(async () => ({ headers }));
    }
    case 'query': {
      const query = { [authentication.name]: values.secret(authentication.secret) };
      return fixed(async () => ({ query }));
    }
    case 'oauth2':
      return clientCredentials(authentication, values, connect);
  }
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const textOf = async (template: Template, { open }: Values): Promise<string> =>
  (await template.fill({ settings: open }, {})) ?? '';

const Token = z.object({
  access_token: z.string().min(1).max(20_000),
  expires_in: z.coerce.number().min(0).optional(),
});

/** Renewed before it ends, by as much as a request may take. */
const MARGIN_MILLISECONDS = 30 * SECOND;

/**
 * OAuth 2 client credentials (RFC 6749, section 4.4). One token at a time: who needs it while it is fetched waits for the same.
 */
function clientCredentials(
  given: Extract<Authentication, { type: 'oauth2' }>,
  values: Values,
  { limits, pace, targets, environment, transport }: Connect<unknown>,
): Credentials {
  const { clock } = environment;
  const url = new URL(addressOf(given.tokenUrl, values.open));
  const http = createHttp({ baseUrl: url.origin, limits, pace, targets, clock, transport });
  let token: { readonly text: string; readonly until: Instant | null } | null = null;
  let fetching: Promise<string> | null = null;

  async function fetched(): Promise<string> {
    const now = clock.now();
    const answer = await ask(http, url.pathname, given, values);
    const { access_token: text, expires_in: seconds } = answer;
    const until = seconds === undefined ? null : plus(now, seconds * SECOND - MARGIN_MILLISECONDS);
    token = { text, until };
    return text;
  }

  const current = (): string | null =>
    token !== null && (token.until === null || clock.now() < token.until) ? token.text : null;

  return {
    areRenewed: true,
    of: async (isRefused = false, signal) => {
      if (isRefused) token = null;
      const kept = current();
      if (kept === null && fetching === null) {
        fetching = fetched().finally(() => {
          fetching = null;
        });
      }
      const text = kept ?? (fetching && (await unlessAborted(fetching, signal)));
      return { headers: { authorization: `Bearer ${text}` } };
    },
    close: http.close,
  };
}

/** Others may wait for the same: it goes on, and who is stopped does not wait for it. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort));
  });
}

/** @throws Fault */
async function ask(
  http: Http,
  path: string,
  { clientId, clientSecret, scope, client }: Extract<Authentication, { type: 'oauth2' }>,
  values: Values,
): Promise<z.output<typeof Token>> {
  const id = await textOf(clientId, values);
  const secret = values.secret(clientSecret);
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  // Section 2.3.1: encoded as forms are, before they are joined.
  if (client === 'basic')
    headers['authorization'] = basic(encodeURIComponent(id), encodeURIComponent(secret));
  else {
    form.set('client_id', id);
    form.set('client_secret', secret);
  }
  const response = await http.request({
    method: 'POST',
    path,
    headers,
    body: form.toString(),
    writes: false,
    label: 'the token endpoint',
  });
  // Section 5.2: 400 as well, where the client is not known.
  if (response.status === 400) throw new Fault('unauthorized', 'the token endpoint: HTTP 400');
  if (response.status !== 200) throw new Fault('malformed', `the token endpoint: HTTP ${response.status}`);
  return response.json(Token);
}
