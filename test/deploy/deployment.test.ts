import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { readEnvironment } from '../../src/config/environment.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import { hasBinary, requireServer } from '../support/servers.ts';

/** What Passerelle is run by, as far as it can be read: no image is built here. */

const run = promisify(execFile);
const text = (name: string): string => readFileSync(join(packageRoot, name), 'utf8');

/** Those that the program reads: of src/config/environment.ts, and the language of the narration. */
const KNOWN = new Set([
  ...[...text('src/config/environment.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name),
  'PASSERELLE_LANG',
  'NODE_ENV',
]);
const unknownIn = (names: readonly string[]): string[] => names.filter((name) => !KNOWN.has(name));

describe('the Dockerfile', () => {
  /** Instructions, each on one line and without comments. */
  const instructions = text('Dockerfile')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([name]) => name !== '');
  const all = (name: string) => instructions.filter(([first]) => first === name).map(([, ...rest]) => rest);
  const last = instructions.slice(instructions.findLastIndex(([name]) => name === 'FROM'));
  const ofLast = (name: string) => last.filter(([first]) => first === name).map(([, ...rest]) => rest);

  it('copies what is there, and what .dockerignore lets through', () => {
    const [everything, ...rest] = text('.dockerignore')
      .split('\n')
      .filter((line) => /^[^#]/.test(line));
    expect(everything).to.equal('*');
    const through = new Set(rest.map((line) => line.replace(/^!/, '')));
    const sources = all('COPY')
      .filter(([first]) => !first?.startsWith('--from'))
      .flatMap((words) => words.slice(0, -1));
    expect(sources).to.deep.equal(['package.json', 'package-lock.json', '.']);
    // What it is built of, and what the package has of the tree itself.
    const { files } = z.object({ files: z.array(z.string()) }).parse(JSON.parse(text('package.json')));
    const needed = [
      'package-lock.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'src',
      'adapters',
      'console',
    ];
    const shipped = files.filter((name) => name !== 'dist').map((name) => name.split('/')[0] ?? '');
    expect([...through]).to.include.members([...needed, ...shipped]);
    for (const name of through) expect(existsSync(join(packageRoot, name)), name).to.equal(true);
    expect(all('ADD')).to.deep.equal([]);
  });

  it('ends with a user without rights, a volume for what is kept, and a look at /healthz', () => {
    expect(ofLast('USER')).to.deep.equal([['node']]);
    expect(ofLast('VOLUME')).to.deep.equal([['/var/lib/passerelle']]);
    expect(text('Dockerfile')).to.match(/HEALTHCHECK[\s\S]*\/healthz/);
    const from = last.findIndex(([name]) => name === 'USER');
    expect(last.slice(from).filter(([name]) => name === 'RUN' || name === 'COPY')).to.deep.equal([]);
  });

  it('has no tools in what is shipped, a Node that is supported, and no secret', () => {
    expect(all('FROM').map(([image]) => image)).to.deep.equal([
      'node:22-bookworm-slim',
      'node:22-bookworm-slim',
    ]);
    expect(text('Dockerfile')).to.contain('npm prune --omit=dev');
    expect(ofLast('RUN').filter((words) => words.includes('npm'))).to.deep.equal([]);
    expect(all('ARG')).to.deep.equal([]);
    const set = all('ENV')
      .flat()
      .map((each) => each.split('='));
    expect(unknownIn(set.map(([name = '']) => name))).to.deep.equal([]);
    const names = new Set(set.map(([name]) => name));
    for (const secret of ['PASSERELLE_KEY', 'DATABASE_URL', 'REDIS_URL'])
      expect(names.has(secret)).to.equal(false);
    expect(readEnvironment(Object.fromEntries(set))).to.include({ host: '0.0.0.0', port: 8080 });
  });

  it('begins what package.json names', () => {
    const { bin } = z
      .object({ bin: z.record(z.string(), z.string()) })
      .parse(JSON.parse(text('package.json')));
    expect(text('Dockerfile')).to.contain(`ENTRYPOINT ["node", "/app/${bin['passerelle']}"]`);
  });
});

describe('docker-compose.yaml', () => {
  const Service = z.looseObject({
    command: z.array(z.string()).optional(),
    read_only: z.boolean().optional(),
    cap_drop: z.array(z.string()).optional(),
    security_opt: z.array(z.string()).optional(),
    env_file: z.array(z.string()).optional(),
    environment: z.record(z.string(), z.string()).default({}),
    ports: z.array(z.string()).default([]),
    volumes: z.array(z.string()).default([]),
    secrets: z.array(z.string()).default([]),
    networks: z.array(z.string()),
    depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
    healthcheck: z.looseObject({}).optional(),
  });
  const Compose = z.looseObject({
    services: z.object({ serve: Service, work: Service, postgres: Service, redis: Service }),
    volumes: z.record(z.string(), z.unknown()),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
    networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() })),
  });
  const compose = Compose.parse(parse(text('docker-compose.yaml'), { merge: true }));
  const { serve, work, postgres, redis } = compose.services;

  it('has both roles, behind a database and a queue that are well', () => {
    expect([serve.command, work.command]).to.deep.equal([['serve', '--no-work'], ['work']]);
    for (const { depends_on: needs } of [serve, work]) {
      expect(needs['postgres']?.condition).to.equal('service_healthy');
      expect(needs['redis']?.condition).to.equal('service_healthy');
    }
    expect(postgres.healthcheck).to.have.property('test');
    expect(redis.healthcheck).to.have.property('test');
  });

  it('lets neither write to its own system, nor gain rights', () => {
    for (const service of [serve, work]) {
      expect(service.read_only).to.equal(true);
      expect(service.cap_drop).to.deep.equal(['ALL']);
      expect(service.security_opt).to.deep.equal(['no-new-privileges:true']);
    }
  });

  it('names variables that the program reads, and has secrets in files that are not kept', () => {
    const example = [...text('deploy/passerelle.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)];
    expect(example).to.have.length.above(2);
    const names = [
      ...Object.keys(serve.environment),
      ...Object.keys(work.environment),
      ...example.map(([, name = '']) => name),
    ];
    expect(unknownIn(names)).to.deep.equal([]);
    const set = {
      ...Object.fromEntries(example.map(([, name, value]) => [name, value])),
      ...serve.environment,
    };
    expect(readEnvironment(set).redisUrl).to.equal('redis://redis:6379');
    expect(text('docker-compose.yaml')).to.not.match(/(PASSWORD|KEY|TOKEN): (?!\/run\/secrets\/)\S/);
    const ignored = text('.gitignore').split('\n');
    for (const file of [...(serve.env_file ?? []), ...Object.values(compose.secrets).map(({ file }) => file)])
      expect(ignored).to.include(`/${file.replace(/^\.\//, '')}`);
  });

  it('is open to this machine only, and its database and queue to nobody', () => {
    expect(serve.ports).to.deep.equal(['127.0.0.1:8080:8080']);
    for (const { ports, networks } of [postgres, redis]) {
      expect(ports).to.deep.equal([]);
      expect(networks.every((name) => compose.networks[name]?.internal)).to.equal(true);
    }
  });

  it('declares the volumes and networks that it uses', () => {
    const services = [serve, work, postgres, redis];
    const used = services.flatMap(({ volumes }) => volumes.map((each) => each.split(':')[0] ?? ''));
    const own = new Set(used.filter((name) => !name.startsWith('.')));
    expect(own).to.deep.equal(new Set(Object.keys(compose.volumes)));
    expect(new Set(services.flatMap(({ networks }) => networks))).to.deep.equal(
      new Set(Object.keys(compose.networks)),
    );
  });
});

describe('deploy/passerelle.service', function () {
  this.timeout(20_000);
  const unit = text('deploy/passerelle.service');
  const valuesOf = (key: string) =>
    [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value ?? '');

  it('has a user of its own, and names variables that the program reads', () => {
    expect(valuesOf('User')).to.deep.equal(['passerelle']);
    const names = valuesOf('Environment').map((value) => value.split('=')[0] ?? '');
    expect(unknownIn(names)).to.deep.equal([]);
  });

  it('begins what package.json names', () => {
    const { bin } = z
      .object({ bin: z.record(z.string(), z.string()) })
      .parse(JSON.parse(text('package.json')));
    expect(valuesOf('ExecStart')).to.deep.equal([`/usr/bin/node /opt/passerelle/${bin['passerelle']} serve`]);
  });

  it('does not forbid what V8 needs', () => expect(valuesOf('MemoryDenyWriteExecute')).to.deep.equal([]));

  describe('as systemd reads it', () => {
    let folder: string;
    let file: string;
    before(
      requireServer('systemd-analyze', hasBinary('systemd-analyze'), async () => {
        folder = await mkdtemp(join(tmpdir(), 'passerelle-unit-'));
        file = join(folder, 'passerelle.service');
        // Where Node and the program are on this machine: it looks for them.
        await writeFile(
          file,
          unit.replace('/usr/bin/node', process.execPath).replaceAll('/opt/passerelle', packageRoot),
        );
      }),
    );
    after(async () => {
      if (folder) await rm(folder, { recursive: true });
    });

    it('is right', async () => {
      const { stdout, stderr } = await run('systemd-analyze', ['verify', file]);
      expect(stdout + stderr).to.equal('');
    });

    it('is hardened: an exposure of 2.0 of 10 at the most', async () => {
      const { stdout } = await run('systemd-analyze', ['security', '--offline=yes', '--threshold=20', file]);
      expect(stdout).to.match(/Overall exposure level for passerelle\.service: [01]\.\d/);
    });
  });
});
