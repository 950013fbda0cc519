import { readFile } from 'node:fs/promises';
import type { InstalledAdapter } from '../adapter/isolated.ts';
import type { Connection, DirectoryEntries } from '../domain/directory.ts';
import { DAY, MINUTE, SECOND } from '../domain/instant.ts';
import type { Calendar } from '../domain/schedule.ts';
import { type AccessSettings, accessOf } from './access.ts';
import { type LoadAdapters, namedAdapters } from './adapters.ts';
import { ConfigurationDocument } from './document.ts';
import { milliseconds } from './duration.ts';
import type { Variables } from './environment.ts';
import { type Explanation, explain, located } from './explain.ts';
import { isListed, usualFreshness } from './freshness.ts';
import { checkMail, type MailSettings, mailOf } from './mail.ts';
import { checkOrganizations } from './organization-checks.ts';
import { type Outside, outsideOf } from './outside.ts';
import type { PatientSettings } from './patients.ts';
import { policyOf } from './policy.ts';
import { checkPolicies } from './policy-checks.ts';
import { ConfigurationError, type Problem } from './problems.ts';
import { itemsOf, rawRoot, textOf } from './raw.ts';
import { checkReferences } from './references.ts';
import { jsonSchemaOf } from './schema-node.ts';
import { resolveSecrets } from './secrets.ts';
import type { ServerSettings } from './server.ts';
import { type ConfiguredConnection, checkSettings } from './settings.ts';
import { checkSharing } from './sharing-checks.ts';
import { parseSource } from './source.ts';
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
  readonly mail: MailSettings;
};

/**
 * Reads the YAML file and checks all of it.
 * @param adapters ours, by their id, which is `platform:` in the file.
 * @param variables where `{ env: NAME }` is looked up, and which name the folder of `{ file: NAME }`.
 * @param load those of other packages, which the file names.
 * @throws ConfigurationError with every problem at once, each with its line.
 */
export async function readConfiguration(
  file: string,
  adapters: ReadonlyMap<string, InstalledAdapter>,
  variables: Variables,
  load: LoadAdapters,
): Promise<Configuration> {
  return checkConfiguration(await textIn(file), file, adapters, variables, load);
}

/**
 * As `readConfiguration`, of a text that does not stand in the file, or not yet.
 * @param file whose folder it is that the paths in the text are relative to.
 * @param outside where references lead; left out = as `parseConfiguration` has it.
 * @throws ConfigurationError
 */
export async function checkConfiguration(
  text: string,
  file: string,
  adapters: ReadonlyMap<string, InstalledAdapter>,
  variables: Variables,
  load: LoadAdapters,
  outside: Outside = outsideOf(variables),
): Promise<Configuration> {
  const named = await namedAdapters(rawRoot(parseSource(text).value), file, adapters, load);
  try {
    return parseConfiguration(text, file, named.adapters, variables, named.problems, outside);
  } finally {
    await named.close();
  }
}

/**
 * One connection of a text, whatever is wrong with the rest of it. Null where something is wrong with it itself.
 * @param outside where references lead.
 */
export async function readConnection(
  text: string,
  id: string,
  file: string,
  adapters: ReadonlyMap<string, InstalledAdapter>,
  load: LoadAdapters,
  outside: Outside,
): Promise<ConfiguredConnection | null> {
  const root = rawRoot(parseSource(text).value);
  const named = await namedAdapters(root, file, adapters, load);
  try {
    const found = checkSettings(root, named.adapters, outside).connections.find((each) => each.id === id);
    const written = itemsOf(root, 'connections').find((item) => textOf(item, 'id') === id);
    const { data } = ConfigurationDocument.shape.connections.element.safeParse(written?.fields);
    return found && data ? { ...found, allowedTargets: data.allowedTargets } : null;
  } finally {
    await named.close();
  }
}

/** All adapters that a configuration may use: ours, and those that it names. @throws ConfigurationError where one cannot be. */
export async function readAdapters(
  file: string,
  adapters: ReadonlyMap<string, InstalledAdapter>,
  load: LoadAdapters,
): Promise<ReadonlyMap<string, InstalledAdapter>> {
  return adaptersOf(await textIn(file), file, adapters, load);
}

