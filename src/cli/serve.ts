import { type Logger, pino } from 'pino';
import { type GatewayEnvironment, readEnvironment } from '../config/environment.ts';
import { readConfiguration } from '../config/read-configuration.ts';
import { Directory } from '../domain/directory.ts';
import type { EventListener } from '../engine/ports/events.ts';
import { banner, sampleSlot } from './banner.ts';
import { type DemonstrationSimulator, demonstration } from './demonstration.ts';
import { CommandFailure, type ProgramDependencies, type Role } from './dependencies.ts';
import { firstReadings } from './first-readings.ts';
import { type Language, wantsColour } from './language.ts';
import { narrate } from './narrate.ts';
import { untilStopped } from './signals.ts';
import { type SimulatorProcess, startSimulator } from './simulator.ts';

const FIRST_READINGS_MILLISECONDS = 10_000;

/** `passerelle serve` and `passerelle work`: run until a signal, and say what happens, a line for each event. */
export async function run(dependencies: ProgramDependencies, role: Role, language: Language): Promise<void> {
  const stopped = untilStopped();
  const environment = readEnvironment(dependencies.variables);
  if (role !== 'both' && environment.databaseUrl === null) {
    throw new CommandFailure(
      'serve --no-work and work are for several processes that share a database: set DATABASE_URL, and REDIS_URL',
    );
  }
  const logger = pino({ level: environment.logLevel }, dependencies.stderr);
  if (environment.configurationFile === null) {
    if (role !== 'both') throw new CommandFailure('the demonstration is one process: set PASSERELLE_CONFIG');
    return demonstrate(dependencies, environment, language, logger, stopped);
  }
  const { adapters, variables, stdout, loadAdapters } = dependencies;
  const configuration = await readConfiguration(
    environment.configurationFile,
    adapters,
    variables,
    loadAdapters,
  );
  const gateway = await dependencies.startGateway({
    environment,
    role,
    configuration,
    onEvent: narrator(dependencies, new Directory(configuration.directory), language),
    logger,
  });
  stdout.write(`ready ${gateway.url ?? 'to work'}\n`);
  await stopped;
  await gateway.close();
}

async function demonstrate(
  dependencies: ProgramDependencies,
  environment: GatewayEnvironment,
  language: Language,
  logger: Logger,
  stopped: Promise<void>,
): Promise<void> {
  const { adapters, stdout, stderr } = dependencies;
  const { configuration, simulators, entryKey } = demonstration(environment, adapters);
  const processes: SimulatorProcess[] = [];
  try {
    for (const each of simulators) {
      processes.push(
        await startSimulator(each.platform, each.options, (code) =>
          stderr.write(`the simulator of ${each.title} ended (code ${code})\n`),
        ),
      );
    }
    const first = firstReadings(
      simulators.map(({ platform }) => platform),
      FIRST_READINGS_MILLISECONDS,
    );
    const tell = narrator(dependencies, new Directory(configuration.directory), language);
    let isReady = false;
    const gateway = await dependencies.startGateway({
      environment: { ...environment, entryKey },
      role: 'both',
      configuration,
      onEvent: (event) => {
        first.listener(event);
        if (isReady || event.type === 'feed.read') tell(event);
      },
      logger,
    });
    try {
      await Promise.race([first.done, stopped]);
      if (gateway.url !== null) {
        stdout.write(await welcome(gateway.url, { ...environment, entryKey }, simulators, language));
      }
      stdout.write(`ready ${gateway.url ?? 'to work'}\n`);
      isReady = true;
      await stopped;
    } finally {
      await gateway.close();
    }
  } finally {
    await Promise.all(processes.map((each) => each.close()));
  }
}

async function welcome(
  url: string,
  environment: GatewayEnvironment,
  simulators: readonly DemonstrationSimulator[],
  language: Language,
): Promise<string> {
  const now = Date.now();
  const samples = await Promise.all(simulators.map((each) => sampleSlot(each.url, now)));
  return banner({
    url,
    environment,
    simulators: simulators.map((each, index) => ({ ...each, sample: samples[index] ?? null })),
    language,
  });
}

function narrator(
  { stdout, variables }: ProgramDependencies,
  directory: Directory,
  language: Language,
): EventListener {
  const narration = { directory, language, colour: wantsColour(stdout, variables) };
  return (event) => {
    const line = narrate(event, narration);
    if (line !== null) stdout.write(`${line}\n`);
  };
}
