import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import pino from 'pino';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import { startSimulator as startVendor } from '../../adapters/bonjour-sante/simulator/start.ts';
import { SIMULATOR_KEY as REGIONAL_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import { startSimulator as startRegional } from '../../adapters/rvsq/simulator/start.ts';
import type { Simulator } from '../../src/adapter/simulator/server.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { readConfiguration } from '../../src/config/read-configuration.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { listenForPatients } from '../support/leaks.ts';
import { createLoader } from '../support/loader.ts';
import { makeFolder, type OtherPackages } from '../support/other-package.ts';
import { until } from '../support/servers.ts';
import { ACTORS, type SimSlot, SimulatedSite } from '../support/simulated-site.ts';
import { EXAMPLES_FOLDER } from './examples.ts';

/** A clinic whose two platforms are described, and nothing else: what is taken on one is closed on the other. */

const SECRET = 'a-secret-of-the-gateway';

describe('a gateway without an adapter of code', function () {
  this.timeout(120_000);
  const [actor] = ACTORS;
  let packages: OtherPackages;
  let simulators: Pick<Simulator, 'url' | 'close'>[];
  let gateway: Gateway;
  let vendor: SimulatedSite;
  let regional: SimulatedSite;
  const listener = listenForPatients('a gateway with descriptions');

  before(async () => {
    simulators = [
      await startVendor({ seed: 7, actors: [actor], days: 14 }),
      await startRegional({ seed: 7, actors: [actor], days: 14 }),
    ];
    [vendor, regional] = simulators.map(({ url }) => new SimulatedSite(url)) as [
      SimulatedSite,
      SimulatedSite,
    ];
    packages = await makeFolder({});
    const connection = (
      id: string,
      platform: string,
      site: SimulatedSite,
      settings: object,
      calendar: string,
    ) => ({
      id,
      platform,
      pollSeconds: 1,
      allowedTargets: ['127.0.0.1'],
      settings: { baseUrl: site.url, ...settings },
      calendars: [{ id: calendar, schedule: 'dr', topology: 'block' }],
    });
    const calendarOf = async (site: SimulatedSite): Promise<string> =>
      (await site.call<{ calendar: string }[]>('GET', 'slots')).json[0]?.calendar ?? '';
    const file = join(packages.folder, 'clinic.yaml');
    await writeFile(
      file,
      JSON.stringify({
        adapters: ['vendor-agenda', 'regional-agenda'].map((name) => join(EXAMPLES_FOLDER, `${name}.yaml`)),
        organization: { id: 'fictive', name: 'Clinique' },
        locations: [{ id: 'ici', name: 'Ici' }],
        services: [{ id: 'famille', name: { fr: 'Famille', en: 'Family' } }],
        practitioners: [{ id: 'dr', family: 'Essai', given: 'Essai' }],
        schedules: [{ id: 'dr', practitioner: 'dr', location: 'ici', service: 'famille' }],
        connections: [
          connection(
            'vendor',
            'vendor-agenda',
            vendor,
            { apiKey: VENDOR_KEY, webhookSecret: SECRET },
            await calendarOf(vendor),
          ),
          connection(
            'regional',
            'regional-agenda',
            regional,
            { apiKey: REGIONAL_KEY },
            await calendarOf(regional),
          ),
        ],
      }),
    );
    gateway = await startGateway({
      environment: { ...readEnvironment({}), port: 0, dataFolder: await makeDataFolder({ embedded: true }) },
      role: 'both',
      configuration: await readConfiguration(file, new Map(), {}, createLoader()),
      onEvent: () => undefined,
      logger: pino({ level: 'info' }, { write: (line: string) => listener.hear(line) }),
    });
    await vendor.call('PUT', 'webhook', { url: `${gateway.url}/webhooks/vendor`, secret: SECRET });
  });
  after(async () => {
    await gateway?.close();
    for (const each of simulators ?? []) await each.close();
    await packages?.remove();
    listener.expectNobody();
  });

  /** A patient books at the one; the other closes what overlaps, and opens it once it is cancelled. */
  const mirrors = async (from: SimulatedSite, to: SimulatedSite): Promise<void> => {
    const are = async (slot: SimSlot, status: SimSlot['status']): Promise<boolean> => {
      const touched = await to.overlapping(slot);
      return touched.length > 0 && touched.every((each) => each.status === status);
    };
    let slot: SimSlot | undefined;
    for (const each of await from.laterSlots(actor))
      if (slot === undefined && (await are(each, 'free'))) slot = each;
    if (!slot) throw new Error('nothing is free at both');
    const booking = await from.book(slot.id);
    await until('the other platform closes that time', () => are(slot, 'blocked'));
    const [block] = (await to.periods()).filter(({ start }) => start === slot.start);
    expect(block?.kind).to.equal('blocked');
    expect(block?.reference).to.match(/^passerelle:/);
    await from.cancel(booking);
    await until('the other platform opens it again', () => are(slot, 'free'));
  };

  it('closes at the agenda what the vendor tells of by its webhook', () => mirrors(vendor, regional));
  it('closes at the vendor what the agenda tells of as a change', () => mirrors(regional, vendor));
});
