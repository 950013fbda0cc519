import { readLocal, toLocal, toOffset } from '../../../src/adapter/zone.ts';
import { formatInstant, type Instant } from '../../../src/domain/instant.ts';
import type { PlannedShift, Rosters } from './rosters.ts';

/** How a roster is published: written from README.md and the RFCs, and not from what reads it. */

export function jsonOf({ period, publishedAt, published, zone }: Rosters): string {
  const at = (instant: Instant): string => toOffset(instant, zone);
  return JSON.stringify({
    ...(period ? { period: { start: at(period.start), end: at(period.end) } } : {}),
    publishedAt: at(publishedAt),
    shifts: published.map(({ id, practitioner, place, interval: { start, end }, task, revision }) => ({
      ...{ id, practitioner, place, start: at(start), end: at(end), task, revision },
    })),
  });
}

const HEADER = [
  'Identifiant',
  'Médecin',
  'Lieu',
  'Début',
  'Fin',
  'Tâche',
  'Début période',
  'Fin période',
  'Révision',
];

/** As a spreadsheet in French exports it: with a byte order mark, semicolons and local times. */
export function csvOf({ period, published, zone }: Rosters): string {
  const lines = published.map(({ id, practitioner, place, interval: { start, end }, task, revision }) => [
    ...[id, practitioner, place, localOf(start, zone), localOf(end, zone), task],
    ...(period ? [toOffset(period.start, zone), toOffset(period.end, zone)] : ['', '']),
    String(revision),
  ]);
  return `\uFEFF${[HEADER, ...lines].map((cells) => cells.map(quoted).join(';')).join('\r\n')}\r\n`;
}

const quoted = (cell: string): string => (/[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** An hour that happens twice has its offset. */
function localOf(at: Instant, zone: string): string {
  const local = toLocal(at, zone);
  return readLocal(local, zone).kind === 'exact' ? local.slice(0, 16).replace('T', ' ') : toOffset(at, zone);
}

/** Of one practitioner. */
export function icsOf({ published }: Rosters, practitioner: string): string {
  const events = published
    .filter((shift) => shift.practitioner === practitioner)
    .map(({ id, place, interval: { start, end }, task, revision }: PlannedShift) =>
      [
        ...['BEGIN:VEVENT', `UID:${id}@horaire.example`, 'DTSTAMP:20261101T000000Z'],
        ...[`DTSTART:${utc(start)}`, `DTEND:${utc(end)}`, `CATEGORIES:${task}`],
        ...[`LOCATION:${place}`, `SEQUENCE:${revision}`, 'END:VEVENT'],
      ].join('\r\n'),
    );
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//simulator//roster//FR',
    ...events,
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

const utc = (at: Instant): string => formatInstant(at).replace(/[-:]|\.\d+/g, '');
