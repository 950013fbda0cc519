import type { Request } from 'express';
import type { People } from '../../access/people/people.ts';
import { isSame, isSecret, newSecret } from '../../access/people/secrets.ts';
import type { Visitor } from '../../access/people/sessions.ts';
import type { From } from '../../access/people/sign-in.ts';
import { type Language, languageOf } from '../../fhir/language.ts';
import { addressOf, type IsProxy, networkOf } from '../client-address.ts';
import { type Cookie, cookieOf } from './cookies.ts';
import { type Html, html } from './html.ts';
import { type Here, hereOf, isFromHere } from './site.ts';
import { WORDS, type Words } from './words.ts';

/** One request of a page: who has sent it, from where, in which language. */
export type Visit = {
  readonly here: Here;
  readonly language: Language;
  readonly words: Words;
  readonly visitor: Visitor | null;
  readonly from: From;
  readonly device: string;
  /** Sealed: what a provider was asked with. */
  readonly flow: string;
  /** Of a form that was sent; empty of a page that is read. */
  readonly form: URLSearchParams;
  readonly query: URLSearchParams;
  /** To be set, where a form of the answer needs it. */
  readonly newCookies: readonly Cookie[];
  /** What a form of ours has in it, by which it is known again. */
  readonly token: string;
  /** An address of ours that keeps the language that was asked for. */
  readonly to: (path: string, parameters?: Readonly<Record<string, string>>) => string;
};

const TOKEN_FIELD = 'token';
const LANGUAGES = ['fr', 'en'] as const;

export type SiteOptions = {
  readonly people: People;
  /** Where clients reach this server; null = where each request says. */
  readonly publicUrl: string | null;
  readonly isProxy: IsProxy;
};

/** Null = nobody can sign in by the address that it came by. */
export async function visitOf(
  request: Request,
  { people, publicUrl, isProxy }: SiteOptions,
): Promise<Visit | null> {
  const here = hereOf(request, publicUrl);
  if (!here) return null;
  const { signIn, mac } = people;
  const address = addressOf(request, isProxy);
  const query = new URL(request.originalUrl, here.origin).searchParams;
  const form = formIn(request.body);
  const asked = LANGUAGES.find((each) => each === query.get('lang'));
  const language = asked ?? languageOf(request.headers['accept-language']);
  const cookie = cookieOf(request, 'session', here);
  const visitor = isSecret(cookie) ? await signIn.sessions.find(cookie) : null;
  const known = visitor ? visitor.secret : cookieOf(request, 'visitor', here);
  const secret = isSecret(known) ? known : newSecret();
  return {
    here,
    language,
    words: WORDS[language],
    visitor,
    from: { address, network: networkOf(address), agent: request.headers['user-agent'] ?? '' },
    device: cookieOf(request, 'device', here),
    flow: cookieOf(request, 'flow', here),
    form,
    query,
    newCookies: secret === known ? [] : [{ name: 'visitor', value: secret }],
    token: tokenOf(mac, secret),
    to: (path, parameters = {}) =>
      addressTo(path, asked === undefined ? parameters : { ...parameters, lang: asked }),
  };
}

/** No text of PostgreSQL has U+0000. */
function formIn(body: unknown): URLSearchParams {
  const form = new URLSearchParams();
  const sent = new URLSearchParams(typeof body === 'string' ? body : '');
  for (const [name, value] of sent) form.append(name, value.replaceAll('\0', ''));
  return form;
}

const addressTo = (path: string, parameters: Readonly<Record<string, string>>): string => {
  const text = new URLSearchParams(parameters).toString();
  return text === '' ? path : `${path}?${text}`;
};

/** Synchronizer token (OWASP, «CSRF Prevention Cheat Sheet»), bound to the cookie that comes with it. */
export const tokenOf = (mac: People['mac'], secret: string): string =>
  mac('form', secret).toString('base64url');

/** A form of ours, sent from a page of ours: of signing in as well, or somebody could be signed in as somebody else. */
export const isOurForm = (request: Request, { here, form, token }: Visit): boolean =>
  isFromHere(request, here) && isSame(form.get(TOKEN_FIELD) ?? '', token);

/** What every form has in it. */
export const tokenField = ({ token }: Visit): Html =>
  html`<input type="hidden" name="${TOKEN_FIELD}" value="${token}">`;

/** A page of ours to go on to; anything else is none. @returns null = nothing is said, or something else. */
export function returnTo(text: string | null, { origin }: Here): string | null {
  if (text === null || !text.startsWith('/') || !URL.canParse(text, origin)) return null;
  const url = new URL(text, origin);
  // As it is written again: of `/.//host` is left `//host`, which is another host.
  return url.origin === origin && !url.pathname.startsWith('//') ? url.pathname + url.search : null;
}
