import { isSecret } from '../../access/people/secrets.ts';
import type { SignIn } from '../../access/people/sign-in.ts';
import type { Person } from '../../engine/ports/people.ts';
import { type Handler, type Page, signedInBy } from './answer.ts';
import { field, form, problem } from './form.ts';
import { html } from './html.ts';
import { ACCOUNT, SIGN_IN } from './sign-in.ts';
import type { Visit } from './visit.ts';

/** The link by which a password is chosen, the first or another. To open it does nothing: mail is read by machines, too. */

export const INVITATION = '/auth/invitation';

export function invitationPages(signIn: SignIn): Readonly<Record<'page' | 'accept', Handler>> {
  const page = (visit: Visit, secret: string, { name, login }: Person, wrong: string | null): Page => {
    const { words } = visit;
    const path = `${INVITATION}/${secret}`;
    const fields = html`${problem(wrong)}<input type="hidden" name="login" autocomplete="username" value="${login ?? ''}">
${newPasswordFields(visit, wrong !== null)}<button>${words.choose}</button>`;
    return {
      kind: 'page',
      ...(wrong === null ? {} : { status: 422 }),
      title: words.invitation,
      path,
      body: html`<p>${words.invitationFor(name, login ?? '')}</p>${form(visit, path, fields, 'full')}`,
    };
  };
  const over = ({ words, to }: Visit): Page => ({
    kind: 'page',
    status: 410,
    title: words.invitationOverTitle,
    path: SIGN_IN,
    body: html`<p>${words.invitationOver}</p><p><a href="${to(SIGN_IN)}">${words.backToSignIn}</a></p>`,
  });
  const invited = (secret: string): Promise<Person | null> =>
    isSecret(secret) ? signIn.invited(secret) : Promise.resolve(null);

  return {
    async page(visit, { secret = '' }) {
      const person = await invited(secret);
      return person ? page(visit, secret, person, null) : over(visit);
    },
    async accept(visit, { secret = '' }) {
      const { words, from, to, form: sent, visitor } = visit;
      const person = await invited(secret);
      if (!person) return over(visit);
      const password = sent.get('new-password') ?? '';
      if (password !== sent.get('repeat')) return page(visit, secret, person, words.passwordsDiffer);
      const accepted = await signIn.accept(secret, password, from);
      if (accepted === null) return over(visit);
      if (typeof accepted === 'string') return page(visit, secret, person, words[accepted]);
      if (visitor) await signIn.signOut(visitor, from.address);
      const cookies = [...signedInBy(accepted.secret), { name: 'device', value: accepted.device } as const];
      return { kind: 'redirect', to: to(ACCOUNT), cookies };
    },
  };
}

export const newPasswordFields = ({ words }: Visit, isWrong: boolean) => html`${field({
  name: 'new-password',
  label: words.newPassword,
  type: 'password',
  autocomplete: 'new-password',
  help: words.newPasswordHelp,
  isWrong,
})}
${field({ name: 'repeat', label: words.repeat, type: 'password', autocomplete: 'new-password', isWrong })}`;
