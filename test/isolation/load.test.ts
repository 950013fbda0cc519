import { join } from 'node:path';
import { expect } from 'chai';
import agenda from '../../adapters/agenda/adapter.ts';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { doctor } from '../../src/cli/doctor.ts';
import { runProgram } from '../../src/cli/program.ts';
import { ConfigurationError } from '../../src/config/problems.ts';
import { readConfiguration } from '../../src/config/read-configuration.ts';
import { dependencies } from '../cli/output.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { createLoader } from '../support/loader.ts';
import { adapterModule, makeFolder, type OtherPackages, packageJson } from '../support/other-package.ts';

/** Adapters of other packages, found by configuration. */

const ADAPTERS = new Map([rvsq, agenda].map((adapter) => [adapter.manifest.id, adapter]));
const LOAD = createLoader({}, { loadMilliseconds: 8_000, checkMilliseconds: 1_000 });

const clinic = (adapters: readonly string[], settings: string, platform = 'acme'): string => `
adapters:
${adapters.map((each) => `  - ${each}`).join('\n')}
organization: { id: fictive, name: Clinique fictive }
locations: [{ id: ici, name: Ici }]
services: [{ id: famille, name: { fr: Famille, en: Family } }]
practitioners: [{ id: dr, family: Fictif, given: Essai }]
schedules: [{ id: dr, practitioner: dr, location: ici, service: famille }]
connections:
  - id: est
    platform: ${platform}
    settings: ${settings}
    calendars: [{ id: agenda, schedule: dr, topology: block }]
`;

const SETTINGS = `z.strictObject({
  url: z.url().describe('address of Acme'),
  from: z.int().default(8).describe('hour of opening'),
  to: z.int().default(18).describe('hour of closing'),
}).refine(({ from, to }) => from < to, { path: ['to'], error: 'must be after from' })`;

const folderOf = (name: string, code: string, more: object = {}): Record<string, string> => ({
  [`${name}/package.json`]: packageJson(`passerelle-adapter-${name}`, more),
  [`${name}/index.js`]: code,
});

