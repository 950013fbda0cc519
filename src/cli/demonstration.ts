import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Adapter } from '../adapter/contract.ts';
import { ACCESS_DEFAULTS } from '../config/access.ts';
import type { GatewayEnvironment } from '../config/environment.ts';
import { MAIL_DEFAULTS } from '../config/mail.ts';
import { PATIENT_DEFAULTS } from '../config/patients.ts';
import type { Configuration } from '../config/read-configuration.ts';
import { SERVER_DEFAULTS } from '../config/server.ts';
import { SUBSCRIPTION_DEFAULTS } from '../config/subscriptions.ts';
import { DEFAULT_LIMIT } from '../domain/absence.ts';
import type { DirectoryEntries } from '../domain/directory.ts';
import { DAY, MINUTE, SECOND } from '../domain/instant.ts';
import { type Calendar, DEFAULT_POLICY, type Practitioner } from '../domain/schedule.ts';
import { CommandFailure } from './dependencies.ts';
import { urlOf } from './gateway-request.ts';

/** A made-up clinic on two simulated platforms, for whoever starts Passerelle without a configuration. */

const DAYS = 14;

const PLATFORMS = [
  {
    id: 'bonjour-sante',
    title: { fr: 'Bonjour-santé', en: 'Bonjour-santé' },
    portOffset: 1,
    calendarPrefix: 'ag-',
    // It tells by webhook; a reading only finds what was lost.
    pollMilliseconds: 30 * SECOND,
  },
  {
    id: 'rvsq',
    title: { fr: 'RVSQ', en: 'RVSQ' },
    portOffset: 2,
    calendarPrefix: 'pro-',
    pollMilliseconds: 1 * SECOND,
  },
] as const;

/** Edited through FHIR: of a doctor who has slots on both platforms besides, and time off. */
const AGENDA = {
  id: 'agenda',
  title: { fr: 'Agenda de Passerelle', en: 'Passerelle agenda' },
  pollMilliseconds: 30 * SECOND,
  practitionerId: 'dr-nguyen',
} as const;

type DemonstrationPlatform = (typeof PLATFORMS)[number];

const doctor = (id: string, prefix: string, given: string, family: string): Practitioner => ({
  id,
  prefix,
  given,
  family,
  identifiers: [],
});

const DOCTORS: readonly Practitioner[] = [
  doctor('dr-tremblay', 'Dr', 'Alex', 'Tremblay'),
  doctor('dre-gagnon', 'Dre', 'Camille', 'Gagnon'),
  doctor('dr-nguyen', 'Dr', 'Linh', 'Nguyen'),
];

const CLINIC = 'clinique-du-parc';
const SERVICE = 'consultation';

/** The simulators take no other key, and it opens nothing else. */
const SIMULATOR_KEY = 'cle-du-simulateur';
const PATIENT_DAYS = 30;
const THIS_MACHINE = ['localhost', '127.0.0.0/8', '::1'];

export type DemonstrationSimulator = {
  readonly platform: string;
  readonly title: string;
  readonly url: string;
  /** Of adapters/<platform>/simulator/main.ts. */
  readonly options: readonly string[];
};

export type Demonstration = {
  readonly configuration: Configuration;
  readonly simulators: readonly DemonstrationSimulator[];
  /** The link to the console carries it; another at each start. */
  readonly entryKey: string;
};

