import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Adapter } from '../adapter/contract.ts';
import type { OfferedConnection } from '../config/editing/editor.ts';
import type { GatewayEnvironment, Variables } from '../config/environment.ts';
import { outsideOf } from '../config/outside.ts';
import { type Configuration, parseConfiguration } from '../config/read-configuration.ts';
import { CommandFailure } from './dependencies.ts';
import { urlOf } from './gateway-request.ts';

/** A made-up clinic on two simulated platforms, for whoever starts Passerelle without a configuration. */

const DAYS = 14;

const DOCTORS = ['dr-tremblay', 'dre-gagnon', 'dr-nguyen'] as const;

const PLATFORMS = [
  { id: 'bonjour-sante', title: 'Bonjour-santé', portOffset: 1, hasWebhook: true },
  { id: 'rvsq', title: 'RVSQ', portOffset: 2, hasWebhook: false },
] as const;

type DemonstrationPlatform = (typeof PLATFORMS)[number];

/** The simulators take no other key, and it opens nothing else. */
const SIMULATOR_KEY = 'cle-du-simulateur';

/** Files of secrets. */
const KEY_FILE = 'simulateurs.apiKey';
const WEBHOOK_FILE = 'simulateurs.webhookSecret';

/** Whatever port this is started on, the file leads to its simulators. */
const addressVariable = (id: string): string => `SIMULATEUR_${id.toUpperCase().replaceAll('-', '_')}`;

/** As it is written at the first start; from then on the file is whoever's who changes it. */
const TEXT = `# Une clinique fictive, écrite au premier démarrage de la démonstration. Modifiez-la, ici ou dans la console :
# elle est relue dès qu'elle change. Sans ce fichier, elle est récrite au prochain démarrage.
#
# A made-up clinic, written at the first start of the demonstration. Change it, here or in the console: it is read again
# as soon as it changes. Without this file it is written anew at the next start.

organization:
  id: clinique-du-parc
  name: Clinique du Parc

locations:
  - id: clinique-du-parc
    name: Clinique du Parc
    timeZone: America/Toronto
    address: { line: "100, rue Exemple", city: Montréal, postalCode: H0H 0H0 }
    phone: +1 514 555-0100
    position: { latitude: 45.52, longitude: -73.58 }

services:
  - id: consultation
    name:
      fr: Consultation en médecine familiale
      en: Family medicine consultation

practitioners:
  - { id: dr-tremblay, prefix: Dr, given: Alex, family: Tremblay }
  - { id: dre-gagnon, prefix: Dre, given: Camille, family: Gagnon }
  - { id: dr-nguyen, prefix: Dr, given: Linh, family: Nguyen }

schedules:
${DOCTORS.map((id) => `  - { id: ${id}, practitioner: ${id}, location: clinique-du-parc, service: consultation }`).join('\n')}

connections:
  - id: bonjour-sante
    platform: bonjour-sante
    title: { fr: Bonjour-santé, en: Bonjour-santé }
    # It tells by webhook; a reading only finds what was lost.
    pollSeconds: 30
    freshnessMinutes: 5
    horizonDays: ${DAYS}
    allowedTargets: [localhost, 127.0.0.0/8, "::1"]
    settings:
      baseUrl: { env: ${addressVariable('bonjour-sante')} }
      apiKey: { file: ${KEY_FILE} }
      webhookSecret: { file: ${WEBHOOK_FILE} }
    calendars:
${DOCTORS.map((id) => `      - { id: ag-${id}, schedule: ${id}, topology: block }`).join('\n')}

  - id: rvsq
    platform: rvsq
    title: { fr: RVSQ, en: RVSQ }
    pollSeconds: 1
    freshnessMinutes: 5
    horizonDays: ${DAYS}
    allowedTargets: [localhost, 127.0.0.0/8, "::1"]
    settings:
      baseUrl: { env: ${addressVariable('rvsq')} }
      apiKey: { file: ${KEY_FILE} }
    calendars:
${DOCTORS.map((id) => `      - { id: pro-${id}, schedule: ${id}, topology: block }`).join('\n')}

  # Edited through FHIR: of a doctor who has slots on both platforms besides, and time off.
  - id: agenda
    platform: agenda
    title: { fr: Agenda de Passerelle, en: Passerelle agenda }
    pollSeconds: 30
    freshnessMinutes: 5
    horizonDays: ${DAYS}
    calendars:
      - { id: dr-nguyen, schedule: dr-nguyen, topology: block }

# So that whoever tries it out may have a receiver on this machine.
subscriptions:
  allowedTargets: [localhost, 127.0.0.0/8, "::1"]

patients:
  keepDays: 30
`;