/** As `readAdapters`, of a text. @throws ConfigurationError */
export async function adaptersOf(
  text: string,
  file: string,
  adapters: ReadonlyMap<string, InstalledAdapter>,
  load: LoadAdapters,
): Promise<ReadonlyMap<string, InstalledAdapter>> {
  const source = parseSource(text);
  if (source.problems.length > 0) throw new ConfigurationError(file, source.problems);
  const named = await namedAdapters(rawRoot(source.value), file, adapters, load);
  await named.close();
  if (named.problems.length === 0) return named.adapters;
  throw new ConfigurationError(
    file,
    named.problems.map((each) => ('line' in each ? each : located(each, source))),
  );
}

async function textIn(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const message = `cannot be read (${error instanceof Error ? error.message : String(error)})`;
    throw new ConfigurationError(file, [{ line: 1, column: 1, path: '', message }]);
  }
}

/**
 * As `readConfiguration`, of a text.
 * @param file its name in errors.
 * @param adapters all of them.
 * @param unusable what is wrong with those that the file names.
 * @param outside where its references lead; left out = to the variables, and the folder of secrets that they name.
 * @throws ConfigurationError
 */
export function parseConfiguration(
  text: string,
  file: string,
  adapters: ReadonlyMap<string, InstalledAdapter>,
  variables: Variables,
  unusable: readonly (Explanation | Problem)[] = [],
  outside: Outside = outsideOf(variables),
): Configuration {
  const source = parseSource(text);
  if (source.problems.length > 0) throw new ConfigurationError(file, source.problems);
  const parsed = ConfigurationDocument.safeParse(source.value);
  const root = rawRoot(source.value);
  const settings = checkSettings(root, adapters, outside);
  const explanations = [
    ...unusable,
    ...(parsed.success ? [] : structure(parsed.error.issues, source.value)),
    ...checkReferences(root, adapters),
    ...checkOrganizations(root),
    ...checkPolicies(root, adapters),
    ...checkMail(root, adapters),
    ...checkSharing(root, adapters),
    // That there is no such adapter follows where one could not be loaded.
    ...settings.problems.filter(({ path }) => unusable.length === 0 || path.at(-1) !== 'platform'),
    ...resolveSecrets(root.fields['access'], outside, ['access']).missing,
    ...resolveSecrets(root.fields['mail'], outside, ['mail']).missing,
  ];
  if (!parsed.success || explanations.length > 0) {
    throw new ConfigurationError(
      file,
      explanations.map((each) => ('line' in each ? each : located(each, source))),
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
    access: accessOf(parsed.data.access, outside),
    server: parsed.data.server,
    mail: mailOf(parsed.data.mail, connections, outside),
  };
}

function structure(issues: Parameters<typeof explain>[0][], value: unknown): readonly Explanation[] {
  if (value === null) return [{ path: [], at: 'value', message: 'the file is empty' }];
  const schema = jsonSchemaOf(ConfigurationDocument);
  return issues.flatMap((issue) => explain(issue, schema, value));
}

function directoryOf(
  document: ConfigurationDocument,
  adapters: ReadonlyMap<string, InstalledAdapter>,
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
  adapters: ReadonlyMap<string, InstalledAdapter>,
): Connection {
  const { id, platform } = connection;
  const manifest = adapters.get(platform)?.manifest;
  return {
    id,
    platform,
    title: connection.title ?? manifest?.title ?? { fr: platform, en: platform },
    isEditedHere: manifest?.capabilities.agenda === 'here',
    asksPeople: manifest?.capabilities.writes === 'asked',
    isListed: isListed(manifest?.capabilities),
    pollMilliseconds: milliseconds(connection.pollSeconds, SECOND),
    freshnessMilliseconds: milliseconds(
      connection.freshnessMinutes ?? usualFreshness(manifest?.capabilities),
      MINUTE,
    ),
    horizonMilliseconds: milliseconds(connection.horizonDays, DAY),
    suspect: connection.suspect,
  };
}
