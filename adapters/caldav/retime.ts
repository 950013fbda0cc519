import ICAL from 'ical.js';
import { formatInstant, type Instant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';

/** An event with another time, and all else of it as it was. Pure. */

/** jCal (RFC 7265): name, parameters, type, values. */
type Property = [name: string, parameters: object, type: string, ...values: unknown[]];
type Component = [name: string, properties: Property[], components: Component[]];

/** Replaced by what is written here. */
const OF_TIME = new Set(['dtstart', 'dtend', 'duration', 'dtstamp', 'last-modified', 'sequence']);

/**
 * Times are written in UTC, which every client shows in its reader's zone. SEQUENCE grows with a change of time (RFC 5545,
 * 3.8.7.4), so that invitations of before count no more.
 * @param text that was read already as one event, once. @returns null where it is not so, or lasts whole days.
 */
export function withTime(text: string, { start, end }: Interval, now: Instant): string | null {
  const calendar = ICAL.parse(text) as Component;
  if (calendar[0] !== 'vcalendar') return null;
  const events = calendar[2].filter(([name]) => name === 'vevent');
  const [event] = events;
  if (!event || events.length > 1) return null;
  const [, properties, alarms] = event;
  const isTimed = properties.some(([name, , type]) => name === 'dtstart' && type === 'date-time');
  if (!isTimed) return null;
  const time = (name: string, at: Instant): Property => [name, {}, 'date-time', utc(at)];
  const moved: Component = [
    'vevent',
    [
      ...properties.filter(([name]) => !OF_TIME.has(name)),
      time('dtstart', start),
      time('dtend', end),
      time('dtstamp', now),
      time('last-modified', now),
      ['sequence', {}, 'integer', sequenceOf(properties) + 1],
    ],
    alarms,
  ];
  const components = calendar[2].map((component) => (component === event ? moved : component));
  return `${ICAL.stringify([calendar[0], calendar[1], components])}\r\n`;
}

function sequenceOf(properties: readonly Property[]): number {
  const value = properties.find(([name]) => name === 'sequence')?.[3];
  return typeof value === 'number' && Number.isInteger(value) ? value : 0;
}

/** To the second, all that iCalendar has. */
const utc = (at: Instant): string => `${formatInstant(at).slice(0, 19)}Z`;
