import { importPKCS8, SignJWT } from 'jose';
import type { Connect } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp } from '../../src/adapter/http.ts';
import { type Instant, MINUTE, plus, SECOND } from '../../src/domain/instant.ts';
import type { Auth, Settings } from './manifest.ts';
import { Token } from './wire.ts';

/** The header by which calls are authenticated, and what is done once the server refused it. */
export type Credentials = {
  readonly header: (signal?: AbortSignal) => Promise<Readonly<Record<string, string>>>;
  readonly forget: () => void;
  readonly close: () => void;
};

const fixed = (headers: Readonly<Record<string, string>>): Credentials => ({
  header: async () => headers,
  forget: () => undefined,
  close: () => undefined,
});

export function createCredentials(options: Connect<Settings>): Credentials {
  const { auth } = options.settings;
  switch (auth.kind) {
    case 'none':
      return fixed({});
    case 'basic': {
      const pair = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
      return fixed({ authorization: `Basic ${pair}` });
    }
    case 'bearer':
      return fixed({ authorization: `Bearer ${auth.token}` });
    case 'smart':
      return backendService(auth, options);
  }
}

type Smart = Extract<Auth, { kind: 'smart' }>;

/** It must be over within five minutes (SMART App Launch 2.2, Backend Services, Protocol details). */
const ASSERTION_SECONDS = 240;
/** A token that ends while the call is on its way would be refused. */
const EARLY_MILLISECONDS = 15 * SECOND;
/** However long the server says: keys are changed, and clients taken away. */
const KEPT_MILLISECONDS_MAX = 60 * MINUTE;

/** SMART Backend Services: client_credentials with private_key_jwt (RFC 7523, section 2.2). */
function backendService(auth: Smart, options: Connect<Settings>): Credentials {
  const { limits, pace, targets, environment, transport } = options;
  const { clock, ids } = environment;
  const url = new URL(auth.tokenUrl);
  const http = createHttp({ baseUrl: url.origin, limits, pace, targets, clock, transport });
  let kept: { readonly token: string; readonly until: Instant } | null = null;
  let asking: Promise<string> | null = null;

  async function ask(): Promise<string> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: auth.scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(auth, clock.now(), ids.next()),
    });
    const response = await http.request({
      method: 'POST',
      path: url.pathname + url.search,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      writes: false,
    });
    // RFC 6749, section 5.2: a client that is not known, or may not have this, is told so by 400.
    if (response.status !== 200) throw new Fault('unauthorized', `no token: HTTP ${response.status}`);
    const { access_token: token, expires_in: seconds } = response.json(Token);
    const lasts = Math.min(seconds * SECOND, KEPT_MILLISECONDS_MAX) - EARLY_MILLISECONDS;
    kept = { token, until: plus(clock.now(), lasts) };
    return token;
  }

  return {
    header: async () => {
      const valid = kept !== null && clock.now() < kept.until ? kept.token : null;
      // Calls that begin together ask once.
      asking ??= valid === null ? ask().finally(() => (asking = null)) : null;
      return { authorization: `Bearer ${valid ?? (await asking)}` };
    },
    forget: () => {
      kept = null;
    },
    close: () => http.close(),
  };
}

async function assertion(
  { privateKey, algorithm, keyId, clientId, tokenUrl }: Smart,
  now: Instant,
  jti: string,
): Promise<string> {
  const key = await importPKCS8(privateKey, algorithm).catch(() => {
    throw new Fault('unauthorized', `auth.privateKey is no private key in PEM (PKCS #8) for ${algorithm}`);
  });
  const seconds = Math.floor(now / SECOND);
  return new SignJWT()
    .setProtectedHeader({ alg: algorithm, kid: keyId, typ: 'JWT' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + ASSERTION_SECONDS)
    .setJti(jti)
    .sign(key);
}
