import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Bilingual } from '../domain/schedule.ts';
import { Refused } from '../fhir/outcomes.ts';

/** Bearer tokens (RFC 6750). */

const HEADER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const REALM = 'Bearer realm="passerelle"';

const MISSING: Bilingual = {
  fr: 'envoyez Authorization: Bearer <jeton>; celui de l’administrateur est dans $PASSERELLE_DATA/admin-token',
  en: 'send Authorization: Bearer <token>; the administrator’s is in $PASSERELLE_DATA/admin-token',
};
const UNKNOWN: Bilingual = { fr: 'ce jeton n’est pas connu ici', en: 'this token is not known here' };

/** @returns what is wrong with the request, or null: it carries the token. */
export function bearer(token: string): (request: IncomingMessage) => Refused | null {
  const expected = Buffer.from(token);
  return (request) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      return refused(MISSING, REALM);
    }
    const given = HEADER.exec(authorization)?.[1];
    if (given !== undefined && isSame(Buffer.from(given), expected)) return null;
    return refused(UNKNOWN, `${REALM}, error="invalid_token"`);
  };
}

/** In constant time: no prefix of the token can be timed, and its length is no secret. */
const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

const refused = (diagnostics: Bilingual, challenge: string): Refused =>
  new Refused(
    'unauthenticated',
    { diagnostics, expression: 'http.Authorization' },
    { 'www-authenticate': challenge },
  );
