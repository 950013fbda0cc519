import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

/** A provider of OpenID Connect that others have written (oidc-provider), where whoever says a name is that person. */

export type IdentityProvider = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who signs in next, and in which groups; made up. */
  become: (person: {
    readonly sub: string;
    readonly name: string;
    readonly groups: readonly string[];
  }) => void;
  /** It answers nothing any more. */
  readonly close: () => Promise<void>;
};

/** @param origin of the gateway. */
export async function startIdentityProvider(origin: string): Promise<IdentityProvider> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  let person = { sub: 'u-1', name: 'Luc Gagnon', groups: ['accueil'] as readonly string[] };
  const clientId = 'passerelle';
  const clientSecret = 'un-secret-qui-ne-sert-que-dans-les-essais';
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'op' }] },
    cookies: { keys: ['only-in-tests'] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${origin}/auth/oidc/callback`],
        post_logout_redirect_uris: [`${origin}/auth/sign-in`],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups'] },
    pkce: { required: () => true },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ ...person, sub }) }),
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({ clientId, accountId: oidc.session?.accountId ?? '' });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    if (!pathname.startsWith('/interaction/')) return void answer(request, response);
    if (!searchParams.has('go')) {
      response.setHeader('content-type', 'text/html');
      response.end(`<h1>Identity provider</h1><a href="?go=yes">yes</a> <a href="?go=no">no</a>`);
      return;
    }
    const result =
      searchParams.get('go') === 'yes' ? { login: { accountId: person.sub } } : { error: 'access_denied' };
    void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  return {
    issuer,
    clientId,
    clientSecret,
    become: (next) => {
      person = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
