import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Slot } from 'fhir/r4.js';
import { documents } from '../../mappings/fhir/documents.ts';
import { DEFAULT_LIMIT } from '../../src/domain/absence.ts';
import { conflictState, type Settlement } from '../../src/domain/conflict.ts';
import { Directory, type DirectoryEntries } from '../../src/domain/directory.ts';
import { DAY, HOUR, type Instant, instant, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { type Bilingual, DEFAULT_POLICY, type Policy } from '../../src/domain/schedule.ts';
import type { SlotAttributes, SlotStatus } from '../../src/domain/slot.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import type { ApiTokenStore, AssertionStore } from '../../src/engine/ports/access.ts';
import type {
  Conflicts,
  ConflictWithProposals,
  ResolveCommand,
  ResolveOutcome,
} from '../../src/engine/ports/conflicts.ts';
import type {
  AppointmentQuery,
  AppointmentRow,
  Bookings,
  BookOutcome,
  CancelOutcome,
  Freshness,
  HoldOutcome,
  MoveOutcome,
  Operations,
  Reader,
  RejectedRecord,
  SlotQuery,
  SlotRow,
  StartRange,
} from '../../src/engine/ports/front.ts';
import type { Lists } from '../../src/engine/ports/lists.ts';
import type {
  OfferedSchedule,
  OfferingOutcome,
  OfferingRefusal,
  Offerings,
  SlotChange,
} from '../../src/engine/ports/offerings.ts';
import type { PublicationReader } from '../../src/engine/ports/publication.ts';
import type { ConnectionSummary, SlotDetails } from '../../src/engine/ports/store.ts';
import type { Streams } from '../../src/engine/ports/subscriptions.ts';
import type { Tasks } from '../../src/engine/ports/tasks.ts';
import type { ConfiguredVersion, VersionReader } from '../../src/engine/ports/versions.ts';
import type { Definitions } from '../../src/fhir/definitions.ts';
import { configuredResources } from '../../src/fhir/front.ts';
import type { PatientDependencies } from '../../src/fhir/patients.ts';
import type { SubscriptionDependencies } from '../../src/fhir/subscriptions.ts';
import { codeTables, profiles, r4Tables } from '../../src/system/mappings.ts';
import { fakeAccess } from './fake-access.ts';
import { type AuditWorld, auditWorld, type FakeAudit, fakeAudit } from './fake-audit.ts';
import { fakePatients, keepIn, type PatientWorld, patientWorld } from './fake-patients.ts';
import { fakePublication } from './fake-publication.ts';
import { type SheetWorld, sheetWorld } from './fake-sheets.ts';
import {
  fakeRegistry,
  fakeSecrets,
  fakeStreams,
  MOST,
  type SubscriptionWorld,
  subscriptionWorld,
} from './fake-subscriptions.ts';
import { fakeLists, fakeTasks, type TaskWorld, taskWorld } from './fake-tasks.ts';
import { fakeVersions, firstVersions, latestOf, type Past } from './fake-versions.ts';
import { wholeOf } from './parted-text.ts';

/**
 * A test double of the engine's ports, in memory: it answers as they promise and decides nothing by itself. The real
 * store and engine behind the same front are tested elsewhere. All names are made up.
 */

export const NOW = parseInstant('2026-11-23T08:00:00-05:00');
export const FIRST_START = parseInstant('2026-11-24T09:00:00-05:00');

/** Of the one service. */
export const FAMILY_MEDICINE = {
  system: 'http://snomed.info/sct',
  code: '419772000',
  display: 'Médecine familiale',
};

/** Of ENTRIES. */
export const ORGANIZATION = { id: 'clinique', name: 'Clinique fictive' };

export const ENTRIES: DirectoryEntries = {
  organizations: [ORGANIZATION],
  practitioners: [
    {
      id: 'tremblay',
      family: 'Tremblay',
      given: 'Émilie',
      prefix: 'Dre',
      identifiers: [{ system: 'urn:test:cmq', value: '10001' }],
    },
    { id: 'gagnon', family: 'Gagnon', given: 'Luc', prefix: null, identifiers: [] },
  ],
  locations: [
    {
      id: 'verdun',
      name: 'Clinique fictive de Verdun',
      organizationId: 'clinique',
      timeZone: 'America/Toronto',
      address: { line: '1, rue Imaginaire', city: 'Montréal', postalCode: 'H0H 0H0' },
      phone: '+1 514 555-0100',
      position: { latitude: 45.46, longitude: -73.57 },
    },
  ],
  services: [
    {
      id: 'visite',
      name: { fr: 'Visite médicale', en: 'Medical visit' },
      specialty: [FAMILY_MEDICINE],
    },
  ],
  schedules: ['tremblay', 'gagnon'].map((practitionerId) => ({
    id: `agenda-${practitionerId}`,
    practitionerId,
    locationId: 'verdun',
    serviceId: 'visite',
    capacity: 1,
    policy: DEFAULT_POLICY,
  })),
  connections: ['vendor', 'public'].map((id) => ({
    id,
    platform: `${id}-platform`,
    title: { fr: `Plateforme ${id}`, en: `Platform ${id}` },
    pollMilliseconds: MINUTE,
    freshnessMilliseconds: 10 * MINUTE,
    horizonMilliseconds: 24 * HOUR,
    isEditedHere: false,
    asksPeople: false,
    isListed: false,
    suspect: DEFAULT_LIMIT,
  })),
  calendars: ['tremblay', 'gagnon'].flatMap((name) =>
    ['vendor', 'public'].map((connectionId) => ({
      connectionId,
      externalId: name,
      scheduleId: `agenda-${name}`,
      topology: 'block' as const,
    })),
  ),
};

const DIRECTORY = new Directory(ENTRIES);
/** What really ships. */
const DEFINITIONS: Definitions = {
  profiles: profiles(),
  conceptMaps: ['bonjour-sante', 'rvsq'].flatMap((platform) => codeTables(platform)),
  r4: r4Tables(),
};
const DOCUMENTS = documents(DIRECTORY);

export const uuid = (number: number): string =>
  `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

export const ATTRIBUTES: SlotAttributes = {
  availableSince: parseInstant('2026-11-01T06:00:00-05:00'),
  eligibility: ['registered-doctor', 'anyone'],
  reasons: ['regular-follow-up'],
  reorientation: ['GAP'],
  mode: 'video',
  bookingUrl: 'https://vendor.example/book?slot=1&lang=fr',
};

export function slotRow(number: number, change: Partial<SlotRow> = {}): SlotRow {
  const doctor = number % 2 === 0 ? 'tremblay' : 'gagnon';
  const base = {
    id: uuid(number),
    connectionId: 'vendor',
    calendar: doctor,
    scheduleId: `agenda-${doctor}`,
    startMs: FIRST_START + Math.floor(number / 2) * 20 * MINUTE,
    endMs: FIRST_START + (Math.floor(number / 2) + 1) * 20 * MINUTE,
    status: 'free' as SlotStatus,
    withheld: false,
    version: 1,
    updatedMs: NOW - HOUR,
    ...change,
  };
  const start = instant(base.startMs);
  const document = wholeOf(
    DOCUMENTS.slot({
      id: base.id,
      scheduleId: base.scheduleId,
      connectionId: base.connectionId,
      interval: { start, end: instant(start + 20 * MINUTE) },
      attributes: number % 3 === 0 ? ATTRIBUTES : UNKNOWN_ATTRIBUTES,
    }),
  );
  return { ...base, document };
}

export type FakePorts = FakeAudit & {
  readonly directory: Directory;
  readonly reader: Reader;
  readonly versions: VersionReader;
  readonly latest: readonly ConfiguredVersion[];
  readonly publication: PublicationReader;
  readonly bookings: Bookings;
  readonly patients: PatientDependencies;
  readonly offerings: Offerings;
  readonly operations: Operations;
  readonly conflicts: Conflicts;
  readonly tasks: Tasks;
  readonly lists: Lists;
  readonly subscriptions: SubscriptionDependencies;
  readonly streams: Streams;
  readonly access: ApiTokenStore & AssertionStore;
  readonly clock: { now: () => Instant; sleep: () => Promise<void> };
  readonly definitions: Definitions;
  /** What the doubles were asked, and what they hold: to look at and to change. */
  readonly world: World;
};

export type World = SubscriptionWorld &
  TaskWorld &
  PatientWorld &
  AuditWorld &
  SheetWorld & {
    slots: SlotRow[];
    appointments: AppointmentRow[];
    /** Whether every client has used up what it may ask. */
    isThrottled: boolean;
    /** Former versions of both; what follows from the configuration is as it was since a day before NOW. */
    readonly past: Past;
    readonly booked: Parameters<Bookings['book']>[0][];
    readonly held: { readonly slotId: string; readonly milliseconds: number }[];
    readonly cancelled: string[];
    readonly slotChanges: SlotChange[];
    /** What was written of them. */
    readonly schedules: Map<string, OfferedSchedule>;
    /** In place of the double's own answer. */
    offeringRefusal: OfferingRefusal | null;
    readonly moved: { readonly appointmentId: string; readonly slotId: string }[];
    /** In place of the double's own answer. */
    bookOutcome: BookOutcome | null;
    holdOutcome: HoldOutcome | null;
    cancelOutcome: CancelOutcome | null;
    moveOutcome: MoveOutcome | null;
    /** Connections that were last confirmed at that time, too long ago; null = never. */
    readonly stale: Map<string, Instant | null>;
    /** Of the schedules that have a rule. */
    releasedUntil: Instant | null;
    summaries: ConnectionSummary[];
    conflicts: ConflictWithProposals[];
    readonly resolved: (readonly [id: string, command: ResolveCommand])[];
    /** In place of the double's own answer. */
    resolveOutcome: ResolveOutcome | null;
    readonly confirmed: (readonly [connectionId: string, feedId: string | null])[];
    /** Thrown by whatever asks the store. */
    failure: Error | null;
  };

/** @param policy of agenda-gagnon. */
export function fakePorts(slotCount = 12, policy: Partial<Policy> = {}): FakePorts {
  const schedules = ENTRIES.schedules.map((schedule) =>
    schedule.id === 'agenda-gagnon' ? { ...schedule, policy: { ...DEFAULT_POLICY, ...policy } } : schedule,
  );
  const world: World = {
    ...subscriptionWorld(),
    ...patientWorld(),
    ...auditWorld(),
    ...taskWorld(),
    ...sheetWorld(),
    slots: Array.from({ length: slotCount }, (_, index) => slotRow(index + 1)),
    appointments: [],
    isThrottled: false,
    past: { slots: [], appointments: [], resources: [] },
    booked: [],
    held: [],
    cancelled: [],
    slotChanges: [],
    schedules: new Map(),
    offeringRefusal: null,
    moved: [],
    confirmed: [],
    conflicts: [],
    resolved: [],
    resolveOutcome: null,
    bookOutcome: null,
    holdOutcome: null,
    cancelOutcome: null,
    moveOutcome: null,
    stale: new Map(),
    releasedUntil: null,
    summaries: ENTRIES.connections.map(({ id }) => summary(id)),
    failure: null,
  };
  const ports = {
    directory: new Directory({ ...ENTRIES, schedules }),
    reader: fakeReader(world),
    versions: fakeVersions(world),
    publication: fakePublication(world),
    bookings: fakeBookings(world),
    patients: fakePatients(world),
    offerings: fakeOfferings(world),
    operations: fakeOperations(world),
    conflicts: fakeConflicts(world),
    tasks: fakeTasks(world),
    lists: fakeLists(world),
    clock: { now: () => NOW, sleep: () => Promise.resolve() },
    definitions: DEFINITIONS,
    access: fakeAccess(),
    ...fakeAudit(
      world,
      () => NOW,
      (id) => world.appointments.find((each) => each.id === id)?.patientId ?? null,
    ),
    world,
  };
  const subscriptions: SubscriptionDependencies = {
    registry: fakeRegistry(world, () => {
      if (world.failure) throw world.failure;
    }),
    targetProblem: async () => world.targetProblem,
    secrets: fakeSecrets,
    ids: { next: randomUUID },
    clock: ports.clock,
    most: MOST,
  };
  const resources = configuredResources({ ...ports, subscriptions });
  world.past.resources = firstVersions(resources, instant(NOW - DAY));
  return { ...ports, subscriptions, latest: latestOf(world.past.resources), streams: fakeStreams(world) };
}

export const summary = (id: string, change: Partial<ConnectionSummary> = {}): ConnectionSummary => ({
  id,
  failures: 0,
  failingSince: null,
  openUntil: null,
  lastError: null,
  lastSuccessAt: NOW,
  paused: false,
  pausedAt: null,
  differing: 0,
  oldestDifferingSince: null,
  conflicts: 0,
  rejected: 0,
  unmapped: [],
  slots: 12,
  confirmedAt: NOW,
  feeds: 1,
  tasks: { open: 0, overdue: 0 },
  feedsRead: 1,
  suspects: [],
  unreadable: [],
  ...change,
});

type Row = Pick<AppointmentRow, 'id' | 'scheduleId' | 'startMs' | 'updatedMs'> & { readonly status: string };
type Query = SlotQuery | AppointmentQuery;

const isOnly = (document: string, reason: string): boolean =>
  JSON.stringify((JSON.parse(`${document}}`) as Slot).appointmentType ?? null).includes(`"${reason}"`);

const among = (list: readonly string[] | null, value: string): boolean =>
  list === null || list.includes(value);

const isWithin = (at: number, { fromMs, beforeMs }: StartRange): boolean =>
  (fromMs === null || at >= fromMs) && (beforeMs === null || at < beforeMs);

const isAnyOf = (at: number, ranges: readonly StartRange[] | undefined): boolean =>
  ranges === undefined || ranges.some((range) => isWithin(at, range));

const keyOf = (row: Row, query: Query): number =>
  query.order?.by === 'updated' ? row.updatedMs : row.startMs;

function compare(
  query: Query,
  [a, idA]: readonly [number, string],
  [b, idB]: readonly [number, string],
): number {
  const ascending = a - b || (idA < idB ? -1 : idA > idB ? 1 : 0);
  return query.order?.descending ? -ascending : ascending;
}

const matches = (row: Row, query: Query): boolean =>
  among(query.ids, row.id) &&
  among(query.scheduleIds, row.scheduleId) &&
  among(query.statuses, row.status) &&
  isWithin(row.startMs, query.start) &&
  isAnyOf(row.startMs, query.anyStart) &&
  isAnyOf(row.updatedMs, query.anyUpdated) &&
  (query.after === null ||
    compare(query, [keyOf(row, query), row.id], [query.after.atMs, query.after.id]) > 0);

const inOrder =
  (query: Query) =>
  (a: Row, b: Row): number =>
    compare(query, [keyOf(a, query), a.id], [keyOf(b, query), b.id]);

type Identifiers = AppointmentRow['identifiers'];

const isIdentified = (has: Identifiers, wanted: Identifiers): boolean =>
  has.some((each) =>
    wanted.some(
      ({ system, value }) =>
        (system === null || (each.system ?? '') === system) && (value === '' || each.value === value),
    ),
  );

function fakeReader(world: World): Reader {
  const check = (): void => {
    if (world.failure) throw world.failure;
  };
  const slots: (query: Parameters<Reader['searchSlots']>[0]) => SlotRow[] = (query) =>
    world.slots
      .filter((row) => matches(row, query))
      .filter((row) => !(query.onlySellable && row.status === 'free' && row.withheld))
      .filter(
        (row) =>
          row.status !== 'free' ||
          !query.staleCalendars.some(
            (stale) => stale.connectionId === row.connectionId && stale.calendar === row.calendar,
          ),
      )
      .filter(
        (row) =>
          row.status !== 'free' ||
          !query.unreleased.some(
            ({ scheduleIds, fromMs }) => scheduleIds.includes(row.scheduleId) && row.startMs >= fromMs,
          ),
      )
      .filter(
        ({ id }) =>
          !query.externalIds || query.externalIds.some(({ externalId }) => `e-${id}` === externalId),
      )
      .filter(
        ({ document }) => !query.onlyReasons || query.onlyReasons.some((reason) => isOnly(document, reason)),
      )
      .filter(
        ({ document }) =>
          !query.anyReasons ||
          query.anyReasons.some((reason) => document.includes(`"valueCode":"${reason}"`)),
      )
      .sort(inOrder(query));
  const appointments = (query: AppointmentQuery): AppointmentRow[] =>
    world.appointments
      .filter((row) => matches(row, query))
      .filter(({ patientId }) => !query.patientIds || query.patientIds.includes(patientId ?? ''))
      .filter(({ slotId }) => !query.slotIds || query.slotIds.includes(slotId ?? ''))
      .filter(({ identifiers }) => !query.identifiers || isIdentified(identifiers, query.identifiers))
      .sort(inOrder(query));
  return {
    async searchSlots(query) {
      check();
      return slots(query).slice(0, query.limit);
    },
    async schedulesOfSlots(query) {
      return [...new Set(slots(query).map(({ scheduleId }) => scheduleId))];
    },
    async countSlots(query) {
      return slots(query).length;
    },
    async searchAppointments(query) {
      check();
      return appointments(query).slice(0, query.limit);
    },
    async countAppointments(query) {
      return appointments(query).length;
    },
  };
}

function fakeBookings(world: World): Bookings {
  return {
    async find(slotId) {
      const slot = world.slots.find((row) => row.id === slotId);
      return slot ? detailsOf(slot) : null;
    },
    async book(command) {
      world.booked.push(command);
      if (world.bookOutcome) return world.bookOutcome;
      const slot = world.slots.find((row) => row.id === command.slot.id);
      if (!slot) return { outcome: 'taken' };
      if (slot.status !== 'free') return { outcome: 'taken' };
      const named = command.identifiers ?? [];
      const sole = named.filter(({ isSole }) => isSole);
      if (world.appointments.some(({ identifiers }) => isIdentified(identifiers, sole)))
        return { outcome: 'taken' };
      world.slots = world.slots.map((row) =>
        row === slot ? { ...row, status: 'busy', version: row.version + 1 } : row,
      );
      const appointment = {
        ...appointmentRow(1_000 + world.appointments.length, slot, command.comment),
        identifiers: named.map(({ system, value }) => ({ system, value })),
        patientId: command.patientId ?? keepIn(world, command.patient),
      };
      world.appointments.push(appointment);
      return { outcome: 'booked', appointment };
    },
    async hold({ slot: { id }, milliseconds }) {
      world.held.push({ slotId: id, milliseconds });
      if (world.holdOutcome) return world.holdOutcome;
      const slot = world.slots.find((row) => row.id === id);
      if (slot?.status !== 'free') return { outcome: 'taken' };
      const booked = appointmentRow(1_000 + world.appointments.length, slot, null);
      const appointment: AppointmentRow = { ...booked, status: 'pending' };
      world.appointments.push(appointment);
      return { outcome: 'held', appointment, expiresAt: plus(NOW, milliseconds) };
    },
    async cancel(id) {
      world.cancelled.push(id);
      if (world.cancelOutcome) return world.cancelOutcome;
      const row = world.appointments.find((each) => each.id === id);
      if (!row) return { outcome: 'unknown-appointment' };
      const appointment: AppointmentRow = { ...row, status: 'cancelled', version: row.version + 1 };
      world.appointments = world.appointments.map((each) => (each === row ? appointment : each));
      return { outcome: 'cancelled', appointment };
    },
    async move({ appointmentId, slot }) {
      world.moved.push({ appointmentId, slotId: slot.id });
      if (world.moveOutcome) return world.moveOutcome;
      const row = world.appointments.find(({ id }) => id === appointmentId);
      const [to, from] = [slot.id, row?.slotId].map((id) => world.slots.find((each) => each.id === id));
      if (!row) return { outcome: 'unknown-appointment' };
      if (to?.status !== 'free') return { outcome: 'taken' };
      world.slots = world.slots.map((each) =>
        each === to || each === from
          ? { ...each, status: each === to ? 'busy' : 'free', version: each.version + 1 }
          : each,
      );
      const { document, startMs, slotId } = appointmentRow(0, to, DOCUMENTS.commentIn(row.document));
      const appointment: AppointmentRow = {
        ...{ ...row, startMs, slotId, version: row.version + 1 },
        document: document.replace(uuid(0), row.id),
      };
      world.appointments = world.appointments.map((each) => (each === row ? appointment : each));
      return { outcome: 'moved', appointment };
    },
  };
}

/** What is published is its first slot; what is withdrawn is gone. */
function fakeOfferings(world: World): Offerings {
  const answer = (changes: readonly SlotChange[]): OfferingOutcome => {
    if (world.offeringRefusal) return { outcome: 'refused', index: 0, ...world.offeringRefusal };
    return {
      outcome: 'done',
      slotIds: changes.map((change) => (change.kind === 'publish' ? uuid(1) : change.slotId)),
    };
  };
  return {
    async offerSchedule({ scheduleId, ifVersion, ...state }) {
      const before = world.schedules.get(scheduleId);
      const version = before?.version ?? 1;
      if (!DIRECTORY.hasSchedule(scheduleId)) return { outcome: 'unknown-schedule' };
      if (ifVersion !== null && ifVersion !== version) return { outcome: 'version', version };
      if (before && isDeepStrictEqual({ ...before, ...state }, before)) return { outcome: 'done' };
      const key = { id: scheduleId, version: version + 1, updatedMs: NOW };
      world.schedules.set(scheduleId, { ...state, ...key });
      const document = DOCUMENTS.schedule(scheduleId, state);
      world.past.resources.push({ ...key, type: 'Schedule', document });
      return { outcome: 'done' };
    },
    schedules: {
      of: (id) => world.schedules.get(id) ?? null,
      revision: () => [...world.schedules.values()].reduce((sum, { version }) => sum + version, 0),
      refresh: async () => undefined,
    },
    async changeSlots(changes) {
      world.slotChanges.push(...changes);
      return answer(changes);
    },
    tryChanges: async (changes) => answer(changes),
    async generateSlots({ wanted }) {
      if (world.offeringRefusal?.refusal === 'elsewhere')
        return { outcome: 'elsewhere', reason: world.offeringRefusal.reason };
      return { outcome: 'done', renewal: { create: wanted, remove: [], keep: [], skip: [] } };
    },
  };
}

const detailsOf = (row: SlotRow): SlotDetails => ({
  id: row.id,
  connectionId: row.connectionId,
  calendar: row.calendar,
  externalId: row.id,
  scheduleId: row.scheduleId,
  interval: { start: instant(row.startMs), end: instant(row.startMs + 20 * MINUTE) },
  status: row.status,
  withheld: row.withheld,
  isOffered: true,
  paused: false,
  openUntil: null,
  failingSince: null,
});

export function appointmentRow(number: number, slot: SlotRow, comment: string | null): AppointmentRow {
  const id = uuid(number);
  const start = instant(slot.startMs);
  const document = DOCUMENTS.appointment(
    {
      id,
      actorId: DIRECTORY.schedule(slot.scheduleId).practitionerId,
      scheduleId: slot.scheduleId,
      kind: 'appointment',
      interval: { start, end: instant(start + 20 * MINUTE) },
      lane: 0,
      originId: slot.connectionId,
      expiresAt: null,
      changedAt: NOW,
    },
    { slotId: slot.id, comment },
  );
  const { scheduleId, startMs } = slot;
  return {
    id,
    scheduleId,
    slotId: slot.id,
    startMs,
    status: 'booked',
    version: 1,
    updatedMs: NOW,
    document,
    identifiers: [],
    heldUntilMs: null,
    patientId: null,
  };
}

const TEN = { start: FIRST_START, end: instant(FIRST_START + 20 * MINUTE) };

/** The first booking is in the lock; either could go to the same slot. */
export const CONFLICT: ConflictWithProposals = {
  id: uuid(500),
  actorId: 'tremblay',
  scheduleId: 'agenda-tremblay',
  connectionId: 'public',
  detectedAt: instant(NOW - HOUR),
  settlement: null,
  endedAt: null,
  bookings: {
    a: {
      busyId: uuid(501),
      originId: 'vendor',
      scheduleId: 'agenda-tremblay',
      interval: TEN,
      holdsLock: true,
    },
    b: {
      busyId: uuid(502),
      originId: 'public',
      scheduleId: 'agenda-tremblay',
      interval: { start: instant(TEN.start + 10 * MINUTE), end: instant(TEN.end + 10 * MINUTE) },
      holdsLock: false,
    },
  },
  proposals: {
    a: [],
    b: [
      {
        slotId: uuid(6),
        connectionId: 'vendor',
        scheduleId: 'agenda-tremblay',
        interval: { start: instant(TEN.start - 20 * MINUTE), end: TEN.start },
        distanceMilliseconds: -30 * MINUTE,
      },
    ],
  },
};

function fakeConflicts(world: World): Conflicts {
  return {
    list: async ({ state, limit }) =>
      world.conflicts.filter((each) => state === null || conflictState(each) === state).slice(0, limit),
    find: async (id) => world.conflicts.find((each) => each.id === id) ?? null,
    async resolve(id, command) {
      world.resolved.push([id, command]);
      if (world.resolveOutcome) return world.resolveOutcome;
      const found = world.conflicts.find((each) => each.id === id);
      if (!found) return { outcome: 'unknown-conflict' };
      if (conflictState(found) !== 'open') return { outcome: 'not-open', conflict: found };
      const settlement: Settlement =
        command.resolution === 'move'
          ? { ...command, at: NOW, toBusyId: uuid(520) }
          : { ...command, at: NOW };
      const conflict = { ...found, settlement, endedAt: NOW };
      world.conflicts = world.conflicts.map((each) => (each === found ? conflict : each));
      return { outcome: 'resolved', conflict };
    },
  };
}

export const REJECTED: RejectedRecord = {
  feedId: '*',
  externalId: 'r-1',
  reason: 'end: before start',
  occurrences: 3,
  records: 1,
  firstAt: instant(NOW - HOUR),
  lastAt: NOW,
  hasRaw: true,
  raw: '{"patient":"inventé"}',
};

const pausedSince = (
  summaries: readonly ConnectionSummary[],
  id: string,
  pausedAt: Instant | null,
): ConnectionSummary[] =>
  summaries.map((each) => (each.id === id ? { ...each, paused: pausedAt !== null, pausedAt } : each));

function fakeOperations(world: World): Operations {
  const fresh: Freshness = { confirmedAt: NOW, stale: false };
  return {
    freshness: (connectionId) => {
      const confirmedAt = world.stale.get(connectionId);
      return confirmedAt === undefined ? fresh : { confirmedAt, stale: true };
    },
    releasedUntil: () => world.releasedUntil,
    bookableFrom: ({ interval: { start }, withheld }) => {
      if (withheld) return plus(start, -HOUR);
      return world.releasedUntil !== null && start >= world.releasedUntil
        ? instant(start - (world.releasedUntil - NOW))
        : null;
    },
    async summaries() {
      if (world.failure) throw world.failure;
      return world.summaries;
    },
    async synchronize(_connectionId, progress) {
      progress({ feedId: 'all', rows: 6, feedsDone: 0, feeds: 1 });
      progress({ feedId: 'all', rows: 12, feedsDone: 1, feeds: 1 });
      return { outcome: 'done', rows: 12, slotsChanged: 3, milliseconds: 5 };
    },
    async pause(connectionId) {
      world.summaries = pausedSince(world.summaries, connectionId, NOW);
    },
    async resume(connectionId) {
      world.summaries = pausedSince(world.summaries, connectionId, null);
    },
    async rejected(connectionId, raw) {
      return connectionId === 'vendor' ? [raw ? REJECTED : { ...REJECTED, raw: null }] : [];
    },
    async confirm(connectionId, feedId) {
      world.confirmed.push([connectionId, feedId]);
      const found = world.summaries.find(({ id }) => id === connectionId)?.suspects ?? [];
      return found.map((suspect) => suspect.feedId).filter((id) => feedId === null || id === feedId);
    },
    async receive(connectionId, { headers, body }) {
      if (connectionId !== 'vendor') return null;
      return headers['x-signature'] === String(body.length) ? 'accepted' : 'refused';
    },
  };
}

/** A reason that is the same in both languages. */
export const said = (text: string): Bilingual => ({ fr: text, en: text });
