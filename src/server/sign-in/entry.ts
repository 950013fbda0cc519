import type { People } from '../../access/people/people.ts';
import { isSame } from '../../access/people/secrets.ts';
import { ALL_SCOPES } from '../../domain/access.ts';
import { type Handler, signedInBy } from './answer.ts';
import { problem } from './form.ts';
import { html } from './html.ts';
import { SIGN_IN } from './sign-in.ts';

/** The way into the demonstration: the link that the terminal shows signs in whoever opens it, as somebody made up. */

export const ENTRY = '/auth/demonstration';

/** Whom no provider has: this is no address. */
const ISSUER = 'demonstration';

/** @param key of this process; it is in no file, and another after each start. */
export const entryPage =
  ({ signIn }: Pick<People, 'signIn'>, key: string): Handler =>
  async ({ query, from, words, to }) => {
    const person = {
      issuer: ISSUER,
      subject: ISSUER,
      name: words.demonstrator,
      scopes: ALL_SCOPES,
      organizationId: null,
      idToken: null,
    };
    const isKey = isSame(query.get('key') ?? '', key);
    const secret = isKey ? await signIn.withProvider(person, from) : null;
    if (secret !== null) return { kind: 'redirect', to: '/', cookies: signedInBy(secret) };
    return {
      kind: 'page',
      status: 403,
      title: words.entryTitle,
      path: SIGN_IN,
      body: html`${problem(words.entryWrong)}<p><a class="button" href="${to(SIGN_IN)}">${words.backToSignIn}</a></p>`,
    };
  };
