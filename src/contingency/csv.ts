import { stringify } from 'csv-stringify/sync';
import { timeOf } from './days.ts';
import type { Sheet, SheetEntry } from './sheet.ts';
import {
  commentText,
  instantText,
  type Language,
  nameText,
  platformText,
  staleText,
  stateText,
  WORDS,
  zoneOf,
} from './words.ts';

const COLUMNS = [
  'date',
  'time',
  'end',
  'location',
  'practitioner',
  'service',
  'patient',
  'phone',
  'nam',
  'platform',
  'confirmation',
  'comment',
  'state',
  'asOf',
] as const satisfies readonly (keyof typeof WORDS)[];

/**
 * A line for each entry (RFC 4180), as spreadsheets read it: UTF-8 with a mark, and a cell that would be taken for a formula has an
 * apostrophe before it (OWASP, «CSV Injection»). Excel parts cells by the list separator of its region, which is the semicolon
 * where it speaks French.
 */
export function toCsv(sheet: Sheet, language: Language, isStale: boolean): string {
  const lines = sheet.locations.flatMap(({ name, timeZone, schedules }) =>
    schedules.flatMap(({ practitioner, service, days }) =>
      days.flatMap(({ date, entries }) =>
        entries.map((entry) => [
          date,
          timeOf(entry.interval.start, timeZone),
          timeOf(entry.interval.end, timeZone),
          name,
          practitioner,
          service[language],
          ...visitCells(entry, language, sheet.namesPatients),
          stateText(entry, timeZone, language),
          instantText(sheet.asOf, timeZone),
        ]),
      ),
    ),
  );
  const banner = isStale ? [[staleText(sheet, zoneOf(sheet), language)]] : [];
  return stringify([...banner, COLUMNS.map((column) => WORDS[column][language]), ...lines], {
    bom: true,
    delimiter: language === 'fr' ? ';' : ',',
    escape_formulas: true,
    record_delimiter: 'windows',
  });
}

function visitCells(entry: SheetEntry, language: Language, namesPatients: boolean): string[] {
  const platform = platformText(entry, language);
  if (entry.kind === 'free') return ['', '', '', platform, '', ''];
  const { patient, confirmation } = entry;
  return [
    nameText(entry, namesPatients, language),
    patient?.phone ?? '',
    patient?.nam ?? '',
    platform,
    confirmation ?? '',
    commentText(entry, language),
  ];
}
