import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { startSimulator as startVendor } from '../../adapters/bonjour-sante/simulator/start.ts';
import { startSimulator as startRvsq } from '../../adapters/rvsq/simulator/start.ts';
import { demonstration, demonstrationConfiguration } from '../../src/cli/demonstration.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { startGateway } from '../../src/gateway.ts';
import { allAdapters } from '../config/adapters.ts';
import { makeDataFolder } from './data-folder.ts';
import { until } from './servers.ts';
import { SimulatedSite } from './simulated-site.ts';

/** What `npm start` starts, in this process and on ports that are free. */
export type ServedDemonstration = {
  readonly url: string;
  readonly dataFolder: string;
  /** The simulated Bonjour-santé, which tells by webhook. */
  readonly vendor: SimulatedSite;
  readonly rvsq: SimulatedSite;
  readonly headers: () => Promise<{ readonly authorization: string }>;
  /** By the administrator's token. @param path from the root, as `/fhir/Slot`. @throws Error of what is not 2xx. */
  readonly ask: <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

type Secret = { readonly webhookSecret?: string };

/** @param options.entryKey of the link to the console; left out = there is none. */
export async function serveDemonstration(
  options: { readonly entryKey?: string } = {},
): Promise<ServedDemonstration> {
  const dataFolder = await makeDataFolder({ embedded: true });
  const environment = readEnvironment({});
  const configuration = demonstrationConfiguration(
    demonstration(environment, {}, null),
    environment,
    await allAdapters(),
  );
  const { practitioners } = configuration.directory;
  const agendas = { seed: 7, actors: practitioners.map(({ id }) => id), days: 14 };
  const simulators = { 'bonjour-sante': await startVendor(agendas), rvsq: await startRvsq(agendas) };
  const vendor = new SimulatedSite(simulators['bonjour-sante'].url);
  const rvsq = new SimulatedSite(simulators.rvsq.url);
  const urls: Readonly<Record<string, string>> = { 'bonjour-sante': vendor.url, rvsq: rvsq.url };
  const gateway = await startGateway({
    environment: { ...environment, ...options, port: 0, dataFolder, logLevel: 'silent' },
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
  const settings = configuration.connections.find(({ id }) => id === 'bonjour-sante')?.settings as Secret;
  await vendor.call('PUT', 'webhook', {
    url: `${url}/webhooks/bonjour-sante`,
    secret: settings.webhookSecret,
  });
  await until(
    'the first reading of both platforms',
    async () => (await fetch(`${url}/readyz`)).status === 200,
  );
  const headers = async () => {
    const token = await readFile(join(dataFolder, 'admin-token'), 'utf8');
    return { authorization: `Bearer ${token.trim()}` };
  };
  return {
    url,
    dataFolder,
    vendor,
    rvsq,
    headers,
    async ask(method, path, body) {
      const response = await fetch(url + path, {
        method,
        headers: { ...(await headers()), 'content-type': 'application/fhir+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return JSON.parse(text);
    },
    close: async () => {
      await gateway.close();
      for (const simulator of Object.values(simulators)) await simulator.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
