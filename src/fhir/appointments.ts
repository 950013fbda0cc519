import { PROFILE } from '../../mappings/fhir/canonical.ts';
import type { R4Definitions } from '../../mappings/fhir/validation/definitions.ts';
import type { Directory } from '../domain/directory.ts';
import type { AppointmentStatus } from '../engine/ports/appointments.ts';
import type { AppointmentQuery, Bookings, Reader } from '../engine/ports/front.ts';
import type { VersionReader } from '../engine/ports/versions.ts';
import { ACTORS } from './actors.ts';
import { type Answer, ok } from './answer.ts';
import { wouldBook } from './book.ts';
import { bookUnlessKnown } from './book-once.ts';
import { searchset } from './bundle.ts';
import { dateRanges, PREFIXES } from './dates.ts';
import type { Confirmations } from './freshness.ts';
import { historyOf } from './history.ts';
import { included, type Sources } from './include.ts';
import { bookOperation } from './operations/book.ts';
import { findOperation } from './operations/find.ts';
import { holdAppointmentOperation } from './operations/hold.ts';
import { proposalWriter, proposedSlot, readProposalId } from './operations/proposals.ts';
import { Refused } from './outcomes.ts';
import { patch } from './patch-appointment.ts';
import { maySeePatients } from './patient-access.ts';
import { byIds } from './patient-numbers.ts';
import { NONE_KEPT, type PatientDependencies, withNumbers } from './patients.ts';
import { ALWAYS, around, inBoth, type Ranges } from './ranges.ts';
import type { Releases } from './release.ts';
import type { Resource } from './resource.ts';
import { appointmentAnswer, appointmentById, appointmentText } from './rows.ts';
import { serviceTypeParameter, specialtyParameter } from './schedule-parameters.ts';
import { type Context, type Parameter, type Search, type SearchTable, searchReader } from './search.ts';
import { afterIn, type appointmentNode, endOf, orderOf } from './stored-search.ts';
import { Unusable } from './unusable.ts';
import { update, wouldUpdate } from './update.ts';
import { validateOperation } from './validate.ts';
import {
  both,
  codes,
  idParameter,
  isUuid,
  lastUpdatedParameter,
  referenceParameter,
  tokens,
  uuids,
} from './values.ts';

/** Appointment: who comes is known to the platform that honours it, and here where the clinic keeps patients. */

type AppointmentFilter = {
  readonly ids: readonly string[] | null;
  readonly scheduleIds: readonly string[] | null;
  readonly slotIds: readonly string[] | null;
  readonly identifiers: NonNullable<AppointmentQuery['identifiers']> | null;
  readonly patientIds: readonly string[] | null;
  readonly statuses: readonly AppointmentStatus[] | null;
  readonly start: Ranges;
  readonly updated: Ranges;
};

const STATUSES: readonly AppointmentStatus[] = [
  'pending',
  'booked',
  'cancelled',
  'noshow',
  'entered-in-error',
];

const actorParameter = (
  directory: Directory,
  name: string,
  types: readonly string[],
): Parameter<AppointmentFilter> =>
  referenceParameter(name, types, (filter, wanted) => {
    const patientIds = wanted.flatMap(({ type, id }) => (type === 'Patient' ? [id] : []));
    if (patientIds.length === wanted.length && wanted.length > 0) {
      return { ...filter, patientIds: both(filter.patientIds, patientIds) };
    }
    if (patientIds.length > 0) throw new Unusable(MIXED);
    const schedules = directory.entries.schedules.filter((schedule) =>
      wanted.some(({ type, id }) => ACTORS[type]?.(schedule) === id),
    );
    const ids = schedules.map((schedule) => schedule.id);
    return { ...filter, scheduleIds: both(filter.scheduleIds, ids) };
  });

const MIXED = {
  fr: 'des patients et d’autres acteurs ne se cherchent pas dans une même liste : répétez le paramètre (et), ou cherchez deux fois',
  en: 'patients and other actors are not searched in one list: repeat the parameter (and), or search twice',
};

