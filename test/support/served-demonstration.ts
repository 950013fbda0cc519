import { rm } from 'node:fs/promises';
import pino from 'pino';
import { startSimulator as startVendor } from '../../adapters/bonjour-sante/simulator/start.ts';
import { startSimulator as startRvsq } from '../../adapters/rvsq/simulator/start.ts';
import { demonstration } from '../../src/cli/demonstration.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { startGateway } from '../../src/gateway.ts';
import { allAdapters } from '../config/adapters.ts';
import { makeDataFolder } from './data-folder.ts';
import { until } from './servers.ts';

/** What `npm start` starts, in this process and on ports that are free. */
export type ServedDemonstration = {
  readonly url: string;
  readonly dataFolder: string;
  readonly close: () => Promise<void>;
};

export async function serveDemonstration(): Promise<ServedDemonstration> {
  const dataFolder = await makeDataFolder({ embedded: true });
  const { configuration } = demonstration(readEnvironment({}), await allAdapters());
  const { practitioners } = configuration.directory;
  const agendas = { seed: 7, actors: practitioners.map(({ id }) => id), days: 14 };
  const simulators = { 'bonjour-sante': await startVendor(agendas), rvsq: await startRvsq(agendas) };
  const urls: Readonly<Record<string, string>> = {
    'bonjour-sante': simulators['bonjour-sante'].url,
    rvsq: simulators.rvsq.url,
  };
  const gateway = await startGateway({
    environment: { ...readEnvironment({}), port: 0, dataFolder, logLevel: 'silent' },
    role: 'both',
    configuration: {
      ...configuration,
      connections: configuration.connections.map(({ id, settings, ...connection }) => ({
        ...connection,
        id,
        settings: id in urls ? Object.assign({}, settings, { baseUrl: urls[id] }) : settings,
      })),
    },
    onEvent: () => undefined,
    logger: pino({ level: 'silent' }),
  });
  const { url } = gateway;
  if (url === null) throw new Error('the gateway does not listen');
  await until(
    'the first reading of both platforms',
    async () => (await fetch(`${url}/readyz`)).status === 200,
  );
  return {
    url,
    dataFolder,
    close: async () => {
      await gateway.close();
      for (const simulator of Object.values(simulators)) await simulator.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
