import { onceWritten } from '../../src/adapter/claim.ts';
import type { Block, Book, Move, Operations, Remove, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Mark, ObservedBusy } from '../../src/adapter/observation.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps, sameInterval } from '../../src/domain/interval.ts';
import type { Client, Found } from './client.ts';
import { eventBody, timesOf, type Writing } from './event.ts';
import { busyOf, type Calendar, eventIdIn, externalIdOf, idOf, markIn, normalize } from './normalize.ts';
import type { Event } from './wire.ts';

/** Writes. Each new event is named after our mark, and each change is held to the version that we know. */

const GONE: Written = { outcome: 'gone' };
const TAKEN: Written = { outcome: 'taken' };
const REMOVED: Written = { outcome: 'done', externalId: null, revision: null, sequence: null };

type Offered = Pick<Operations, 'block' | 'unblock' | 'book' | 'cancel' | 'move'>;

export type Desk = {
  readonly client: Client;
  readonly calendarOf: (id: string) => Calendar;
  readonly patientInEvents: boolean;
};

export const createOperations = (desk: Desk): Offered => ({
  block: (command) => block(desk, command),
  unblock: (command) => remove(desk, command),
  book: (command) => book(desk, command),
  cancel: (command) => remove(desk, command),
  move: (command) => move(desk, command),
});

/** @returns the event that carries the mark, if there is one: it is named after it. @throws Fault */
export async function readBack(
  { client, calendarOf }: Desk,
  id: string,
  mark: Mark,
): Promise<ObservedBusy[]> {
  const found = await client.find(id, idOf(mark));
  if (found?.kind !== 'event') return [];
  const row = busyOf(found.event, calendarOf(id));
  if (typeof row === 'string') throw new Fault('malformed', `the event that carries our mark: ${row}`);
  return row?.mark === mark ? [row] : [];
}

const done = (calendar: string, { id, etag }: Event): Written => ({
  outcome: 'done',
  externalId: externalIdOf(calendar, id),
  revision: etag,
  sequence: null,
});

async function block(desk: Desk, { calendar: id, mark, interval, known }: Block): Promise<Written> {
  if (known === null)
    return place(desk, desk.calendarOf(id), { mark, interval, kind: 'block', patient: null });
  const eventId = eventIdIn(known.externalId);
  const { client } = desk;
  let { revision } = known;
  if (revision === null) {
    const found = await client.find(id, eventId);
    if (found?.kind !== 'event') return GONE;
    // Without a version to hold it to, only what still carries our mark may be changed.
    if (markIn(found.event) !== mark) return TAKEN;
    revision = found.event.etag;
  }
  const times = timesOf(interval, desk.calendarOf(id).zone);
  const changed = await client.patch(id, eventId, times, revision);
  if (changed.kind === 'done') return done(id, changed.event);
  if (changed.kind === 'gone') return GONE;
  const found = await client.find(id, eventId);
  if (found?.kind !== 'event') return GONE;
  // The same command before, whose answer was lost.
  return isAt(desk, id, found.event, mark, interval) ? done(id, found.event) : TAKEN;
}

/** Two look before they write and again after: whoever finds another there takes its own away, both if need be. */
async function book(desk: Desk, { calendar: id, mark, interval, patient }: Book): Promise<Written> {
  const calendar = desk.calendarOf(id);
  const own = idOf(mark);
  const before = await desk.client.find(id, own);
  if (before?.kind === 'event' && isAt(desk, id, before.event, mark, interval)) return done(id, before.event);
  if (await isTaken(desk, calendar, interval, own)) return TAKEN;
  const named = desk.patientInEvents ? patient : null;
  const written = await place(desk, calendar, { mark, interval, kind: 'appointment', patient: named });
  if (written.outcome !== 'done') return written;
  if (!(await onceWritten(() => isTaken(desk, calendar, interval, own)))) return written;
  const removed = await onceWritten(() => desk.client.remove(id, own, written.revision ?? ''));
  if (removed === 'changed' || removed === 'refused')
    throw new Fault('unsure', 'our event changed since we wrote it');
  return TAKEN;
}

