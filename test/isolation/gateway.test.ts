import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import pino from 'pino';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { SIMULATOR_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import { startSimulator } from '../../adapters/rvsq/simulator/start.ts';
import type { Simulator } from '../../src/adapter/simulator/server.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { readConfiguration } from '../../src/config/read-configuration.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { listenForPatients } from '../support/leaks.ts';
import { createLoader } from '../support/loader.ts';
import { adapterModule, makeFolder, type OtherPackages, packageJson } from '../support/other-package.ts';
import { addressOfBuilt } from '../support/program.ts';
import { until } from '../support/servers.ts';

/** A gateway with adapters of other packages: one that is honest, and some that are broken in every way. */

const NAME = 'Tremblay-Fictive';

/** An adapter of ours under another name, as its author would ship it. */
const HONEST = `
import { defineAdapter } from '${addressOfBuilt('src/adapter/index.ts')}';
import rvsq from '${addressOfBuilt('adapters/rvsq/adapter.ts')}';
export default defineAdapter({ ...rvsq, manifest: { ...rvsq.manifest, id: 'honest' } });
`;

const BROKEN: Readonly<Record<string, string>> = {
  loops: 'for (;;);',
  hangs: 'await never();',
  ends: 'process.exit(1);',
  rejects: `void Promise.reject(new Error('${NAME}')); await never();`,
  leaks: 'const kept = []; for (;;) kept.push(new Array(1_000).fill(kept));',
  prints: `for (let i = 0; i < 100_000; i += 1) console.log('${NAME}'); throw new Error('${NAME}');`,
};

const connection = (id: string, platform: string, settings: object, calendar: string) => ({
  id,
  platform,
  pollSeconds: 1,
  allowedTargets: ['127.0.0.1'],
  settings,
  calendars: [{ id: calendar, schedule: 'dr', topology: 'block' }],
});

describe('a gateway with adapters of other packages', function () {
  this.timeout(120_000);
  let packages: OtherPackages;
  let simulator: Pick<Simulator, 'url' | 'close'>;
  let gateway: Gateway;
  const events: EngineEvent[] = [];
  const lines: string[] = [];
  const listener = listenForPatients('a gateway with broken adapters');

  before(async () => {
    const folder = join(packageRoot, 'mappings', 'rvsq');
    const tables = Object.fromEntries(
      (await readdir(folder)).map((name) => [
        `node_modules/passerelle-adapter-honest/mappings/honest/${name}`,
        readFileSync(join(folder, name), 'utf8'),
      ]),
    );
    packages = await makeFolder({
      'node_modules/passerelle-adapter-honest/package.json': packageJson('passerelle-adapter-honest'),
      'node_modules/passerelle-adapter-honest/index.js': HONEST,
      ...tables,
      'broken/package.json': packageJson('broken'),
      'broken/index.js': adapterModule({
        id: 'broken',
        settings: 'z.strictObject({ how: z.string() })',
        read: `switch (options.settings.how) { ${Object.entries(BROKEN)
          .map(([how, code]) => `case '${how}': { ${code} }`)
          .join(' break; ')} }`,
      }),
    });
    simulator = await startSimulator({ seed: 7, actors: ['dr-tremblay'], days: 14 });
    const slots: { calendar: string }[] = JSON.parse(
      await (await fetch(`${simulator.url}/_sim/slots`)).text(),
    );
    const calendar = slots[0]?.calendar ?? '';
    const site = { baseUrl: simulator.url, apiKey: SIMULATOR_KEY };
    const file = join(packages.folder, 'clinic.yaml');
    await writeFile(
      file,
      JSON.stringify({
        adapters: ['passerelle-adapter-honest', './broken'],
        organization: { id: 'fictive', name: 'Clinique' },
        locations: [{ id: 'ici', name: 'Ici' }],
        services: [{ id: 'famille', name: { fr: 'Famille', en: 'Family' } }],
        practitioners: [{ id: 'dr', family: 'Essai', given: 'Essai' }],
        schedules: [{ id: 'dr', practitioner: 'dr', location: 'ici', service: 'famille' }],
        connections: [
          connection('honest', 'honest', site, calendar),
          ...Object.keys(BROKEN).map((how) => connection(how, 'broken', { how }, 'agenda')),
        ],
      }),
    );
    const load = createLoader({
      tickMilliseconds: 50,
      memoryMebibytes: 64,
      busyMilliseconds: 1_500,
      callMilliseconds: 2_000,
    });
    const configuration = await readConfiguration(file, new Map([[rvsq.manifest.id, rvsq]]), {}, load);
    gateway = await startGateway({
      environment: { ...readEnvironment({}), port: 0, dataFolder: await makeDataFolder({ embedded: true }) },
      role: 'both',
      configuration,
      onEvent: (event) => events.push(event),
      logger: pino(
        { level: 'trace' },
        {
          write: (line: string) => {
            listener.hear(line);
            lines.push(line);
            if (process.env['TEST_LOG']) process.stderr.write(line);
          },
        },
      ),
    });
  });
  after(async () => {
    await gateway?.close();
    await simulator?.close();
    await packages?.remove();
    listener.expectNobody();
  });

  const readings = (id: string): number =>
    events.filter((event) => event.type === 'feed.read' && event.connectionId === id).length;
  const trouble = (id: string): string[] =>
    lines
      .flatMap((line) => JSON.parse(line).reason ?? [])
      .filter((reason) => reason.startsWith(`reading ${id}: `));

  it('reads the honest one, while each of the others fails by itself', async () => {
    await until('every broken one has failed', async () =>
      Object.keys(BROKEN).every((id) => trouble(id).length > 0),
    );
    const before = readings('honest');
    await until('the honest one is read again and again', async () => readings('honest') >= before + 3);
    expect(Object.keys(BROKEN).map(readings)).to.deep.equal(Object.keys(BROKEN).map(() => 0));
    expect(trouble('honest')).to.deep.equal([]);
    for (const id of Object.keys(BROKEN)) {
      expect(trouble(id)[0]).to.match(
        new RegExp(`^reading ${id}: unavailable: (the adapter was ended|a defect)`),
      );
    }
  });
});
