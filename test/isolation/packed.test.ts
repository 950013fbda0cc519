import { execFile } from 'node:child_process';
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

/** The package as others install it, and the adapter of docs/adapter-guide.md in a package of its own beside it. */

const run = promisify(execFile);

const STRICT = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    noUnusedLocals: true,
    verbatimModuleSyntax: true,
    declaration: true,
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
};

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
    const out = ['--outDir', join(stage, 'dist'), '--tsBuildInfoFile', join(folder, 'buildinfo')];
    await run('npx', ['tsc', '-p', 'tsconfig.build.json', ...out], { cwd: packageRoot });
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

    const guide = await readFile(join(packageRoot, 'docs', 'adapter-guide.md'), 'utf8');
    const section = guide.slice(guide.indexOf('## An adapter of another package'));
    const block = (language: string): string =>
      new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(section)?.[1] ?? '';
    const own = join(modules, 'passerelle-adapter-acme');
    await mkdir(join(own, 'src'), { recursive: true });
    await writeFile(join(own, 'package.json'), block('json'));
    await writeFile(join(own, 'tsconfig.json'), JSON.stringify(STRICT));
    await writeFile(join(own, 'src', 'index.ts'), block('ts'));
    await writeFile(
      join(own, 'src', 'entries.ts'),
      `export { conforms, ownCases, simulatorTarget, SECRET, type Target } from 'passerelle/conformance';
       export { Agenda, startPlatform, type SimulatedPlatform } from 'passerelle/simulator';\n`,
    );

    acme = createServer((request, response) => {
      keys.push(request.headers['x-api-key']);
      response.end(JSON.stringify({ openings: [] }));
    });
    await new Promise<void>((resolve) => acme.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    acme?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('lets an adapter of the guide be compiled with strict settings, outside of the repository', async () => {
    const tsc = join(packageRoot, 'node_modules', '.bin', 'tsc');
    const own = join(folder, 'etc', 'node_modules', 'passerelle-adapter-acme');
    const { stdout } = await run(tsc, ['-p', own]).catch((error: { stdout: string }) => error);
    expect(stdout).to.equal('');
  });

  it('finds it by configuration, and runs it', async () => {
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
    expect(stdout).to.match(/ok +adapter +acme: passerelle-adapter-acme 1\.0\.0, /);
    expect(stdout).to.match(/ok +est +answers in \d+ ms/);
    expect(keys[0]).to.equal('a-made-up-key');
  });

  const passerelle = (args: readonly string[], cwd: string) =>
    run(process.execPath, [join(package_, 'dist', 'src', 'main.js'), ...args], { cwd }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  const tool = (name: string, ...args: readonly string[]) =>
    run(join(packageRoot, 'node_modules', '.bin', name), args, { cwd: join(folder, 'etc', 'begun') }).then(
      () => 'clean',
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    );

  for (const operations of [['none'], ['block', 'unblock'], [...OPERATIONS]]) {
    it(`begins an adapter with ${operations.join(', ')} that compiles and is red only where nothing is known`, async () => {
      const begun = join(folder, 'etc', 'begun');
      await rm(begun, { recursive: true, force: true });
      const said = ['--title-fr', 'L’Acmé', '--title-en', 'The "Acme"', '--operations', ...operations];
      const made = await passerelle(['adapter', 'new', 'acme', '--folder', begun, ...said], folder);
      expect(made.stdout, made.stderr).to.contain('npm test');
      expect(await tool('tsc', '--noEmit', '-p', '.')).to.equal('clean');
      expect(await tool('biome', 'check', '--error-on-warnings', '.')).to.equal('clean');
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

  it('exports its entries and nothing else', async () => {
    const own = join(folder, 'etc', 'node_modules', 'passerelle-adapter-acme');
    const program = `
      const all = await Promise.all(['adapter', 'simulator', 'conformance'].map((each) => import('passerelle/' + each)));
      console.log(all.map((each) => Object.keys(each).length > 3).join());
      console.log(await import('passerelle/dist/src/gateway.js').catch(({ code }) => code));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: own });
    expect(stdout).to.equal('true,true,true\nERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });
});
