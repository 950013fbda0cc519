import { type Busy, busyOf } from '../../adapters/caldav/icalendar.ts';
import { createZones } from '../../src/adapter/icalendar/zones.ts';
import { toOffset } from '../../src/adapter/zone.ts';
import { parseInstant } from '../../src/domain/instant.ts';

/** iCalendar texts and how the adapter reads them, without a server. */

export const ZONE = 'America/Toronto';
const WIDE = { start: parseInstant('2000-01-01T00:00:00Z'), end: parseInstant('2030-01-01T00:00:00Z') };

export const read = (text: string, options: { range?: typeof WIDE; owner?: string } = {}): Busy =>
  busyOf(
    { href: '/c/e.ics', etag: '"1"', modifiedAt: null, text },
    {
      calendar: '/c/',
      zones: createZones(ZONE),
      events: 'appointment',
      owner: options.owner ?? null,
      range: options.range ?? WIDE,
    },
  );
export const event = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:u', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join(
    '\r\n',
  );
export const withOverride = (master: string[], override: string[]): string =>
  event(...master, 'END:VEVENT', 'BEGIN:VEVENT', 'UID:u', ...override);
/** Local reading with its offset: it names the instant and the wall clock at once. */
export const starts = (busy: Busy, zone = ZONE): string[] =>
  busy.rows.map((row) => toOffset(row.interval.start, zone));
export const spans = (busy: Busy): string[] =>
  busy.rows.map(({ interval }) => `${toOffset(interval.start, ZONE)}/${toOffset(interval.end, ZONE)}`);
