import { Argument, type Command, Option } from 'commander';
import type { ProgramDependencies } from './dependencies.ts';
import { LANGUAGES, type Language } from './language.ts';
import { DEEDS, type Deed, importList, tasks, tellTask } from './tasks.ts';

type Reaching = { readonly url?: string; readonly token?: string };

/** `passerelle tasks`, `task` and `list`. @param toGateway adds the options of commands that ask a running gateway. */
export function addTaskCommands(
  program: Command,
  dependencies: ProgramDependencies,
  toGateway: (command: Command) => Command,
): void {
  const clientOf = ({ url, token }: Reaching) => ({ url, token });
  type Listing = Reaching & {
    readonly connection?: string;
    readonly overdue: boolean;
    readonly json: boolean;
    readonly lang?: Language;
  };
  toGateway(program.command('tasks'))
    .description('what persons are asked to do at platforms that no program can write to, and until when')
    .option('--connection <id>', 'of one connection')
    .option('--overdue', 'only what is past its deadline', false)
    .option('--json', 'as JSON', false)
    .addOption(new Option('--lang <language>', 'language of the table (PASSERELLE_LANG)').choices(LANGUAGES))
    .action((options: Listing) => {
      const { connection, overdue, json, lang } = options;
      return tasks(dependencies, { ...clientOf(options), connection, overdue, json, lang });
    });
  toGateway(program.command('task'))
    .description(
      'say of a task that it is done, that it is not after all, or that a patient has that time already',
    )
    .addArgument(new Argument('<what>', 'what there is to say of it').choices(DEEDS))
    .argument('<task>', 'its id, as "passerelle tasks" shows it')
    .action((deed: Deed, id: string, options: Reaching) =>
      tellTask(dependencies, deed, id, clientOf(options)),
    );

  type Importing = Reaching & {
    readonly calendar?: string;
    readonly from?: string;
    readonly to?: string;
    readonly complete: boolean;
    readonly seenAt?: string;
    readonly partial: boolean;
  };
  const list = program.command('list').description('what stands at a platform, as somebody copied it there');
  toGateway(list.command('import <connection> <file>'))
    .description('take a list as CSV, or as it was copied from a screen; - reads standard input')
    .option('--calendar <id>', 'the calendar of lines that name none')
    .option('--complete', 'all that stands there on these days is in it, so what is missing is gone', false)
    .option('--from <day>', 'of a complete list, its first day, as 2026-11-24 (default: of its first line)')
    .option('--to <day>', 'of a complete list, its last day (default: of its last line)')
    .option('--seen-at <time>', 'when it was seen, as 2026-11-24T08:00:00-05:00 (default: now)')
    .option('--partial', 'although some of its lines cannot be read: these are left out', false)
    .action((connection: string, file: string, options: Importing) => {
      const { calendar, from, to, complete, seenAt, partial } = options;
      const how = { calendar, from, to, complete, seenAt, partial };
      return importList(dependencies, connection, file, { ...clientOf(options), ...how });
    });
}
