import { styleText } from 'node:util';
import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import { actorOf } from '../domain/schedule.ts';
import type { EngineEvent } from '../engine/ports/events.ts';
import type { Language } from './language.ts';
import { PHRASES, type Phrases } from './phrases.ts';
import { clockTime, dayAndTime, dayAndTimes, duration } from './when.ts';

export type Narration = {
  readonly directory: Directory;
  readonly language: Language;
  readonly colour: boolean;
};

/** Of what is told about a booking. */
const TONES: Readonly<Partial<Record<EngineEvent['type'], 'green' | 'red'>>> = {
  'conflict.detected': 'red',
  'appointment.refused': 'red',
  'appointment.unsupplied': 'red',
  'conflict.ended': 'green',
  'conflict.resolved': 'green',
};

type Told = { readonly who: string; readonly what: string; readonly tone: 'green' | 'yellow' | 'red' | null };

/**
 * One line for what happened, as `09:41:03  Dr Tremblay  booked on RVSQ Tue 24 Nov 09:20–09:40 → closed on
 * Bonjour-santé in 140 ms`, in local time of the place; null for a reading that brought nothing.
 */
export function narrate(event: EngineEvent, narration: Narration): string | null {
  // Of a schedule that the configuration has no more there is no name and no zone to tell.
  if ('scheduleId' in event && !narration.directory.hasSchedule(event.scheduleId)) return null;
  const told = tell(event, narration);
  if (told === null) return null;
  const { directory, colour } = narration;
  const what =
    colour && told.tone !== null ? styleText(told.tone, told.what, { validateStream: false }) : told.what;
  return `${clockTime(event.at, zoneOf(event, directory))}  ${told.who.padEnd(widest(directory))}  ${what}`;
}

function tell(event: EngineEvent, narration: Narration): Told | null {
  const phrases = PHRASES[narration.language];
  switch (event.type) {
    case 'connection.down':
      return { who: title(event.connectionId, narration), what: phrases.down(event.reason), tone: 'red' };
    case 'connection.up':
      return { who: title(event.connectionId, narration), what: phrases.up, tone: 'green' };
    case 'feed.suspect': {
      const what = phrases.suspect(event, event.connectionId);
      return { who: title(event.connectionId, narration), what, tone: 'red' };
    }
    case 'feed.accepted':
      return { who: title(event.connectionId, narration), what: phrases.absenceAccepted, tone: null };
    case 'feed.cleared':
      return { who: title(event.connectionId, narration), what: phrases.trusted, tone: 'green' };
    case 'agenda.written': {
      const what = phrases.written(event.published, event.withdrawn);
      return { who: title(event.connectionId, narration), what, tone: null };
    }
    case 'schedule.offered': {
      const { active, start, end, scheduleId } = event;
      const day = (at: Instant | null): string | null =>
        at === null ? null : dayAndTime(at, zoneOf(event, narration.directory), narration.language);
      const what = phrases.offered(active, day(start), day(end));
      return { who: practitioner(scheduleId, narration), what, tone: active ? 'green' : 'yellow' };
    }
    case 'tasks.escalated':
    case 'tasks.not-escalated': {
      const isTold = event.type === 'tasks.escalated';
      const what = isTold ? phrases.escalated(event.tasks) : phrases.notEscalated(event.tasks);
      return { who: title(event.connectionId, narration), what, tone: isTold ? 'yellow' : 'red' };
    }
    case 'task.asked':
    case 'task.done':
    case 'task.undone':
    case 'task.taken':
      return {
        who: practitioner(event.scheduleId, narration),
        what: ofTask(event, narration, phrases),
        tone: event.type === 'task.done' ? 'green' : 'yellow',
      };
    case 'shift.moved':
    case 'shift.withdrawn': {
      const what = phrases.shift(event.type === 'shift.moved', whenOf(event, narration));
      return { who: practitioner(event.scheduleId, narration), what, tone: 'yellow' };
    }
    case 'feed.read':
      return tellReading(event, narration, phrases);
    case 'listing.closed':
    case 'listing.reopened':
    case 'listing.published':
    case 'listing.withdrawn':
    case 'listing.withheld':
    case 'listing.restored':
      return {
        who: practitioner(event.scheduleId, narration),
        what: listed(event, narration),
        tone: 'green',
      };
    default:
      return {
        who: practitioner(event.scheduleId, narration),
        what: busyOrAppointment(event, narration, phrases),
        tone: TONES[event.type] ?? null,
      };
  }
}

type OfTask = Extract<EngineEvent, { taskId: string }>;

function ofTask(event: OfTask, narration: Narration, phrases: Phrases): string {
  const on = title(event.connectionId, narration);
  const when = whenOf(event, narration);
  const by = event.by ?? phrases.ourselves;
  switch (event.type) {
    case 'task.asked':
      return phrases.asked(on, when);
    case 'task.undone':
      return phrases.undone(by, on, when);
    case 'task.taken':
      return phrases.foundTaken(by, on, when);
    case 'task.done': {
      const { lateMilliseconds: late } = event;
      return phrases.done(by, on, when, late === 0 ? null : duration(late, narration.language));
    }
  }
}

