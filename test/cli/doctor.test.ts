import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import rvsq from '../../adapters/rvsq/adapter.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Offline } from '../../src/cli/dependencies.ts';
import { clock } from '../../src/cli/doctor-checks.ts';
import { runProgram } from '../../src/cli/program.ts';
import { instant } from '../../src/domain/instant.ts';
import { connectPlatform } from '../../src/platforms.ts';
import { ADAPTERS, fakeAdapter, SAMPLE } from '../config/sample.ts';
import { freePort } from '../support/servers.ts';
import { dependencies } from './output.ts';

describe('passerelle doctor', () => {
  let folder: string;
  let closed: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-doctor-'));
    closed = [];
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const platform = (check: () => Promise<void>): Platform => ({
    read: () => {
      throw new Error('the doctor reads nothing');
    },
    operations: {},
    check,
    close: async () => {
      closed.push('platform');
    },
  });

  const examine = async (
    variables: Record<string, string>,
    offline: Partial<Offline> = {},
    adapters = ADAPTERS,
  ): Promise<{ code: number; out: string; err: string }> => {
    const given = dependencies({
      adapters,
      variables: { PASSERELLE_DATA: folder, ...variables },
      openOffline: () => ({
        databaseTime: async () => instant(Date.now()),
        connect: () => platform(async () => undefined),
        checkMail: async () => undefined,
        close: async () => {
          closed.push('offline');
        },
        ...offline,
      }),
    });
    const code = await runProgram(given, ['node', 'passerelle', 'doctor']);
    return { code, out: given.out(), err: given.err() };
  };

  const withConfiguration = async (text: string): Promise<Record<string, string>> => {
    const file = join(folder, 'clinic.yaml');
    await writeFile(file, text);
    return { PASSERELLE_CONFIG: file, EAST_TOKEN: 'not-so-secret' };
  };

  it('finds nothing wrong with the demonstration', async () => {
    const { code, out } = await examine({});
    expect(code).to.equal(0);
    expect(out).to.match(/^ok {7}configuration {3}PASSERELLE_CONFIG is not set: the demonstration$/m);
    expect(out).not.to.match(/^(warning|problem)/m);
    expect(closed).to.deep.equal(['offline']);
  });

  it('checks every platform, and says what to do by the kind of its fault', async () => {
    const variables = await withConfiguration(SAMPLE);
    const { code, out, err } = await examine(variables, {
      connect: ({ id }) =>
        platform(async () => {
          if (id === 'east') throw new Fault('unauthorized', 'HTTP 401');
        }),
    });
    expect(code).to.equal(1);
    expect(out).to.match(/^problem {2}east {12}unauthorized: HTTP 401\n +→ check its credentials/m);
    expect(out).to.match(/^ok {7}west {12}answers in \d+ ms$/m);
    expect(err).to.equal('1 problem\n');
    expect(closed).to.deep.equal(['platform', 'platform', 'offline']);
  });

  it('names the linked calendars that a platform does not list, unless it may have more', async () => {
    const variables = await withConfiguration(SAMPLE);
    const listing = (id: string, complete: boolean) => ({
      ...platform(async () => undefined),
      calendars: async () => ({
        found: [{ id, name: null, practitionerName: null, identifiers: [], location: null }],
        complete,
      }),
    });
    const connect: Offline['connect'] = ({ id }) => listing('other', id === 'east');
    const { code, out } = await examine(variables, { connect });
    expect(code, 'a warning passes').to.equal(0);
    expect(out).to.match(
      /^warning {2}east {12}the platform does not list the calendar 4711\n +→ correct its id/m,
    );
    expect(out).to.match(/^ok {7}east {12}answers in/m);
    expect(out.match(/does not list/g)).to.have.length(1);
    const there = await examine(variables, { connect: () => listing('4711', true) });
    expect(there.out).to.match(/does not list the calendar tremblay/);
    expect(there.out.match(/does not list/g), '4711 is there').to.have.length(1);
  });

  it('tells which platform may not be called where its address leads, and what to write', async () => {
    const settings = '{ baseUrl: "http://127.0.0.1:9", apiKey: k }';
    const text = SAMPLE.replace(/settings:\n.*\n.*\n/, `settings: ${settings}\n`).replace(
      'platform: east',
      'platform: rvsq',
    );
    const adapters = new Map([...ADAPTERS, ['rvsq', rvsq]]);
    const connect: Offline['connect'] = (connection, directory) =>
      connection.id === 'east' ? connectPlatform(connection, directory) : platform(async () => undefined);
    const { code, out } = await examine(await withConfiguration(text), { connect }, adapters);
    expect(code).to.equal(1);
    expect(out).to.match(
      /^problem {2}east {12}forbidden: GET \/v1\/status: not called, since 127\.0\.0\.1 has an address that is not public: if it is the platform’s, add it to allowedTargets of the connection\n +→ where the address is right, add its host to the internal addresses that are allowed to the connection \(allowedTargets\)$/m,
    );
  });

  it('tells the lines of a configuration that cannot be used, secrets included', async () => {
    const variables = await withConfiguration(SAMPLE.replace('platform: west', 'platform: wst'));
    const { code, out, err } = await examine({ ...variables, EAST_TOKEN: '' });
    expect(code).to.equal(1);
    expect(out).to.match(/^problem {2}configuration {3}.*clinic\.yaml:18:14 .*EAST_TOKEN is not set/m);
    expect(out).to.match(/^problem {2}configuration {3}.*clinic\.yaml:22:15 .*did you mean "west"\?/m);
    expect(err).to.equal('2 problems\n');
  });

  it('compares the clock with the database’s', async () => {
    const variables = {
      DATABASE_URL: 'postgres://db/x',
      PASSERELLE_KEY: Buffer.alloc(32, 1).toString('base64'),
    };
    const good = await examine(variables);
    expect(good.code).to.equal(0);
    expect(good.out).to.match(/^ok {7}clock {11}agrees with the database$/m);
    const bad = await examine(variables, { databaseTime: async () => instant(Date.now() - 180_000) });
    expect(bad.code).to.equal(1);
    expect(bad.out).to.match(/^problem {2}clock {11}the database is 3 min behind\n.*NTP/m);
  });

  it('says when database and Redis do not answer', async () => {
    const port = await freePort();
    const { code, out } = await examine(
      { DATABASE_URL: 'postgres://user:hunter2@db/x', REDIS_URL: `redis://:hunter2@127.0.0.1:${port}` },
      { databaseTime: () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:5432')) },
    );
    expect(code).to.equal(1);
    expect(out).to.match(/^problem {2}database {8}does not answer \(connect ECONNREFUSED/m);
    expect(out).to.match(/^problem {2}queue {11}Redis does not answer \(.*ECONNREFUSED/m);
    expect(out).to.match(/^warning {2}key {13}PASSERELLE_KEY is not set/m);
    expect(out).not.to.contain('hunter2');
  });

  it('notes a token that others may read', async () => {
    const token = join(folder, 'admin-token');
    await writeFile(token, 'x');
    await chmod(token, 0o644);
    const { code, out } = await examine({});
    expect(code).to.equal(1);
    expect(out).to.contain(`chmod 600 ${token}`);
  });

  it('logs in to the mail server, and says whose late tasks nobody is told of', async () => {
    const { manifest, ...hand } = fakeAdapter('hand', z.object({}));
    const capabilities = { ...manifest.capabilities, writes: 'asked', lists: true, pull: 'none' } as const;
    const adapters = new Map([...ADAPTERS, ['hand', { ...hand, manifest: { ...manifest, capabilities } }]]);
    const variables = await withConfiguration(
      `${SAMPLE}  - { id: hand, platform: hand, calendars: [{ id: a, schedule: tremblay, topology: block }] }
mail: { host: smtp.clinique.example, from: passerelle@clinique.example }
`,
    );
    const { code, out } = await examine(variables, {}, adapters);
    expect(code).to.equal(0);
    expect(out).to.match(/^ok {7}mail {12}smtp\.clinique\.example:465$/m);
    expect(out).to.match(/^warning {2}mail {12}nobody is told of tasks of hand that are late$/m);
    const down = await examine(
      variables,
      { checkMail: () => Promise.reject(new Fault('unavailable', 'SMTP: ECONNREFUSED')) },
      adapters,
    );
    expect(down.code).to.equal(1);
    expect(down.out).to.match(/^problem {2}mail {12}smtp\.clinique\.example:465: SMTP: ECONNREFUSED$/m);
  });

  it('reads a platform’s clock from its answer', async () => {
    const server = createServer((_request, response) => {
      response.sendDate = false;
      response.setHeader('date', new Date(Date.now() + 600_000).toUTCString()).end();
    });
    const port = await freePort();
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    const variables = await withConfiguration(
      SAMPLE.replace('https://east.example', `http://127.0.0.1:${port}`).replace(
        'platform: east',
        'platform: east\n    allowedTargets: [127.0.0.1]',
      ),
    );
    const { code, out } = await examine(variables);
    await new Promise((resolve) => server.close(resolve));
    expect(code).to.equal(1);
    expect(out).to.match(/^problem {2}clock {11}east is 10 min ahead$/m);
  });

  it('forgives what the reading itself may be off', () => {
    expect(clock('it', 2_900, 1_000).level).to.equal('ok');
    expect(clock('it', -3_100, 1_000).level).to.equal('warning');
    expect(clock('it', 31_100, 1_000).level).to.equal('problem');
  });

  it('stops at an environment that cannot be read', async () => {
    const { code, out } = await examine({ PORT: 'x', LOG_LEVEL: 'y' });
    expect(code).to.equal(1);
    expect(out.match(/^problem {2}environment/gm)).to.have.length(2);
  });
});
