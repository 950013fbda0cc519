import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { OPERATIONS } from '../../src/cli/scaffold.ts';
import { Report } from '../../src/conformance/report.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import { end, ready, watched } from '../support/command-process.ts';
import { isBuilt } from '../support/program.ts';
import { freePort } from '../support/servers.ts';

/** The package as others install it, and adapters that are begun beside it: the one of docs/adapter-guide.md to its end. */

const run = promisify(execFile);

const CLINIC = (baseUrl: string): string => `
adapters: [passerelle-adapter-acme]
organization: { id: fictive, name: Clinique fictive }
locations: [{ id: ici, name: Ici }]
services: [{ id: famille, name: { fr: Famille, en: Family } }]
practitioners: [{ id: dr, family: Fictif, given: Essai }]
schedules: [{ id: dr, practitioner: dr, location: ici, service: famille }]
connections:
  - id: est
    platform: acme
    allowedTargets: [127.0.0.1]
    settings: { baseUrl: "${baseUrl}", apiKey: { env: ACME_KEY } }
    calendars: [{ id: agenda, schedule: dr, topology: block }]
`;

async function text(url: string): Promise<string> {
  const response = await fetch(url);
  expect(response.status, url).to.equal(200);
  return response.text();
}

describe('the package', function () {
  this.timeout(180_000);
  let folder: string;
  let acme: Server;
  let package_: string;
  const keys: unknown[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-packed-'));
    // Built and packed beside the tree, so that nothing in it is touched.
    const stage = join(folder, 'stage');
    await mkdir(stage);
    const { files } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as {
      files: string[];
    };
    const kept = files.filter((name) => name !== 'dist').map((name) => name.split('/*')[0] ?? name);
    for (const name of ['package.json', ...kept]) {
      await cp(join(packageRoot, name), join(stage, name), { recursive: true });
    }
    const dist = join(stage, 'dist');
    if (isBuilt) await cp(join(packageRoot, 'dist'), dist, { recursive: true });
    else {
      const out = ['--outDir', dist, '--tsBuildInfoFile', join(folder, 'buildinfo')];
      await run('npx', ['tsc', '-p', 'tsconfig.build.json', ...out], { cwd: packageRoot });
      const page = ['--outDir', join(dist, 'console'), '--logLevel', 'warn'];
      await run('npx', ['vite', 'build', '--config', 'console/vite.config.ts', ...page], {
        cwd: packageRoot,
      });
    }
    const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json'], { cwd: stage });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    const modules = join(folder, 'etc', 'node_modules');
    await mkdir(join(modules, '@types'), { recursive: true });
    await run('tar', ['-xzf', join(stage, filename), '-C', modules]);
    package_ = join(modules, 'passerelle');
    await run('mv', [join(modules, 'package'), package_]);
    await symlink(join(packageRoot, 'node_modules'), join(package_, 'node_modules'));
    for (const name of ['@types/node', '@types/mocha', 'tsx']) {
      await symlink(join(packageRoot, 'node_modules', name), join(modules, name));
    }

    acme = createServer((request, response) => {
      keys.push(request.headers['x-acme-key']);
      response.end(JSON.stringify({ agendas: [] }));
    });
    await new Promise<void>((resolve) => acme.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    acme?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const passerelle = (args: readonly string[], cwd: string) =>
    run(process.execPath, [join(package_, 'dist', 'src', 'main.js'), ...args], { cwd }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  const tool = (cwd: string, name: string, ...args: readonly string[]) =>
    run(join(packageRoot, 'node_modules', '.bin', name), args, { cwd }).then(
      () => 'clean',
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    );
  const isClean = async (cwd: string) => {
    expect(await tool(cwd, 'tsc', '--noEmit', '-p', '.')).to.equal('clean');
    expect(await tool(cwd, 'biome', 'check', '--error-on-warnings', '.')).to.equal('clean');
  };

  describe('the adapter of docs/adapter-guide.md', () => {
    const own = () => join(folder, 'etc', 'node_modules', 'passerelle-adapter-acme');

    before('from nothing, as the page goes', async () => {
      const guide = await readFile(join(packageRoot, 'docs', 'adapter-guide.md'), 'utf8');
      const [, words = ''] = /^npx passerelle (adapter new acme .*)$/m.exec(guide) ?? [];
      await passerelle([...words.split(' '), '--folder', own()], folder);
      const files = [...guide.matchAll(/^`([\w./-]+)`[^\n]*:\n\n```\w+\n([\s\S]*?)^```$/gm)];
      expect(files.map(([, path]) => path)).to.include.members(['src/wire.ts', 'src/simulator/platform.ts']);
      for (const [, path = '', text = ''] of files) await writeFile(join(own(), path), text);
      await writeFile(
        join(own(), 'src', 'entries.ts'),
        `export { conforms, ownCases, simulatorTarget, SECRET, type Target } from 'passerelle/conformance';
       export { Agenda, startPlatform, type SimulatedPlatform } from 'passerelle/simulator';\n`,
      );
    });

    it('compiles with strict settings, outside of the repository, and is clean', () => isClean(own()));

    it('comes to the grade that the page shows', async () => {
      const guide = await readFile(join(packageRoot, 'docs', 'adapter-guide.md'), 'utf8');
      const { code, stdout, stderr } = await passerelle(['adapter', 'verify', '.'], own());
      expect([code, stderr]).to.deep.equal([0, '']);
      const [, shown = ''] = /^```\n(\d+ passed, 0 failed\n[\s\S]*?)^```$/m.exec(guide) ?? [];
      expect(shown).to.contain('Grade: gold.');
      expect(stdout).to.contain(shown);
    });

    it('is found by configuration, and runs', async () => {
      expect(await tool(own(), 'tsc', '-p', 'tsconfig.build.json')).to.equal('clean');
      const { port } = acme.address() as AddressInfo;
      const file = join(folder, 'etc', 'clinic.yaml');
      await writeFile(file, CLINIC(`http://127.0.0.1:${port}`));
      const { stdout } = await run(process.execPath, [join(package_, 'dist', 'src', 'main.js'), 'doctor'], {
        env: {
          PATH: process.env['PATH'],
          PASSERELLE_CONFIG: file,
          PASSERELLE_DATA: join(folder, 'data'),
          ACME_KEY: 'a-made-up-key',
        },
      }).catch((error: { stdout: string }) => error);
      expect(stdout).to.match(/ok +adapter +acme: passerelle-adapter-acme 0\.1\.0, /);
      expect(stdout).to.match(/ok +est +answers in \d+ ms/);
      expect(keys[0]).to.equal('a-made-up-key');
    });
  });

  for (const operations of [['none'], ['block', 'unblock'], [...OPERATIONS]]) {
    it(`begins an adapter with ${operations.join(', ')} that compiles and is red only where nothing is known`, async () => {
      const begun = join(folder, 'etc', 'begun');
      await rm(begun, { recursive: true, force: true });
      const said = ['--title-fr', 'L’Acmé', '--title-en', 'The "Acme"', '--operations', ...operations];
      const made = await passerelle(['adapter', 'new', 'acme', '--folder', begun, ...said], folder);
      expect(made.stdout, made.stderr).to.contain('npm test');
      await isClean(begun);
      const file = join(folder, 'report.json');
      const verified = await passerelle(['adapter', 'verify', '.', '--json', file], begun);
      const { cases, grade } = Report.parse(JSON.parse(await readFile(file, 'utf8')));
      const failed = cases.filter(({ outcome }) => outcome === 'failed');
      expect([verified.code, failed.length > 0]).to.deep.equal(
        operations[0] === 'none' ? [0, false] : [1, true],
      );
      for (const { id, reason } of failed)
        expect(reason, id).to.match(/\w+ is not written yet: src\/operations\.ts|must be a Fault/);
      expect(grade).to.equal('bronze');
    });
  }

  it('verifies an adapter of its own, with the tables that it brings', async () => {
    const cases = ['check', 'unmapped-code', 'block-stands'];
    const { code, stdout, stderr } = await passerelle(
      ['adapter', 'verify', 'rvsq', '--only', ...cases],
      folder,
    );
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.contain('3 passed, 0 failed');
  });

  it('serves a clinic that is still to be set up: its interface, its pages, and all that they are made of', async () => {
    const port = await freePort();
    const child = spawn(process.execPath, [join(package_, 'dist', 'src', 'main.js'), 'serve'], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        PORT: String(port),
        PASSERELLE_CONFIG: join(folder, 'to-be-made.yaml'),
        PASSERELLE_DATA: join(folder, 'served'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const command = watched(child);
    try {
      const url = await ready(command);
      const page = await text(`${url}/`);
      const script = /<script[^>]* src="([^"]+)"/.exec(page)?.[1] ?? '';
      const paths = ['/healthz', '/fhir/metadata', '/api/openapi.json', '/auth/sign-in', script];
      for (const path of [...paths, '/auth/style.css', '/auth/passkey.mjs'])
        expect(await text(url + path), path).to.have.length.above(10);
    } finally {
      expect(await end(command, 'SIGTERM')).to.equal(0);
    }
  });

  it('exports its entries and nothing else', async () => {
    const program = `
      const all = await Promise.all(['adapter', 'simulator', 'conformance'].map((each) => import('passerelle/' + each)));
      console.log(all.map((each) => Object.keys(each).length > 3).join());
      console.log(await import('passerelle/dist/src/gateway.js').catch(({ code }) => code));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: package_ });
    expect(stdout).to.equal('true,true,true\nERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });
});
