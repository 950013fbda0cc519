import { readFile, stat } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { readEnvironment } from '../config/environment.ts';
import { parseInstant, SECOND } from '../domain/instant.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { connectToGateway } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';
import { type Language, languageOf } from './language.ts';
import { table } from './table.ts';
import type { ListTaken, Task } from './task-report.ts';
import { dayAndTime, duration } from './when.ts';

/** What persons are asked to do, and the lists that they bring. */

export type TasksOptions = ClientOptions & {
  readonly connection?: string | undefined;
  readonly overdue: boolean;
  readonly json: boolean;
  readonly lang?: Language | undefined;
};

/** `passerelle tasks`: what is open, the soonest due first. */
export async function tasks(
  { variables, stdout }: ProgramDependencies,
  { connection, overdue, json, lang, ...options }: TasksOptions,
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const { tasks: found, complete, body } = await client.tasks({ connection: connection ?? null, overdue });
  if (json) {
    stdout.write(`${JSON.stringify(body, null, 2)}\n`);
    return;
  }
  stdout.write(`${renderTasks(found, complete, languageOf(lang, variables))}\n`);
}

const WORDS = {
  en: {
    header: ['ID', 'DUE', 'LATE', 'WHAT'],
    none: 'nothing is to be done',
    more: 'There are more: these are due first.',
    how: 'Once it is done: passerelle task done <id>. If a patient has that time already: passerelle task taken <id>.',
  },
  fr: {
    header: ['ID', 'ÉCHÉANCE', 'RETARD', 'QUOI'],
    none: 'rien n’est à faire',
    more: 'Il y en a d’autres : celles-ci échoient en premier.',
    how: 'Une fois fait : passerelle task done <id>. Si un patient a déjà ce temps : passerelle task taken <id>.',
  },
} as const;

export function renderTasks(found: readonly Task[], complete: boolean, language: Language): string {
  const { header, none, more, how } = WORDS[language];
  if (found.length === 0) return none;
  const rows = found.map(({ id, dueAt, timeZone, lateSeconds, text: what }) => [
    id,
    dayAndTime(parseInstant(dueAt), timeZone ?? 'UTC', language),
    lateSeconds === 0 ? '-' : duration(lateSeconds * SECOND, language),
    what[language],
  ]);
  return [table(header, rows, new Set()), ...(complete ? [] : [more]), how].join('\n\n');
}

export const DEEDS = ['done', 'undo', 'taken'] as const;
export type Deed = (typeof DEEDS)[number];

/** `passerelle task done <id>`, `undo`, `taken`. */
export async function tellTask(
  { variables, stdout }: ProgramDependencies,
  deed: Deed,
  id: string,
  options: ClientOptions,
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const task = await client.tellTask(id, deed);
  const late = task.lateSeconds === 0 ? '' : `, ${duration(task.lateSeconds * SECOND, 'en')} late`;
  const state = deed === 'undo' ? 'is to be done again' : `is over (${task.state}${late})`;
  stdout.write(`${id}: ${state}\n`);
}

export type ImportOptions = ClientOptions & {
  readonly calendar?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly complete: boolean;
  readonly seenAt?: string | undefined;
  readonly partial: boolean;
};

const FILE_BYTES_MAX = 1024 * 1024;

/** `passerelle list import <connection> <file>`: `-` = standard input. */
export async function importList(
  { variables, stdin, stdout }: ProgramDependencies,
  connectionId: string,
  file: string,
  { calendar, from, to, complete, seenAt, partial, ...options }: ImportOptions,
): Promise<void> {
  if (!complete && (from !== undefined || to !== undefined))
    throw new CommandFailure('--from and --to are the days of a list that is --complete');
  const client = await connectToGateway(readEnvironment(variables), options);
  const taken = await client.importList(connectionId, {
    text: file === '-' ? await text(stdin) : await contentOf(file),
    partial,
    ...(calendar === undefined ? {} : { calendar }),
    ...(seenAt === undefined ? {} : { seenAt }),
    ...(complete ? { complete: { ...(from ? { from } : {}), ...(to ? { to } : {}) } } : {}),
  });
  stdout.write(`${renderTaken(connectionId, taken)}\n`);
}

async function contentOf(file: string): Promise<string> {
  if ((await stat(file)).size > FILE_BYTES_MAX)
    throw new CommandFailure(`${file} has more than a megabyte: import it in parts`);
  return readFile(file, 'utf8');
}

export function renderTaken(
  connectionId: string,
  { rows, slotsChanged, wrong, calendars }: ListTaken,
): string {
  const lines = [`${connectionId}: ${rows} rows taken, ${slotsChanged} slots changed`];
  for (const { calendar, confirmed, isSuspect } of calendars) {
    if (isSuspect)
      lines.push(
        `${calendar}: so much is missing that nothing was taken for gone; if it is: passerelle confirm ${connectionId} ${calendar}, and import the list again`,
      );
    else if (confirmed) lines.push(`${calendar}: confirmed as far ahead as it is read`);
  }
  for (const { line, reason } of wrong) lines.push(`line ${line} was left out: ${reason.en}`);
  return lines.join('\n');
}
