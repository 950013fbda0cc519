import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { OperationOutcome } from 'fhir/r4.js';
import type { Redis } from 'ioredis';
import { SERVER_DEFAULTS } from '../../src/config/server.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import { connectForLimits } from '../../src/queue/limits-connection.ts';
import { type Budget, createLimiters, type LimitName } from '../../src/server/limiters.ts';
import { nobody } from '../support/fake-people.ts';
import { NOW, uuid } from '../support/fake-ports.ts';
import { hasOwnRedis, type OwnServer, ownRedis } from '../support/own-servers.ts';
import { type Served, SLOTS_TOKEN, serve } from '../support/served-front.ts';
import { requireServer, until } from '../support/servers.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';

/** Made up: somebody who has signed in by a provider. */
const PERSON = {
  ...{ id: uuid(1), login: null, name: 'Marie Fictive', scopes: 'system/Slot.rs', organizationId: null },
  ...{ isDisabled: false, createdAt: NOW, createdBy: 'provider', passwordHash: null, totp: null },
  ...{ passkeys: 0, recoveryCodes: 0, signedInAt: NOW },
};
const SESSION = {
  ...{ id: uuid(2), personId: PERSON.id, proof: 'provider' as const, agent: '', idToken: null },
  ...{ createdAt: NOW, provedAt: NOW, usedAt: NOW, expiresAt: plus(NOW, DAY) },
};

const LIMITS = { client: 5, anonymous: 4, authentication: 2, delivery: 3 };

const left = ({ isKept, left: rest }: Budget): number | 'over' => (isKept ? rest : 'over');

