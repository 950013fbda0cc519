import { type Logger, pino } from 'pino';
import { createEditor, type EditorOptions } from '../config/editing/editor.ts';
import { readText } from '../config/editing/file.ts';
import { type GatewayEnvironment, readEnvironment } from '../config/environment.ts';
import { ConfigurationError } from '../config/problems.ts';
import { type Configuration, checkConfiguration } from '../config/read-configuration.ts';
import { Directory } from '../domain/directory.ts';
import type { EventListener } from '../engine/ports/events.ts';
import { banner, sampleSlot } from './banner.ts';
import { type DemonstrationSimulator, reachable } from './demonstration.ts';
import { layOut } from './demonstration-files.ts';
import { CommandFailure, type ProgramDependencies, type Role } from './dependencies.ts';
import { firstReadings } from './first-readings.ts';
import { createKeeper } from './keep-running.ts';
import { type Language, wantsColour } from './language.ts';
import { narrate } from './narrate.ts';
import { onHangUp, untilStopped } from './signals.ts';
import { type SimulatorProcess, startSimulator } from './simulator.ts';

const FIRST_READINGS_MILLISECONDS = 10_000;

export type RunOptions = {
  readonly role: Role;
  readonly language: Language;
  /** Of the demonstration: nothing is configured, for whoever wants to set up a clinic. */
  readonly fromNothing: boolean;
};

/**
 * `passerelle serve` and `passerelle work`: run until a signal, and anew whenever the configuration changes, and say what
 * happens, a line for each event.
 */
export async function run(dependencies: ProgramDependencies, options: RunOptions): Promise<void> {
  const { role, fromNothing } = options;
  const over = new AbortController();
  void untilStopped().then(() => over.abort());
  const environment = readEnvironment(dependencies.variables);
  if (role !== 'both' && environment.databaseUrl === null) {
    throw new CommandFailure(
      'serve --no-work and work are for several processes that share a database: set DATABASE_URL, and REDIS_URL',
    );
  }
  const logger = pino({ level: environment.logLevel }, dependencies.stderr);
  const running = { ...options, environment, logger, over: over.signal };
  const { configurationFile: file } = environment;
  if (file === null) {
    if (role !== 'both') throw new CommandFailure('the demonstration is one process: set PASSERELLE_CONFIG');
    return demonstrate(dependencies, running);
  }
  if (fromNothing) {
    throw new CommandFailure(
      '--from-nothing is of the demonstration; here PASSERELLE_CONFIG may name a file that does not exist yet',
    );
  }
  const { stdout, variables } = dependencies;
  await runByFile(dependencies, running, {
    file,
    variables,
    offered: [],
    adjusted: (configuration) => configuration,
    listener: (tell) => tell,
    onFirst: (url) => void stdout.write(`ready ${url ?? 'to work'}\n`),
  });
}

type Running = RunOptions & {
  readonly environment: GatewayEnvironment;
  readonly logger: Logger;
  readonly over: AbortSignal;
};

type ByFile = Pick<EditorOptions, 'file' | 'variables' | 'offered'> & {
  readonly adjusted: (configuration: Configuration) => Configuration;
  /** Hears all that happens. @param tell narrates it. */
  readonly listener: (tell: EventListener) => EventListener;
  readonly onFirst: (url: string | null, configuration: Configuration) => Promise<void> | void;
};

async function runByFile(
  dependencies: ProgramDependencies,
  { environment, role, language, logger, over }: Running,
  { file, variables, offered, adjusted, listener, onFirst }: ByFile,
): Promise<void> {
  const { adapters, loadAdapters: load, stdout, clock } = dependencies;
  /** Whatever the system gave it the first time it has again: who waits for it knows it by that. */
  let { port } = environment;
  const keeper = createKeeper({
    revision: async () => (await readText(file)).revision,
    async load(former) {
      const { text, revision, exists } = await readText(file);
      if (!exists && former !== null && former.revision !== revision) throw isGone(file);
      const configuration = await checkConfiguration(text, file, adapters, variables, load);
      return { revision, configuration: adjusted(configuration) };
    },
    start: ({ revision, configuration }) =>
      dependencies.startGateway({
        environment: { ...environment, port },
        role,
        configuration,
        source: { revision, editor },
        onEvent: listener(narrator(dependencies, new Directory(configuration.directory), language)),
        logger,
      }),
    async onStarted({ url }, { configuration }, isFirst) {
      if (url !== null) port = Number(new URL(url).port);
      if (isFirst) await onFirst(url, configuration);
      const words = CONFIGURED[language];
      const { length } = configuration.connections;
      if (length === 0) stdout.write(`${words.nothing(file)}\n`);
      else if (!isFirst) stdout.write(`${words.anew(length)}\n`);
    },
    ...{ over, clock, logger },
  });
  const { running, failed } = keeper;
  const announce = () => keeper.look(false);
  const editor = createEditor({ file, adapters, variables, load, running, failed, announce, offered });
  const forget = onHangUp(() => keeper.look(true));
  try {
    await keeper.run();
  } finally {
    forget();
  }
}

/** One that is taken away while it is used is no clinic that has nothing. */
const isGone = (file: string): ConfigurationError =>
  new ConfigurationError(file, [
    {
      line: 1,
      column: 1,
      path: '',
      message: 'is not there any more: put it back; until then the former one counts',
    },
  ]);

const CONFIGURED = {
  en: {
    nothing: (file: string) => `nothing is configured yet: the first change makes ${file}`,
    anew: (connections: number) => `configuration read again: connections: ${connections}`,
  },
  fr: {
    nothing: (file: string) => `rien n’est configuré encore : la première modification écrit ${file}`,
    anew: (connections: number) => `configuration relue; connexions : ${connections}`,
  },
} as const;

async function demonstrate(dependencies: ProgramDependencies, running: Running): Promise<void> {
  const { stdout, stderr, variables } = dependencies;
  const { language, over, fromNothing } = running;
  const { simulators, entryKey, ...laidOut } = await layOut(running.environment, variables, fromNothing);
  const environment = { ...running.environment, entryKey };
  const processes: SimulatorProcess[] = [];
  try {
    for (const each of simulators) {
      processes.push(
        await startSimulator(each.platform, each.options, (code) =>
          stderr.write(`the simulator of ${each.title} ended (code ${code})\n`),
        ),
      );
    }
    const first = firstReadings(FIRST_READINGS_MILLISECONDS);
    let isReady = false;
    await runByFile(
      dependencies,
      { ...running, environment },
      {
        ...laidOut,
        adjusted: (configuration) => reachable(configuration, environment),
        listener: (tell) => (event) => {
          first.listener(event);
          if (isReady || event.type === 'feed.read') tell(event);
        },
        async onFirst(url, { connections }) {
          const platforms = new Set(simulators.map(({ platform }) => platform));
          const read = connections.filter(({ adapter }) => platforms.has(adapter.manifest.id));
          await Promise.race([first.of(read.map(({ id }) => id)), aborted(over)]);
          if (url !== null) stdout.write(await welcome(url, environment, simulators, language));
          stdout.write(`ready ${url ?? 'to work'}\n`);
          isReady = true;
        },
      },
    );
  } finally {
    await Promise.all(processes.map((each) => each.close()));
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

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
