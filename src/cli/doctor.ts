import { isIsolated } from '../adapter/isolated.ts';
import {
  EnvironmentError,
  type GatewayEnvironment,
  readEnvironment,
  type Variables,
} from '../config/environment.ts';
import { ConfigurationError } from '../config/problems.ts';
import { type Configuration, readConfiguration } from '../config/read-configuration.ts';
import { Directory } from '../domain/directory.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { checkDatabase, checkDataFolder, checkMail, checkRedis } from './doctor-checks.ts';
import { checkPlatform, checkPlatformClock } from './doctor-platform.ts';
import { type Finding, ok, problem, renderFinding, warning } from './finding.ts';
import { wantsColour } from './language.ts';

/**
 * `passerelle doctor`: looks at everything that the gateway stands on, says what is wrong and what to do. It changes
 * nothing, and opens no embedded database, which a running gateway may have open.
 * @throws CommandFailure when there was a problem; warnings pass.
 */
export async function doctor(dependencies: ProgramDependencies): Promise<void> {
  const { stdout, variables } = dependencies;
  const colour = wantsColour(stdout, variables);
  let problems = 0;
  for await (const finding of examine(dependencies)) {
    if (finding.level === 'problem') problems += 1;
    stdout.write(`${renderFinding(finding, colour)}\n`);
  }
  if (problems > 0) throw new CommandFailure(problems === 1 ? '1 problem' : `${problems} problems`);
}

async function* examine(dependencies: ProgramDependencies): AsyncGenerator<Finding> {
  const environment = environmentOf(dependencies.variables);
  if (Array.isArray(environment)) return yield* environment;
  yield ok('environment', `${environment.host}:${environment.port}, data in ${environment.dataFolder}`);

  const configuration = await configurationOf(environment, dependencies);
  if (Array.isArray(configuration)) yield* configuration;
  yield* checkKey(environment);
  yield* await checkDataFolder(environment);

  const offline = dependencies.openOffline(environment);
  try {
    yield* await checkDatabase(environment, offline);
    yield* await checkRedis(environment);
    if (configuration === null) {
      yield ok('configuration', 'PASSERELLE_CONFIG is not set: the demonstration');
      return;
    }
    if (Array.isArray(configuration)) return;
    const { connections, directory } = configuration;
    yield ok('configuration', `${environment.configurationFile}: ${connections.length} connections`);
    yield* ofOtherPackages(connections);
    for (const connection of connections) {
      const known = new Directory(directory);
      const linked = known.calendarsOn(connection.id).map(({ externalId }) => externalId);
      yield* await checkPlatform(connection, () => offline.connect(connection, known), linked);
      yield* await checkPlatformClock(connection);
    }
    yield* await checkMail(configuration, offline);
  } finally {
    await offline.close();
  }
}

function environmentOf(variables: Variables): GatewayEnvironment | Finding[] {
  try {
    return readEnvironment(variables);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return error.message
      .split('\n')
      .map((line) => problem('environment', line, 'set it where Passerelle is started'));
  }
}

async function configurationOf(
  { configurationFile }: GatewayEnvironment,
  { adapters, variables, loadAdapters }: ProgramDependencies,
): Promise<Configuration | Finding[] | null> {
  if (configurationFile === null) return null;
  try {
    return await readConfiguration(configurationFile, adapters, variables, loadAdapters);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error
      .format()
      .split('\n')
      .map((line) => problem('configuration', line, 'docs/configuration.md has every key'));
  }
}

/** Each once, however many connections it has: its code is not ours. */
function* ofOtherPackages(connections: Configuration['connections']): Generator<Finding> {
  const others = connections.map(({ adapter }) => adapter).filter(isIsolated);
  for (const { manifest, source } of new Set(others)) {
    yield ok('adapter', `${manifest.id}: ${source}, which is not part of Passerelle`);
  }
}

function* checkKey({ key, databaseUrl }: GatewayEnvironment): Generator<Finding> {
  if (key !== null) yield ok('key', 'PASSERELLE_KEY is set');
  else if (databaseUrl !== null) {
    yield warning(
      'key',
      'PASSERELLE_KEY is not set, and gateways that share a database must share it',
      'set the same on all of them: openssl rand -base64 32',
    );
  }
}