export type DemonstrationSimulator = {
  readonly platform: string;
  readonly title: string;
  readonly url: string;
  /** Of adapters/<platform>/simulator/main.ts. */
  readonly options: readonly string[];
};

export type Demonstration = {
  /** What the file begins as. */
  readonly text: string;
  /** By their names: what it refers to. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The process's own, and where the simulators are. */
  readonly variables: Variables;
  readonly simulators: readonly DemonstrationSimulator[];
  /** The link to the console carries it; another at each start. */
  readonly entryKey: string;
  /** What a clinic that is set up from nothing can be connected to. */
  readonly offered: readonly OfferedConnection[];
};

/**
 * @param webhookSecret that the simulators sign with; null = a new one.
 * @throws CommandFailure when there is no room for the simulators beside PORT.
 */
export function demonstration(
  environment: GatewayEnvironment,
  variables: Variables,
  webhookSecret: string | null,
): Demonstration {
  const { host, port } = environment;
  if (port === 0 || port + PLATFORMS.length > 65_535) {
    throw new CommandFailure('the demonstration also listens on PORT+1 and PORT+2: set PORT to 1 … 65533');
  }
  // Hexadecimal: in base64url one in 64 would begin with a dash, and the simulator would take it for an option.
  const secret = webhookSecret ?? randomBytes(24).toString('hex');
  const addresses = PLATFORMS.map(({ id, portOffset }) => [
    addressVariable(id),
    urlOf(host, port + portOffset),
  ]);
  return {
    text: TEXT,
    entryKey: randomBytes(32).toString('base64url'),
    secrets: new Map([
      [KEY_FILE, SIMULATOR_KEY],
      [WEBHOOK_FILE, secret],
    ]),
    variables: { ...variables, ...Object.fromEntries(addresses) },
    simulators: PLATFORMS.map((platform) => simulatorOf(platform, environment, secret)),
    offered: offered(),
  };
}

/** As it is read from the file of a first start, for whoever needs no file. */
export function demonstrationConfiguration(
  { text, secrets, variables }: Demonstration,
  environment: GatewayEnvironment,
  adapters: ReadonlyMap<string, Adapter>,
): Configuration {
  const outside = {
    ...outsideOf(variables),
    fileNamed: (name: string) => ({ text: secrets.get(name) ?? '' }),
  };
  return reachable(parseConfiguration(text, 'demonstration', adapters, variables, [], outside), environment);
}

/** Where HOST is another address than this machine's own, the simulators are there too. */
export const reachable = (configuration: Configuration, { host }: GatewayEnvironment): Configuration => ({
  ...configuration,
  connections: configuration.connections.map((connection) => ({
    ...connection,
    allowedTargets: PLATFORMS.some(({ id }) => id === connection.adapter.manifest.id)
      ? [...connection.allowedTargets, host]
      : connection.allowedTargets,
  })),
});

export const demonstrationFile = ({ dataFolder }: GatewayEnvironment): string =>
  resolve(join(dataFolder, 'passerelle.yaml'));

export { WEBHOOK_FILE };

function offered(): readonly OfferedConnection[] {
  const { connections }: { connections: readonly Record<string, unknown>[] } = parse(TEXT);
  return connections.map(({ calendars, ...connection }) => ({
    connection: { ...connection, calendars: [] },
    calendars: (calendars as readonly { id: string }[]).map(({ id }) => id),
  }));
}

function simulatorOf(
  { id, title, portOffset, hasWebhook }: DemonstrationPlatform,
  { host, port, dataFolder }: GatewayEnvironment,
  webhookSecret: string,
): DemonstrationSimulator {
  const webhook = `${urlOf(host, port)}/webhooks/${id}`;
  return {
    platform: id,
    title,
    url: urlOf(host, port + portOffset),
    options: [
      ...['--host', host, '--port', String(port + portOffset)],
      ...['--actors', DOCTORS.join(','), '--days', String(DAYS)],
      ...['--state', join(dataFolder, 'simulators', `${id}.json`)],
      ...(hasWebhook ? ['--webhook', webhook, '--webhook-secret', webhookSecret] : []),
    ],
  };
}
