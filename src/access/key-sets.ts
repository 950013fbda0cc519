import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import { MINUTE, SECOND } from '../domain/instant.ts';

/** Public keys of others (RFC 7517), where they are published: read when one is needed, and again when one is not known. */

const TIMEOUT_MILLISECONDS = 5 * SECOND;
/** Who sends keys that do not exist makes us ask no more often than this. */
const COOLDOWN_MILLISECONDS = 10 * SECOND;
/** A key that was taken away serves no longer than this. */
const MAX_AGE_MILLISECONDS = 5 * MINUTE;
const BYTES_MAX = 256 * 1024;

/** Signatures by a key that only the other has: SMART wants the 384s, and each other server has others of these. */
export const ALGORITHMS = [
  'RS384',
  'ES384',
  'RS256',
  'ES256',
  'PS256',
  'PS384',
  'RS512',
  'ES512',
  'PS512',
  'EdDSA',
];

/** The keys cannot be had where they should be: no fault of whoever signed with one. */
export class KeysUnreadable extends Error {
  override readonly name = 'KeysUnreadable';
}

/** Of an address: @throws KeysUnreadable, or an error of jose where none of them fits. */
export function keysAt(uri: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(uri), {
    timeoutDuration: TIMEOUT_MILLISECONDS,
    cooldownDuration: COOLDOWN_MILLISECONDS,
    cacheMaxAge: MAX_AGE_MILLISECONDS,
    [customFetch]: limitedFetch,
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
        throw error;
      throw new KeysUnreadable(`the keys at ${uri} cannot be read`, { cause: error });
    }
  };
}

/** @throws an error of jose where they are no key set. */
export const keysOf = (keys: readonly Readonly<Record<string, unknown>>[]): JWTVerifyGetKey =>
  createLocalJWKSet({ keys } as JSONWebKeySet);

const Metadata = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });

/**
 * Where an authorization server has its keys (OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3).
 * @throws KeysUnreadable where it does not say, or says that it is another.
 */
export async function discoverKeys(issuer: string): Promise<string> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const places = [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
  for (const place of places) {
    const response = await limitedFetch(place, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
    const parsed = response.ok ? Metadata.safeParse(await response.json()) : null;
    // RFC 8414, section 3.3: it must be the very same.
    if (parsed?.success && parsed.data.issuer === issuer) {
      const { protocol, origin: there, href } = new URL(parsed.data.jwks_uri);
      // Whoever could change keys on the way would be whoever it likes.
      if (protocol === 'https:' || there === origin) return href;
    }
  }
  throw new KeysUnreadable(`${issuer} does not say where its keys are`);
}

/** No redirect is followed, and what is too large is not read. */
async function limitedFetch(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'error' });
  const { status, statusText, headers, body } = response;
  if (body === null) return response;
  let bytes = 0;
  const limited = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > BYTES_MAX) controller.error(new Error('the answer is too large'));
      else controller.enqueue(chunk);
    },
  });
  return new Response(body.pipeThrough(limited), { status, statusText, headers });
}
