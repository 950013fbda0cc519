import { CsvError, parse } from 'csv-parse/sync';
import type { WrongLine } from '../../src/adapter/contract.ts';
import type { Bilingual } from '../../src/domain/schedule.ts';
import { COLUMNS, type Column, columnOf } from './columns.ts';

/** A list as a table: what a program exported (RFC 4180, also with semicolons), or what was copied from a screen, with tabs. */

export const LIST_CHARACTERS_MAX = 1024 * 1024;
export const LIST_LINES_MAX = 10_000;

export type Line = { readonly line: number; readonly cells: Readonly<Partial<Record<Column, string>>> };

export type Table =
  | { readonly lines: readonly Line[]; readonly columns: ReadonlySet<Column>; readonly wrong: null }
  | { readonly wrong: WrongLine };

/** @param titles what the columns are, where the list does not say it in its first line. */
export function tableOf(text: string, titles: readonly (Column | 'other')[] | null): Table {
  if (text.length > LIST_CHARACTERS_MAX) return wrong(1, TOO_LONG);
  let records: readonly { readonly line: number; readonly cells: readonly string[] }[];
  try {
    records = recordsOf(text, delimiterOf(text));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return wrong(typeof error['lines'] === 'number' ? error['lines'] : 1, NO_TABLE);
  }
  if (records.length > LIST_LINES_MAX) return wrong(1, TOO_LONG);
  const [first] = records;
  const columns = titles ?? first?.cells.map(columnOf) ?? [];
  const problem = problemOf(columns);
  if (problem !== null) return wrong(first?.line ?? 1, problem);
  const rows = titles === null ? records.slice(1) : records;
  return {
    columns: new Set(columns.filter((each): each is Column => isColumn(each))),
    lines: rows.map(({ line, cells }) => ({
      line,
      cells: Object.fromEntries(
        columns.flatMap((column, index) => (isColumn(column) ? [[column, cells[index]?.trim() ?? '']] : [])),
      ),
    })),
    wrong: null,
  };
}

const isColumn = (column: Column | 'other' | null): column is Column =>
  column !== null && COLUMNS.some((each) => each === column);

const wrong = (line: number, reason: Bilingual): Table => ({ wrong: { line, reason } });

/** Of what the first line has the most. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split('\n', 1);
  const count = (delimiter: string): number => first.split(delimiter).length;
  return ['\t', ';', ','].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Empty lines are left out, and counted. @throws CsvError */
function recordsOf(text: string, delimiter: string) {
  const parsed = parse(text, {
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    // A name in quotes within a copied cell is no quoted cell.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    trim: true,
    max_record_size: 64 * 1024,
  }) as unknown as readonly {
    readonly info: { readonly lines: number };
    readonly record: readonly string[];
  }[];
  return parsed.map(({ info, record }) => ({ line: info.lines, cells: record }));
}

function problemOf(columns: readonly (Column | 'other' | null)[]): Bilingual | null {
  const known = columns.filter(isColumn);
  if (new Set(known).size < known.length) return TWICE;
  if (!known.includes('start') || !(known.includes('end') || known.includes('duration'))) return NO_TITLES;
  return null;
}

const TOO_LONG: Bilingual = {
  fr: `la liste a plus de ${LIST_LINES_MAX} lignes, ou plus d’un mégaoctet : importez-la par parties`,
  en: `the list has more than ${LIST_LINES_MAX} lines, or more than a megabyte: import it in parts`,
};
const NO_TABLE: Bilingual = {
  fr: 'd’ici, ce n’est plus un tableau : un guillemet reste ouvert, ou une ligne est trop longue',
  en: 'from here on it is no table: a quotation mark is left open, or a line is too long',
};
const NO_TITLES: Bilingual = {
  fr: 'la première ligne doit nommer les colonnes : date, début, fin ou durée, statut, agenda; ou dites-les dans columns',
  en: 'the first line must name the columns: date, start, end or duration, status, calendar; or say them in columns',
};
const TWICE: Bilingual = {
  fr: 'deux colonnes disent la même chose : laquelle compte n’est pas clair',
  en: 'two columns say the same: which one counts is not clear',
};
