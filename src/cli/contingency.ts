import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { readEnvironment } from '../config/environment.ts';
import { toCsv } from '../contingency/csv.ts';
import type { Paper } from '../contingency/paper.ts';
import { toPdf } from '../contingency/pdf.ts';
import { type Sheet, visitsIn } from '../contingency/sheet.ts';
import { toText } from '../contingency/text.ts';
import { formatInstant, instant, MINUTE } from '../domain/instant.ts';
import type { AuditEvent } from '../engine/ports/audit.ts';
import { CommandFailure, type OfflineSheets, type ProgramDependencies } from './dependencies.ts';
import type { Language } from './language.ts';
import { table } from './table.ts';

export type ContingencyOptions = {
  readonly language: Language;
  readonly paper: Paper;
  readonly organization: string | undefined;
  /** Files to write; with neither it is told in the terminal. */
  readonly pdf: string | undefined;
  readonly csv: string | undefined;
};

/** The gateway makes one each minute: an older one has not heard of the last changes. */
const FRESH_MILLISECONDS = 3 * MINUTE;

/**
 * `passerelle contingency`: the sheet of this data folder, without a gateway and without its database. That it was opened is
 * recorded before it is shown, and gets into the audit log when the gateway runs again.
 */
export async function contingency(
  { openSheets, variables, stdout, stderr }: ProgramDependencies,
  options: ContingencyOptions,
): Promise<void> {
  const { language, paper, pdf, csv } = options;
  const environment = readEnvironment(variables);
  const sheets = await openSheets(environment);
  const organizationId = await chosen(sheets, options.organization, environment.dataFolder);
  const sheet = await sheets.of(organizationId);
  if (!sheet) throw new CommandFailure(`there is no contingency sheet of ${organizationId} any more`);
  const now = instant(Date.now());
  const format = pdf !== undefined ? 'pdf' : csv !== undefined ? 'csv' : 'text';
  await recorded(sheets, eventOf(sheet, format), now);
  const isStale = now - sheet.asOf > FRESH_MILLISECONDS;
  if (pdf !== undefined) await written(pdf, await toPdf(sheet, { language, paper, isStale }));
  if (csv !== undefined) await written(csv, toCsv(sheet, language, isStale));
  if (format === 'text') stdout.write(`${toText(sheet, language, table)}\n`);
  if (isStale) stderr.write(`${STALE[language]} ${formatInstant(sheet.asOf)}\n`);
}

const STALE: Readonly<Record<Language, string>> = {
  fr: 'cette feuille n’est plus fraîche : elle est telle qu’à',
  en: 'this sheet is not fresh any more: it is as of',
};

async function chosen(
  { list }: Pick<OfflineSheets, 'list'>,
  wanted: string | undefined,
  dataFolder: string,
): Promise<string> {
  const there = await list();
  const [only] = there;
  if (wanted !== undefined && there.includes(wanted)) return wanted;
  if (wanted === undefined && only !== undefined && there.length === 1) return only;
  if (there.length === 0) {
    throw new CommandFailure(
      `there is no contingency sheet in ${dataFolder}: a gateway that serves writes one each minute; PASSERELLE_DATA names its folder`,
    );
  }
  throw new CommandFailure(`name the organization with --organization: there is ${there.join(', ')}`);
}

/** Whoever can read the folder and its key is its administrator. Names are of the machine's own users. */
const eventOf = (sheet: Sheet, format: string): AuditEvent => {
  const shown = visitsIn(sheet).filter(({ patient }) => patient !== null);
  return {
    agent: 'administrator',
    name: `passerelle contingency (${userInfo().username})`,
    organizationId: null,
    address: null,
    requestId: randomUUID(),
    purpose: null,
    type: 'contingency.read',
    action: 'R',
    outcome: 'done',
    entities: [
      `Organization/${sheet.organization.id}`,
      ...shown.map(({ id }) => `Appointment/${id}`),
      ...new Set(shown.flatMap(({ patient }) => (patient?.id ? [`Patient/${patient.id}`] : []))),
    ],
    detail: { format, asOf: formatInstant(sheet.asOf), offline: 'true' },
  };
};

async function recorded(
  { spool }: Pick<OfflineSheets, 'spool'>,
  ...given: Parameters<OfflineSheets['spool']>
): Promise<void> {
  try {
    await spool(...given);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandFailure(
      `that the sheet was opened could not be recorded (${code ?? 'the spool is full'}), so it is not shown: see that audit-spool in the data folder can be written by this user`,
    );
  }
}

/** It names patients: readable by this user alone. */
const written = (path: string, content: string | Uint8Array): Promise<void> =>
  writeFile(path, content, { mode: 0o600 });
