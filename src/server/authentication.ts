import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refused } from '../fhir/outcomes.ts';

/** Bearer tokens (RFC 6750). */

const HEADER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const REALM = 'Bearer realm="passerelle"';

/** @returns what is wrong with the request, or null: it carries the token. */
export function bearer(token: string): (request: IncomingMessage) => Refused | null {
  const expected = Buffer.from(token);
  return (request) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      const diagnostics =
        'send Authorization: Bearer <token>; the administrator’s is in $PASSERELLE_DATA/admin-token';
      return refused(diagnostics, REALM);
    }
    const given = HEADER.exec(authorization)?.[1];
    if (given !== undefined && isSame(Buffer.from(given), expected)) return null;
    return refused('this token is not known here', `${REALM}, error="invalid_token"`);
  };
}

/** In constant time: no prefix of the token can be timed, and its length is no secret. */
const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

const refused = (diagnostics: string, challenge: string): Refused =>
  new Refused(
    'unauthenticated',
    { diagnostics, expression: 'http.Authorization' },
    { 'www-authenticate': challenge },
  );
