import encodeQr from 'qr';
import { takesPasskeys } from '../../access/people/passkeys.ts';
import type { Added } from '../../access/people/second-factors.ts';
import type { Visitor } from '../../access/people/sessions.ts';
import type { SignIn } from '../../access/people/sign-in.ts';
import { signedIn } from './account.ts';
import { type Answer, type Handler, type Page, signedInBy } from './answer.ts';
import { field, form, notice, passkeyForm, problem } from './form.ts';
import { html, trusted } from './html.ts';
import { ACCOUNT, SECOND_FACTOR, SET_UP, SIGN_IN } from './sign-in.ts';
import type { Visit } from './visit.ts';

/** Setting up second factors of one's own account, and taking them away. */

const NAME_MAX = 60;

export type SecondFactorPages = Readonly<
  Record<
    'setUpPage' | 'addTotp' | 'removeTotp' | 'addPasskey' | 'removePasskey' | 'newRecoveryCodes',
    Handler
  >
>;

export function secondFactorPages({ sessions, secondFactors }: SignIn): SecondFactorPages {
  /** Whoever comes to a browser that was left open must not make it their own: who this is must just have been proved. */
  const changing =
    (handler: (visit: Visit, visitor: Visitor) => Promise<Answer>): Handler =>
    async (visit) => {
      const { visitor, to } = visit;
      if (!visitor) return { kind: 'redirect', to: to(SIGN_IN) };
      if (visitor.standing === 'second-factor') return { kind: 'redirect', to: to(SECOND_FACTOR) };
      if (visitor.person.login === null) return { kind: 'redirect', to: to(ACCOUNT) };
      if (!sessions.isFresh(visitor))
        return { kind: 'redirect', to: to(SIGN_IN, { again: '', next: ACCOUNT }) };
      return handler(visit, visitor);
    };

  async function setUpPage(visit: Visit, visitor: Visitor, wrong: string | null): Promise<Page> {
    const { words, to } = visit;
    const isDemanded = visitor.standing === 'enrol';
    return {
      kind: 'page',
      ...(wrong === null ? {} : { status: 422 }),
      title: words.setUp,
      path: SET_UP,
      body: html`<div class="wide">${isDemanded ? notice(words.setUpDemanded) : null}${problem(wrong)}
${totpPart(visit, visitor, wrong !== null)}${await passkeyPart(visit, visitor)}
${isDemanded ? null : html`<p><a href="${to(ACCOUNT)}">${words.cancel}</a></p>`}</div>`,
    };
  }

  function totpPart(visit: Visit, visitor: Visitor, isWrong: boolean) {
    const { words } = visit;
    const { uri, typed } = secondFactors.offerTotp(visitor);
    const code = field({
      name: 'code',
      label: words.setUpCode,
      type: 'text',
      autocomplete: 'one-time-code',
      isWrong,
      isCode: true,
    });
    return html`<h2>${words.setUpTotp}</h2><p>${words.setUpTotpHow}</p>
<div class="qr" role="img" aria-label="${words.qr}">${trusted(encodeQr(uri, 'svg'))}</div>
<p class="quiet-text">${words.setUpTyped} <code>${typed}</code></p>
${form(visit, '/auth/account/totp', html`${code}<button>${words.save}</button>`)}`;
  }

  async function passkeyPart(visit: Visit, visitor: Visitor) {
    const { words, here } = visit;
    if (!takesPasskeys(here)) return null;
    const name = field({
      name: 'name',
      label: words.passkeyName,
      type: 'text',
      autocomplete: 'off',
      value: words.passkey,
    });
    const passkey = passkeyForm(visit, '/auth/account/passkeys', {
      kind: 'create',
      options: await secondFactors.newPasskeyOptions(visitor, here),
      fields: name,
      failed: words.passkeyFailed,
      text: words.addPasskey,
    });
    return html`<h2>${words.setUpPasskey}</h2><p>${words.setUpPasskeyHow}</p>${passkey}`;
  }

  const codesPage = ({ words, to }: Visit, codes: readonly string[]): Page => ({
    kind: 'page',
    title: words.codesTitle,
    path: ACCOUNT,
    body: html`<div class="wide"><p>${words.codesWhy}</p>
<ul class="codes">${codes.map((code) => html`<li>${code}</li>`)}</ul>
<p><a class="button" href="${to(ACCOUNT)}">${words.codesDone}</a></p></div>`,
  });

  const added = (visit: Visit, { secret, codes }: Added): Answer =>
    codes === null
      ? { kind: 'redirect', to: visit.to(ACCOUNT), cookies: signedInBy(secret) }
      : { ...codesPage(visit, codes), cookies: signedInBy(secret) };

  return {
    setUpPage: changing((visit, visitor) => setUpPage(visit, visitor, null)),
    addTotp: changing(async (visit, visitor) => {
      const { form: sent, from, words } = visit;
      const done = await secondFactors.addTotp(visitor, sent.get('code') ?? '', from.address);
      return done ? added(visit, done) : setUpPage(visit, visitor, words.setUpWrong);
    }),
    addPasskey: changing(async (visit, visitor) => {
      const { form: sent, from, words, here } = visit;
      const name = (sent.get('name') ?? '').trim().slice(0, NAME_MAX) || words.passkey;
      const given = { answer: sent.get('credential') ?? '', name, address: from.address };
      const done = await secondFactors.addPasskey(visitor, here, given);
      return done ? added(visit, done) : setUpPage(visit, visitor, words.passkeyFailed);
    }),
    removeTotp: changing(async (visit, visitor) => {
      await secondFactors.removeTotp(visitor, visit.from.address);
      return { kind: 'redirect', to: visit.to(ACCOUNT) };
    }),
    removePasskey: changing(async (visit, visitor) => {
      await secondFactors.removePasskey(visitor, visit.form.get('id') ?? '', visit.from.address);
      return { kind: 'redirect', to: visit.to(ACCOUNT) };
    }),
    newRecoveryCodes: changing(async (visit, visitor) =>
      signedIn(async () => {
        const codes = await secondFactors.newRecoveryCodes(visitor.person.id, visit.from.address);
        return codesPage(visit, codes);
      })(visit, {}),
    ),
  };
}