describe('adapters of other packages in the configuration', function () {
  this.timeout(60_000);
  let packages: OtherPackages;
  before(async () => {
    const acme = adapterModule({ settings: SETTINGS });
    packages = await makeFolder({
      'etc/node_modules/passerelle-adapter-acme/package.json': packageJson('passerelle-adapter-acme', {
        exports: { '.': { types: './index.d.ts', import: './lib/main.js' } },
      }),
      'etc/node_modules/passerelle-adapter-acme/lib/main.js': acme,
      'node_modules/@acme/above/package.json': packageJson('@acme/above', {
        exports: undefined,
        main: 'm.js',
      }),
      'node_modules/@acme/above/m.js': adapterModule({ id: 'above' }),
      ...folderOf('etc/acme-too', acme),
      ...folderOf('etc/ours', adapterModule({ id: 'rvsq' })),
      ...folderOf('etc/here', adapterModule({ capabilities: { agenda: 'here' } })),
      ...folderOf('etc/limitless', adapterModule({ limits: { requests: 0 } })),
      ...folderOf('etc/silent', 'export const x = 1;'),
      ...folderOf('etc/shape', 'export default { manifest: {} };'),
      ...folderOf('etc/unread', 'export default {'),
      ...folderOf(
        'etc/by-hand',
        `${adapterModule().replace('export default defineAdapter(', 'export default (')}`,
      ),
      ...folderOf(
        'etc/newer',
        `import a from '../acme-too/index.js'; export default { ...a, contractVersion: 99 };`,
      ),
      ...folderOf(
        'etc/older',
        `import a from '../acme-too/index.js'; export default { ...a, contractVersion: 0 };`,
      ),
      ...folderOf('etc/ends', 'process.exit(1);'),
      ...folderOf('etc/loops', 'for (;;);'),
      ...folderOf('etc/throws', "throw new Error('no licence');"),
      ...folderOf('etc/unbuilt', '', { exports: './dist/index.js' }),
      ...folderOf('etc/no-main', '', { exports: { './adapter': './index.js' } }),
      ...folderOf(
        'etc/stuck',
        adapterModule({ id: 'stuck', settings: 'z.any().refine(() => { for (;;); })' }),
      ),
      'etc/bare/index.js': '',
      'etc/single.mjs': adapterModule({ id: 'single' }),
    });
  });
  after(() => packages.remove());

  const file = (): string => join(packages.folder, 'etc', 'clinic.yaml');
  const written = async (text: string): Promise<string> => {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(file(), text);
    return file();
  };
  const read = async (text: string) => readConfiguration(await written(text), ADAPTERS, {}, LOAD);
  const problemsOf = async (text: string): Promise<string[]> => {
    try {
      await read(text);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return error.format().replaceAll(`${file()}:`, '').split('\n');
    }
    return [];
  };

  it('are packages of node_modules, there or above, folders and files', async () => {
    const all = ['passerelle-adapter-acme', "'@acme/above'", './single.mjs'];
    expect(await problemsOf(clinic(all, '{ url: https://acme.example }'))).to.deep.equal([]);
    const { connections, directory } = await read(clinic(all, '{ url: https://acme.example }'));
    expect(connections[0]?.adapter.manifest.id).to.equal('acme');
    expect(directory.connections[0]?.title).to.deep.equal({ fr: 'Acme', en: 'Acme' });
    expect(connections[0]?.settings).to.deep.equal({ url: 'https://acme.example' });
    expect((await read(clinic(['./acme-too'], '{ url: https://acme.example }'))).connections).to.have.length(
      1,
    );
  });

  it('have their settings checked by their own schema, with the line', async () => {
    expect(
      await problemsOf(clinic(['./acme-too'], '{ url: nowhere, form: 8, from: 9, to: soon }')),
    ).to.deep.equal([
      '12:22 connections[0].settings.url: is not an address: write address of Acme',
      '12:31 connections[0].settings.form: unknown key; did you mean "from"?',
      '12:53 connections[0].settings.to: must be a number: write hour of closing',
    ]);
    expect(
      await problemsOf(clinic(['./acme-too'], '{ url: https://acme.example, from: 18, to: 8 }')),
    ).to.deep.equal(['12:58 connections[0].settings.to: must be after from']);
    expect(await problemsOf(clinic(['./stuck'], '{}', 'stuck'))).to.deep.equal([
      '12:15 connections[0].settings: cannot be checked: its adapter did not answer within 1000 ms',
    ]);
  });

  const WRONG: readonly (readonly [written: string, problem: RegExp])[] = [
    [
      'passerelle-adapter-acmee',
      /"passerelle-adapter-acmee" is not installed: no node_modules of .*etc or above has it; install it/,
    ],
    ['./nowhere', /is not there: there is no .*etc\/nowhere$/],
    ['./bare', /is no package: there is no .*bare\/package\.json$/],
    ['"what is this"', /is no name of a package, and no path: a path begins with/],
    ['./unbuilt', /has no main module: there is no .*dist\/index\.js; is it built\?$/],
    ['./no-main', /has no main module: exports of .*package\.json names none for "\."$/],
    ['./silent', /has no default export: .*defineAdapter/],
    ['./shape', /has a default export that is no adapter: it must be what defineAdapter gives$/],
    ['./unread', /cannot be loaded \(/],
    ['./throws', /cannot be loaded \(Error: no licence\)$/],
    ['./ends', /ended its own thread while it was loaded$/],
    ['./loops', /did not say what it is within 8000 ms$/],
    ['./by-hand', /no version of the contract, .*must be what defineAdapter gives$/],
    [
      './newer',
      /version 99 of the contract, and this Passerelle has 1: install a version of Passerelle that is newer$/,
    ],
    [
      './older',
      /version 0 of the contract, and this Passerelle has 1: install a version of it that is newer$/,
    ],
    ['./here', /manifest that does not fit the contract \(capabilities\.agenda: invalid_value\)$/],
    ['./limitless', /manifest that does not fit the contract \(limits\.requests: too_small\)$/],
    ['./ours', /its id "rvsq" is that of an adapter of Passerelle's own/],
  ];
  it('are told of with their line and what to do where they cannot be used', async () => {
    const problems = await problemsOf(
      clinic(
        WRONG.map(([text]) => text),
        '{}',
      ),
    );
    expect(problems).to.have.length(WRONG.length);
    for (const [index, [, reason]] of WRONG.entries()) {
      expect(problems[index]).to.match(reason);
      expect(problems[index]).to.match(new RegExp(`^${index + 3}:5 adapters\\[${index}\\]: `));
    }
  });

  it('must each have an id of its own', async () => {
    const problems = await problemsOf(
      clinic(['passerelle-adapter-acme', './acme-too'], '{ url: https://a.example }'),
    );
    expect(problems).to.deep.equal([
      '4:5 adapters[1]: its id "acme" is that of adapters[0] too: leave one of them out',
    ]);
  });

  it('are in the schema that editors use', async () => {
    const schema = dependencies({ adapters: ADAPTERS, loadAdapters: LOAD });
    const config = await written(clinic(['./acme-too'], '{}'));
    expect(await runProgram(schema, ['node', 'passerelle', 'schema', '--config', config])).to.equal(0);
    const { properties } = JSON.parse(schema.out());
    const { allOf, properties: keys } = properties.connections.items;
    expect(keys.platform.oneOf.map((each: { const: string }) => each.const)).to.include('acme');
    const then = allOf.find(
      (each: { if: { properties: { platform: { const: string } } } }) =>
        each.if.properties.platform.const === 'acme',
    ).then;
    expect(then.properties.settings.properties.from.description).to.equal('hour of opening');
    expect(then.properties.settings.required).to.deep.equal(['url']);
  });

  it('are named by the doctor, who tries them as any other', async () => {
    const { connectPlatform } = await import('../../src/platforms.ts');
    const told = dependencies({
      adapters: ADAPTERS,
      loadAdapters: LOAD,
      variables: {
        PASSERELLE_CONFIG: await written(clinic(['./acme-too'], '{ url: https://127.0.0.1:9 }')),
        PASSERELLE_DATA: await makeDataFolder({ embedded: true }),
      },
      openOffline: () => ({
        connect: connectPlatform,
        checkMail: async () => undefined,
        databaseTime: () => Promise.reject(new Error('there is none')),
        close: async () => undefined,
      }),
    });
    await doctor(told);
    expect(told.out()).to.match(
      /ok +adapter +acme: passerelle-adapter-etc\/acme-too 1\.2\.3, which is not part/,
    );
    expect(told.out()).to.match(/ok +est +answers in \d+ ms/);
  });
});