/** @throws CommandFailure when there is no room for the simulators beside PORT, or an adapter is not there. */
export function demonstration(
  environment: GatewayEnvironment,
  adapters: ReadonlyMap<string, Adapter>,
): Demonstration {
  const { host, port } = environment;
  if (port === 0 || port + PLATFORMS.length > 65_535) {
    throw new CommandFailure('the demonstration also listens on PORT+1 and PORT+2: set PORT to 1 … 65533');
  }
  // Hexadecimal: in base64url one in 64 would begin with a dash, and the simulator would take it for an option.
  const webhookSecret = randomBytes(24).toString('hex');
  return {
    entryKey: randomBytes(32).toString('base64url'),
    configuration: {
      directory: directory(),
      // So that whoever tries it out may have a receiver on this machine.
      subscriptions: { ...SUBSCRIPTION_DEFAULTS, allowedTargets: THIS_MACHINE },
      // Made up, as everything here.
      access: ACCESS_DEFAULTS,
      patients: { ...PATIENT_DEFAULTS, keepDays: PATIENT_DAYS },
      mail: MAIL_DEFAULTS,
      server: SERVER_DEFAULTS,
      connections: [
        ...PLATFORMS.map(({ id, portOffset }) => {
          const adapter = adapterOf(id, adapters);
          const settings = adapter.manifest.settings.parse({
            baseUrl: urlOf(host, port + portOffset),
            apiKey: SIMULATOR_KEY,
            ...(hasWebhook(adapter) ? { webhookSecret } : {}),
          });
          // The simulators listen where the gateway does.
          return { id, adapter, settings, allowedTargets: [...THIS_MACHINE, host] };
        }),
        { id: AGENDA.id, adapter: adapterOf(AGENDA.id, adapters), settings: {}, allowedTargets: [] },
      ],
    },
    simulators: PLATFORMS.map((platform) => {
      const adapter = adapters.get(platform.id);
      const secret = adapter !== undefined && hasWebhook(adapter) ? webhookSecret : null;
      return simulatorOf(platform, environment, secret);
    }),
  };
}

function adapterOf(id: string, adapters: ReadonlyMap<string, Adapter>): Adapter {
  const adapter = adapters.get(id);
  if (adapter === undefined) throw new CommandFailure(`there is no adapter ${id}`);
  return adapter;
}

const hasWebhook = (adapter: Adapter): boolean => adapter.manifest.capabilities.webhook !== 'none';

function directory(): DirectoryEntries {
  return {
    organizations: [{ id: CLINIC, name: 'Clinique du Parc' }],
    locations: [
      {
        id: CLINIC,
        name: 'Clinique du Parc',
        organizationId: CLINIC,
        timeZone: 'America/Toronto',
        address: { line: '100, rue Exemple', city: 'Montréal', postalCode: 'H0H 0H0' },
        phone: '+1 514 555-0100',
        position: { latitude: 45.52, longitude: -73.58 },
      },
    ],
    services: [
      { id: SERVICE, name: { fr: 'Consultation en médecine familiale', en: 'Family medicine consultation' } },
    ],
    practitioners: DOCTORS,
    schedules: DOCTORS.map(({ id }) => ({
      id,
      practitionerId: id,
      locationId: CLINIC,
      serviceId: SERVICE,
      capacity: 1,
      policy: DEFAULT_POLICY,
    })),
    connections: [...PLATFORMS, AGENDA].map(({ id, title, pollMilliseconds }) => ({
      isEditedHere: id === AGENDA.id,
      asksPeople: false,
      isListed: false,
      id,
      platform: id,
      title,
      pollMilliseconds,
      freshnessMilliseconds: 5 * MINUTE,
      horizonMilliseconds: DAYS * DAY,
      suspect: DEFAULT_LIMIT,
    })),
    calendars: [
      ...PLATFORMS.flatMap(({ id, calendarPrefix }) =>
        DOCTORS.map((each) => calendar(id, `${calendarPrefix}${each.id}`, each.id)),
      ),
      calendar(AGENDA.id, AGENDA.practitionerId, AGENDA.practitionerId),
    ],
  };
}

const calendar = (connectionId: string, externalId: string, scheduleId: string): Calendar => ({
  connectionId,
  externalId,
  scheduleId,
  topology: 'block',
});

function simulatorOf(
  { id, title, portOffset }: DemonstrationPlatform,
  { host, port, dataFolder }: GatewayEnvironment,
  webhookSecret: string | null,
): DemonstrationSimulator {
  const webhook = `${urlOf(host, port)}/webhooks/${id}`;
  return {
    platform: id,
    title: title.en,
    url: urlOf(host, port + portOffset),
    options: [
      ...['--host', host, '--port', String(port + portOffset)],
      ...['--actors', DOCTORS.map((each) => each.id).join(','), '--days', String(DAYS)],
      ...['--state', join(dataFolder, 'simulators', `${id}.json`)],
      ...(webhookSecret === null ? [] : ['--webhook', webhook, '--webhook-secret', webhookSecret]),
    ],
  };
}
