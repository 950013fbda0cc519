import { writeFile } from 'node:fs/promises';
import { Argument, Command, CommanderError, Option } from 'commander';
import { configurationJsonSchema } from '../config/json-schema.ts';
import { readAdapters } from '../config/read-configuration.ts';
import { addAdapterCommands } from './adapter-commands.ts';
import { addAuditCommands } from './audit-commands.ts';
import { backup, restore } from './backup.ts';
import { confirm } from './confirm.ts';
import { conflicts } from './conflicts.ts';
import { addContingencyCommands } from './contingency-commands.ts';
import type { ProgramDependencies } from './dependencies.ts';
import { doctor } from './doctor.ts';
import { listKeys, rotateKeys } from './keys.ts';
import { LANGUAGES, type Language, languageOf } from './language.ts';
import { messageOf } from './message-of.ts';
import { erasePatient, exportPatient } from './patient.ts';
import { pause } from './pause.ts';
import { rejected } from './rejected.ts';
import { bodyOf, RESOLUTIONS, resolve } from './resolve.ts';
import { roster } from './roster.ts';
import { run } from './serve.ts';
import { simulator } from './simulator.ts';
import { status } from './status.ts';
import { sync } from './sync.ts';
import { addTaskCommands } from './task-commands.ts';
import { addTokenCommands } from './token-commands.ts';
import { addUserCommands } from './user-commands.ts';

/**
 * Runs the command that the arguments name and resolves with the exit code: 0, or 1 when it could not do it, with
 * the reason on standard error. Anything else that is thrown is a defect, and passes through.
 * @param argv as process.argv, with node and the script in front.
 */
export async function runProgram(
  dependencies: ProgramDependencies,
  argv: readonly string[],
): Promise<number> {
  try {
    await createProgram(dependencies).parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    const message = messageOf(error);
    if (message === null) throw error;
    dependencies.stderr.write(`${message}\n`);
    return 1;
  }
}

type SchemaOptions = { readonly output?: string; readonly config?: string; readonly lowCode: boolean };

