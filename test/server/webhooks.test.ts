import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import pino from 'pino';
import bonjourSante from '../../adapters/bonjour-sante/adapter.ts';
import { sign } from '../../adapters/bonjour-sante/signature.ts';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { type Instant, instant, MINUTE } from '../../src/domain/instant.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { makeDataFolder } from '../support/data-folder.ts';

/** Made up, as everything here. */
const SECRETS = { est: 'un-secret-de-l-est-fictif', ouest: 'un-secret-de-l-ouest-fictif' };

const ADAPTERS = new Map([bonjourSante, rvsq].map((adapter) => [adapter.manifest.id, adapter]));

const connection = (id: string, platform: string, settings: object) => ({
  id,
  platform,
  // Nobody listens there: what is tried is what comes in.
  allowedTargets: ['127.0.0.1'],
  settings: { baseUrl: 'http://127.0.0.1:9', apiKey: 'k', ...settings },
  calendars: [{ id: 'agenda', schedule: 'dr', topology: 'block' }],
});

const CONFIGURATION = {
  organization: { id: 'fictive', name: 'Clinique fictive' },
  locations: [{ id: 'ici', name: 'Ici' }],
  services: [{ id: 'famille', name: { fr: 'Famille', en: 'Family' } }],
  practitioners: [{ id: 'dr', family: 'Fictif', given: 'Essai' }],
  schedules: [{ id: 'dr', practitioner: 'dr', location: 'ici', service: 'famille' }],
  connections: [
    connection('est', 'bonjour-sante', { webhookSecret: SECRETS.est }),
    connection('ouest', 'bonjour-sante', { webhookSecret: SECRETS.ouest }),
    connection('rvsq', 'rvsq', {}),
  ],
};

describe('the door for webhooks', function () {
  this.timeout(30_000);
  let gateway: Gateway;
  const log: string[] = [];

  before(async () => {
    gateway = await startGateway({
      environment: {
        ...readEnvironment({}),
        port: 0,
        dataFolder: await makeDataFolder({ embedded: true }),
      },
      role: 'both',
      configuration: parseConfiguration(JSON.stringify(CONFIGURATION), 'test', ADAPTERS, {}),
      onEvent: () => undefined,
      logger: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }),
    });
  });
  after(() => gateway?.close());

  const ended = (id = 'x') =>
    JSON.stringify({
      type: 'suppression',
      emisLe: new Date().toISOString(),
      element: { genre: 'reservation', id, version: 1 },
    });
  const now = (): Instant => instant(Date.now());
  const send = async (to: string, headers: Record<string, string>, body: string | Buffer) => {
    const response = await fetch(`${gateway.url}/webhooks/${to}`, { method: 'POST', headers, body });
    const text = await response.text();
    return { status: response.status, text, challenge: response.headers.get('www-authenticate') };
  };

  it('opens to each connection’s own secret, and to no other’s', async () => {
    const body = ended();
    const signed = sign(SECRETS.est, body, now());
    expect((await send('est', signed, body)).status).to.equal(202);
    expect((await send('ouest', signed, body)).status).to.equal(401);
    expect((await send('ouest', sign(SECRETS.ouest, body, now()), body)).status).to.equal(202);
  });

  it('does not tell which connections there are', async () => {
    const body = ended();
    const answers = await Promise.all(
      ['ouest', 'rvsq', 'nobody', '..%2f', '%00'].map((to) => send(to, sign(SECRETS.est, body, now()), body)),
    );
    expect(answers[0]?.status).to.equal(401);
    expect(answers[0]?.challenge).to.equal('Signature realm="webhooks"');
    for (const answer of answers) expect(answer).to.deep.equal(answers[0]);
    for (const to of ['est', 'nobody']) {
      expect((await send(to, {}, Buffer.alloc(1024 * 1024 + 1))).status, to).to.equal(413);
      expect((await send(to, { 'content-encoding': 'gzip' }, gzipSync(body))).status, to).to.equal(415);
    }
  });

  it('closes five minutes before and after', async () => {
    const body = ended();
    for (const [minutes, status] of [
      [-5.1, 401],
      [-4.9, 202],
      [4.9, 202],
      [5.1, 401],
    ] as const) {
      const at = instant(Date.now() + minutes * MINUTE);
      expect((await send('est', sign(SECRETS.est, body, at), body)).status, `${minutes}`).to.equal(status);
    }
  });

  it('wants a signature of its form, over these bytes and this time', async () => {
    const body = ended();
    const good = sign(SECRETS.est, body, now());
    const signature = good['x-bonjour-signature'] ?? '';
    const seconds = good['x-bonjour-horodatage'] ?? '';
    const wrong: Record<string, string>[] = [
      {},
      { ...good, 'x-bonjour-signature': '' },
      { ...good, 'x-bonjour-signature': signature.slice(0, -2) },
      { ...good, 'x-bonjour-signature': `${signature}00` },
      { ...good, 'x-bonjour-signature': signature.replace('sha256', 'sha1') },
      { ...good, 'x-bonjour-signature': `${signature.slice(0, -1)}${signature.endsWith('0') ? '1' : '0'}` },
      { ...good, 'x-bonjour-horodatage': String(Number(seconds) + 1) },
      { ...good, 'x-bonjour-horodatage': `${seconds}.0` },
      { ...good, 'x-bonjour-horodatage': `0x${Number(seconds).toString(16)}` },
    ];
    for (const headers of wrong)
      expect((await send('est', headers, body)).status, JSON.stringify(headers)).to.equal(401);
    expect((await send('est', good, `${body} `)).status).to.equal(401);
    expect((await send('est', good, body)).status).to.equal(202);
  });

  it('takes nothing that is nested without measure, and does not fall over it', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const bodies = [
      deep,
      `{"type":"modification","emisLe":"2026-11-24T10:00:00Z","element":${deep}}`,
      '['.repeat(500_000),
      '{"a":'.repeat(100_000),
    ];
    for (const body of bodies)
      expect((await send('est', sign(SECRETS.est, body, now()), body)).status).to.equal(401);
    // What stands in a text is no nesting.
    const quoted = ended(`"${'[{'.repeat(60)}\\`);
    expect((await send('est', sign(SECRETS.est, quoted, now()), quoted)).status).to.equal(202);
  });

  it('writes no secret, signature or body into the log', () => {
    const text = log.join('');
    expect(text).to.contain('/webhooks/:connection');
    for (const secret of [...Object.values(SECRETS), 'sha256=', 'suppression', 'nobody'])
      expect(text).not.to.contain(secret);
  });

  it('is refused by the configuration where two connections have one secret', () => {
    const both = CONFIGURATION.connections.map((each) =>
      each.id === 'ouest' ? { ...each, settings: { ...each.settings, webhookSecret: SECRETS.est } } : each,
    );
    const text = JSON.stringify({ ...CONFIGURATION, connections: both });
    expect(() => parseConfiguration(text, 'test', ADAPTERS, {}))
      .to.throw()
      .with.property('problems')
      .that.has.length(1)
      .with.nested.property(
        '[0].message',
        'is the secret of "est" too: each connection must have one of its own',
      );
  });
});
