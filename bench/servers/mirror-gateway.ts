import bonjourSante from '../../adapters/bonjour-sante/adapter.ts';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { SIMULATOR_KEY as RVSQ_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import type { Adapter, Manifest } from '../../src/adapter/contract.ts';
import { ACCESS_DEFAULTS } from '../../src/config/access.ts';
import { MAIL_DEFAULTS } from '../../src/config/mail.ts';
import { PATIENT_DEFAULTS } from '../../src/config/patients.ts';
import { SERVER_DEFAULTS } from '../../src/config/server.ts';
import { SUBSCRIPTION_DEFAULTS } from '../../src/config/subscriptions.ts';
import { DEFAULT_LIMIT } from '../../src/domain/absence.ts';
import { DAY, MINUTE } from '../../src/domain/instant.ts';
import { DEFAULT_POLICY } from '../../src/domain/schedule.ts';
import { task } from './child.ts';
import { type ServeTask, serve } from './serve.ts';

/** Passerelle between the two simulators, with its own adapters. */
export type MirrorTask = ServeTask & {
  readonly vendorUrl: string;
  readonly rvsqUrl: string;
  readonly webhookSecret: string;
  readonly pollMilliseconds: number;
  readonly actors: readonly string[];
};

/** The pace that an adapter keeps out of regard for its platform would be all that is measured. */
const unpaced = (adapter: Adapter): Adapter => {
  const limits: Manifest['limits'] = {
    ...adapter.manifest.limits,
    requests: 1_000_000,
    windowMilliseconds: 1_000,
  };
  return { ...adapter, manifest: { ...adapter.manifest, limits } };
};

/** The simulators are on this machine. */
const allowedTargets = ['127.0.0.1'];

const wanted = task<MirrorTask>();
const { vendorUrl, rvsqUrl, webhookSecret, pollMilliseconds, actors } = wanted;
const common = {
  freshnessMilliseconds: DAY,
  horizonMilliseconds: 21 * DAY,
  isEditedHere: false,
  asksPeople: false,
  isListed: false,
  suspect: DEFAULT_LIMIT,
};
await serve(wanted, {
  subscriptions: SUBSCRIPTION_DEFAULTS,
  patients: PATIENT_DEFAULTS,
  access: ACCESS_DEFAULTS,
  // One client asks as much as all of a day's would.
  mail: MAIL_DEFAULTS,
  server: {
    ...SERVER_DEFAULTS,
    limits: { ...SERVER_DEFAULTS.limits, client: 1_000_000, delivery: 1_000_000 },
  },
  directory: {
    organizations: [{ id: 'clinique-banc', name: 'Clinique fictive du banc' }],
    practitioners: actors.map((id) => ({ id, family: id, given: 'Camille', prefix: 'Dre', identifiers: [] })),
    locations: [
      {
        id: 'ici',
        name: 'Ici',
        organizationId: 'clinique-banc',
        timeZone: 'America/Toronto',
        address: null,
        phone: null,
        position: null,
      },
    ],
    services: [{ id: 'famille', name: { fr: 'Médecine familiale', en: 'Family medicine' } }],
    schedules: actors.map((id) => ({
      id: `${id}-ici`,
      practitionerId: id,
      locationId: 'ici',
      serviceId: 'famille',
      capacity: 1,
      policy: DEFAULT_POLICY,
    })),
    connections: [
      {
        ...common,
        id: 'bonjour-sante',
        platform: 'bonjour-sante',
        title: bonjourSante.manifest.title,
        pollMilliseconds: 60 * MINUTE,
      },
      { ...common, id: 'rvsq', platform: 'rvsq', title: rvsq.manifest.title, pollMilliseconds },
    ],
    calendars: actors.flatMap((id) => [
      { connectionId: 'bonjour-sante', externalId: `ag-${id}`, scheduleId: `${id}-ici`, topology: 'block' },
      { connectionId: 'rvsq', externalId: `pro-${id}`, scheduleId: `${id}-ici`, topology: 'block' },
    ]),
  },
  connections: [
    {
      id: 'bonjour-sante',
      adapter: unpaced(bonjourSante),
      settings: { baseUrl: vendorUrl, apiKey: VENDOR_KEY, webhookSecret },
      allowedTargets,
    },
    { id: 'rvsq', adapter: unpaced(rvsq), settings: { baseUrl: rvsqUrl, apiKey: RVSQ_KEY }, allowedTargets },
  ],
});
