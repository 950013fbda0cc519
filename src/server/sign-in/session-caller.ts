import type { IncomingMessage } from 'node:http';
import type { People } from '../../access/people/people.ts';
import { isSame, isSecret } from '../../access/people/secrets.ts';
import { principalOf, type Sessions } from '../../access/people/sessions.ts';
import type { Principal } from '../../domain/access.ts';
import type { Bilingual } from '../../domain/schedule.ts';
import { Refused } from '../../fhir/outcomes.ts';
import type { Authenticate } from '../authentication.ts';
import { cookieOf } from './cookies.ts';
import { type Here, hereOf, isFromHere, isSafe } from './site.ts';
import { tokenOf } from './visit.ts';

/**
 * Who asks /fhir and /api by the cookie of a session. Where there is `Authorization` it counts alone: a browser adds cookies by
 * itself, so they are taken of our own pages only, and of what changes something only with the token that such a page has.
 */

const TOKEN_HEADER = 'x-csrf-token';

const ELSEWHERE: Bilingual = {
  fr: 'une session n’est prise que des pages de cette passerelle; d’ailleurs, envoyez Authorization: Bearer <jeton>',
  en: 'a session is taken from pages of this gateway only; from elsewhere send Authorization: Bearer <token>',
};
const NO_TOKEN: Bilingual = {
  fr: 'envoyez X-CSRF-Token, que donne GET /auth/session',
  en: 'send X-CSRF-Token, which GET /auth/session gives',
};
const OVER: Bilingual = {
  fr: 'la session est terminée : ouvrez-en une autre à /auth/sign-in',
  en: 'the session has ended: sign in again at /auth/sign-in',
};
const UNFINISHED: Bilingual = {
  fr: 'la session attend encore une vérification : voyez /auth/account',
  en: 'the session still waits for a second factor: see /auth/account',
};

export type SessionFinder = Pick<People, 'mac'> & {
  readonly signIn: { readonly sessions: Pick<Sessions, 'find'> };
};

/** @param bearer who it is where there is no such cookie. */
export const withSessions =
  (bearer: Authenticate, { signIn, mac }: SessionFinder, publicUrl: string | null): Authenticate =>
  (request) => {
    if (request.headers.authorization !== undefined || request.headers.cookie === undefined)
      return bearer(request);
    const here = hereOf(request, publicUrl);
    const secret = here ? cookieOf(request, 'session', here) : '';
    return here && isSecret(secret) ? ofSession(request, here, secret) : bearer(request);

    async function ofSession(asked: IncomingMessage, at: Here, cookie: string): Promise<Principal> {
      if (!isFromHere(asked, at)) throw refused('forbidden', ELSEWHERE, 'http.Cookie');
      const token = asked.headers[TOKEN_HEADER];
      if (!isSafe(asked.method) && !isSame(String(token), tokenOf(mac, cookie))) {
        throw refused('forbidden', NO_TOKEN, 'http.X-CSRF-Token');
      }
      const visitor = await signIn.sessions.find(cookie);
      if (!visitor) throw refused('unauthenticated', OVER, 'http.Cookie');
      if (visitor.standing !== 'full') throw refused('unauthenticated', UNFINISHED, 'http.Cookie');
      return principalOf(visitor.person);
    }
  };

const refused = (
  outcome: 'forbidden' | 'unauthenticated',
  diagnostics: Bilingual,
  expression: string,
): Refused =>
  new Refused(
    outcome,
    { diagnostics, expression },
    outcome === 'unauthenticated' ? { 'www-authenticate': 'Bearer realm="passerelle"' } : {},
  );
