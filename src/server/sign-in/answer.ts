import type { RequestHandler, Response } from 'express';
import { Busy } from '../../access/people/passwords.ts';
import { type Cookie, cookieText } from './cookies.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { isSafe } from './site.ts';
import { isOurForm, type SiteOptions, type Visit, visitOf } from './visit.ts';
import { WORDS } from './words.ts';

/** What a page is answered with, and how it is sent. */
export type Answer = { readonly cookies?: readonly Cookie[] } & (
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'json'; readonly body: object }
  | Page
);

export type Page = {
  readonly kind: 'page';
  /** Left out = 200. */
  readonly status?: number;
  readonly title: string;
  readonly body: Html;
  /** Where it is read in the other language. */
  readonly path: string;
  /** It goes on there by itself. */
  readonly next?: URL;
  readonly retryAfterSeconds?: number;
};

export type Handler = (visit: Visit, parameters: Readonly<Record<string, string>>) => Promise<Answer>;

/** Nothing but our own style sheet and our own script file; no page of others shows it within (CSP 3). */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  // With no-referrer browsers would say `Origin: null` of our own forms.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'Accept-Language, Cookie',
};

/** Every answer under /auth, of whatever is wrong too. */
export const withPolicy: RequestHandler = (_request, response, next) => {
  response.set(HEADERS);
  next();
};

export const answering =
  (site: SiteOptions, handler: Handler): RequestHandler =>
  async (request, response) => {
    const visit = await visitOf(request, site);
    if (!visit) {
      response.status(403).type('html').send(withoutHome());
      return;
    }
    const isRefused = !isSafe(request.method) && !isOurForm(request, visit);
    const answer = isRefused ? expired(visit) : await handled(handler, visit, request.params);
    send(response, answer, visit);
  };

async function handled(
  handler: Handler,
  visit: Visit,
  parameters: Readonly<Record<string, string | string[]>>,
): Promise<Answer> {
  const texts = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
  try {
    return await handler(visit, Object.fromEntries(texts));
  } catch (error) {
    if (error instanceof Busy) return busy(visit);
    throw error;
  }
}

function send(response: Response, answer: Answer, visit: Visit): void {
  const { here } = visit;
  const cookies = [...(answer.kind === 'page' ? visit.newCookies : []), ...(answer.cookies ?? [])];
  if (cookies.length > 0)
    response.set(
      'set-cookie',
      cookies.map((cookie) => cookieText(cookie, here)),
    );
  switch (answer.kind) {
    case 'redirect':
      response.redirect(303, answer.to);
      return;
    case 'json':
      response.json(answer.body);
      return;
    case 'page': {
      const { status = 200, retryAfterSeconds } = answer;
      if (retryAfterSeconds !== undefined) response.set('retry-after', String(retryAfterSeconds));
      response.set('content-language', visit.language);
      response.status(status).type('html').send(layout(answer, visit));
    }
  }
}

const expired = ({ words, to }: Visit): Page => ({
  kind: 'page',
  status: 403,
  title: words.expiredTitle,
  path: '/auth/account',
  body: html`<p role="alert">${words.expired}</p><p><a class="button" href="${to('/auth/account')}">${words.goOn}</a></p>`,
});

const busy = ({ words, to }: Visit): Page => ({
  kind: 'page',
  status: 503,
  retryAfterSeconds: 5,
  title: words.busyTitle,
  path: '/auth/sign-in',
  body: html`<p role="alert">${words.busy}</p><p><a class="button" href="${to('/auth/sign-in')}">${words.goOn}</a></p>`,
});

/** Without an address of our own there are no cookies, so both languages are told at once. */
const withoutHome = (): string =>
  layout(
    {
      kind: 'page',
      title: 'Adresse non prise en charge / Address not supported',
      path: '/auth/sign-in',
      body: html`<p>${WORDS.fr.noHome}</p><p lang="en">${WORDS.en.noHome}</p>`,
    },
    { language: 'fr', words: WORDS.fr, visitor: null },
  );

/** The form of before that is of nobody any more. */
export const signedInBy = (secret: string): readonly Cookie[] => [
  { name: 'session', value: secret },
  { name: 'visitor', value: '' },
];

export const SIGNED_OUT: readonly Cookie[] = [{ name: 'session', value: '' }];
