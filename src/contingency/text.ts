import { timeOf } from './days.ts';
import type { Sheet, SheetEntry, SheetLocation, SheetSchedule } from './sheet.ts';
import {
  commentText,
  instantText,
  type Language,
  nameText,
  platformText,
  sourceTexts,
  stateText,
  WORDS,
  zoneOf,
} from './words.ts';

/** For a terminal, by which columns are aligned. */
export type Table = (
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number>,
) => string;

const HEADER = ['time', 'patient', 'phone', 'nam', 'platform', 'confirmation', 'comment', 'state'] as const;

export function toText(sheet: Sheet, language: Language, table: Table): string {
  const zone = zoneOf(sheet);
  const head = [
    `${WORDS.title[language]}  ${sheet.organization.name}`,
    `${WORDS.asOf[language]} ${instantText(sheet.asOf, zone)} (${zone})`,
    `${WORDS.sources[language]} : ${sourceTexts(sheet, zone, language).join('; ')}`,
  ];
  const parts = sheet.locations.flatMap((location) =>
    location.schedules.map((schedule) => scheduleText(location, schedule, language, table)),
  );
  return [...head, '', ...parts].join('\n');
}

function scheduleText(
  { name, timeZone }: SheetLocation,
  { practitioner, service, days }: SheetSchedule,
  language: Language,
  table: Table,
): string {
  const texts = days.map(({ date, entries }) => {
    const rows = entries.map((entry) => row(entry, timeZone, language));
    const header = HEADER.map((column) => WORDS[column][language]);
    return `${date}\n${rows.length === 0 ? WORDS.nothing[language] : table(header, rows, new Set())}\n`;
  });
  return [`${name}: ${practitioner}, ${service[language]}`, ...texts].join('\n');
}

function row(entry: SheetEntry, zone: string, language: Language): string[] {
  const { start, end } = entry.interval;
  const rest = [stateText(entry, zone, language)];
  const time = `${timeOf(start, zone)}–${timeOf(end, zone)}`;
  const platform = platformText(entry, language);
  if (entry.kind === 'free') return [time, '', '', '', platform, '', '', ...rest];
  const { patient, confirmation } = entry;
  // What somebody wrote may have line breaks, or codes for a terminal.
  const clean = (text: string): string => text.replaceAll(/\p{C}+/gu, ' ');
  return [
    time,
    nameText(entry, true, language),
    patient?.phone ?? '',
    patient?.nam ?? '',
    platform,
    confirmation ?? '',
    commentText(entry, language),
  ]
    .map(clean)
    .concat(rest);
}