const table = (directory: Directory): SearchTable<AppointmentFilter> => ({
  everything: {
    ids: null,
    scheduleIds: null,
    slotIds: null,
    identifiers: null,
    patientIds: null,
    statuses: null,
    start: ALWAYS,
    updated: ALWAYS,
  },
  filters: [
    idParameter(),
    lastUpdatedParameter(),
    actorParameter(directory, 'actor', ['Practitioner', 'Location', 'Patient']),
    actorParameter(directory, 'patient', ['Patient']),
    actorParameter(directory, 'practitioner', ['Practitioner']),
    actorParameter(directory, 'location', ['Location']),
    referenceParameter('slot', ['Slot'], (filter, wanted) => {
      const ids = wanted.map(({ id }) => id);
      return { ...filter, slotIds: both(filter.slotIds, ids) };
    }),
    serviceTypeParameter(directory),
    specialtyParameter(directory),
    {
      name: 'identifier',
      type: 'token',
      documentation: 'By which whoever booked it knows it; comma = or.',
      narrow: (filter, value) => {
        if (filter.identifiers) throw new Unusable({ fr: 'une seule fois', en: 'once only' });
        return { ...filter, identifiers: tokens(value).map(({ system, code }) => ({ system, value: code })) };
      },
    },
    {
      name: 'date',
      type: 'date',
      documentation: `The start. Prefixes ${PREFIXES.join(', ')}; partial dates; comma = or, repeated = and, for a range.`,
      narrow: (filter, value, { zone, now }) => ({
        ...filter,
        start: inBoth(filter.start, dateRanges(value, zone, now)),
      }),
    },
    {
      name: 'status',
      type: 'token',
      documentation: 'Comma = or.',
      modifiers: ['not'],
      narrow: (filter, value, _, modifier) => {
        const named = codes(value, STATUSES);
        const wanted = modifier === 'not' ? STATUSES.filter((each) => !named.includes(each)) : named;
        return { ...filter, statuses: both(filter.statuses, wanted) };
      },
    },
  ],
  sorts: ['date', '_lastUpdated'],
  includes: ['actor', 'patient', 'practitioner', 'location', 'slot']
    .map((name) => `Appointment:${name}`)
    .concat(['Slot:schedule', 'Schedule:actor', 'Location:organization']),
  revincludes: [],
});

export type AppointmentDependencies = {
  readonly directory: Directory;
  readonly reader: Reader;
  readonly versions: VersionReader;
  readonly bookings: Bookings;
  readonly patients: PatientDependencies;
  readonly sources: Sources;
  readonly nodeOf: ReturnType<typeof appointmentNode>;
  readonly confirmations: Confirmations;
  readonly releases: Releases;
  readonly r4: () => R4Definitions;
};

export function appointments(dependencies: AppointmentDependencies): Resource {
  const { directory, reader, versions, sources } = dependencies;
  const history = historyOf('Appointment', {
    isId: isUuid,
    find: async (query) =>
      (await versions.appointmentVersions(query)).map((row) => ({ ...row, text: appointmentText(row) })),
    count: versions.countAppointmentVersions,
  });
  const { filters, includes, revincludes, ...rest } = table(directory);
  const readParameters = searchReader({ filters, includes, revincludes, ...rest }, sources.graph.chain);
  const writeProposal = proposalWriter(directory);
  const read: Resource['read'] = async (id, { context }) => {
    const proposal = readProposalId(id);
    if (proposal) return readProposal(dependencies.bookings, proposal, writeProposal);
    const row = await appointmentById(reader, id);
    if (!row) {
      throw await history.missing(id, {
        fr: 'aucun rendez-vous n’a cet id',
        en: 'no appointment has this id',
      });
    }
    return appointmentAnswer(row, context);
  };
  return {
    type: 'Appointment',
    documentation:
      'POST books the slot that it refers to, PUT with status cancelled cancels, PUT with status booked books what ' +
      'Slot/$hold holds, or moves what is booked to another slot; PATCH (JSON Patch) does as PUT of what it makes; all ' +
      'through the platform that offers the slot. The patient is contained, or one who is kept here, or left out.',
    parameters: filters,
    includes,
    revincludes,
    versioned: true,
    versions: history,
    profile: PROFILE.Appointment,
    operations: {
      find: findOperation({ ...dependencies, graph: sources.graph }),
      hold: holdAppointmentOperation(dependencies),
      book: bookOperation(dependencies),
      validate: validateOperation({
        type: 'Appointment',
        r4: dependencies.r4,
        read,
        create: (body) => wouldBook(dependencies, body),
        update: (id, body) => wouldUpdate(dependencies, { id, body, ifVersion: null }),
      }),
    },
    read,
    async search({ parameters, context, strict }) {
      const known = await byIds('Appointment', parameters, withNumbers(dependencies.patients));
      return searchAppointments(dependencies, readParameters(known, context, strict), context);
    },
    create: (body, context, ifNoneExist) => bookUnlessKnown(dependencies, body, context, ifNoneExist),
    conditionalCreate: true,
    update: (request) => update(dependencies, request),
    patch: (request) => patch(dependencies, request),
  };
}

