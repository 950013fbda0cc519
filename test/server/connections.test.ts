import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { jsonSchemaOf } from '../../src/config/schema-node.ts';
import { MINUTE, plus } from '../../src/domain/instant.ts';
import { secretsIn } from '../../src/server/adapters.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import { NOW, summary } from '../support/fake-ports.ts';
import { type Served, serve } from '../support/served-front.ts';

type Status = {
  readonly connections: readonly {
    readonly id: string;
    readonly state: string;
    readonly since: string | null;
    readonly error: { readonly kind: string; readonly toDo: { readonly fr: string } } | null;
  }[];
};

const CATALOGUE = [
  {
    manifest: { ...rvsq.manifest, id: 'simulated-vendor' },
    source: null,
    reportFile: join(packageRoot, 'adapters/rvsq/conformance.json'),
    readme: 'adapters/rvsq/README.md',
  },
  // Of other packages one is told to whoever uses it, and to nobody else.
  { manifest: rvsq.manifest, source: 'unused@1.0.0', reportFile: '/nowhere/conformance.json', readme: null },
  {
    manifest: { ...rvsq.manifest, id: 'vendor-platform' },
    source: 'strange@1.0.0',
    reportFile: '/nowhere/conformance.json',
    readme: null,
  },
];

describe('one connection, over HTTP', () => {
  let served: Served;
  before(async () => {
    served = await serve({ catalogue: CATALOGUE });
  });
  after(() => served.close());

  const status = async (id: string) =>
    (await served.request('GET', '/api/status')).json<Status>().connections.find((each) => each.id === id);

  it('tells how it is in a word, since when, and what a fault means, without what the platform said', async () => {
    const others = served.world.summaries.filter(({ id }) => id !== 'vendor');
    const failing = { failures: 3, failingSince: NOW, lastError: 'unauthorized: key of Anne Fictive' };
    served.world.summaries = [...others, summary('vendor', { ...failing, openUntil: plus(NOW, MINUTE) })];
    const found = await status('vendor');
    expect(found).to.include({ state: 'down', since: '2026-11-23T13:00:00.000Z' });
    expect(found?.error?.kind).to.equal('unauthorized');
    expect(JSON.stringify(found?.error)).to.not.contain('Fictive');
    served.world.summaries = [...others, summary('vendor')];
    expect(await status('vendor')).to.include({ state: 'working', since: null, error: null });
  });

  it('draws the hours that are asked for in no more than 300 points', async () => {
    for (const [hours, stepSeconds] of [
      [1, 60],
      [5, 60],
      [24, 300],
      [168, 2040],
    ]) {
      const { status, json } = await served.request('GET', `/api/connections/vendor/history?hours=${hours}`);
      expect(status).to.equal(200);
      const answer = json<{ stepSeconds: number; from: string; before: string; points: object[] }>();
      expect(answer.stepSeconds).to.equal(stepSeconds);
      const milliseconds = Date.parse(answer.before) - Date.parse(answer.from);
      expect(milliseconds / 1000 / answer.stepSeconds).to.be.at.most(300);
      expect(answer.points[0]).to.include({ delivered: 3, lagMillisecondsMax: 900, circuitOpen: false });
    }
    for (const hours of ['0', '169', '1.5', 'x']) {
      expect((await served.request('GET', `/api/connections/vendor/history?hours=${hours}`)).status).to.equal(
        400,
      );
    }
  });

  it('lists what differs there, and why in plain words', async () => {
    const { json } = await served.request('GET', '/api/connections/vendor/listings?state=differing');
    const { listings, complete } = json<{ listings: object[]; complete: boolean }>();
    expect(complete).to.equal(true);
    expect(listings).to.have.length(1);
    expect(listings[0]).to.deep.include({
      ...{ schedule: 'agenda-gagnon', kind: 'block', wanted: 'closed', known: 'open', attempts: 2 },
      timeZone: 'America/Toronto',
      error: { fr: 'elle ne répond pas', en: 'it does not answer' },
    });
    expect((await served.request('GET', '/api/connections/vendor/listings?state=x')).status).to.equal(400);
  });

  it('is paused and resumed, which is recorded', async () => {
    const paused = await served.request('POST', '/api/connections/vendor/pause');
    expect([paused.status, paused.json()]).to.deep.equal([
      200,
      { connection: 'vendor', pausedAt: '2026-11-23T13:00:00.000Z' },
    ]);
    expect(await status('vendor')).to.include({ state: 'paused', since: '2026-11-23T13:00:00.000Z' });
    const resumed = await served.request('POST', '/api/connections/vendor/resume');
    expect(resumed.json()).to.deep.equal({ connection: 'vendor', pausedAt: null });
    const types = served.world.audited.map(({ type }) => type);
    expect(types).to.include.members(['connection.paused', 'connection.resumed']);
  });

  it('knows no connection that is not configured', async () => {
    for (const [method, path] of [
      ['GET', 'history'],
      ['GET', 'listings'],
      ['POST', 'pause'],
      ['POST', 'resume'],
    ] as const) {
      expect((await served.request(method, `/api/connections/nobody/${path}`)).status, path).to.equal(404);
    }
  });

  it('tells what is installed, with its grade and who uses it', async () => {
    const { adapters } = (await served.request('GET', '/api/adapters')).json<{ adapters: object[] }>();
    expect(adapters).to.have.length(2);
    expect(adapters[0]).to.deep.include({ platform: 'simulated-vendor', grade: 'platinum', connections: [] });
    expect(adapters[1]).to.deep.include({
      ...{ platform: 'vendor-platform', grade: null, cases: null },
      ...{ source: 'strange@1.0.0', connections: ['vendor'] },
    });
  });

  it('tells of one what it can do in words, which cases prove each, and its settings', async () => {
    type Found = {
      capabilities: { capability: string; says: object; proof: string | null; provedBy: string[] }[];
      report: { cases: { id: string }[] };
      settings: { schema: { properties: object } };
    };
    const found = (await served.request('GET', '/api/adapters/simulated-vendor')).json<Found>();
    expect(found.settings.schema.properties).to.have.property('apiKey');
    const ids = found.report.cases.map(({ id }) => id);
    for (const { capability, says, proof, provedBy } of found.capabilities) {
      expect(says, capability).to.have.keys('fr', 'en');
      expect(proof, capability).to.equal('proven');
      expect(provedBy, capability).to.not.deep.equal([]);
      expect(ids).to.include.members(provedBy);
    }
    const hold = found.capabilities.find(({ capability }) => capability === 'hold');
    expect(hold?.provedBy.every((id) => id.startsWith('hold-') || id === 'book-own-hold')).to.equal(true);
    expect((await served.request('GET', '/api/adapters/nobody')).status).to.equal(404);
  });

  it('finds what is marked as a secret, however deep', () => {
    const secret = z.string().meta({ writeOnly: true });
    const schema = jsonSchemaOf(
      z.object({
        key: secret,
        'a/b': z.object({ pass: secret }),
        url: z.string(),
        either: z.union([secret, z.number()]),
      }),
    );
    expect(secretsIn(schema)).to.have.members([
      '/properties/key',
      '/properties/a~1b/properties/pass',
      '/properties/either/anyOf/0',
    ]);
  });
});
