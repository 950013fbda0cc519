import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import { principalOf } from '../../access/people/sessions.ts';
import { writeScopes } from '../../domain/access.ts';
import type { Clock } from '../../domain/environment.ts';
import { formatInstant } from '../../domain/instant.ts';
import { Refused } from '../../fhir/outcomes.ts';
import { packageRoot } from '../../system/package-root.ts';
import { tellAnswer } from '../contract/answer-channel.ts';
import type { Shown } from '../contract/route.ts';
import { readSession } from '../contract/session.ts';
import { accountPages } from './account.ts';
import { answering, type Handler, withPolicy } from './answer.ts';
import { ENTRY, entryPage } from './entry.ts';
import { INVITATION, invitationPages } from './invitation.ts';
import { CALLBACK, providerPages } from './provider.ts';
import { secondFactorPages } from './second-factors.ts';
import { ACCOUNT, SECOND_FACTOR, SET_UP, SIGN_IN, SIGN_OUT, signInPages } from './sign-in.ts';
import type { SiteOptions } from './visit.ts';

/** Everything under `/auth`: what people sign in by, in French and in English, and without a script but for passkeys. */

export type PagesDependencies = SiteOptions & {
  readonly clock: Pick<Clock, 'now'>;
  readonly report: (error: unknown) => string;
};

const FORM_BYTES_MAX = 32 * 1024;
const ASSET_SECONDS = 300;

export function authPages({ clock, report, ...site }: PagesDependencies): Router {
  const { people } = site;
  const router = express.Router();
  const now = () => clock.now();
  // Only forms are read: what a page of others can send as text/plain arrives as nothing, and has no token.
  const body = express.text({
    type: 'application/x-www-form-urlencoded',
    limit: FORM_BYTES_MAX,
    inflate: false,
  });
  const read = (path: string, handler: Handler) => router.get(path, answering(site, handler));
  const send = (path: string, handler: Handler) => router.post(path, body, answering(site, handler));

  router.use('/auth', withPolicy);
  router.get('/auth/style.css', asset('style.css', 'text/css'));
  router.get('/auth/passkey.mjs', asset('passkey.mjs', 'text/javascript'));

  const entry = signInPages(people, now);
  read(SIGN_IN, entry.signInPage);
  send(SIGN_IN, entry.signIn);
  read(SECOND_FACTOR, entry.secondFactorPage);
  send(SECOND_FACTOR, entry.giveCode);
  send(`${SECOND_FACTOR}/passkey`, entry.givePasskey);
  read(SIGN_OUT, entry.signOutPage);
  send(SIGN_OUT, entry.signOut);

  const provider = providerPages(people, report);
  read('/auth/oidc/start', provider.start);
  read(CALLBACK, provider.callback);

  const invitation = invitationPages(people.signIn);
  read(`${INVITATION}/:secret`, invitation.page);
  send(`${INVITATION}/:secret`, invitation.accept);

  if (people.entryKey !== null) read(ENTRY, entryPage(people, people.entryKey));

  const account = accountPages(people, now);
  read(ACCOUNT, account.account);
  read('/auth/account/password', account.passwordPage);
  send('/auth/account/password', account.changePassword);
  send('/auth/account/sessions/end', account.endSession);

  const factors = secondFactorPages(people.signIn);
  read(SET_UP, factors.setUpPage);
  send('/auth/account/totp', factors.addTotp);
  send('/auth/account/totp/remove', factors.removeTotp);
  send('/auth/account/passkeys', factors.addPasskey);
  send('/auth/account/passkeys/remove', factors.removePasskey);
  send('/auth/account/recovery-codes', factors.newRecoveryCodes);

  read(readSession.path, session);
  return router;
}

/** Who is signed in, for the console's page. */
const session: Handler = async ({ visitor, token }) => {
  if (!visitor) {
    throw new Refused('unauthenticated', {
      diagnostics: {
        fr: `personne n’a ouvert de session : voyez ${SIGN_IN}`,
        en: `nobody is signed in: see ${SIGN_IN}`,
      },
    });
  }
  const { person, standing } = visitor;
  const { scopes } = principalOf(person);
  const body: Shown<(typeof readSession.answers)[200]['schema']> = {
    person: { id: person.id, name: person.name, login: person.login },
    organization: person.organizationId,
    scopes: writeScopes(scopes).split(' '),
    standing,
    csrfToken: token,
    expiresAt: formatInstant(visitor.session.expiresAt),
  };
  tellAnswer(readSession, 200, body);
  return { kind: 'json', body };
};

/** Read once: it comes with the package. */
function asset(name: string, type: string): RequestHandler {
  const text = readFileSync(join(packageRoot, 'src', 'server', 'sign-in', name));
  return (_request, response) => {
    response.set({ 'content-type': `${type}; charset=utf-8`, 'cache-control': `max-age=${ASSET_SECONDS}` });
    response.send(text);
  };
}