/** @throws Fault */
async function place({ client }: Desk, calendar: Calendar, writing: Writing): Promise<Written> {
  const { id, zone } = calendar;
  const { mark, interval } = writing;
  const body = eventBody(writing, zone);
  const inserted = await client.insert(id, body);
  if (inserted) return done(id, inserted);
  const found = await client.find(id, idOf(mark));
  const etag = etagIn(found);
  if (found === null || etag === null) {
    throw new Fault('malformed', 'the id of our event is taken, and nothing is to be found there');
  }
  if (found.kind === 'event') {
    const row = busyOf(found.event, calendar);
    // The same command before, whose answer was lost.
    if (
      row !== null &&
      typeof row !== 'string' &&
      row.mark === mark &&
      sameInterval(row.interval, interval)
    ) {
      return done(id, found.event);
    }
    if (markIn(found.event) !== mark) return TAKEN;
  }
  // Ours, from before its time was changed, or deleted since: an id stays taken, and its event can be had again.
  const replaced = await client.replace(id, idOf(mark), body, etag);
  return replaced.kind === 'done' ? done(id, replaced.event) : TAKEN;
}

const etagIn = (found: Found): string | null =>
  found === null ? null : found.kind === 'event' ? found.event.etag : found.etag;

async function remove({ client }: Desk, { calendar: id, mark, known }: Remove): Promise<Written> {
  const eventId = eventIdIn(known.externalId);
  let { revision } = known;
  if (revision === null) {
    const found = await client.find(id, eventId);
    if (found?.kind !== 'event') return GONE;
    if (markIn(found.event) !== mark) return TAKEN;
    revision = found.event.etag;
  }
  const removed = await client.remove(id, eventId, revision);
  if (removed === 'done') return REMOVED;
  if (removed === 'gone') return GONE;
  return (await client.find(id, eventId))?.kind === 'event' ? TAKEN : GONE;
}

/** Gives an event another time, whoever wrote it: look, write, look again, and put it back if another came meanwhile. */
async function move(desk: Desk, { calendar: id, known, interval }: Move): Promise<Written> {
  const calendar = desk.calendarOf(id);
  const { client } = desk;
  const eventId = eventIdIn(known.externalId);
  const found = await client.find(id, eventId);
  if (found?.kind !== 'event') return GONE;
  const row = busyOf(found.event, calendar);
  if (row === null || typeof row === 'string') return TAKEN;
  // The same command before, whose answer was lost.
  if (sameInterval(row.interval, interval)) return done(id, found.event);
  const isChanged = known.revision !== null && known.revision !== found.event.etag;
  if (isChanged || row.busyKind !== 'appointment') return TAKEN;
  if (await isTaken(desk, calendar, interval, eventId)) return TAKEN;
  const moved = await client.patch(id, eventId, timesOf(interval, calendar.zone), found.event.etag);
  if (moved.kind === 'gone') return GONE;
  if (moved.kind !== 'done') return (await client.find(id, eventId))?.kind === 'event' ? TAKEN : GONE;
  if (!(await onceWritten(() => isTaken(desk, calendar, interval, eventId)))) return done(id, moved.event);
  const { start, end } = found.event;
  const back = await onceWritten(() => client.patch(id, eventId, { start, end }, moved.event.etag));
  if (back.kind !== 'done') throw new Fault('unsure', 'the event changed since we moved it');
  return TAKEN;
}

/** Whether anything but that event takes time there. What can't be read is not free. */
async function isTaken({ client }: Desk, calendar: Calendar, time: Interval, own: string): Promise<boolean> {
  // Whole days lie in Google's zone of the calendar, which need not be ours.
  const around = { start: plus(time.start, -DAY), end: plus(time.end, DAY) };
  const ownId = externalIdOf(calendar.id, own);
  for await (const { items } of client.within(calendar.id, around)) {
    const { rows, rejected } = normalize(items, calendar);
    if (rejected.some(({ externalId }) => externalId !== ownId)) return true;
    if (rows.some(({ externalId, interval }) => externalId !== ownId && overlaps(interval, time)))
      return true;
  }
  return false;
}

function isAt({ calendarOf }: Desk, id: string, event: Event, mark: Mark, interval: Interval): boolean {
  const row = busyOf(event, calendarOf(id));
  return row !== null && typeof row !== 'string' && row.mark === mark && sameInterval(row.interval, interval);
}
