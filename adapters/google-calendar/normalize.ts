import { z } from 'zod';
import { issuesOf } from '../../src/adapter/http.ts';
import {
  type Mark,
  markOf,
  type ObservedBusy,
  type Rejected,
  type Removal,
  subjectOf,
} from '../../src/adapter/observation.ts';
import { fromLocal, isZone, midnight, readLocal } from '../../src/adapter/zone.ts';
import type { BusyKind } from '../../src/domain/busy.ts';
import { type Instant, parseInstant } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import { Event, KIND_KEY, MARK_KEY, Named, OfSeries, type Time } from './wire.ts';

/** Events to the time that they take. Pure. */

export type Calendar = {
  readonly id: string;
  /** IANA: whole days are its days. */
  readonly zone: string;
  /** What a timed event that is not ours stands for. */
  readonly events: 'appointment' | 'block';
  /** E-mail address whose refusal frees the time; null = of the attendee that Google marks as `self`. */
  readonly owner: string | null;
};

export type Normalized = {
  readonly rows: ObservedBusy[];
  /** What is deleted, or takes no time: it may have taken some before. */
  readonly removed: Removal[];
  readonly rejected: Rejected[];
  /** Whether one of them is an instance of a series. */
  readonly touchesSeries: boolean;
};

/** Invitations have one id in the calendars of all who are invited, so that of the calendar stands before it. */
export const externalIdOf = (calendar: string, id: string): string => `${calendar}/${id}`;
export const eventIdIn = (externalId: string): string => externalId.slice(externalId.lastIndexOf('/') + 1);

/**
 * The id of the event that carries our mark: the same mark can't be written twice. Letters a to v and digits, as ids have to
 * be (base32hex, RFC 4648, section 7).
 */
export const idOf = (mark: Mark): string => `passerelle${(subjectOf(mark) ?? '').replaceAll('-', '')}`;

/** A copy of an event has its properties and another id: a mark under another id is no echo of ours. */
export function markIn({ id, extendedProperties }: Pick<Event, 'id' | 'extendedProperties'>): Mark | null {
  const subject = subjectOf(extendedProperties?.private?.[MARK_KEY]);
  return subject !== null && id === idOf(markOf(subject)) ? markOf(subject) : null;
}

export function normalize(items: readonly unknown[], calendar: Calendar): Normalized {
  const normalized: Normalized = {
    rows: [],
    removed: [],
    rejected: [],
    touchesSeries: items.some(isOfSeries),
  };
  for (const raw of items) {
    const named = Named.safeParse(raw);
    if (!named.success) {
      normalized.rejected.push({ externalId: null, reason: issuesOf(named.error), raw });
      continue;
    }
    const externalId = externalIdOf(calendar.id, named.data.id);
    const row = named.data.status === 'cancelled' ? null : rowOf(raw, calendar);
    if (typeof row === 'string') normalized.rejected.push({ externalId, reason: row, raw });
    else if (row === null) normalized.removed.push({ kind: 'busy', externalId, sequence: null });
    else normalized.rows.push(row);
  }
  return normalized;
}

const isOfSeries = (raw: unknown): boolean => OfSeries.safeParse(raw).success;

/** Null: it takes no time. A text: why it can't be read. */
function rowOf(raw: unknown, calendar: Calendar): ObservedBusy | string | null {
  const parsed = Event.safeParse(raw);
  if (!parsed.success) return issuesOf(parsed.error);
  return busyOf(parsed.data, calendar);
}

/** As `rowOf`, of an event that was read. */
export function busyOf(event: Event, calendar: Calendar): ObservedBusy | string | null {
  if (!takesTime(event, calendar.owner)) return null;
  const time = timeOf(event, calendar.zone);
  if (time === null || typeof time === 'string') return time;
  const mark = markIn(event);
  return {
    kind: 'busy',
    externalId: externalIdOf(calendar.id, event.id),
    calendar: calendar.id,
    interval: time,
    mark,
    revision: event.etag,
    sequence: null,
    busyKind: kindOf(event, mark, calendar.events),
    expiresAt: null,
    changedAt: stampOf(event.updated) ?? stampOf(event.created),
  };
}

/** Where somebody works takes no time, though its event may say otherwise. Neither does a birthday. */
const NEVER_BUSY = new Set(['workingLocation', 'birthday']);
const ALWAYS_CLOSED = new Set(['outOfOffice', 'focusTime']);

function takesTime({ status, transparency, eventType, attendees }: Event, owner: string | null): boolean {
  if (status === 'cancelled' || transparency === 'transparent' || NEVER_BUSY.has(eventType ?? ''))
    return false;
  const own = attendees?.find(({ email, self }) =>
    owner === null ? self === true : email?.toLowerCase() === owner.toLowerCase(),
  );
  return own?.responseStatus !== 'declined';
}

function kindOf(
  { start, eventType, extendedProperties }: Event,
  mark: Mark | null,
  events: Calendar['events'],
): BusyKind {
  if (mark !== null)
    return extendedProperties?.private?.[KIND_KEY] === 'appointment' ? 'appointment' : 'block';
  return typeof start.date === 'string' || ALWAYS_CLOSED.has(eventType ?? '') ? 'block' : events;
}

/** Null: it lasts no time. A text: why it is none. */
function timeOf({ start, end }: Event, zone: string): Interval | string | null {
  const from = readTime(start, zone);
  if (from === null) return 'start: names no instant';
  const to = readTime(end, zone);
  if (to === null) return 'end: names no instant';
  if (to.at < from.at) return 'end: lies before start';
  // Half of the hour that happens twice nobody can tell, so a local time in it takes both.
  const last = 'second' in to ? to.second : to.at;
  return from.at === last ? null : interval(from.at, last);
}

type Read = { readonly at: Instant } | { readonly at: Instant; readonly second: Instant };

function readTime({ date, dateTime, timeZone }: Time, zone: string): Read | null {
  if (typeof dateTime === 'string') return readDateTime(dateTime, timeZone ?? null);
  if (!z.iso.date().safeParse(date).success) return null;
  // Where clocks skip midnight, a day begins later.
  return { at: midnight(fromLocal(`${date}T12:00:00`, zone), zone, 0) };
}

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?$/;

function readDateTime(dateTime: string, timeZone: string | null): Read | null {
  try {
    if (!LOCAL.test(dateTime)) return { at: parseInstant(dateTime) };
    // An unknown zone is never UTC, nor ours.
    return timeZone !== null && isZone(timeZone) ? readLocal(dateTime, timeZone) : null;
  } catch {
    return null;
  }
}

function stampOf(text: string | null | undefined): Instant | null {
  try {
    return typeof text === 'string' ? parseInstant(text) : null;
  } catch {
    return null;
  }
}
