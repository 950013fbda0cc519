import { createVerify } from 'node:crypto';
import { z } from 'zod';
import type { SimReply, SimRequest } from '../../../src/adapter/simulator/router.ts';
import { HOUR, type Instant, plus } from '../../../src/domain/instant.ts';

/** Google's token endpoint in small: refresh tokens (RFC 6749, 6) and assertions of service accounts (RFC 7523). */

/** They open the simulator, and nothing else. */
export const CLIENT = {
  clientId: 'client-du-simulateur',
  clientSecret: 'secret-du-simulateur',
  refreshToken: 'jeton-du-simulateur',
};

const LIFETIME_MILLISECONDS = HOUR;
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const Refresh = z.object({
  grant_type: z.literal('refresh_token'),
  client_id: z.literal(CLIENT.clientId),
  client_secret: z.literal(CLIENT.clientSecret),
  refresh_token: z.literal(CLIENT.refreshToken),
});
const Assertion = z.object({ grant_type: z.literal(JWT_BEARER), assertion: z.string() });
const Claims = z.object({
  iss: z.string(),
  scope: z.string().min(1),
  aud: z.string().endsWith('/token'),
  iat: z.number(),
  exp: z.number(),
  sub: z.string().optional(),
});

/** Public keys (PEM, SPKI) by the address of the service account. */
export type ServiceAccounts = Readonly<Record<string, string>>;

export class Account {
  readonly #serviceAccounts: ServiceAccounts;
  readonly #tokens = new Map<string, Instant>();
  #granted = 0;

  constructor(serviceAccounts: ServiceAccounts) {
    this.#serviceAccounts = serviceAccounts;
  }

  grant({ body }: SimRequest, now: Instant): SimReply {
    const form = Object.fromEntries(new URLSearchParams(typeof body === 'string' ? body : ''));
    const signed = Assertion.safeParse(form);
    const isRight = signed.success
      ? this.#isSigned(signed.data.assertion, now)
      : Refresh.safeParse(form).success;
    if (!isRight) {
      return { status: 400, body: { error: 'invalid_grant', error_description: 'Bad Request' } };
    }
    this.#granted += 1;
    const token = `ya29.simulateur-${this.#granted}`;
    this.#tokens.set(token, plus(now, LIFETIME_MILLISECONDS));
    return {
      status: 200,
      body: { access_token: token, expires_in: LIFETIME_MILLISECONDS / 1000, token_type: 'Bearer' },
    };
  }

  knows(authorization: string | undefined, now: Instant): boolean {
    const until = this.#tokens.get(authorization?.replace(/^Bearer /, '') ?? '');
    return until !== undefined && now < until;
  }

  #isSigned(assertion: string, now: Instant): boolean {
    const [header = '', payload = '', signature = ''] = assertion.split('.');
    const claims = Claims.safeParse(jsonOf(payload));
    const key = claims.success ? this.#serviceAccounts[claims.data.iss] : undefined;
    if (!claims.success || key === undefined) return false;
    const { iat, exp } = claims.data;
    const seconds = now / 1000;
    if (iat > seconds + 60 || exp <= seconds || exp - iat > 3600) return false;
    const verify = createVerify('RSA-SHA256').update(`${header}.${payload}`);
    return verify.verify(key, Buffer.from(signature, 'base64url'));
  }
}

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