/** The `passerelle` command. Its actions reject with what `runProgram` tells. */
export function createProgram(dependencies: ProgramDependencies): Command {
  const { stdout, stderr, variables, adapters, loadAdapters } = dependencies;
  const program = new Command('passerelle')
    .description(
      'Mirrors a clinic’s availability between booking platforms, so that no time is booked twice.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
    });

  const language = () =>
    new Option('--lang <language>', 'language of the narration (PASSERELLE_LANG)').choices(LANGUAGES);
  type Spoken = { readonly lang?: Language };

  program
    .command('serve')
    .description('answer HTTP and keep the platforms in step, until Ctrl-C')
    .option('--no-work', 'only answer HTTP; other processes run "passerelle work"')
    .option(
      '--from-nothing',
      'the demonstration without its clinic: its simulators run, and nothing is configured',
      false,
    )
    .addOption(language())
    .action((options: Spoken & { readonly work: boolean; readonly fromNothing: boolean }) =>
      run(dependencies, {
        role: options.work ? 'both' : 'serve',
        language: languageOf(options.lang, variables),
        fromNothing: options.fromNothing,
      }),
    );
  program
    .command('work')
    .description('only keep the platforms in step, until Ctrl-C')
    .addOption(language())
    .action((options: Spoken) =>
      run(dependencies, { role: 'work', language: languageOf(options.lang, variables), fromNothing: false }),
    );

  const toGateway = (command: Command): Command =>
    command
      .option('--url <url>', 'address of the gateway (default: HOST and PORT)')
      .option('--token <token>', 'administrator’s token (default: $PASSERELLE_DATA/admin-token)');
  type Reaching = { readonly url?: string; readonly token?: string };
  const clientOf = ({ url, token }: Reaching) => ({ url, token });

  toGateway(program.command('sync [connection]'))
    .description('read a connection, or all of them, whole and now')
    .action((connection: string | undefined, options: Reaching) =>
      sync(dependencies, connection, clientOf(options)),
    );
  toGateway(program.command('confirm <connection> [feed]'))
    .description(
      'say that what a suspect feed misses is truly gone; it is read at once, and taken at its word',
    )
    .action((connection: string, feed: string | undefined, options: Reaching) =>
      confirm(dependencies, connection, feed ?? null, clientOf(options)),
    );
  toGateway(program.command('pause <connection>'))
    .description('neither ask its platform nor write to it, until it is resumed')
    .action((connection: string, options: Reaching) =>
      pause(dependencies, connection, 'pause', clientOf(options)),
    );
  toGateway(program.command('resume <connection>'))
    .description('go on with a connection that was paused')
    .action((connection: string, options: Reaching) =>
      pause(dependencies, connection, 'resume', clientOf(options)),
    );
  toGateway(program.command('rejected <connection>'))
    .description('the records that were set aside: id, reason, how often, first and last time')
    .option('--raw', 'opens their raw forms, which may hold personal data', false)
    .action((connection: string, options: Reaching & { readonly raw: boolean }) =>
      rejected(dependencies, connection, { ...clientOf(options), raw: options.raw }),
    );
  toGateway(program.command('conflicts'))
    .description('bookings of one time that are waiting for a person, and where either could go')
    .action((options: Reaching) => conflicts(dependencies, clientOf(options)));
  toGateway(program.command('resolve <conflict>'))
    .description('settle a conflict: which booking stays, or goes to which slot')
    .addArgument(
      new Argument('<how>', 'keep one and cancel the other, keep both, or move one').choices(RESOLUTIONS),
    )
    .argument('[booking]', 'of a move: a or b')
    .argument('[slot]', 'of a move: the id of the slot, as "passerelle conflicts" shows it')
    .action(
      (
        conflict: string,
        how: string,
        booking: string | undefined,
        slot: string | undefined,
        options: Reaching,
      ) => resolve(dependencies, conflict, bodyOf(how, booking, slot), clientOf(options)),
    );
  addTaskCommands(program, dependencies, toGateway);
  toGateway(program.command('roster [schedule]'))
    .description(
      'what rosters publish beside what is on offer: under-publication, slots and bookings without a shift',
    )
    .option('--json', 'as JSON, with minutes by day', false)
    .addOption(language())
    .action((schedule: string | undefined, options: Reaching & Spoken & { readonly json: boolean }) =>
      roster(dependencies, {
        ...clientOf(options),
        schedule,
        json: options.json,
        language: languageOf(options.lang, variables),
      }),
    );
  const keys = program.command('keys').description('the keys that patients’ details are sealed with');
  toGateway(keys.command('list'))
    .description('which there are, since when, and how much is sealed with each')
    .action((options: Reaching) => listKeys(dependencies, clientOf(options)));
  toGateway(keys.command('rotate'))
    .description(
      'make new keys, and seal everything anew with them; the former ones are destroyed within hours',
    )
    .action((options: Reaching) => rotateKeys(dependencies, clientOf(options)));
  const patient = program
    .command('patient')
    .description('one person, by a health insurance number or an id on standard input');
  toGateway(patient.command('export'))
    .description('all that is known of them, as a FHIR Bundle')
    .action((options: Reaching) => exportPatient(dependencies, clientOf(options)));
  toGateway(patient.command('erase'))
    .description('erase it')
    .action((options: Reaching) => erasePatient(dependencies, clientOf(options)));
  toGateway(program.command('status'))
    .description('how each connection is: health, lag, last sync, listings that differ, conflicts')
    .option('--json', 'as JSON', false)
    .action((options: Reaching & { readonly json: boolean }) =>
      status(dependencies, { ...clientOf(options), json: options.json }),
    );
  addContingencyCommands(program, dependencies, toGateway);
  addAdapterCommands(program, dependencies);
  program
    .command('mapping')
    .description('the tables of codes in mappings/')
    .command('check [platform]')
    .description('which codes lead where, which to nothing, and what is wrong in them')
    .action(async (platform: string | undefined) =>
      (await import('./mapping-check.ts')).checkMappings(dependencies, platform),
    );
  addTokenCommands(program, dependencies, toGateway);
  toGateway(program.command('backup <file>'))
    .description('write the embedded database to a file, also while the gateway runs; the keys are not in it')
    .action((file: string, options: Reaching) => backup(dependencies, file, clientOf(options)));
  program
    .command('restore <file>')
    .description('make the embedded database anew from a backup; the gateway must be stopped')
    .option('--replace', 'put a database that is there aside, under another name', false)
    .action((file: string, options: { readonly replace: boolean }) => restore(dependencies, file, options));
  addAuditCommands(program, dependencies, toGateway);
  addUserCommands(program, dependencies, toGateway);
  program
    .command('doctor')
    .description('check configuration, secrets, clock, storage and platforms, and say what to do')
    .action(() => doctor(dependencies));
  program
    .command('schema')
    .description('print the JSON Schema of the configuration file, or of descriptions, for editors')
    .option('--output <file>', 'write it to a file')
    .option('--config <file>', 'with the adapters of other packages that this configuration names')
    .option('--low-code', 'of descriptions of adapters', false)
    .action(async ({ output, config, lowCode }: SchemaOptions) => {
      const all = config === undefined ? adapters : await readAdapters(config, adapters, loadAdapters);
      const schema = lowCode
        ? (await import('../described/index.ts')).descriptionJsonSchema()
        : configurationJsonSchema(all);
      const text = `${JSON.stringify(schema, null, 2)}\n`;
      if (output === undefined) stdout.write(text);
      else await writeFile(output, text);
    });
  program
    .command('simulator <platform> [options...]')
    .description('run a platform’s simulator in the foreground')
    .allowUnknownOption()
    .helpOption(false)
    .action((platform: string, options: readonly string[]) => simulator(platform, options, adapters.keys()));
  return program;
}
