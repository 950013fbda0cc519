import { PROFILE } from '../../mappings/fhir/canonical.ts';
import type { Directory } from '../domain/directory.ts';
import type { Bookings, Reader, StartRange } from '../engine/ports/front.ts';
import type { AppointmentStatus } from '../engine/ports/store.ts';
import type { VersionReader } from '../engine/ports/versions.ts';
import { ACTORS } from './actors.ts';
import { type Answer, ok } from './answer.ts';
import { book } from './book.ts';
import { searchset } from './bundle.ts';
import { dateRange, intersectRanges, PREFIXES } from './dates.ts';
import { historyOf } from './history.ts';
import type { Resource } from './resource.ts';
import { appointmentAnswer, appointmentById, appointmentText } from './rows.ts';
import { type Context, type Parameter, type Search, type SearchTable, searchReader } from './search.ts';
import { update } from './update.ts';
import { both, codes, idParameter, isUuid, references, uuids } from './values.ts';

/** Appointment: without its patient, whom only the platform that honours it knows. */

type AppointmentFilter = {
  readonly ids: readonly string[] | null;
  readonly scheduleIds: readonly string[] | null;
  readonly statuses: readonly AppointmentStatus[] | null;
  readonly start: StartRange;
};

const STATUSES: readonly AppointmentStatus[] = [
  'pending',
  'booked',
  'cancelled',
  'noshow',
  'entered-in-error',
];

function actorParameter(
  directory: Directory,
  name: string,
  types: readonly string[],
): Parameter<AppointmentFilter> {
  return {
    name,
    type: 'reference',
    documentation: `${types.map((type) => `${type}/<id>`).join(' or ')}; comma = or, repeated = and.`,
    narrow: (filter, value, context) => {
      const wanted = references(value, types, context);
      const schedules = directory.entries.schedules.filter((schedule) =>
        wanted.some(({ type, id }) => ACTORS[type]?.(schedule) === id),
      );
      const ids = schedules.map((schedule) => schedule.id);
      return { ...filter, scheduleIds: both(filter.scheduleIds, ids) };
    },
  };
}

const table = (directory: Directory): SearchTable<AppointmentFilter> => ({
  everything: { ids: null, scheduleIds: null, statuses: null, start: { fromMs: null, beforeMs: null } },
  filters: [
    idParameter(),
    actorParameter(directory, 'actor', ['Practitioner', 'Location']),
    actorParameter(directory, 'practitioner', ['Practitioner']),
    actorParameter(directory, 'location', ['Location']),
    {
      name: 'date',
      type: 'date',
      documentation: `The start. Prefixes ${PREFIXES.join(', ')}; partial dates; repeated = and, for a range.`,
      narrow: (filter, value, { zone }) => ({
        ...filter,
        start: intersectRanges(filter.start, dateRange(value, zone)),
      }),
    },
    {
      name: 'status',
      type: 'token',
      documentation: 'Comma = or.',
      narrow: (filter, value) => ({ ...filter, statuses: both(filter.statuses, codes(value, STATUSES)) }),
    },
  ],
  sort: 'date',
  includes: [],
});

export type AppointmentDependencies = {
  readonly directory: Directory;
  readonly reader: Reader;
  readonly versions: VersionReader;
  readonly bookings: Bookings;
};

export function appointments(dependencies: AppointmentDependencies): Resource {
  const { directory, reader, versions } = dependencies;
  const history = historyOf('Appointment', {
    isId: isUuid,
    find: async (query) =>
      (await versions.appointmentVersions(query)).map((row) => ({ ...row, text: appointmentText(row) })),
    count: versions.countAppointmentVersions,
  });
  const { filters, includes, ...rest } = table(directory);
  const readParameters = searchReader({ filters, includes, ...rest });
  return {
    type: 'Appointment',
    documentation:
      'POST books the slot that it refers to, PUT with status cancelled cancels, PUT with status booked books what ' +
      'Slot/$hold holds; all through the platform that offers the slot. The patient is contained, or left out, and is ' +
      'never given back.',
    parameters: filters,
    includes,
    versioned: true,
    versions: history,
    profile: PROFILE.Appointment,
    async read(id) {
      const row = await appointmentById(reader, id);
      if (!row) {
        throw await history.missing(id, {
          fr: 'aucun rendez-vous n’a cet id',
          en: 'no appointment has this id',
        });
      }
      return appointmentAnswer(row);
    },
    search: ({ parameters, context, strict }) =>
      searchAppointments(reader, readParameters(parameters, context, strict), context),
    create: (body) => book(dependencies, body),
    update: (request) => update(dependencies, request),
  };
}

async function searchAppointments(
  reader: Reader,
  { filter, page, ignored, used }: Search<AppointmentFilter>,
  context: Context,
): Promise<Answer> {
  const query = {
    ...filter,
    ids: filter.ids === null ? null : uuids(filter.ids),
    after: null,
    limit: page.count + 1,
  };
  const [found, total] = await Promise.all([
    page.onlyTotal ? [] : reader.searchAppointments({ ...query, after: page.after }),
    page.onlyTotal || page.total ? reader.countAppointments(query) : null,
  ]);
  const rows = found.slice(0, page.count);
  const last = rows.length < found.length ? rows.at(-1) : undefined;
  return ok(
    searchset({
      type: 'Appointment',
      context,
      used,
      next: last ? { startMs: last.startMs, id: last.id } : null,
      total,
      entries: rows.map((row) => ({
        path: `Appointment/${row.id}`,
        resource: appointmentText(row),
        mode: 'match',
      })),
      warnings: ignored.map((issue) => ({ ...issue, code: 'not-supported' })),
    }),
  );
}