type Reading = Extract<EngineEvent, { type: 'feed.read' }>;
type Listed = Extract<EngineEvent, { lagMilliseconds: number }>;
type Timed = Extract<EngineEvent, { busyId: string }>;

function tellReading(event: Reading, narration: Narration, phrases: Phrases): Told | null {
  const who = title(event.connectionId, narration);
  const { slotsChanged, slotsRemoved, rejected } = event;
  if (rejected > 0) return { who, what: phrases.rejected(rejected), tone: 'yellow' };
  if (slotsChanged + slotsRemoved === 0) return null;
  return { who, what: phrases.read(slotsChanged, slotsRemoved), tone: null };
}

function busyOrAppointment(event: Timed, narration: Narration, phrases: Phrases): string {
  const on = title(event.connectionId, narration);
  const when = whenOf(event, narration);
  switch (event.type) {
    case 'busy.observed':
      return phrases.observed(event.busyKind, on, when);
    case 'busy.moved':
      return phrases.moved(event.busyKind, on, when);
    case 'busy.ended':
      return phrases.ended(event.busyKind, on, when);
    case 'appointment.claimed':
      return phrases.claimed(when);
    case 'appointment.held':
      return phrases.held(when);
    case 'appointment.booked':
      return phrases.booked(on, when);
    case 'appointment.accepted':
      return phrases.accepted(on, when);
    case 'appointment.refused':
      return phrases.refused(on, when);
    case 'appointment.cancelled':
      return phrases.cancelled(on, when);
    case 'appointment.moved':
      return phrases.rescheduled(on, when);
    case 'appointment.unsupplied':
      return phrases.unsupplied(on, when);
    case 'conflict.detected':
      return phrases.conflict(on, when);
    case 'conflict.ended':
      return phrases.conflictEnded(event.how, when);
    case 'conflict.resolved':
      return phrases.conflictResolved(event.resolution, event.by, when);
  }
}

/** The whole story in one line: where it was booked, and what followed where. */
function listed(event: Listed, narration: Narration): string {
  const phrases = PHRASES[narration.language];
  const on = title(event.connectionId, narration);
  const origin = title(event.originId, narration);
  const when = whenOf(event, narration);
  const lag = duration(event.lagMilliseconds, narration.language);
  const kind = event.busyKind ?? 'appointment';
  const booked = phrases.observed(kind, origin, when);
  switch (event.type) {
    case 'listing.closed':
      return `${booked} → ${phrases.closed(on, lag)}`;
    case 'listing.reopened':
      return `${phrases.ended(kind, origin, when)} → ${phrases.reopened(on, lag)}`;
    case 'listing.published':
      return `${phrases.slot(when)} → ${phrases.published(on, lag)}`;
    case 'listing.withdrawn':
      return `${event.originId === null ? phrases.slot(when) : booked} → ${phrases.withdrawn(on, lag)}`;
    case 'listing.withheld':
      return `${phrases.slot(when)} → ${phrases.withheld(on, lag)}`;
    case 'listing.restored':
      return `${phrases.slot(when)} → ${phrases.restored(on, lag)}`;
  }
}

const whenOf = (
  { scheduleId, interval }: { readonly scheduleId: string; readonly interval: Interval },
  { directory, language }: Narration,
): string => dayAndTimes(interval, directory.zoneOf(scheduleId), language);

function practitioner(scheduleId: string, { directory }: Narration): string {
  const id = actorOf(directory.schedule(scheduleId));
  const found = directory.entries.practitioners.find((each) => each.id === id);
  return found ? nameOf(found) : id;
}

const nameOf = ({ prefix, family }: { prefix: string | null; family: string }): string =>
  prefix === null ? family : `${prefix} ${family}`;

function title(connectionId: string | null, { directory, language }: Narration): string {
  if (connectionId === null) return PHRASES[language].ourselves;
  // What follows of one that was taken out of the configuration is told all the same.
  return directory.entries.connections.find(({ id }) => id === connectionId)?.title[language] ?? connectionId;
}

/** A line about a connection as a whole is in the time of the first place. */
function zoneOf(event: EngineEvent, directory: Directory): string {
  if ('scheduleId' in event) return directory.zoneOf(event.scheduleId);
  return directory.entries.locations[0]?.timeZone ?? 'UTC';
}

const widths = new WeakMap<Directory, number>();

function widest(directory: Directory): number {
  let width = widths.get(directory);
  if (width === undefined) {
    width = Math.max(0, ...directory.entries.practitioners.map((each) => nameOf(each).length));
    widths.set(directory, width);
  }
  return width;
}