describe('server: how often each may ask', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve({ limits: LIMITS, trustProxy: ['127.0.0.1'] });
  });
  afterEach(() => served.close());

  type Asked = {
    readonly path?: string;
    readonly method?: string;
    readonly headers?: Record<string, string>;
  };
  const anonymous = { authorization: '' };
  const wrong = { authorization: 'Bearer another' };

  /** The status of each of so many. */
  async function asked(
    count: number,
    { path = '/fhir/Slot', method = 'GET', headers = {} }: Asked,
  ): Promise<number[]> {
    const statuses: number[] = [];
    for (let index = 0; index < count; index += 1)
      statuses.push((await served.request(method, path, { headers })).status);
    return statuses;
  }

  it('says with each answer what is left, and by 429 that nothing is, and when to come back', async () => {
    const first = await served.request('GET', '/fhir/Slot');
    expect(first.headers.get('ratelimit-policy')).to.equal('"client";q=5;w=60');
    expect(first.headers.get('ratelimit')).to.equal('"client";r=4;t=60');
    expect(await asked(4, {})).to.deep.equal([200, 200, 200, 200]);
    const { status, headers, json } = await served.request('GET', '/fhir/Slot');
    expect(status).to.equal(429);
    expect(Number(headers.get('retry-after'))).to.be.within(1, 60);
    expect(headers.get('ratelimit')).to.match(/^"client";r=0;t=\d+$/);
    const [issue] = json<OperationOutcome>().issue;
    expect(issue?.code).to.equal('throttled');
    expect(issue?.diagnostics).to.match(/^more than 5 requests a minute of this client: try again in \d+ s$/);
  });

  it('counts a client by its token on every route, wherever it calls from', async () => {
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    expect(await asked(2, { ...from('198.51.100.1'), path: '/api/status' })).to.deep.equal([200, 200]);
    expect(await asked(2, { ...from('198.51.100.2'), path: '/metrics' })).to.deep.equal([200, 200]);
    expect(await asked(2, from('198.51.100.3'))).to.deep.equal([200, 429]);
  });

  it('counts whoever has no token by its address, and by 64 bits of it', async () => {
    const from = (address: string) => ({
      path: '/fhir/metadata',
      headers: { ...anonymous, 'x-forwarded-for': address },
    });
    expect(await asked(5, from('198.51.100.1'))).to.deep.equal([200, 200, 200, 200, 429]);
    expect(await asked(1, from('198.51.100.2'))).to.deep.equal([200]);
    expect(await asked(2, from('2001:db8:1:2::1'))).to.deep.equal([200, 200]);
    expect(await asked(3, from('2001:db8:1:2:ffff::1'))).to.deep.equal([200, 200, 429]);
    expect(await asked(1, from('2001:db8:1:3::1'))).to.deep.equal([200]);
    // Whoever is known has a count of its own: nobody else can use it up.
    expect(
      await asked(1, { path: '/fhir/metadata', headers: { 'x-forwarded-for': '198.51.100.1' } }),
    ).to.deep.equal([200]);
  });

  it('counts a person by their session, so that nobody else at their address uses up what is theirs', async () => {
    const cookie = 's'.repeat(43);
    const people = { ...nobody(), sessionByHash: async () => ({ session: SESSION, person: PERSON }) };
    const signedIn = await serve({ limits: LIMITS, people });
    const get = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await signedIn.request('GET', path, { headers: { ...anonymous, ...headers } })).status;
    for (const status of [200, 200, 200, 200, 429]) expect(await get('/fhir/metadata', {})).to.equal(status);
    const session = { cookie: `passerelle-session=${cookie}`, 'sec-fetch-site': 'same-origin' };
    for (const status of [200, 200, 200, 200, 200, 429])
      expect(await get('/fhir/Slot', session)).to.equal(status);
    // What another site sends with it is nobody's.
    expect(await get('/fhir/Slot', { ...session, 'sec-fetch-site': 'cross-site' })).to.equal(429);
    await signedIn.close();
  });

  it('records who was refused, once a minute each, and not each time', async () => {
    await asked(9, {});
    await asked(9, { path: '/fhir/metadata', headers: { ...anonymous, 'x-forwarded-for': '198.51.100.1' } });
    await asked(9, { path: '/readyz', headers: { ...wrong, 'x-forwarded-for': '198.51.100.2' } });
    const noted = () => served.world.audited.filter(({ type }) => type === 'access.throttled');
    await until('they are written', async () => noted().length === 3);
    expect(
      noted().map(({ agent, address, outcome, detail }) => [agent, address, outcome, detail]),
    ).to.deep.equal([
      ['administrator', '127.0.0.1', 'refused', { limit: 'client' }],
      [null, '198.51.100.1', 'refused', { limit: 'anonymous' }],
      [null, '198.51.100.2', 'refused', { limit: 'authentication' }],
    ]);
  });

  it('is stricter with who tries tokens', async () => {
    expect(await asked(3, { headers: wrong })).to.deep.equal([401, 401, 429]);
    expect(await asked(1, { path: '/readyz', headers: wrong })).to.deep.equal([429]);
    expect(await asked(1, { path: '/readyz', headers: anonymous })).to.deep.equal([200]);
    expect(await asked(1, { path: '/oauth/token', method: 'POST', headers: anonymous })).to.deep.equal([429]);
    expect(await asked(1, {})).to.deep.equal([200]);
  });

  it('is as strict with who wants a token by another spelling of where that is had', async () => {
    const spellings = ['/oauth/token?x', '/OAuth/Token/', '/oauth/token/'];
    const statuses: number[] = [];
    for (const path of spellings)
      statuses.push(...(await asked(1, { path, method: 'POST', headers: anonymous })));
    expect(statuses).to.deep.equal([400, 400, 429]);
  });

  const to = (connection: string) => ({
    method: 'POST',
    path: `/webhooks/${connection}`,
    headers: anonymous,
  });

  it('counts deliveries by connection and address', async () => {
    expect(await asked(4, to('vendor'))).to.deep.equal([401, 401, 401, 429]);
    expect(await asked(4, to('public'))).to.deep.equal([401, 401, 401, 429]);
    const elsewhere = { ...to('vendor'), headers: { ...anonymous, 'x-forwarded-for': '198.51.100.9' } };
    expect(await asked(1, elsewhere)).to.deep.equal([401]);
  });

  it('counts made-up connections with those that there are, so that it does not tell which these are', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 60; index += 1) statuses.push(...(await asked(1, to(`made-up-${index}`))));
    expect(statuses.filter((status) => status === 401)).to.have.length(2 * LIMITS.delivery);
    expect(await asked(1, to('vendor'))).to.deep.equal([429]);
    expect(await asked(1, to('public'))).to.deep.equal([429]);
  });

  it('lets whoever watches the process ask at any time', async () => {
    expect(new Set(await asked(20, { path: '/healthz', headers: anonymous }))).to.deep.equal(new Set([200]));
  });

  it('says that it is not ready while the database is down, whatever token asks', async () => {
    const { ports, world } = served;
    const down = async (): Promise<never> => {
      throw new Error('no database');
    };
    Object.assign(ports.access, { apiTokenByHash: down });
    Object.assign(ports.operations, { summaries: down });
    const headers = { authorization: `Bearer ${SLOTS_TOKEN}` };
    for (let index = 0; index < LIMITS.anonymous; index += 1) {
      const { status, json } = await served.request('GET', '/readyz', { headers });
      expect(status).to.equal(503);
      expect(json<{ ready: boolean }>().ready).to.equal(false);
    }
    expect(await asked(1, { path: '/readyz', headers })).to.deep.equal([429]);
    expect(world.audited.filter(({ type }) => type === 'access.unauthenticated')).to.deep.equal([]);
  });

  it('does nothing of what is over the limit', async () => {
    await asked(5, {});
    const { status } = await served.request('POST', '/fhir/Appointment', { body: {} });
    expect(status).to.equal(429);
    expect(served.world.booked).to.deep.equal([]);
  });

  it('believes nobody who it speaks for, but the proxies that are configured', async () => {
    const direct = await serve({ limits: LIMITS });
    const statuses: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      const headers = { ...anonymous, 'x-forwarded-for': `198.51.100.${index}` };
      statuses.push((await direct.request('GET', '/fhir/metadata', { headers })).status);
    }
    expect(statuses).to.deep.equal([200, 200, 200, 200, 429]);
    await direct.close();
  });

  it('is by itself what neither an aggregator nor a booking page meets', () => {
    const { client, anonymous: unknown } = SERVER_DEFAULTS.limits;
    // 3,000 searches an hour, all of them in the same two minutes; a page that is looked at ten times a second.
    expect(client).to.be.above(1_500);
    expect(unknown).to.be.at.least(10 * 60);
  });
});

