import type { People } from '../../access/people/people.ts';
import type { Flow, Provider } from '../../access/people/provider.ts';
import { ProviderFailed } from '../../access/people/provider.ts';
import { type Answer, type Handler, type Page, signedInBy } from './answer.ts';
import { problem } from './form.ts';
import { html } from './html.ts';
import { ACCOUNT, SIGN_IN } from './sign-in.ts';
import { returnTo, type Visit } from './visit.ts';

/** Signing in by a provider of OpenID Connect: there, and back. */

export const CALLBACK = '/auth/oidc/callback';
const FLOW = 'OIDC flow';

type Kept = Flow & { readonly next: string | null };

export function providerPages(
  { provider, signIn, seal }: People,
  report: (error: unknown) => string,
): Readonly<Record<'start' | 'callback', Handler>> {
  const refused = (visit: Visit, text: string, status: number): Page => ({
    kind: 'page',
    status,
    title: visit.words.providerTitle,
    path: SIGN_IN,
    body: html`${problem(text)}<p><a class="button" href="${visit.to(SIGN_IN)}">${visit.words.backToSignIn}</a></p>`,
  });

  /** What it fails with is in the log; who signs in can do nothing about it. */
  const asking =
    (handler: (visit: Visit, provider: Provider) => Promise<Answer>): Handler =>
    async (visit) => {
      if (!provider) return { kind: 'redirect', to: visit.to(SIGN_IN) };
      try {
        return await handler(visit, provider);
      } catch (error) {
        if (!(error instanceof ProviderFailed)) throw error;
        report(error);
        return refused(visit, visit.words.providerFailed, 502);
      }
    };

  return {
    start: asking(async (visit, asked) => {
      const { here, query } = visit;
      const { url, flow } = await asked.begin(here.origin + CALLBACK);
      const kept: Kept = { ...flow, next: returnTo(query.get('next'), here) };
      const value = Buffer.from(seal.close('sign-in', FLOW, JSON.stringify(kept))).toString('base64url');
      return { kind: 'redirect', to: url.href, cookies: [{ name: 'flow', value }] };
    }),
    callback: asking(async (visit, asked) => {
      const { here, query, words, from, to, visitor, flow: sealed } = visit;
      const kept = opened(sealed);
      if (!kept || query.get('state') !== kept.state) return refused(visit, words.providerExpired, 400);
      const address = new URL(`${here.origin}${CALLBACK}?${query}`);
      const identified = await asked.finish(address, kept);
      if (identified === 'denied') {
        signIn.onSignIn({ kind: 'refused', by: 'provider', personId: null, address: from.address });
        return refused(visit, words.providerDenied, 403);
      }
      if (identified.scopes === null) {
        await signIn.withoutRights(identified, from);
        return refused(visit, words.providerWithoutRights, 403);
      }
      const secret = await signIn.withProvider(identified, from);
      if (secret === null) return refused(visit, words.providerDisabled, 403);
      if (visitor) await signIn.signOut(visitor, from.address);
      const cookies = [...signedInBy(secret), { name: 'flow', value: '' } as const];
      return { kind: 'redirect', to: kept.next ?? to(ACCOUNT), cookies };
    }),
  };

  /** Null = there is none, or it is none of ours. */
  function opened(text: string): Kept | null {
    try {
      return JSON.parse(seal.open('sign-in', FLOW, Buffer.from(text, 'base64url'))) as Kept;
    } catch {
      return null;
    }
  }
}