/** What was proposed can be read for as long as its slot is free at that time. @throws Refused */
async function readProposal(
  bookings: Bookings,
  proposal: NonNullable<ReturnType<typeof readProposalId>>,
  write: ReturnType<typeof proposalWriter>,
): Promise<Answer> {
  const slot = await proposedSlot(bookings, proposal);
  const text = slot?.status === 'free' ? write(slot, slot.interval) : null;
  if (text !== null) return ok(text);
  throw new Refused('not-found', {
    diagnostics: {
      fr: 'ce rendez-vous n’est plus proposé : cherchez de nouveau',
      en: 'this appointment is proposed no more: find again',
    },
  });
}

/** What is found by a patient says who comes. */
const notByPatient = (): Refused =>
  new Refused('invalid-parameter', {
    diagnostics: {
      fr: 'qui n’a pas à savoir qui vient ne cherche pas par patient',
      en: 'who may not know who comes does not search by patient',
    },
    expression: 'http.patient',
  });

async function searchAppointments(
  { reader, sources, nodeOf, patients }: AppointmentDependencies,
  { filter, page, includes, ignored, used }: Search<AppointmentFilter>,
  context: Context,
): Promise<Answer> {
  const { start, updated, ids, slotIds, identifiers, patientIds, scheduleIds, statuses } = filter;
  if (patientIds !== null && !maySeePatients(context)) throw notByPatient();
  const query: AppointmentQuery = {
    scheduleIds,
    statuses,
    ids: ids === null ? null : uuids(ids),
    slotIds: slotIds === null ? null : uuids(slotIds),
    identifiers,
    patientIds: patientIds === null ? null : uuids(patientIds),
    start: around(start),
    ...(start.length === 1 ? {} : { anyStart: start }),
    ...(updated === ALWAYS ? {} : { anyUpdated: updated }),
    order: orderOf(page),
    after: null,
    limit: page.count + 1,
  };
  const [found, total] = await Promise.all([
    page.onlyTotal ? [] : reader.searchAppointments({ ...query, after: afterIn(page) }),
    page.onlyTotal || page.total ? reader.countAppointments(query) : null,
  ]);
  const rows = found.slice(0, page.count);
  const last = rows.length < found.length ? rows.at(-1) : undefined;
  const matches = rows.map((row) => nodeOf(row, context));
  return ok(
    searchset({
      type: 'Appointment',
      context,
      used,
      next: last ? endOf(page, last) : null,
      total,
      entries: [
        ...matches.map(({ path, text }) => ({ path, resource: text, mode: 'match' as const })),
        ...(await included(matches, includes, sources, context)),
      ],
      warnings: [
        ...ignored.map((issue) => ({ ...issue, code: 'not-supported' as const })),
        ...(patientIds === null || patients.isKept ? [] : [NONE_KEPT]),
      ],
    }),
  );
}
