import ICAL from 'ical.js';
import type { PatientDetails } from '../../src/adapter/contract.ts';
import { type Mark, subjectOf } from '../../src/adapter/observation.ts';
import { formatInstant, type Instant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { KIND_PROPERTY, MARK_PROPERTY, nameOf } from './icalendar.ts';

/** The events that we write (RFC 5545, 3.6.1). Pure. */

export type Writing = {
  readonly mark: Mark;
  readonly interval: Interval;
  readonly kind: 'block' | 'appointment';
  /** Written into the summary; null = nobody is named. */
  readonly patient: PatientDetails | null;
};

/** @param now for DTSTAMP, which every event must have. */
export function eventText({ mark, interval, kind, patient }: Writing, now: Instant): string {
  const text = (name: string, value: string) => [name, {}, 'text', value];
  const time = (name: string, at: Instant) => [name, {}, 'date-time', utc(at)];
  const summary = kind === 'block' ? 'Occupé – Passerelle' : 'Rendez-vous – Passerelle';
  const event = [
    'vevent',
    [
      text('uid', nameOf(mark)),
      time('dtstamp', now),
      time('last-modified', now),
      time('dtstart', interval.start),
      time('dtend', interval.end),
      text('summary', patient === null ? summary : `${patient.family}, ${patient.given}`),
      ...(kind === 'appointment' ? [text('description', `Référence ${subjectOf(mark) ?? ''}`)] : []),
      text('class', 'PRIVATE'),
      text('status', 'CONFIRMED'),
      text('transp', 'OPAQUE'),
      [MARK_PROPERTY, {}, 'unknown', mark],
      [KIND_PROPERTY, {}, 'unknown', kind],
    ],
    [],
  ];
  const properties = [text('version', '2.0'), text('prodid', '-//Passerelle//CalDAV//FR')];
  return `${ICAL.stringify(['vcalendar', properties, [event]])}\r\n`;
}

/** To the second, all that iCalendar has. */
const utc = (at: Instant): string => `${formatInstant(at).slice(0, 19)}Z`;
