import { z } from 'zod';
import type { Connect } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createHttp, type HttpResponse } from '../../src/adapter/http.ts';
import { jsonIn } from '../../src/adapter/json.ts';
import { type Instant, MINUTE, plus, SECOND } from '../../src/domain/instant.ts';
import type { Settings } from './manifest.ts';
import { assertion, keyIn } from './service-account.ts';

/** Access tokens (RFC 6749): each is kept until it ends, and asked for once, however many calls wait for it. */

/** Events, and nothing of how calendars are shared. */
const EVENTS_SCOPE = 'https://www.googleapis.com/auth/calendar.events';
/** Before its end, so that no token ends on its way. */
const MARGIN_MILLISECONDS = MINUTE;

const Granted = z.object({
  access_token: z
    .string()
    .min(1)
    .max(8192)
    .regex(/^[\x21-\x7e]+$/),
  expires_in: z.number().min(1).max(1_000_000),
});
const Refused = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

export type Tokens = {
  /** @throws Fault `unauthorized` when the account is refused; others when it could not be asked. */
  readonly get: (signal?: AbortSignal) => Promise<string>;
  /** The platform refused it, whatever time it had left. */
  readonly drop: (token: string) => void;
  readonly close: () => void;
};

/** Which calendars there are. Asked for apart from events: where it was not granted, all else works. */
export const LIST_SCOPE = 'https://www.googleapis.com/auth/calendar.calendarlist.readonly';

/** @param scope of a service account; what a refresh token is for its user has said. */
export function createTokens(options: Connect<Settings>, scope = EVENTS_SCOPE): Tokens {
  const { settings, environment } = options;
  const { clock } = environment;
  const url = new URL(settings.tokenUrl);
  const http = createHttp({ ...options, baseUrl: url.origin, clock });
  let current: { readonly token: string; readonly until: Instant } | null = null;
  let asking: Promise<string> | null = null;

  async function ask(): Promise<string> {
    const response = await http.request({
      method: 'POST',
      path: url.pathname,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(await grantOf(settings, scope, clock.now())).toString(),
      writes: false,
    });
    if (response.status !== 200) throw refusal(response);
    const granted = response.json(Granted);
    const until = plus(clock.now(), granted.expires_in * SECOND - MARGIN_MILLISECONDS);
    current = { token: granted.access_token, until };
    return current.token;
  }

  return {
    get: (signal) => {
      if (current && clock.now() < current.until) return Promise.resolve(current.token);
      asking ??= ask().finally(() => {
        asking = null;
      });
      // Whoever is told to stop stops; the others go on waiting.
      return signal ? orAborted(asking, signal) : asking;
    },
    drop: (token) => {
      if (current?.token === token) current = null;
    },
    close: http.close,
  };
}

async function grantOf(settings: Settings, scope: string, now: Instant): Promise<Record<string, string>> {
  const { serviceAccountKey, subject = null, tokenUrl } = settings;
  const key = serviceAccountKey === undefined ? null : keyIn(serviceAccountKey);
  if (key !== null) {
    const claims = { scope, audience: tokenUrl, subject };
    return {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await assertion(key, claims, now),
    };
  }
  return {
    grant_type: 'refresh_token',
    client_id: settings.clientId ?? '',
    client_secret: settings.clientSecret ?? '',
    refresh_token: settings.refreshToken ?? '',
  };
}

/** RFC 6749, 5.2. */
function refusal({ status, text }: HttpResponse): Fault {
  const said = Refused.safeParse(jsonIn(Buffer.from(text))).data?.error ?? `HTTP ${status}`;
  return new Fault(
    status === 400 || status === 401 ? 'unauthorized' : 'malformed',
    `no access token: ${said}`,
  );
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Fault('unavailable', 'stopped while it waited for an access token'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
