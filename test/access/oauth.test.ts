import { expect } from 'chai';
import type { Bundle, OperationOutcome } from 'fhir/r4.js';
import { SignJWT } from 'jose';
import type { Client } from '../../src/access/access.ts';
import { readScopes } from '../../src/domain/access.ts';
import { NOW } from '../support/fake-ports.ts';
import { type Served, serve } from '../support/served-front.ts';
import { assertionOf, type Claims, newKey, type SigningKey, servedKeys } from '../support/signing-client.ts';

/** SMART Backend Services against the whole server, by clients with keys of their own. */

const NOW_SECONDS = NOW / 1000;
const FORM = 'application/x-www-form-urlencoded';
const SCOPES = 'system/Schedule.rs system/Slot.rs';

type Token = { access_token: string; token_type: string; expires_in: number; scope: string };
type Wrong = { error: string; error_description: string };

describe('access tokens', () => {
  let served: Served;
  let key: SigningKey;
  let other: SigningKey;
  let current: readonly SigningKey[];
  let published: Awaited<ReturnType<typeof servedKeys>>;

  before(async () => {
    [key, other] = await Promise.all([newKey('2026-a'), newKey('2026-b', 'RS384')]);
    published = await servedKeys(() => current.map(({ publicJwk }) => publicJwk));
  });
  after(() => published.close());
  beforeEach(async () => {
    current = [key];
    const client = (id: string, keys: Client['keys'], scopes = SCOPES): Client => ({
      id,
      name: id,
      keys,
      organizationId: null,
      scopes: readScopes(scopes).scopes,
    });
    served = await serve({
      clients: [
        client('inline', { keys: [{ ...key.publicJwk }] }),
        client('published', { uri: published.uri }),
        client('booker', { keys: [{ ...key.publicJwk }] }, 'system/Appointment.cu system/Slot.rs'),
        client('unreachable', { uri: 'http://127.0.0.1:1/jwks.json' }),
      ],
    });
  });
  afterEach(() => served.close());

  const claims = (iss: string, change: Partial<Claims> = {}): Claims => ({
    iss,
    aud: `${served.url}/oauth/token`,
    exp: NOW_SECONDS + 240,
    jti: crypto.randomUUID(),
    ...change,
  });
  const ask = (client_assertion: string, change: Record<string, string> = {}) =>
    served.request('POST', '/oauth/token', {
      headers: { authorization: '', 'content-type': FORM },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion,
        ...change,
      }).toString(),
    });
  const askAs = async (iss: string, change: Partial<Claims> = {}, by = key) =>
    ask(await assertionOf(by, claims(iss, change)));
  const get = (path: string, token: string) =>
    served.request('GET', path, { headers: { authorization: `Bearer ${token}` } });

  it('are found by what every client of SMART reads first', async () => {
    const { status, headers, json } = await served.request('GET', '/fhir/.well-known/smart-configuration', {
      headers: { authorization: '' },
    });
    expect([status, headers.get('content-type')]).to.deep.equal([200, 'application/json']);
    const found = json<never>() as Record<string, unknown>;
    expect(found['token_endpoint']).to.equal(`${served.url}/oauth/token`);
    expect(found['grant_types_supported']).to.deep.equal(['client_credentials']);
    expect(found['token_endpoint_auth_methods_supported']).to.deep.equal(['private_key_jwt']);
    expect(found['token_endpoint_auth_signing_alg_values_supported']).to.include.members(['RS384', 'ES384']);
    expect(found['capabilities']).to.include('client-confidential-asymmetric');
  });

  it('let a client do what it was given, and nothing else', async () => {
    const { status, headers, json } = await askAs('inline');
    const token = json<never>() as Token;
    expect([status, headers.get('cache-control'), headers.get('pragma')]).to.deep.equal([
      200,
      'no-store',
      'no-cache',
    ]);
    expect([token.token_type, token.expires_in, token.scope]).to.deep.equal(['bearer', 300, SCOPES]);
    const found = await get('/fhir/Slot?status=free&_count=1', token.access_token);
    expect([found.status, found.json<Bundle>().entry?.length]).to.deep.equal([200, 1]);
    const refused = await get('/fhir/Appointment', token.access_token);
    expect(refused.status).to.equal(403);
    expect(refused.headers.get('www-authenticate')).to.contain('scope="system/Appointment.s"');
    expect(refused.json<OperationOutcome>().issue[0]?.code).to.equal('forbidden');
    await new Promise(setImmediate);
    const told = served.world.audited.map(({ type, agent, outcome }) => [type, agent, outcome]);
    expect(told.slice(-2)).to.deep.equal([
      ['access.token-issued', 'client:inline', 'done'],
      ['access.forbidden', 'client:inline', 'refused'],
    ]);
  });

  it('have what was asked for and the client may have, both', async () => {
    const narrow = async (scope: string) => {
      const assertion = await assertionOf(key, claims('inline'));
      return (await ask(assertion, { scope })).json<never>() as Token & Wrong;
    };
    expect((await narrow('system/Slot.s system/Patient.rs')).scope).to.equal('system/Slot.s');
    expect((await narrow('system/*.rs')).scope).to.equal(SCOPES);
    expect((await narrow('system/Patient.rs')).error).to.equal('invalid_scope');
    expect((await narrow('openid')).error).to.equal('invalid_scope');
  });

  const refusals: [title: string, change: () => Partial<Claims>, why: RegExp][] = [
    ['for another server', () => ({ aud: 'https://elsewhere.example/oauth/token' }), /^aud/],
    ['that has expired', () => ({ exp: NOW_SECONDS - 31 }), /^exp: it has expired/],
    ['that is good for too long', () => ({ exp: NOW_SECONDS + 3_600 }), /^exp: no more than five/],
    ['of another subject', () => ({ sub: 'booker' }), /^sub/],
    ['of nobody who is registered', () => ({ iss: 'nobody' }), /^iss/],
    ['with an id that is too long', () => ({ jti: 'x'.repeat(501) }), /^jti/],
  ];
  for (const [title, change, why] of refusals) {
    it(`are not given for an assertion ${title}`, async () => {
      const { status, json } = await askAs('inline', change());
      const { error, error_description } = json<never>() as Wrong;
      expect([status, error]).to.deep.equal([401, 'invalid_client']);
      expect(error_description).to.match(why);
    });
  }

  it('are given for an assertion whose end has a fraction of a second', async () => {
    expect((await askAs('inline', { exp: NOW_SECONDS + 240.0625 })).status).to.equal(200);
    expect((await askAs('inline', { exp: NOW_SECONDS + 240.000_5 })).status).to.equal(200);
  });

  it('are given once for an assertion, whoever sends it again', async () => {
    const assertion = await assertionOf(key, claims('inline'));
    const all = await Promise.all([ask(assertion), ask(assertion), ask(assertion)]);
    expect(all.map(({ status }) => status).sort()).to.deep.equal([200, 401, 401]);
    expect((await ask(assertion)).text).to.contain('used before');
  });

  it('are not given to who has no key, another key, or takes the public one for a secret', async () => {
    const unsigned = (await assertionOf(key, claims('inline'))).split('.');
    const none = [Buffer.from('{"alg":"none"}').toString('base64url'), unsigned[1], ''].join('.');
    const confused = await new SignJWT(claims('inline'))
      .setProtectedHeader({ alg: 'HS384', kid: key.kid })
      .sign(Buffer.from(JSON.stringify(key.publicJwk)));
    const forged = await assertionOf({ ...(await newKey('x')), kid: key.kid }, claims('inline'));
    const stranger = await assertionOf(other, claims('inline'));
    for (const assertion of [
      none,
      confused,
      forged,
      stranger,
      '',
      'x.y.z',
      unsigned.join('.').slice(0, -4),
    ]) {
      const { status, json } = await ask(assertion);
      expect([status, (json<never>() as Wrong).error], assertion).to.deep.equal([401, 'invalid_client']);
    }
  });

  it('follow a client that changes its keys', async () => {
    expect((await askAs('published')).status).to.equal(200);
    const before = published.asked();
    expect((await askAs('published')).status).to.equal(200);
    expect(published.asked(), 'they are not read for every assertion').to.equal(before);
    // The client has a new key, which is only at its address.
    await served.close();
    current = [other];
    served = await serve({
      clients: [
        {
          ...{ id: 'published', name: '', keys: { uri: published.uri }, organizationId: null },
          scopes: readScopes(SCOPES).scopes,
        },
      ],
    });
    expect((await askAs('published', {}, other)).status).to.equal(200);
    const { status, text } = await askAs('published', {}, key);
    expect([status, text]).to.deep.include(401);
    expect(text).to.contain('kid');
  });

  it('are not given where the keys of the client cannot be read, and it is said', async () => {
    const { status, text } = await askAs('unreachable');
    expect(status).to.equal(401);
    expect(text).to.contain('jwksUri');
  });

  it('want a form with each parameter once', async () => {
    const assertion = await assertionOf(key, claims('inline'));
    const of = async (change: Record<string, string>) =>
      ((await ask(assertion, change)).json<never>() as Wrong).error;
    expect(await of({ grant_type: 'password' })).to.equal('unsupported_grant_type');
    expect(await of({ client_assertion_type: 'x' })).to.equal('invalid_request');
    const twice = await served.request('POST', '/oauth/token', {
      headers: { authorization: '', 'content-type': FORM },
      body: 'grant_type=client_credentials&grant_type=client_credentials',
    });
    expect([twice.status, (twice.json<never>() as Wrong).error]).to.deep.equal([400, 'invalid_request']);
    const json = await served.request('POST', '/oauth/token', { body: { grant_type: 'client_credentials' } });
    expect(json.status).to.equal(400);
  });

  it('are not taken when they were altered, or signed by another', async () => {
    const { access_token: token } = (await askAs('inline')).json<never>() as Token;
    const [head = '', body = '', mac = ''] = token.split('.');
    const claimed = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), scope: 'system/*.cruds' };
    const wider = Buffer.from(JSON.stringify(claimed)).toString('base64url');
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    for (const altered of [`${head}.${wider}.${mac}`, `${none}.${wider}.`, `${head}.${body}.${mac}x`]) {
      expect((await get('/fhir/Slot', altered)).status, altered).to.equal(401);
    }
    expect((await get('/fhir/Slot', token)).status).to.equal(200);
  });

  it('book where that is what they are for, and say no more than that of who comes', async () => {
    const { access_token: token } = (await askAs('booker')).json<never>() as Token;
    expect((await get('/fhir/Patient', token)).status).to.equal(403);
    expect((await get('/api/status', token)).status).to.equal(403);
    expect((await get('/fhir/Schedule', token)).status).to.equal(403);
    expect((await get('/fhir/metadata', token)).status).to.equal(200);
  });
});