describe('server: limits of several processes', function () {
  this.timeout(60_000);
  let redis: OwnServer;
  const connections: Redis[] = [];
  before(requireServer('Redis (redis-server)', hasOwnRedis));
  beforeEach(async () => {
    redis = await ownRedis();
  });
  afterEach(async () => {
    for (const each of connections.splice(0)) each.disconnect();
    await redis?.remove();
  });

  /** As a process has them. */
  async function limitersOf(prefix: string, url = redis.url) {
    const connection = connectForLimits(url, prefix);
    connections.push(connection);
    await until('it is connected', async () => connection.status === 'ready');
    const limiters = createLimiters(LIMITS, connection, prefix);
    return async (name: LimitName, key: string) => left(await limiters(name, key));
  }

  it('are counted together in Redis, each name and client by itself', async () => {
    const prefix = `test-${randomUUID()}`;
    const [one, other] = [await limitersOf(prefix), await limitersOf(prefix)];
    expect([await one('client', 'a'), await other('client', 'a'), await one('client', 'a')]).to.deep.equal([
      4, 3, 2,
    ]);
    expect([await one('client', 'b'), await other('anonymous', 'a')]).to.deep.equal([4, 3]);
    expect([await other('client', 'a'), await one('client', 'a'), await other('client', 'a')]).to.deep.equal([
      1,
      0,
      'over',
    ]);
  });

  it('are counted by each process while Redis is away, and together once it is back', async () => {
    const prefix = `test-${randomUUID()}`;
    const [one, other] = [await limitersOf(prefix), await limitersOf(prefix)];
    expect([await one('client', 'a'), await other('client', 'a')]).to.deep.equal([4, 3]);
    await redis.kill();
    await until('they have noticed', async () => connections.every(({ status }) => status !== 'ready'));
    const began = performance.now();
    expect([await one('client', 'a'), await one('client', 'a'), await other('client', 'a')]).to.deep.equal([
      4, 3, 4,
    ]);
    expect(performance.now() - began).to.be.below(200);
    expect([await one('client', 'a'), await one('client', 'a'), await one('client', 'a')]).to.deep.equal([
      2, 1, 0,
    ]);
    expect(await one('client', 'a')).to.equal('over');
    await redis.start();
    await until('they are connected again', async () =>
      connections.every(({ status }) => status === 'ready'),
    );
    expect([await one('client', 'c'), await other('client', 'c')]).to.deep.equal([4, 3]);
  });

  it('do not wait for a Redis that says nothing', async () => {
    const proxy = await tcpProxy(redis.url);
    const one = await limitersOf(`test-${randomUUID()}`, proxy.url);
    proxy.freeze();
    const began = performance.now();
    expect([await one('client', 'a'), await one('client', 'a')]).to.deep.equal([4, 3]);
    expect(performance.now() - began).to.be.below(2_000);
    for (const each of connections) each.disconnect();
    await proxy.cut();
  });
});
