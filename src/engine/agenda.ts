import { toOffset } from '../adapter/zone.ts';
import type { Directory } from '../domain/directory.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Instant } from '../domain/instant.ts';
import { actorOf, type Bilingual } from '../domain/schedule.ts';
import { tooLateSince, whyNotTakenOff } from './cancellable.ts';
import { type Context, canBook, canCancel, canMove } from './context.ts';
import { seen } from './listing-state.ts';
import type {
  Agenda,
  AgendaReader,
  AgendaRows,
  ListingRow,
  PeriodRow,
  SeenCalendar,
  SeenPeriod,
} from './ports/agenda.ts';
import type { Operations } from './ports/front.ts';
import {
  BEING_BOOKED,
  editedAt,
  HELD_THERE,
  IS_OVER,
  movesNothing,
  NOT_BOOKED,
  NOT_MOVED,
  ONLY_HELD,
  tooLate,
} from './reasons.ts';

/** The time of some practitioners for a page: as it was at one instant, with what can be done with each part of it. */

export type AgendaSources = {
  readonly directory: Directory;
  readonly platforms: Context['platforms'];
  readonly documents: Pick<Context['documents'], 'commentIn'>;
  readonly clock: Context['environment']['clock'];
  readonly operations: Pick<Operations, 'freshness' | 'bookableFrom'>;
  readonly reader: AgendaReader;
};

const SLOTS_MAX = 20_000;
const PERIODS_MAX = 10_000;

export const createAgenda = (sources: AgendaSources): Agenda => ({
  async read({ scheduleIds, window, withAppointments }) {
    const { directory, reader, clock, operations } = sources;
    const actorIds = [...new Set(scheduleIds.map((id) => actorOf(directory.schedule(id))))];
    const at = clock.now();
    const rows = await reader.agenda({
      scheduleIds,
      actorIds,
      within: null,
      calendarScheduleIds: [
        ...new Set(actorIds.flatMap((id) => directory.calendarsOf(id).map(({ scheduleId }) => scheduleId))),
      ],
      window,
      withAppointments,
      slotsMax: SLOTS_MAX,
      periodsMax: PERIODS_MAX,
    });
    if (rows.slots.length > SLOTS_MAX || rows.periods.length > PERIODS_MAX) return null;
    const listings = groupBy(rows.listings, ({ subjectId }) => subjectId);
    return {
      at,
      slots: rows.slots.map((slot) => ({
        ...slot,
        bookableFrom: slot.status === 'free' ? operations.bookableFrom(slot) : null,
        listings: (listings.get(slot.id) ?? []).map(seen),
      })),
      periods: periodsOf(sources, rows, at),
    };
  },
  async period(id) {
    const rows = await sources.reader.agendaPeriod(id, null);
    return periodsOf(sources, rows, sources.clock.now())[0] ?? null;
  },
  calendars: (scheduleId) => calendarsOf(sources, scheduleId),
});

function calendarsOf(
  { directory, platforms, operations }: AgendaSources,
  scheduleId: string,
): readonly SeenCalendar[] {
  return directory.entries.calendars
    .filter((calendar) => calendar.scheduleId === scheduleId)
    .map(({ connectionId, externalId, topology }) => ({
      connectionId,
      topology,
      ...operations.freshness(connectionId, externalId),
      canBook: canBook({ directory, platforms }, connectionId),
      canCancel: canCancel({ directory, platforms }, connectionId),
      canMove: canMove({ directory, platforms }, connectionId),
    }));
}

function periodsOf(sources: AgendaSources, rows: AgendaRows, at: Instant): SeenPeriod[] {
  const listings = groupBy(rows.listings, ({ subjectId }) => subjectId);
  return rows.periods.map((row) => {
    const own = listings.get(row.id) ?? [];
    const { appointment } = row;
    return {
      ...row,
      appointment: appointment && {
        status: appointment.status,
        version: appointment.version,
        slotId: appointment.slotId,
        patientId: appointment.patientId,
        comment: sources.documents.commentIn(appointment.document),
      },
      conflicts: rows.conflicts
        .filter(({ busyIds }) => busyIds.includes(row.id))
        .map(({ id, busyIds: [a, b], isResolved }) => ({ id, withId: a === row.id ? b : a, isResolved })),
      whyNotCancelled: whyNotCancelled(sources, row, own, at),
      whyNotMoved: whyNotMoved(sources, row, own, at),
      listings: own.map(seen),
    };
  });
}

function whyNotCancelled(
  sources: AgendaSources,
  row: PeriodRow,
  listings: readonly ListingRow[],
  at: Instant,
): Bilingual | null {
  if (row.endedAt !== null) return IS_OVER;
  if (row.kind === 'block') return whyNotOpened(sources.directory, row);
  if (!row.appointment) return HELD_THERE;
  return (
    whyLate(sources.directory, row, row.appointment, at) ?? whyNotTakenOff(sources, known(sources, listings))
  );
}

const whyNotOpened = ({ entries }: Directory, { originId }: PeriodRow): Bilingual | null => {
  if (originId === null) return null;
  const title = entries.connections.find(({ id }) => id === originId)?.title;
  return editedAt(title ?? { fr: originId, en: originId });
};

function whyLate(
  directory: Directory,
  { scheduleId, interval }: PeriodRow,
  { status }: NonNullable<PeriodRow['appointment']>,
  at: Instant,
): Bilingual | null {
  const since = tooLateSince(directory, { scheduleId, start: interval.start, status }, at);
  if (since === null) return null;
  return tooLate(directory.hasSchedule(scheduleId) ? toOffset(since, directory.zoneOf(scheduleId)) : null);
}

/** Of a connection that is configured no more nothing can be asked. */
const known = ({ directory }: AgendaSources, listings: readonly ListingRow[]): readonly ListingRow[] =>
  listings.filter(({ connectionId }) => directory.entries.connections.some(({ id }) => id === connectionId));

function whyNotMoved(
  sources: AgendaSources,
  row: PeriodRow,
  listings: readonly ListingRow[],
  at: Instant,
): Bilingual | null {
  if (row.endedAt !== null) return IS_OVER;
  if (row.kind === 'block') return NOT_MOVED;
  if (row.kind === 'hold') return ONLY_HELD;
  if (row.appointment?.status === 'pending') return BEING_BOOKED;
  if (row.appointment?.status !== 'booked') return NOT_BOOKED;
  const late = whyLate(sources.directory, row, row.appointment, at);
  if (late) return late;
  const home = listings.find(({ kind }) => kind === 'booking');
  return !home || canMove(sources, home.connectionId) ? null : movesNothing(home.connectionId);
}
