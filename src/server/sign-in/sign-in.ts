import { takesPasskeys } from '../../access/people/passkeys.ts';
import type { People } from '../../access/people/people.ts';
import type { Visitor } from '../../access/people/sessions.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Answer, type Handler, type Page, SIGNED_OUT, signedInBy } from './answer.ts';
import { field, form, notice, passkeyForm, problem, waiting } from './form.ts';
import { html } from './html.ts';
import { returnTo, type Visit } from './visit.ts';

/** Signing in by a password and a second factor, and signing out. */

export const ACCOUNT = '/auth/account';
export const SIGN_IN = '/auth/sign-in';
export const SECOND_FACTOR = '/auth/second-factor';
export const SET_UP = '/auth/account/second-factor';
export const SIGN_OUT = '/auth/sign-out';

export type SignInPages = Readonly<
  Record<
    'signInPage' | 'signIn' | 'secondFactorPage' | 'giveCode' | 'givePasskey' | 'signOutPage' | 'signOut',
    Handler
  >
>;

type Problem = { readonly text: string; readonly status: number; readonly retryAfterSeconds?: number };

export function signInPages({ signIn, provider }: People, now: () => Instant): SignInPages {
  function signInPage(visit: Visit, wrong: Problem | null): Page {
    const { words, query, form: sent, to, language } = visit;
    const next = nextOf(visit);
    const fields = html`${problem(wrong?.text ?? null)}
${field({ name: 'login', label: words.login, type: 'text', autocomplete: 'username', value: sent.get('login') ?? '', isWrong: wrong !== null })}
${field({ name: 'password', label: words.password, type: 'password', autocomplete: 'current-password', isWrong: wrong !== null })}
${next === null ? null : html`<input type="hidden" name="next" value="${next}">`}
<button>${words.signIn}</button>`;
    return {
      kind: 'page',
      ...(wrong ?? {}),
      title: words.signIn,
      path: SIGN_IN,
      body: html`${query.has('out') ? notice(words.signedOut) : null}${query.has('again') ? notice(words.again) : null}
${form(visit, SIGN_IN, fields, 'full')}
${
  provider &&
  html`<p class="or">${words.or}</p><p><a class="button quiet full" href="${to('/auth/oidc/start', next === null ? {} : { next })}">${words.withProvider(provider.name[language])}</a></p>`
}
<p class="quiet-text">${words.forgotten}</p>`,
    };
  }

  async function secondFactorPage(visit: Visit, visitor: Visitor, wrong: Problem | null): Promise<Page> {
    const { words, here } = visit;
    const next = nextOf(visit);
    const kept = next === null ? null : html`<input type="hidden" name="next" value="${next}">`;
    const hasPasskey = visitor.person.passkeys > 0 && takesPasskeys(here);
    const isPasskeyFirst = visitor.person.totp === null;
    const code = field({
      name: 'code',
      label: words.code,
      type: 'text',
      autocomplete: 'one-time-code',
      help: isPasskeyFirst ? words.passkeyOnly : words.codeHelp,
      isWrong: wrong !== null,
      isCode: true,
    });
    const passkey = hasPasskey
      ? passkeyForm(visit, `${SECOND_FACTOR}/passkey`, {
          kind: 'get',
          options: await signIn.secondFactors.passkeyOptions(visitor, here),
          fields: kept,
          failed: words.wrongPasskey,
          text: words.usePasskey,
          isQuiet: !isPasskeyFirst,
        })
      : html``;
    const byCode = form(visit, SECOND_FACTOR, html`${code}${kept}<button>${words.verify}</button>`, 'full');
    return {
      kind: 'page',
      ...(wrong ?? {}),
      title: words.secondFactor,
      path: SECOND_FACTOR,
      body: html`${problem(wrong?.text ?? null)}
${isPasskeyFirst ? [passkey, byCode] : [byCode, passkey]}`,
    };
  }

  const waitingFor = (visit: Visit, until: Instant): Problem => ({
    status: 429,
    ...waiting(visit, until, now()),
  });

  /** Of who still has to give a second factor. */
  const pending =
    (handler: (visit: Visit, visitor: Visitor) => Promise<Answer>): Handler =>
    async (visit) => {
      const { visitor, to } = visit;
      if (visitor?.standing === 'second-factor') return handler(visit, visitor);
      return { kind: 'redirect', to: to(visitor ? ACCOUNT : SIGN_IN) };
    };

  const given = async (
    visit: Visit,
    visitor: Visitor,
    outcome: Awaited<ReturnType<typeof signIn.secondFactors.giveCode>>,
    wrong: string,
  ): Promise<Answer> => {
    if (outcome.outcome === 'wait') return secondFactorPage(visit, visitor, waitingFor(visit, outcome.until));
    if (outcome.outcome === 'wrong') return secondFactorPage(visit, visitor, { text: wrong, status: 422 });
    return { kind: 'redirect', to: nextOf(visit) ?? visit.to(ACCOUNT), cookies: signedInBy(outcome.secret) };
  };

  return {
    async signInPage(visit) {
      const { visitor, query, to } = visit;
      if (!visitor || query.has('again')) return signInPage(visit, null);
      return { kind: 'redirect', to: to(ACCOUNT) };
    },
    async signIn(visit) {
      const { form: sent, words, visitor, device, from } = visit;
      const credentials = {
        login: sent.get('login') ?? '',
        password: sent.get('password') ?? '',
        device,
        from,
      };
      const outcome = await signIn.withPassword(credentials);
      if (outcome.outcome === 'wait') return signInPage(visit, waitingFor(visit, outcome.until));
      if (outcome.outcome === 'wrong') return signInPage(visit, { text: words.wrong, status: 422 });
      // Whoever was signed in by this browser is not any more.
      if (visitor) await signIn.signOut(visitor, from.address);
      const cookies = [...signedInBy(outcome.secret), { name: 'device', value: outcome.device } as const];
      return { kind: 'redirect', to: await entry(visit, outcome.secret), cookies };
    },
    secondFactorPage: pending((visit, visitor) => secondFactorPage(visit, visitor, null)),
    giveCode: pending(async (visit, visitor) => {
      const { form: sent, from, words } = visit;
      const outcome = await signIn.secondFactors.giveCode(visitor, sent.get('code') ?? '', from.address);
      return given(visit, visitor, outcome, words.wrongCode);
    }),
    givePasskey: pending(async (visit, visitor) => {
      const { form: sent, from, words, here } = visit;
      const answer = sent.get('credential') ?? '';
      const outcome = await signIn.secondFactors.givePasskey(visitor, here, answer, from.address);
      return given(visit, visitor, outcome, words.wrongPasskey);
    }),
    async signOutPage(visit) {
      const { visitor, words, to } = visit;
      if (!visitor) return { kind: 'redirect', to: to(SIGN_IN) };
      const leave = html`<div class="row"><button>${words.signOut}</button><a href="${to(ACCOUNT)}">${words.cancel}</a></div>`;
      const body = html`<p>${words.signOutAsk}</p>${form(visit, SIGN_OUT, leave)}`;
      return { kind: 'page', title: words.signOut, path: SIGN_OUT, body };
    },
    async signOut(visit) {
      const { visitor, here, to, words, language, from } = visit;
      const out: Answer = { kind: 'redirect', to: to(SIGN_IN, { out: '' }), cookies: SIGNED_OUT };
      if (!visitor) return out;
      const { idToken } = await signIn.signOut(visitor, from.address);
      if (!provider || visitor.session.proof !== 'provider') return out;
      // It is ended here whether the provider can be told or not.
      const next = await provider.endUrl(idToken, here.origin + SIGN_IN).catch(() => null);
      if (!next) return out;
      const name = provider.name[language];
      // A page that goes on by itself, since a form may only lead to where we are (form-action).
      const body = html`<p>${words.signingOut(name)}</p><p><a class="button" href="${next.href}">${words.signOutThere(name)}</a></p>`;
      return { kind: 'page', title: words.signOut, path: SIGN_IN, body, next, cookies: SIGNED_OUT };
    },
  };

  /** Where who has just given a password goes on. */
  async function entry(visit: Visit, secret: string): Promise<string> {
    const found = await signIn.sessions.find(secret);
    const next = nextOf(visit);
    const kept: Readonly<Record<string, string>> = next === null ? {} : { next };
    if (found?.standing === 'second-factor') return visit.to(SECOND_FACTOR, kept);
    if (found?.standing === 'enrol') return visit.to(SET_UP);
    return next ?? visit.to(ACCOUNT);
  }
}

/** Where to go on, as the form or the address says it. */
const nextOf = ({ form: sent, query, here }: Visit): string | null =>
  returnTo(sent.get('next') ?? query.get('next'), here);
