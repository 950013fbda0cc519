import { z } from 'zod';
import type { Connect } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp } from '../../src/adapter/http.ts';
import type { ImapCredentials } from '../../src/adapter/imap/client.ts';
import type { Auth, Settings } from './manifest.ts';

/** By what the server lets us in: a password, or a token (SASL XOAUTH2, OAUTHBEARER) that is asked for with each connection. */

export type Credentials = {
  /** @throws Fault `unauthorized` where none is given. */
  readonly get: (signal: AbortSignal) => Promise<ImapCredentials>;
  readonly close: () => void;
};

const Token = z.object({ access_token: z.string().min(1) });

export function createCredentials(options: Connect<Settings>): Credentials {
  const { auth } = options.settings;
  if (auth.kind === 'oauth2') return byToken(auth, options);
  const { username, password } = auth;
  return { get: async () => ({ user: username, pass: password }), close: () => undefined };
}

function byToken(auth: Extract<Auth, { kind: 'oauth2' }>, options: Connect<Settings>): Credentials {
  const { limits, pace, targets, environment, transport } = options;
  const url = new URL(auth.tokenUrl);
  const http = createHttp({
    ...{ baseUrl: url.origin, limits, pace, targets, transport },
    clock: environment.clock,
  });
  const grant =
    auth.refreshToken === undefined
      ? { grant_type: 'client_credentials' }
      : { grant_type: 'refresh_token', refresh_token: auth.refreshToken };
  const form = new URLSearchParams({
    ...grant,
    client_id: auth.clientId,
    client_secret: auth.clientSecret,
    ...(auth.scope === undefined ? {} : { scope: auth.scope }),
  }).toString();
  return {
    async get(signal) {
      const answer = await http.request({
        method: 'POST',
        path: url.pathname + url.search,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form,
        writes: false,
        signal,
      });
      // RFC 6749, section 5.2.
      if (answer.status !== 200) throw new Fault('unauthorized', `no token: HTTP ${answer.status}`);
      return { user: auth.username, accessToken: answer.json(Token).access_token };
    },
    close: () => http.close(),
  };
}
