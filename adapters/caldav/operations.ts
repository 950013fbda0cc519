import type { Block, Book, Known, Operations, Remove, Written } from '../../src/adapter/contract.ts';
import { Fault, isFault } from '../../src/adapter/faults.ts';
import type { Mark, ObservedBusy } from '../../src/adapter/observation.ts';
import type { Clock } from '../../src/domain/environment.ts';
import { DAY, instant, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps, sameInterval } from '../../src/domain/interval.ts';
import { eventText, type Writing } from './event.ts';
import { type Busy, busyOf, nameOf } from './icalendar.ts';
import type { Calendar } from './read.ts';
import { deleteResource, getResource, putResource, type Resource, type Server } from './resource.ts';
import { mayOverlap } from './webdav.ts';

/** Writes. Each goes to a resource named after our mark, under a condition, so that a repeated call changes nothing. */

export type Desk = {
  readonly server: Server;
  readonly calendarOf: (id: string) => Calendar;
  readonly clock: Clock;
  readonly patientInEvents: boolean;
};

type Offered = Pick<Operations, 'block' | 'unblock' | 'book' | 'cancel'>;

export const createOperations = (desk: Desk): Offered => ({
  block: (command) => block(desk, command),
  unblock: (command) => remove(desk, command),
  book: (command) => book(desk, command),
  cancel: (command) => remove(desk, command),
});

const GONE: Written = { outcome: 'gone' };
const TAKEN: Written = { outcome: 'taken' };
const done = (externalId: string | null, revision: string | null): Written => ({
  outcome: 'done',
  externalId,
  revision,
  sequence: null,
});

const hrefOf = (calendar: Calendar, mark: Mark): string => `${calendar.collection}${nameOf(mark)}.ics`;

/** An instance of a series is no resource of its own, so it can't be written or deleted by itself. */
const isInstance = (externalId: string): boolean => externalId.includes('#');

async function block(desk: Desk, { calendar: id, mark, interval, known }: Block): Promise<Written> {
  const calendar = desk.calendarOf(id);
  return place(desk, calendar, { mark, interval, kind: 'block', patient: null }, known);
}

/**
 * No CalDAV server refuses an overlap, so: look, write, and look again. Of two who write at once at least one finds
 * the other and takes its own back; that both do is possible, and safe. A booking that stands already is never taken
 * back, whatever was put over it since: a patient may have been told. That is a conflict, for people to settle.
 */
async function book(desk: Desk, { calendar: id, mark, interval, patient }: Book): Promise<Written> {
  const calendar = desk.calendarOf(id);
  const own = hrefOf(calendar, mark);
  const before = await lookAt(desk, calendar, interval, own);
  const standing = before.own && ownRow(before.own, calendar, mark);
  if (standing && sameInterval(standing.interval, interval)) return done(own, standing.revision);
  if (before.isTaken) return TAKEN;
  const named = desk.patientInEvents ? patient : null;
  const written = await place(desk, calendar, { mark, interval, kind: 'appointment', patient: named }, null);
  if (written.outcome !== 'done') return written;
  return afterWriting(async () => {
    if (!(await lookAt(desk, calendar, interval, own)).isTaken) return written;
    const deleted = await deleteResource(desk.server, own, written.revision ?? '*');
    if (deleted === 'precondition') throw new Fault('unsure', `DELETE ${own}: changed since we wrote it`);
    return TAKEN;
  });
}

type Look = {
  /** Whether anything but our own event takes time there. What can't be read is not free. */
  readonly isTaken: boolean;
  readonly own: Resource | null;
};

/** The server is asked for a day more on either side: it reads floating times and whole days in a zone of its own. */
async function lookAt(desk: Desk, calendar: Calendar, interval: Interval, own: string): Promise<Look> {
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
async function afterWriting<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault('unsure', error.message, { cause: error });
  }
}

/** @throws Fault */
async function place(
  desk: Desk,
  calendar: Calendar,
  writing: Writing,
  known: Known | null,
): Promise<Written> {
  const text = eventText(writing, desk.clock.now());
  const href = known?.externalId ?? hrefOf(calendar, writing.mark);
  if (isInstance(href)) return TAKEN;
  const condition = known
    ? ({ 'if-match': known.revision ?? '*' } as const)
    : ({ 'if-none-match': '*' } as const);
  const put = await putResource(desk.server, href, text, condition);
  if (put.kind === 'conflict') return TAKEN;
  if (put.kind === 'done') return confirmed(desk, href, put.etag);
  const standing = await getResource(desk.server, href);
  if (standing === null) return known ? GONE : TAKEN;
  const row = ownRow(standing, calendar, writing.mark);
  if (row === null) return TAKEN;
  // The same command before, whose answer was lost.
  if (sameInterval(row.interval, writing.interval)) return done(href, standing.etag);
  if (known || standing.etag === null) return TAKEN;
  // Ours, from before its time was changed: brought up to date, unless it changes meanwhile.
  const again = await putResource(desk.server, href, text, { 'if-match': standing.etag });
  return again.kind === 'done' ? confirmed(desk, href, again.etag) : TAKEN;
}

/** A server that stores something else than it was sent answers without ETag (RFC 4791, 5.3.4): then it is asked. */
const confirmed = (desk: Desk, href: string, etag: string | null): Promise<Written> =>
  afterWriting(async () => done(href, etag ?? (await getResource(desk.server, href))?.etag ?? null));

async function remove(desk: Desk, { calendar: id, mark, known }: Remove): Promise<Written> {
  const href = known.externalId;
  if (isInstance(href)) return TAKEN;
  let etag = known.revision;
  if (etag === null) {
    const standing = await getResource(desk.server, href);
    if (standing === null) return GONE;
    // Without a version to hold it to, only what still carries our mark may be deleted.
    if (standing.etag === null || ownRow(standing, desk.calendarOf(id), mark) === null) return TAKEN;
    etag = standing.etag;
  }
  const deleted = await deleteResource(desk.server, href, etag);
  if (deleted === 'done') return done(null, null);
  if (deleted === 'gone') return GONE;
  return (await getResource(desk.server, href)) === null ? GONE : TAKEN;
}

/** @throws Fault. @returns the event that carries the mark, if there is one: it is named after it. */
export async function readBack(desk: Desk, id: string, mark: Mark): Promise<ObservedBusy[]> {
  const calendar = desk.calendarOf(id);
  const standing = await getResource(desk.server, hrefOf(calendar, mark));
  const row = standing && ownRow(standing, calendar, mark);
  return row ? [row] : [];
}

/** What a resource holds of ours, which never recurs: so no range matters. */
function ownRow(resource: Resource, calendar: Calendar, mark: Mark): ObservedBusy | null {
  const { rows } = busyIn(resource, calendar, { start: instant(0), end: instant(0) });
  return rows.find((row) => row.mark === mark) ?? null;
}

const busyIn = (resource: Resource, calendar: Calendar, range: Interval): Busy =>
  busyOf(resource, { ...calendar, calendar: calendar.id, range });
