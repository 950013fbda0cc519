import { CsvError, parse } from 'csv-parse/sync';
import { Fault } from '../../src/adapter/faults.ts';
import type { Rejected } from '../../src/adapter/observation.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { sameInterval, union } from '../../src/domain/interval.ts';
import { checked, named, periodOf, TEXT_MAX } from './fields.ts';
import { type Published, RECORDS_MAX, type ShiftRecord, withNameless, type ZoneOfWhom } from './record.ts';
import { instantOf, onDay, startOf, Unreadable } from './times.ts';

/** A roster as CSV (RFC 4180), as a spreadsheet exports it, with headers in French or in English: README.md has them. */

const HEADERS = {
  id: ['id', 'shiftid', 'identifiant', 'noquart'],
  practitioner: [
    'practitioner',
    'practitionerid',
    'doctor',
    'physician',
    'professionnel',
    'medecin',
    'praticien',
  ],
  place: ['place', 'location', 'site', 'lieu', 'endroit'],
  date: ['date', 'day', 'jour'],
  start: ['start', 'from', 'debut', 'de'],
  end: ['end', 'to', 'fin', 'a'],
  task: ['task', 'activity', 'tache', 'activite'],
  periodStart: ['periodstart', 'debutperiode', 'debutdelaperiode'],
  periodEnd: ['periodend', 'finperiode', 'findelaperiode'],
  publishedAt: ['publishedat', 'publiele', 'datedepublication'],
  revision: ['revision', 'version'],
} as const;

type Column = keyof typeof HEADERS;
type Row = Readonly<Partial<Record<Column, string>>>;

const DELIMITERS = [';', ',', '\t'] as const;
const RECORD_CHARACTERS_MAX = 10_000;

/**
 * @param isOfOne all of it is of one calendar, so that it need not say whose each is.
 * @throws Fault `malformed` when it is no roster.
 */
export function readCsv(text: string, zoneOf: ZoneOfWhom, isOfOne: boolean): Published {
  const [header, ...lines] = cellsOf(text);
  const columns = columnsOf(header ?? [], isOfOne);
  const records: ShiftRecord[] = [];
  const rejected: Rejected[] = [];
  for (const cells of lines) {
    const row = Object.fromEntries(
      [...columns].flatMap(([index, column]) => {
        const value = cells[index]?.trim() ?? '';
        return value === '' ? [] : [[column, value] as const];
      }),
    ) as Row;
    // One that was cut off, or is shifted, does not say which it is.
    const isWhole = cells.length === (header?.length ?? 0);
    try {
      if (!isWhole) throw new Unreadable('it has not as many cells as the header');
      records.push(recordOf(row, zoneOf, cells.join(' | ')));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const id = isWhole && row.id !== undefined && isStorable(row.id) ? row.id : null;
      rejected.push({ externalId: id, reason: error.message, raw: cells.join(' | ') });
    }
  }
  return { records, rejected, period: withNameless(periodOfAll(records), rejected) };
}

/** What is no CSV is not an empty roster. @throws Fault */
function cellsOf(text: string): string[][] {
  const [first = ''] = text.split(/\r\n|\n|\r/, 1);
  const delimiter = DELIMITERS.find((each) => first.includes(each));
  if (delimiter === undefined) throw new Fault('malformed', 'no roster: its first line has no columns');
  try {
    const rows = parse(text, {
      delimiter,
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: RECORD_CHARACTERS_MAX,
      to: RECORDS_MAX + 2,
    }) as string[][];
    if (rows.length > RECORDS_MAX + 1) throw new Fault('malformed', `more than ${RECORDS_MAX} shifts`);
    return rows;
  } catch (error) {
    // Its message may quote a cell.
    if (error instanceof CsvError) throw new Fault('malformed', `no CSV (RFC 4180): ${error.code}`);
    throw error;
  }
}

/** @throws Fault when a column is there twice, or one that is needed is not. */
function columnsOf(header: readonly string[], isOfOne: boolean): Map<number, Column> {
  const columns = new Map<number, Column>();
  for (const [index, title] of header.entries()) {
    const column = columnOf(title);
    if (column === null) continue;
    if ([...columns.values()].includes(column))
      throw new Fault('malformed', `no roster: two columns are ${column}`);
    columns.set(index, column);
  }
  const needed: readonly Column[] = ['start', 'end', ...(isOfOne ? [] : (['practitioner'] as const))];
  const missing = needed.filter((column) => ![...columns.values()].includes(column));
  if (missing.length > 0) throw new Fault('malformed', `no roster: no column for ${missing.join(', ')}`);
  return columns;
}

function columnOf(title: string): Column | null {
  const plain = title
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
  const found = Object.entries(HEADERS).find(([, titles]) => (titles as readonly string[]).includes(plain));
  return found ? (found[0] as Column) : null;
}

/** @throws Unreadable */
function recordOf(row: Row, zoneOf: ZoneOfWhom, raw: string): ShiftRecord {
  for (const [column, value] of Object.entries(row))
    if (!isStorable(value)) throw new Unreadable(`${column}: too long, or with the character U+0000`);
  const zone = zoneOf(row.practitioner ?? null, row.place ?? null);
  const period =
    row.periodStart === undefined && row.periodEnd === undefined
      ? null
      : periodOf({ start: row.periodStart ?? '', end: row.periodEnd ?? '' }, zone);
  return {
    id: row.id ?? null,
    practitioner: row.practitioner ?? null,
    place: row.place ?? null,
    interval: checked(timesOf(row, zone), period),
    task: row.task ?? null,
    period,
    publishedAt:
      row.publishedAt === undefined
        ? null
        : named('publishedAt', () => instantOf(row.publishedAt ?? '', zone)),
    revision: row.revision ?? null,
    raw,
  };
}

/** With a column for the day the two others have hours alone, and one that ends by its start ends on the day after. */
function timesOf({ date, start = '', end = '' }: Row, zone: string): Interval {
  if (date === undefined)
    return {
      start: named('start', () => instantOf(start, zone)),
      end: named('end', () => instantOf(end, zone)),
    };
  const from = named('start', () => onDay(date, start, zone));
  const sameDay = named('end', () => onDay(date, end, zone));
  if (sameDay > from) return { start: from, end: sameDay };
  const next = new Date(startOf(date, 'UTC', 1)).toISOString().slice(0, 10);
  return { start: from, end: named('end', () => onDay(next, end, zone)) };
}

/** Of several periods those between them may have been published too. */
function periodOfAll(records: readonly ShiftRecord[]): Published['period'] {
  const periods = records.map(({ period }) => period);
  const [first] = periods;
  if (periods.every((period) => period === null)) return 'all';
  if (first && periods.every((period) => period && sameInterval(period, first))) return first;
  const [all, ...others] = union(periods.flatMap((period) => period ?? []));
  return all && others.length === 0 && !periods.includes(null) ? all : null;
}

const isStorable = (text: string): boolean => text.length <= TEXT_MAX && !text.includes('\0');
