import { instancesOf } from '../../src/adapter/icalendar/instances.ts';
import { type Component, parseCalendars, propertyOf, textOf } from '../../src/adapter/icalendar/jcal.ts';
import { createZones } from '../../src/adapter/icalendar/zones.ts';
import { FOREVER, type Instant, instant } from '../../src/domain/instant.ts';
import { parseWall } from '../../src/domain/recurrence/wall.ts';
import type { Letter } from './letter.ts';
import {
  Id,
  LONGEST_MILLISECONDS,
  type Notice,
  placeOf,
  type Reading,
  sequenceOf,
  Unread,
} from './notice.ts';
import type { Invitation } from './template.ts';

/** Calendar parts (RFC 5546 in RFC 6047): one booking for each, by its UID. */

/** What says that an event stands (RFC 5546, 1.4); every other but CANCEL is an answer, or wants one. */
const STANDING = ['REQUEST', 'PUBLISH'];
const SEQUENCE_MAX = 9_999;

/** @returns null where the message has no such part. @throws Unread */
export function readInvitation(letter: Letter, template: Invitation, reading: Reading): Notice | null {
  const [part, ...others] = letter.calendars;
  if (!part) return null;
  if (others.length > 0) throw new Unread('text/calendar: several parts that differ');
  const parsed = parseCalendars(part.text);
  if (parsed.kind === 'unreadable') throw new Unread(`text/calendar: ${parsed.reason}`);
  const events = parsed.calendars.flatMap(({ components }) =>
    components.filter(({ name }) => name === 'vevent'),
  );
  const [event] = events;
  const id = Id.safeParse(event && textOf(event, 'uid'));
  if (!event || !id.success) throw new Unread('vevent.uid: missing, or none that can be kept');
  const externalId = id.data;
  if (events.length > 1) throw new Unread('vevent: several of them', externalId);
  for (const name of ['rrule', 'rdate', 'recurrence-id'])
    if (propertyOf(event, name))
      throw new Unread(`vevent.${name}: a series, where one booking is expected`, externalId);
  // RFC 6047, 2.4: the parameter is the method of the part, or it is none.
  const method = methodOf(parsed.calendars) ?? '';
  if (part.method !== null && part.method !== method)
    throw new Unread('method: the part says another', externalId);
  const isEnd = method === 'CANCEL' || textOf(event, 'status')?.toUpperCase() === 'CANCELLED';
  if (!isEnd && !STANDING.includes(method))
    throw new Unread('method: none that says what stands', externalId);
  const sequence = orderOf(event, letter.sentAt, isEnd);
  if (isEnd) return { kind: 'ended', externalId, sequence };
  const place = placeOf(nameOf(event, template), reading, externalId);
  if (place === null) return { kind: 'nothing' };
  const zones = createZones(place.zone);
  const { instances, problems } = instancesOf(
    [event],
    (tzid) => (tzid === null ? zones.own : zones.byTzid(tzid, parsed.calendars)),
    { start: instant(0), end: FOREVER },
  );
  const [one] = instances;
  if (!one) throw new Unread(problems[0] ?? 'vevent.dtend: it lasts no time', externalId);
  if (one.interval.end - one.interval.start > LONGEST_MILLISECONDS)
    throw new Unread('vevent.dtend: more than a day', externalId);
  return {
    kind: 'stands',
    externalId,
    replaces: null,
    calendar: place.calendar,
    interval: one.interval,
    sequence,
  };
}

const methodOf = (calendars: readonly Component[]): string | null =>
  (calendars[0] && textOf(calendars[0], 'method')?.toUpperCase()) ?? null;

/** RFC 5546, 2.1.5: by SEQUENCE, then by DTSTAMP, when this was said. */
function orderOf(event: Component, sentAt: Instant, isEnd: boolean): number {
  const sequence = Number(propertyOf(event, 'sequence')?.values[0] ?? 0);
  const stamp = textOf(event, 'dtstamp');
  const said = stamp?.endsWith('Z') ? parseWall(stamp.slice(0, -1)) : null;
  const counted = Number.isInteger(sequence) ? Math.min(Math.max(sequence, 0), SEQUENCE_MAX) : 0;
  // Nothing was said after it was sent.
  const saidAt = said === null ? sentAt : instant(Math.min(said, sentAt));
  return counted * 10 ** 11 + sequenceOf(saidAt, isEnd);
}

/** An address by itself, or a text. Null = it is not said. */
function nameOf(event: Component, { calendar }: Invitation): string | null {
  const value = calendar === null ? undefined : propertyOf(event, calendar)?.values[0];
  return typeof value === 'string' && value.trim() !== '' ? value.replace(/^mailto:/i, '').trim() : null;
}
