import { type Command, Option } from 'commander';
import { exportAudit, verifyAudit } from './audit.ts';
import type { ProgramDependencies } from './dependencies.ts';
import { addIncident, exportIncidents } from './incidents.ts';

type Reaching = { readonly url?: string; readonly token?: string };
type InPeriod = Reaching & { readonly from?: string; readonly before?: string };
type Adding = InPeriod & {
  readonly id?: string;
  readonly principal?: string;
  readonly information?: string;
  readonly circumstances?: string;
  readonly occurred?: string;
  readonly awareOn?: string;
  readonly persons?: string;
  readonly risk?: string;
  readonly noticeToMinister?: string;
  readonly noticeToCommission?: string;
  readonly noticeToPersons?: string;
  readonly measures?: string;
};

const clientOf = ({ url, token }: Reaching) => ({ url, token });

/** `audit verify|export`, `incidents add|export`. @param toGateway adds how the gateway is reached. */
export function addAuditCommands(
  program: Command,
  dependencies: ProgramDependencies,
  toGateway: (command: Command) => Command,
): void {
  const audit = program.command('audit').description('the log of who did what: verify, export');
  toGateway(audit.command('verify'))
    .description('check the whole log: nothing altered, missing, reordered or inserted')
    .option(
      '--anchor <sequence:hash...>',
      'an end of the log that was noted before: nothing was cut off behind it',
      [],
    )
    .action(({ anchor, ...options }: Reaching & { readonly anchor: readonly string[] }) =>
      verifyAudit(dependencies, anchor, clientOf(options)),
    );
  inPeriod(toGateway(audit.command('export')))
    .description('all of it as AuditEvents, a line of JSON each')
    .action(({ from, before, ...options }: InPeriod) =>
      exportAudit(dependencies, { from, before }, clientOf(options)),
    );

  const incidents = program
    .command('incidents')
    .description('the register of incidents of confidentiality (R-22.1, r. 1, s. 15): add, export');
  inPeriod(toGateway(incidents.command('add')))
    .description('write an incident down, or what is said later of one; name no patient in it')
    .option('--id <id>', 'of one that is there (default: a new one)')
    .option('--principal <kind:id>', 'whose accesses the audit log is asked for, as token:<id>')
    .option('--information <text>', 'which information is concerned')
    .option('--circumstances <text>', 'what happened')
    .option('--occurred <text>', 'when: a date or a period')
    .option('--aware-on <date>', 'when it became known')
    .option('--persons <number>', 'how many are concerned, or about how many')
    .option('--risk <text>', 'why there is, or is not, a risk of serious injury')
    .option('--notice-to-minister <date>', 'when the Minister was told')
    .option('--notice-to-commission <date>', 'when the Commission d’accès à l’information was told')
    .option('--notice-to-persons <date>', 'when the persons were told')
    .option('--measures <text>', 'what was done')
    .action(({ id, principal, from, before, ...options }: Adding) =>
      addIncident(dependencies, { id, principal, from, before, said: saidIn(options) }, clientOf(options)),
    );
  toGateway(incidents.command('export'))
    .description('the register, with what is still to be filled in marked')
    .addOption(
      new Option('--format <format>', 'a spreadsheet, or JSON').choices(['csv', 'json']).default('csv'),
    )
    .action(({ format, ...options }: Reaching & { readonly format: 'csv' | 'json' }) =>
      exportIncidents(dependencies, format, clientOf(options)),
    );
}

const inPeriod = (command: Command): Command =>
  command
    .option('--from <instant>', 'as 2026-11-28T00:00:00-05:00')
    .option('--before <instant>', 'the first that is not in it any more');

const saidIn = (options: Adding) => ({
  information: options.information,
  circumstances: options.circumstances,
  occurred: options.occurred,
  awareOn: options.awareOn,
  persons: options.persons,
  risk: options.risk,
  noticeToMinister: options.noticeToMinister,
  noticeToCommission: options.noticeToCommission,
  noticeToPersons: options.noticeToPersons,
  measures: options.measures,
});
