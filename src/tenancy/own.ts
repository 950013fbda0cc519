import type { Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import type { AgendaReader } from '../engine/ports/agenda.ts';
import type { AuditReader } from '../engine/ports/audit.ts';
import type { ConflictDetails, Conflicts } from '../engine/ports/conflicts.ts';
import type { HistoryReader } from '../engine/ports/connection-history.ts';
import type { Desk } from '../engine/ports/desk.ts';
import type { Bookings, Operations, Reader } from '../engine/ports/front.ts';
import type { Lists } from '../engine/ports/lists.ts';
import type { Offerings, SlotChange } from '../engine/ports/offerings.ts';
import type { PatientKeeper, PatientReader } from '../engine/ports/patients.ts';
import type { PolicyRecordReader } from '../engine/ports/policy-preview.ts';
import type { TaskOutcome, TaskReader, Tasks } from '../engine/ports/tasks.ts';
import type { VersionReader } from '../engine/ports/versions.ts';

/**
 * The first wall between organizations: each port asks for, or does, what is of the schedules of a directory and nothing else. What is
 * another's is as if it were not there.
 */

/** @param directory of one organization (Directory.ofOrganization). */
export function ownSchedules(directory: Directory) {
  const ids = directory.entries.schedules.map(({ id }) => id);
  return {
    ids,
    has: (scheduleId: string): boolean => directory.hasSchedule(scheduleId),
    /** Of those that are asked for; null = of all. */
    among: (wanted: readonly string[] | null): readonly string[] =>
      wanted === null ? ids : wanted.filter((id) => directory.hasSchedule(id)),
  };
}

type Own = ReturnType<typeof ownSchedules>;

export const ownReader = (reader: Reader, own: Own): Reader => {
  const narrow = <Query extends { readonly scheduleIds: readonly string[] | null }>(query: Query): Query => ({
    ...query,
    scheduleIds: own.among(query.scheduleIds),
  });
  return {
    searchSlots: (query) => reader.searchSlots(narrow(query)),
    countSlots: (query) => reader.countSlots(narrow(query)),
    schedulesOfSlots: (query) => reader.schedulesOfSlots(narrow(query)),
    searchAppointments: (query) => reader.searchAppointments(narrow(query)),
    countAppointments: (query) => reader.countAppointments(narrow(query)),
  };
};

/** Whatever is asked for, what is shown is of these schedules. */
export const ownAgenda = (reader: AgendaReader, own: Own): AgendaReader => ({
  agenda: (query) =>
    reader.agenda({ ...query, scheduleIds: own.among(query.scheduleIds), within: own.among(query.within) }),
  agendaPeriod: (id, within) => reader.agendaPeriod(id, own.among(within)),
});

/** @param reader of the same organization: the second wall has its say before anything is done. */
export function ownDesk(desk: Desk, own: Own, reader: AgendaReader): Desk {
  const isOwn = async (id: string): Promise<boolean> =>
    (await reader.agendaPeriod(id, own.ids)).periods.length > 0;
  return {
    closeTime: async (command) =>
      own.has(command.scheduleId) ? desk.closeTime(command) : { outcome: 'unknown-schedule' },
    openTime: async (id) => ((await isOwn(id)) ? desk.openTime(id) : { outcome: 'unknown' }),
    placeAppointment: async (command) =>
      own.has(command.scheduleId) ? desk.placeAppointment(command) : { outcome: 'unknown-schedule' },
    replaceAppointment: async (command) =>
      (await isOwn(command.id)) ? desk.replaceAppointment(command) : { outcome: 'unknown-appointment' },
  };
}

/** @param directory of the same organization: how its connections were, and what is to be brought to them for its schedules. */
export function ownHistory(reader: HistoryReader, own: Own, { entries }: Directory): HistoryReader {
  const isOwn = (id: string): boolean => entries.connections.some((connection) => connection.id === id);
  return {
    connectionHistory: async (query) => (isOwn(query.connectionId) ? reader.connectionHistory(query) : []),
    differingListings: async (query) =>
      isOwn(query.connectionId)
        ? reader.differingListings({ ...query, scheduleIds: own.among(query.scheduleIds) })
        : [],
  };
}

/** @param directory of the same organization. */
export function ownRecord(reader: PolicyRecordReader, own: Own, { entries }: Directory): PolicyRecordReader {
  const ids = new Set(entries.connections.map(({ id }) => id));
  const among = (connectionIds: readonly string[]) => connectionIds.filter((id) => ids.has(id));
  return {
    recordedSlots: async (page) => (own.has(page.scheduleId) ? reader.recordedSlots(page) : []),
    recordedPeriods: async (page) => (own.has(page.scheduleId) ? reader.recordedPeriods(page) : []),
    recordedConflicts: async (query) => (own.has(query.scheduleId) ? reader.recordedConflicts(query) : []),
    recordedAccepted: async (query) => (own.has(query.scheduleId) ? reader.recordedAccepted(query) : []),
    recordedOutages: (connectionIds, window) => reader.recordedOutages(among(connectionIds), window),
    recordedSince: async (scheduleId, connectionIds, window) =>
      own.has(scheduleId)
        ? reader.recordedSince(scheduleId, among(connectionIds), window)
        : { since: null, minutes: 0 },
  };
}

/** What describes this server is everybody's. */
const DESCRIPTIONS = new Set([
  'StructureDefinition',
  'CodeSystem',
  'ValueSet',
  'ConceptMap',
  'OperationDefinition',
]);

/** A HealthcareService names the places of all who offer it, so its past is not told. */
function idsOf(type: string, { entries }: Directory): readonly string[] {
  const lists: Readonly<Record<string, readonly { readonly id: string }[]>> = {
    Organization: entries.organizations,
    Location: entries.locations,
    Practitioner: entries.practitioners,
    PractitionerRole: entries.schedules,
    Schedule: entries.schedules,
  };
  return (lists[type] ?? []).map(({ id }) => id);
}

export function ownVersions(versions: VersionReader, own: Own, directory: Directory): VersionReader {
  const within = own.ids;
  const ofType = (type: string) => (DESCRIPTIONS.has(type) ? {} : { within: idsOf(type, directory) });
  return {
    slotVersions: (query) => versions.slotVersions({ ...query, within }),
    countSlotVersions: (query) => versions.countSlotVersions({ ...query, within }),
    appointmentVersions: (query) => versions.appointmentVersions({ ...query, within }),
    countAppointmentVersions: (query) => versions.countAppointmentVersions({ ...query, within }),
    resourceVersions: (query, type) => versions.resourceVersions({ ...query, ...ofType(type) }, type),
    countResourceVersions: (query, type) =>
      versions.countResourceVersions({ ...query, ...ofType(type) }, type),
  };
}

export const ownPatients = (patients: PatientReader, organizationId: string): PatientReader => ({
  searchPatients: (query, page) => patients.searchPatients({ ...query, organizationId }, page),
  countPatients: (query) => patients.countPatients({ ...query, organizationId }),
  patientsByHash: (hashes) => patients.patientsByHash(hashes, organizationId),
  patientVersions: (query) => patients.patientVersions({ ...query, within: [organizationId] }),
  countPatientVersions: (query) => patients.countPatientVersions({ ...query, within: [organizationId] }),
});

/** What those who see nothing but this organization have done. */
export const ownAudit = (audit: AuditReader, organizationId: string): AuditReader => ({
  auditRecords: (query, page) => audit.auditRecords({ ...query, organizationId }, page),
  countAuditRecords: (query) => audit.countAuditRecords({ ...query, organizationId }),
});

/** @param reader of the same organization, which finds only what is its own. */
export function ownBookings(bookings: Bookings, own: Own, reader: Reader): Bookings {
  const isOwn = async (appointmentId: string): Promise<boolean> =>
    (await reader.countAppointments({ ...ANY, ids: [appointmentId] })) > 0;
  return {
    async find(slotId) {
      const slot = await bookings.find(slotId);
      if (!slot || !own.has(slot.scheduleId)) return null;
      // The second wall has its say too, before anything is done with it.
      return (await reader.countSlots({ ...ANY_SLOT, ids: [slotId] })) > 0 ? slot : null;
    },
    book: async (command) =>
      own.has(command.slot.scheduleId) ? bookings.book(command) : { outcome: 'taken' },
    hold: async (command) =>
      own.has(command.slot.scheduleId) ? bookings.hold(command) : { outcome: 'taken' },
    cancel: async (id) => ((await isOwn(id)) ? bookings.cancel(id) : { outcome: 'unknown-appointment' }),
    async move(command) {
      if (!own.has(command.slot.scheduleId)) return { outcome: 'taken' };
      return (await isOwn(command.appointmentId))
        ? bookings.move(command)
        : { outcome: 'unknown-appointment' };
    },
  };
}

const ANY = {
  scheduleIds: null,
  statuses: null,
  start: { fromMs: null, beforeMs: null },
  after: null,
  limit: 1,
};

const ANY_SLOT = { ...ANY, staleCalendars: [], unreleased: [], onlySellable: false };

/** @param reader of the same organization. */
export function ownOfferings(offerings: Offerings, own: Own, reader: Reader): Offerings {
  /** The first change that is not of this organization, as if what it names did not exist. */
  async function foreign(changes: readonly SlotChange[]) {
    const slotIds = changes.flatMap((change) => ('slotId' in change ? [change.slotId] : []));
    const query = { ...ANY_SLOT, ids: slotIds, limit: slotIds.length };
    const rows = slotIds.length === 0 ? [] : await reader.searchSlots(query);
    const known = new Set(rows.map(({ id }) => id));
    for (const [index, change] of changes.entries()) {
      if ('scheduleId' in change && !own.has(change.scheduleId)) {
        return { outcome: 'refused', index, refusal: 'unknown-schedule' } as const;
      }
      if ('slotId' in change && !known.has(change.slotId)) {
        return { outcome: 'refused', index, refusal: 'unknown-slot' } as const;
      }
    }
    return null;
  }
  return {
    schedules: {
      ...offerings.schedules,
      of: (scheduleId) => (own.has(scheduleId) ? offerings.schedules.of(scheduleId) : null),
    },
    offerSchedule: async (change) =>
      own.has(change.scheduleId) ? offerings.offerSchedule(change) : { outcome: 'unknown-schedule' },
    generateSlots: async (command) =>
      own.has(command.scheduleId) ? offerings.generateSlots(command) : { outcome: 'unknown-schedule' },
    changeSlots: async (changes) => (await foreign(changes)) ?? offerings.changeSlots(changes),
    tryChanges: async (changes) => (await foreign(changes)) ?? offerings.tryChanges(changes),
  };
}

export function ownConflicts(conflicts: Conflicts, own: Own): Conflicts {
  const isOwn = ({ bookings: { a, b } }: ConflictDetails): boolean =>
    own.has(a.scheduleId) && own.has(b.scheduleId);
  const find: Conflicts['find'] = async (id) => {
    const found = await conflicts.find(id);
    return found && isOwn(found) ? found : null;
  };
  return {
    find,
    list: (query) => conflicts.list({ ...query, scheduleIds: own.ids }),
    resolve: async (id, command) =>
      (await find(id)) ? conflicts.resolve(id, command) : { outcome: 'unknown-conflict' },
  };
}

/** @param reader of the same organization: the second wall has its say before anything is done. */
export function ownTasks(
  tasks: Tasks,
  own: Own,
  reader: TaskReader,
  clock: { readonly now: () => Instant },
): Tasks {
  const find: Tasks['find'] = async (id) => {
    const found = await reader.task(id);
    return found && own.has(found.scheduleId) ? found : null;
  };
  const must = async (id: string, run: () => Promise<TaskOutcome>): Promise<TaskOutcome> =>
    (await find(id)) ? run() : { outcome: 'unknown-task' };
  return {
    find,
    list: (query) =>
      reader.tasks({ ...query, scheduleIds: own.among(query.scheduleIds ?? null), now: clock.now() }),
    done: (id, by) => must(id, () => tasks.done(id, by)),
    undo: (id, by) => must(id, () => tasks.undo(id, by)),
    taken: (id, by) => must(id, () => tasks.taken(id, by)),
  };
}

/** @param directory of one organization. */
export const ownLists = (lists: Lists, { entries }: Directory): Lists => ({
  take: (connectionId, command) =>
    entries.connections.some(({ id }) => id === connectionId)
      ? lists.take(connectionId, command)
      : Promise.reject(new RangeError(`unknown connection: ${connectionId}`)),
});

type Keeper = Pick<PatientKeeper, 'erasePatients' | 'rejectedRaw' | 'eraseRaw'>;

/** Whom it erases was found by a reader of the same organization; what was set aside is of its connections. */
export const ownKeeper = (keeper: Keeper, { entries }: Directory): Keeper => ({
  ...keeper,
  rejectedRaw: (page) =>
    keeper.rejectedRaw({ ...page, connectionIds: entries.connections.map(({ id }) => id) }),
});

/** @param directory of one organization. */
export function ownOperations(operations: Operations, directory: Directory): Operations {
  const ids = new Set(directory.entries.connections.map(({ id }) => id));
  const must = <Result>(connectionId: string, run: () => Promise<Result>): Promise<Result> =>
    ids.has(connectionId) ? run() : Promise.reject(new RangeError(`unknown connection: ${connectionId}`));
  return {
    ...operations,
    summaries: async () => (await operations.summaries()).filter(({ id }) => ids.has(id)),
    synchronize: (id, progress) => must(id, () => operations.synchronize(id, progress)),
    pause: (id) => must(id, () => operations.pause(id)),
    resume: (id) => must(id, () => operations.resume(id)),
    confirm: (id, feedId) => must(id, () => operations.confirm(id, feedId)),
    rejected: (id, raw) => must(id, () => operations.rejected(id, raw)),
  };
}
