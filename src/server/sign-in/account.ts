import type { People } from '../../access/people/people.ts';
import { hasSecondFactor, type Visitor } from '../../access/people/sessions.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Passkey, Session } from '../../engine/ports/people.ts';
import { agentName, ago } from './agent.ts';
import { type Answer, type Handler, type Page, signedInBy } from './answer.ts';
import { button, field, form, notice, problem, waiting } from './form.ts';
import { type Html, html } from './html.ts';
import { newPasswordFields } from './invitation.ts';
import { ACCOUNT, SECOND_FACTOR, SET_UP, SIGN_IN } from './sign-in.ts';
import type { Visit } from './visit.ts';

/** One's own account: who one is here, the password, where one is signed in. */

export type SignedIn = (
  handler: (visit: Visit, visitor: Visitor, parameters: Readonly<Record<string, string>>) => Promise<Answer>,
) => Handler;

/** Of who has proved all that is asked for; others go and do so. */
export const signedIn: SignedIn = (handler) => async (visit, parameters) => {
  const { visitor, to } = visit;
  if (!visitor) return { kind: 'redirect', to: to(SIGN_IN, { next: ACCOUNT }) };
  if (visitor.standing === 'second-factor') return { kind: 'redirect', to: to(SECOND_FACTOR) };
  if (visitor.standing === 'enrol') return { kind: 'redirect', to: to(SET_UP) };
  return handler(visit, visitor, parameters);
};

const PASSWORD = '/auth/account/password';
const CHANGED = 'changed';

export type AccountPages = Readonly<
  Record<'account' | 'passwordPage' | 'changePassword' | 'endSession', Handler>
>;

export function accountPages({ signIn, store }: People, now: () => Instant): AccountPages {
  const passwordPage = (visit: Visit, wrong: { text: string; status: number } | null): Page => {
    const { words, to } = visit;
    const isWrong = wrong !== null;
    const current = field({
      name: 'password',
      label: words.currentPassword,
      type: 'password',
      autocomplete: 'current-password',
      isWrong,
    });
    const fields = html`${problem(wrong?.text ?? null)}${current}${newPasswordFields(visit, isWrong)}
<div class="row"><button>${words.choose}</button><a href="${to(ACCOUNT)}">${words.cancel}</a></div>`;
    return {
      kind: 'page',
      ...(wrong ?? {}),
      title: words.changePassword,
      path: PASSWORD,
      body: form(visit, PASSWORD, fields),
    };
  };

  return {
    account: signedIn(async (visit, visitor) => {
      const { words, query } = visit;
      const { person } = visitor;
      const [sessions, passkeys] = await Promise.all([
        signIn.sessions.of(person.id),
        signIn.secondFactors.passkeys(person.id),
      ]);
      const isLocal = person.login !== null;
      return {
        kind: 'page',
        title: words.account,
        path: ACCOUNT,
        body: html`<div class="wide">${query.has(CHANGED) ? notice(words.passwordChanged) : null}
<p><a class="button" href="/">${words.toConsole}</a></p>
${aboutPerson(visit, visitor)}
${isLocal ? html`<p class="after"><a class="button quiet" href="${visit.to(PASSWORD)}">${words.changePassword}</a></p>` : null}
${isLocal ? secondFactorPart(visit, visitor, passkeys) : null}
${sessionPart(visit, visitor, sessions, now())}</div>`,
      };
    }),
    passwordPage: signedIn(async (visit, { person }) =>
      person.login === null ? { kind: 'redirect', to: visit.to(ACCOUNT) } : passwordPage(visit, null),
    ),
    changePassword: signedIn(async (visit, visitor) => {
      const { form: sent, words, from, to } = visit;
      const next = sent.get('new-password') ?? '';
      const wrong = (text: string): Page => passwordPage(visit, { text, status: 422 });
      if (next !== sent.get('repeat')) return wrong(words.passwordsDiffer);
      const changed = await signIn.changePassword(visitor, { now: sent.get('password') ?? '', next }, from);
      if (changed === 'wrong') return wrong(words.passwordWrong);
      if (typeof changed === 'string') return wrong(words[changed]);
      if ('wait' in changed)
        return passwordPage(visit, { status: 429, ...waiting(visit, changed.wait, now()) });
      return { kind: 'redirect', to: to(ACCOUNT, { [CHANGED]: '' }), cookies: signedInBy(changed.secret) };
    }),
    endSession: signedIn(async ({ form: sent, to }, { person, session }) => {
      const id = sent.get('id');
      const others = await signIn.sessions.of(person.id);
      const ended = others.filter((each) => (id === null ? each.id !== session.id : each.id === id));
      for (const each of ended) await store.endSession(person.id, each.id);
      return { kind: 'redirect', to: to(ACCOUNT) };
    }),
  };
}

const aboutPerson = ({ words }: Visit, { person }: Visitor): Html => html`<dl>
<dt>${words.name}</dt><dd>${person.name}</dd>
${person.login === null ? null : html`<dt>${words.signsInBy}</dt><dd>${person.login}</dd>`}
<dt>${words.organization}</dt><dd>${person.organizationId ?? words.everyOrganization}</dd>
<dt>${words.rights}</dt><dd><code>${person.scopes}</code></dd>
</dl>`;

function secondFactorPart(visit: Visit, { person }: Visitor, passkeys: readonly Passkey[]): Html {
  const { words, to } = visit;
  const totp = html`<li><span>${words.totpOn}</span>${button(visit, '/auth/account/totp/remove', { text: words.remove, label: words.removeThis(words.totpOn) })}</li>`;
  const keys = passkeys.map(
    ({ id, name }) =>
      html`<li><span>${name}<small>${words.passkey}</small></span>${button(visit, '/auth/account/passkeys/remove', { text: words.remove, label: words.removeThis(name), id })}</li>`,
  );
  const codes = html`<li><span>${words.recoveryLeft(person.recoveryCodes)}</span>${button(visit, '/auth/account/recovery-codes', { text: words.newCodes })}</li>`;
  return html`<h2>${words.secondFactors}</h2>
${
  hasSecondFactor(person)
    ? html`<ul class="list">${person.totp === null ? null : totp}${keys}${codes}</ul>`
    : html`<p>${words.secondFactorsNone}</p>`
}
<p><a class="button quiet" href="${to(SET_UP)}">${words.addFactor}</a></p>`;
}

function sessionPart(visit: Visit, { session }: Visitor, sessions: readonly Session[], now: Instant): Html {
  const { words, language } = visit;
  const path = '/auth/account/sessions/end';
  const rows = sessions.map(({ id, agent, usedAt, createdAt }) => {
    const name = agentName(agent) ?? words.unknownBrowser;
    const times = `${words.lastUsed} ${ago(usedAt, now, language)}, ${words.begun} ${ago(createdAt, now, language)}`;
    const isThis = id === session.id;
    return html`<li><span>${name}${isThis ? ` (${words.thisSession})` : null}<small>${times}</small></span>${
      isThis ? null : button(visit, path, { text: words.endSession, label: words.endThis(name), id })
    }</li>`;
  });
  return html`<h2>${words.sessions}</h2><ul class="list">${rows}</ul>
${sessions.length > 1 ? button(visit, path, { text: words.endOthers }) : null}`;
}
