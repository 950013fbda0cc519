import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { createAccess } from '../../src/access/access.ts';
import { createAuthenticator } from '../../src/access/authenticator.ts';
import { ADMINISTRATOR, type Principal, readScopes, writeScopes } from '../../src/domain/access.ts';
import { DAY, instant, MINUTE } from '../../src/domain/instant.ts';
import { fakeAccess } from '../support/fake-access.ts';
import { assertionOf, newKey, type SigningKey } from '../support/signing-client.ts';

/** Access tokens of another authorization server, by one that others have written: oidc-provider. */

const AUDIENCE = 'https://passerelle.example/fhir';
const ORGANIZATION = 'clinique-du-parc';
const ALLOWED = 'system/Schedule.rs system/Slot.rs';

describe('an authorization server that is trusted', () => {
  let server: Server;
  let issuer: string;
  let key: SigningKey;
  const reported: string[] = [];

  before(async function () {
    this.timeout(30_000);
    key = await newKey('client-1');
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const own = await generateKeyPair('ES256', { extractable: true });
    const resource = (audience: string) => ({
      scope: `${ALLOWED} system/Patient.rs`,
      audience,
      accessTokenFormat: 'jwt' as const,
      accessTokenTTL: 300,
      jwt: { sign: { alg: 'ES256' as const } },
    });
    const provider = new Provider(issuer, {
      jwks: { keys: [{ ...(await exportJWK(own.privateKey)), alg: 'ES256', use: 'sig', kid: 'op' }] },
      clients: [
        {
          client_id: 'agregateur',
          grant_types: ['client_credentials'],
          id_token_signed_response_alg: 'ES256',
          response_types: [],
          redirect_uris: [],
          token_endpoint_auth_method: 'private_key_jwt',
          token_endpoint_auth_signing_alg: 'ES384',
          jwks: { keys: [key.publicJwk as never] },
        },
      ],
      scopes: ['system/Slot.rs', 'system/Schedule.rs', 'system/Patient.rs'],
      extraTokenClaims: () => ({
        extensions: { ihe_iua: { purpose_of_use: [{ system: 'urn:test', code: 'COVERAGE' }] } },
      }),
      enabledJWA: { clientAuthSigningAlgValues: ['ES384'] },
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_context, indicator) => resource(indicator),
        },
      },
    });
    server.on('request', provider.callback());
  });
  after(() => new Promise((resolve) => void server.close(resolve)));

  const accessOf = (trusted: { issuer: string; audience: string }) =>
    createAccess({
      token: 'a-token-that-is-only-used-in-tests-0123456789',
      key: Buffer.alloc(32, 1),
      clients: [],
      issuers: [{ ...trusted, organizationId: ORGANIZATION, scopes: readScopes(ALLOWED).scopes }],
      store: fakeAccess(),
      // The other server goes by the machine's clock.
      clock: { now: () => instant(Date.now()) },
      onError: (reason) => reported.push(reason),
    }).authenticator;

  async function tokenFor(resource: string, scope: string): Promise<string> {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertionOf(key, {
          iss: 'agregateur',
          aud: issuer,
          exp: Math.floor(Date.now() / 1000) + 120,
          jti: crypto.randomUUID(),
        }),
        resource,
        scope,
      }),
    });
    const text = await response.text();
    expect(response.status, text).to.equal(200);
    return (JSON.parse(text) as { access_token: string }).access_token;
  }

  it('says who asks and what they may, as far as the configuration lets it', async () => {
    const { principalOf } = accessOf({ issuer, audience: AUDIENCE });
    const token = await tokenFor(AUDIENCE, 'system/Slot.rs system/Patient.rs');
    const principal = await principalOf(token);
    expect([principal?.kind, principal?.id, principal?.name]).to.deep.equal([
      'client',
      `${issuer}#agregateur`,
      'agregateur',
    ]);
    expect(principal && writeScopes(principal.scopes)).to.equal('system/Slot.rs');
    // IHE IUA: what it is for is told by the token.
    expect(principal?.organizationId, 'as the configuration has it').to.equal(ORGANIZATION);
    expect(principal?.purpose).to.equal('COVERAGE');
    expect(await principalOf(`${token.slice(0, -6)}AAAAAA`)).to.equal(null);
    expect(reported).to.deep.equal([]);
  });

  it('is asked again after five minutes, in case that it has taken its key away', async () => {
    let at = instant(0);
    let isTaken = true;
    const principal: Principal = { ...ADMINISTRATOR, kind: 'client', id: 'x' };
    const { principalOf } = createAuthenticator({
      token: 'a-token-that-is-only-used-in-tests-0123456789',
      tokens: fakeAccess(),
      accessTokens: { read: async () => null },
      clients: [],
      issuers: { read: async () => (isTaken ? { principal, until: instant(DAY) } : null) },
      now: () => at,
      onError: (reason) => reported.push(reason),
    });
    expect(await principalOf('a.b.c')).to.equal(principal);
    isTaken = false;
    expect(await principalOf('a.b.c'), 'known').to.equal(principal);
    at = instant(5 * MINUTE);
    expect(await principalOf('a.b.c')).to.equal(null);
  });

  it('says nothing to others than whom its token is for, and nothing when nobody trusts it', async () => {
    const token = await tokenFor('https://elsewhere.example/fhir', 'system/Slot.rs');
    expect(await accessOf({ issuer, audience: AUDIENCE }).principalOf(token)).to.equal(null);
    const trusted = await tokenFor(AUDIENCE, 'system/Slot.rs');
    const others = accessOf({ issuer: 'http://127.0.0.1:1', audience: AUDIENCE });
    expect(await others.principalOf(trusted)).to.equal(null);
    expect(reported).to.deep.equal([]);
  });

  it('that is down is told in the log, since to its clients the token seems wrong', async () => {
    const token = await tokenFor(AUDIENCE, 'system/Slot.rs');
    const down = 'http://127.0.0.1:1';
    const [head = '', body = '', signature = ''] = token.split('.');
    const claims = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), iss: down };
    const moved = [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    expect(await accessOf({ issuer: down, audience: AUDIENCE }).principalOf(moved)).to.equal(null);
    expect(reported).to.deep.equal([`keys of ${down}`]);
  });
});
