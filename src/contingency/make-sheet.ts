import type { PatientDetails } from '../adapter/contract.ts';
import type { Directory } from '../domain/directory.ts';
import { type Instant, instant } from '../domain/instant.ts';
import type { Bilingual, Practitioner, Schedule } from '../domain/schedule.ts';
import type { FreeRow, TakenRow } from '../engine/ports/contingency.ts';
import type { Operations } from '../engine/ports/front.ts';
import { dateOf, twoDays } from './days.ts';
import { freeTime } from './free-time.ts';
import type {
  Sheet,
  SheetDay,
  SheetEntry,
  SheetPatient,
  SheetSchedule,
  SheetSource,
  SheetVisit,
} from './sheet.ts';

/** From rows to a sheet. Pure. */

export type SheetInputs = {
  /** Of one organization. */
  readonly directory: Directory;
  readonly taken: readonly TakenRow[];
  readonly free: readonly FreeRow[];
  readonly freshness: Operations['freshness'];
  readonly bookableFrom: Operations['bookableFrom'];
  /** Null = it cannot be opened. */
  readonly open: (sealed: Uint8Array, as: 'patient' | 'booking') => PatientDetails | null;
  /** As of when the rows are. */
  readonly now: Instant;
};

/** @throws RangeError where the directory has no organization. */
export function makeSheet(inputs: SheetInputs): Sheet {
  const { directory, now } = inputs;
  const { organizations, locations, schedules } = directory.entries;
  const [organization] = organizations;
  if (!organization) throw new RangeError('a sheet is of an organization');
  return {
    organization,
    asOf: now,
    until: instant(Math.max(now, ...locations.map(({ timeZone }) => twoDays(now, timeZone).window.end))),
    namesPatients: true,
    sources: sourcesOf(inputs),
    locations: locations.flatMap(({ id, name, phone, timeZone }) => {
      const own = schedules.filter(({ locationId }) => locationId === id);
      if (own.length === 0) return [];
      return [{ id, name, phone, timeZone, schedules: own.map((each) => scheduleOf(inputs, each)) }];
    }),
  };
}

/** Rosters show neither slots nor bookings, so nothing on the sheet is theirs. */
function sourcesOf({ directory, freshness }: SheetInputs): SheetSource[] {
  return directory.entries.connections.flatMap(({ id, title }) => {
    const calendars = directory.calendarsOn(id).filter(({ topology }) => topology !== 'shifts');
    if (calendars.length === 0) return [];
    const found = calendars.map(({ externalId }) => freshness(id, externalId));
    const confirmed = found.map(({ confirmedAt }) => confirmedAt);
    const isRead = confirmed.every((at) => at !== null);
    return [
      {
        connectionId: id,
        title,
        confirmedAt: isRead ? confirmed.reduce((a, b) => (a !== null && b !== null && a < b ? a : b)) : null,
        stale: found.some(({ stale }) => stale),
      },
    ];
  });
}

function scheduleOf(inputs: SheetInputs, schedule: Schedule): SheetSchedule {
  const { directory, now } = inputs;
  const { practitioners, services } = directory.entries;
  const zone = directory.zoneOf(schedule.id);
  const { window, middle } = twoDays(now, zone);
  const service = services.find(({ id }) => id === schedule.serviceId)?.name;
  const visits = inputs.taken.filter(
    (row) => row.scheduleId === schedule.id && !(row.expiresAt !== null && row.expiresAt <= now),
  );
  const entries = [...visits.map((row) => visitOf(inputs, row)), ...freeOf(inputs, schedule, visits)].sort(
    (a, b) => a.interval.start - b.interval.start || a.interval.end - b.interval.end,
  );
  const days: SheetDay[] = [
    { date: dateOf(window.start, zone), entries: entries.filter((each) => startOf(each) < middle) },
    { date: dateOf(middle, zone), entries: entries.filter((each) => startOf(each) >= middle) },
  ];
  return {
    id: schedule.id,
    practitioner: nameOf(
      practitioners.find(({ id }) => id === schedule.practitionerId),
      schedule,
    ),
    service: service ?? { fr: schedule.serviceId, en: schedule.serviceId },
    capacity: schedule.capacity,
    days,
  };
}

const startOf = ({ interval }: SheetEntry): Instant => interval.start;

const nameOf = (practitioner: Practitioner | undefined, { practitionerId }: Schedule): string =>
  practitioner
    ? [practitioner.prefix, practitioner.given, practitioner.family].filter(Boolean).join(' ')
    : practitionerId;

function visitOf({ directory, open }: SheetInputs, row: TakenRow): SheetVisit {
  const isHeld = row.kind === 'hold';
  const isPending = row.status === 'pending' || row.isAwaited;
  return {
    kind: 'visit',
    id: row.id,
    interval: row.interval,
    state: isHeld ? 'held' : isPending ? 'pending' : 'booked',
    inConflict: row.inConflict,
    heldUntil: isHeld ? row.expiresAt : null,
    platform: titleOf(directory, row.connectionId),
    confirmation: row.externalId,
    patient: patientOf(row, open),
    comment: row.comment,
    reasons: row.attributes?.reasons ?? [],
  };
}

/** As the clinic keeps them, or else as their platform is to be told. */
function patientOf(row: TakenRow, open: SheetInputs['open']): SheetPatient | null {
  const { patientId, sealedPatient, sealedBooking } = row;
  const kept = sealedPatient && open(sealedPatient, 'patient');
  const found = kept ?? (sealedBooking && open(sealedBooking, 'booking'));
  if (!found) return null;
  const { family, given, phone, nam } = found;
  return { id: kept ? patientId : null, family, given, phone, nam };
}

/** What has begun cannot be given away any more. */
function freeOf(
  { directory, free, freshness, bookableFrom, now }: SheetInputs,
  { id, capacity }: Schedule,
  visits: readonly TakenRow[],
) {
  const candidates = free
    .filter(({ scheduleId, interval }) => scheduleId === id && interval.start >= now)
    .flatMap((row) => {
      const platform = titleOf(directory, row.connectionId);
      if (!platform) return [];
      const { interval, connectionId, calendar } = row;
      const { stale } = freshness(connectionId, calendar);
      return [{ interval, platform, stale, bookableFrom: bookableFrom(row) }];
    });
  return freeTime(
    candidates,
    capacity,
    visits.map(({ interval }) => interval),
  );
}

const titleOf = (directory: Directory, connectionId: string | null): Bilingual | null =>
  directory.entries.connections.find(({ id }) => id === connectionId)?.title ?? null;
