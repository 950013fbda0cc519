import type { Written } from '../../src/adapter/contract.ts';
import { Fault, isFault } from '../../src/adapter/faults.ts';
import type { Mark, ObservedBusy } from '../../src/adapter/observation.ts';
import type { Clock } from '../../src/domain/environment.ts';
import { DAY, instant, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps } from '../../src/domain/interval.ts';
import { type Busy, busyOf } from './icalendar.ts';
import type { Calendar } from './read.ts';
import { getResource, type Resource, type Server } from './resource.ts';
import { mayOverlap } from './webdav.ts';

/** What writes have in common: where they go, what they look at, and what they answer. */

export type Desk = {
  readonly server: Server;
  readonly calendarOf: (id: string) => Calendar;
  readonly clock: Clock;
  readonly patientInEvents: boolean;
};

export const GONE: Written = { outcome: 'gone' };
export const TAKEN: Written = { outcome: 'taken' };
export const done = (externalId: string | null, revision: string | null): Written => ({
  outcome: 'done',
  externalId,
  revision,
  sequence: null,
});

/** An instance of a series is no resource of its own, so it can't be written or deleted by itself. */
export const isInstance = (externalId: string): boolean => externalId.includes('#');

type Look = {
  /** Whether anything but our own event takes time there. What can't be read is not free. */
  readonly isTaken: boolean;
  readonly own: Resource | null;
};

/** The server is asked for a day more on either side: it reads floating times and whole days in a zone of its own. */
export async function lookAt(desk: Desk, calendar: Calendar, interval: Interval, own: string): Promise<Look> {
  const around = { start: plus(interval.start, -DAY), end: plus(interval.end, DAY) };
  const found = await mayOverlap(desk.server, calendar.collection, around);
  const isTaken = found
    .filter(({ href }) => href !== own)
    .map((resource) => busyIn(resource, calendar, interval))
    .some(
      ({ rows, rejected }) => rejected.length > 0 || rows.some((row) => overlaps(row.interval, interval)),
    );
  return { isTaken, own: found.find(({ href }) => href === own) ?? null };
}

/** Once a write has landed, no fault may say that it has not. */
export async function afterWriting<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault('unsure', error.message, { cause: error });
  }
}

/** A server that stores something else than it was sent answers without ETag (RFC 4791, 5.3.4): then it is asked. */
export const confirmed = (desk: Desk, href: string, etag: string | null): Promise<Written> =>
  afterWriting(async () => done(href, etag ?? (await getResource(desk.server, href))?.etag ?? null));

/** What a resource holds of ours, which never recurs: so no range matters. */
export function ownRow(resource: Resource, calendar: Calendar, mark: Mark): ObservedBusy | null {
  const { rows } = busyIn(resource, calendar, { start: instant(0), end: instant(0) });
  return rows.find((row) => row.mark === mark) ?? null;
}

export const busyIn = (resource: Resource, calendar: Calendar, range: Interval): Busy =>
  busyOf(resource, { ...calendar, calendar: calendar.id, range });
