import type { Block, Book, Known, Operations, Remove, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Mark, ObservedBusy } from '../../src/adapter/observation.ts';
import { sameInterval } from '../../src/domain/interval.ts';
import { afterWriting, confirmed, type Desk, done, GONE, isInstance, lookAt, ownRow, TAKEN } from './desk.ts';
import { eventText, type Writing } from './event.ts';
import { nameOf } from './icalendar.ts';
import { move } from './move.ts';
import type { Calendar } from './read.ts';
import { deleteResource, getResource, putResource } from './resource.ts';

/** Writes. Each goes to a resource named after our mark, under a condition, so that a repeated call changes nothing. */

type Offered = Pick<Operations, 'block' | 'unblock' | 'book' | 'cancel' | 'move'>;

export const createOperations = (desk: Desk): Offered => ({
  block: (command) => block(desk, command),
  unblock: (command) => remove(desk, command),
  book: (command) => book(desk, command),
  cancel: (command) => remove(desk, command),
  move: (command) => move(desk, command),
});

const hrefOf = (calendar: Calendar, mark: Mark): string => `${calendar.collection}${nameOf(mark)}.ics`;

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
