import { readFile } from 'node:fs/promises';
import type { Adapter } from '../adapter/contract.ts';
import type { Connection, DirectoryEntries } from '../domain/directory.ts';
import { DAY, MINUTE, SECOND } from '../domain/instant.ts';
import type { Calendar } from '../domain/schedule.ts';
import { type AccessSettings, accessOf } from './access.ts';
import { ConfigurationDocument } from './document.ts';
import { milliseconds } from './duration.ts';
import type { Variables } from './environment.ts';
import { type Explanation, explain } from './explain.ts';
import { checkOrganizations } from './organization-checks.ts';
import type { PatientSettings } from './patients.ts';
import { policyOf } from './policy.ts';
import { checkPolicies } from './policy-checks.ts';
import { ConfigurationError, formatPath, type Problem } from './problems.ts';
import { rawRoot } from './raw.ts';
import { checkReferences } from './references.ts';
import { jsonSchemaOf } from './schema-node.ts';
import { resolveSecrets } from './secrets.ts';
import type { ServerSettings } from './server.ts';
import { type ConfiguredConnection, checkSettings } from './settings.ts';
import { checkSharing } from './sharing-checks.ts';
import { parseSource, type Source } from './source.ts';
import { type SubscriptionSettings, subscriptionsOf } from './subscriptions.ts';

/** Everything that an operator decides, checked. */
export type Configuration = {
  readonly directory: DirectoryEntries;
  /** One for each connection of the directory, in its order. */
  readonly connections: readonly ConfiguredConnection[];
  readonly subscriptions: SubscriptionSettings;
  readonly patients: PatientSettings;
  readonly access: AccessSettings;
  readonly server: ServerSettings;
};

/**
 * Reads the YAML file and checks all of it.
 * @param adapters by their id, which is `platform:` in the file.
 * @param variables where `{ env: NAME }` is looked up.
 * @throws ConfigurationError with every problem at once, each with its line.
 */
export async function readConfiguration(
  file: string,
  adapters: ReadonlyMap<string, Adapter>,
  variables: Variables,
): Promise<Configuration> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const message = `cannot be read (${error instanceof Error ? error.message : String(error)})`;
    throw new ConfigurationError(file, [{ line: 1, column: 1, path: '', message }]);
  }
  return parseConfiguration(text, file, adapters, variables);
}

/** As `readConfiguration`, of a text. @param file its name in errors. @throws ConfigurationError */
export function parseConfiguration(
  text: string,
  file: string,
  adapters: ReadonlyMap<string, Adapter>,
  variables: Variables,
): Configuration {
  const source = parseSource(text);
  if (source.problems.length > 0) throw new ConfigurationError(file, source.problems);
  const parsed = ConfigurationDocument.safeParse(source.value);
  const root = rawRoot(source.value);
  const settings = checkSettings(root, adapters, variables);
  const explanations = [
    ...(parsed.success ? [] : structure(parsed.error.issues, source.value)),
    ...checkReferences(root, adapters),
    ...checkOrganizations(root),
    ...checkPolicies(root),
    ...checkSharing(root, adapters),
    ...settings.problems,
    ...resolveSecrets(root.fields['access'], variables, ['access']).missing,
  ];
  if (!parsed.success || explanations.length > 0) {
    throw new ConfigurationError(
      file,
      explanations.map((explanation) => located(explanation, source)),
    );
  }
  const { connections } = parsed.data;
  return {
    directory: directoryOf(parsed.data, adapters),
    connections: settings.connections.map((connection, index) => ({
      ...connection,
      allowedTargets: connections[index]?.allowedTargets ?? [],
    })),
    subscriptions: subscriptionsOf(parsed.data.subscriptions),
    patients: parsed.data.patients,
    access: accessOf(parsed.data.access, variables),
    server: parsed.data.server,
  };
}

function structure(issues: Parameters<typeof explain>[0][], value: unknown): readonly Explanation[] {
  if (value === null) return [{ path: [], at: 'value', message: 'the file is empty' }];
  const schema = jsonSchemaOf(ConfigurationDocument);
  return issues.flatMap((issue) => explain(issue, schema, value));
}

function located(explanation: Explanation, source: Source): Problem {
  const { path, at, message } = explanation;
  return { ...(at === 'key' ? source.keyAt(path) : source.valueAt(path)), path: formatPath(path), message };
}

function directoryOf(
  document: ConfigurationDocument,
  adapters: ReadonlyMap<string, Adapter>,
): DirectoryEntries {
  const organizations = document.organizations ?? (document.organization ? [document.organization] : []);
  const sole = organizations[0]?.id ?? '';
  return {
    organizations,
    locations: document.locations.map(({ organization = sole, address, phone, position, ...location }) => ({
      ...location,
      organizationId: organization,
      address: address ?? null,
      phone: phone ?? null,
      position: position ?? null,
    })),
    services: document.services,
    practitioners: document.practitioners.map(({ prefix, ...practitioner }) => ({
      ...practitioner,
      prefix: prefix ?? null,
    })),
    schedules: document.schedules.map(({ practitioner, location, service, policy, ...schedule }) => ({
      ...schedule,
      policy: policyOf(policy),
      practitionerId: practitioner,
      locationId: location,
      serviceId: service,
    })),
    connections: document.connections.map((connection) => connectionOf(connection, adapters)),
    calendars: document.connections.flatMap((connection) =>
      connection.calendars.map(
        ({ id, schedule, topology }): Calendar => ({
          connectionId: connection.id,
          externalId: id,
          scheduleId: schedule,
          topology,
        }),
      ),
    ),
  };
}

function connectionOf(
  connection: ConfigurationDocument['connections'][number],
  adapters: ReadonlyMap<string, Adapter>,
): Connection {
  const { id, platform } = connection;
  const manifest = adapters.get(platform)?.manifest;
  return {
    id,
    platform,
    title: connection.title ?? manifest?.title ?? { fr: platform, en: platform },
    isEditedHere: manifest?.capabilities.agenda === 'here',
    pollMilliseconds: milliseconds(connection.pollSeconds, SECOND),
    freshnessMilliseconds: milliseconds(connection.freshnessMinutes, MINUTE),
    horizonMilliseconds: milliseconds(connection.horizonDays, DAY),
    suspect: connection.suspect,
  };
}
