import { type Command, Option } from 'commander';
import { PAPERS, type Paper } from '../contingency/paper.ts';
import type { ProgramDependencies } from './dependencies.ts';
import { LANGUAGES, type Language, languageOf } from './language.ts';
import { outage } from './outage.ts';

type Sheet = {
  readonly pdf?: string;
  readonly csv?: string;
  readonly paper: Paper;
  readonly organization?: string;
  readonly lang?: Language;
};
type Report = {
  readonly url?: string;
  readonly token?: string;
  readonly json: boolean;
  readonly lang?: Language;
};

/** @param toGateway adds the options of a command that asks the running gateway. */
export function addContingencyCommands(
  program: Command,
  dependencies: ProgramDependencies,
  toGateway: (command: Command) => Command,
): void {
  const { variables } = dependencies;
  const language = () =>
    new Option('--lang <language>', 'language of what is written (PASSERELLE_LANG)').choices(LANGUAGES);
  program
    .command('contingency')
    .description(
      'today’s and tomorrow’s appointments by doctor, from the sealed sheet in the data folder: without gateway and database',
    )
    .option('--pdf <file>', 'write it as PDF, to be printed')
    .option('--csv <file>', 'write it for a spreadsheet')
    .addOption(new Option('--paper <size>', 'of the PDF').choices(PAPERS).default('letter'))
    .option('--organization <id>', 'whose, where there are several')
    .addOption(language())
    .action(async ({ pdf, csv, paper, organization, lang }: Sheet) =>
      (await import('./contingency.ts')).contingency(dependencies, {
        language: languageOf(lang, variables),
        paper,
        organization,
        pdf,
        csv,
      }),
    );
  toGateway(program.command('outage'))
    .description('which platforms are down, since when, what waits for them, and what still works')
    .option('--json', 'as JSON', false)
    .addOption(language())
    .action(({ url, token, json, lang }: Report) =>
      outage(dependencies, { url, token, json, language: languageOf(lang, variables) }),
    );
}
