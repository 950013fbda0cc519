import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { Client } from 'fhir-kit-client';
import pino from 'pino';
import { createAccess, type Client as RegisteredClient } from '../../src/access/access.ts';
import { hashOfToken } from '../../src/access/api-token.ts';
import type { TrustedIssuer } from '../../src/access/issuers.ts';
import { createPeople } from '../../src/access/people/people.ts';
import type { SignInEvent } from '../../src/access/people/sign-in.ts';
import { ACCESS_DEFAULTS } from '../../src/config/access.ts';
import type { ConfigurationEditor } from '../../src/config/editing/editor.ts';
import { type RequestLimits, SERVER_DEFAULTS } from '../../src/config/server.ts';
import { DAY, HOUR, plus } from '../../src/domain/instant.ts';
import type { Policy } from '../../src/domain/schedule.ts';
import type { SignInSettings } from '../../src/domain/sign-in.ts';
import type { TakeBackup } from '../../src/engine/ports/backup.ts';
import type {
  DifferingListing,
  DifferingQuery,
  HistoryPoint,
} from '../../src/engine/ports/connection-history.ts';
import type { PeopleStore } from '../../src/engine/ports/people.ts';
import type { PolicyRecordReader } from '../../src/engine/ports/policy-preview.ts';
import type { RosterReport } from '../../src/engine/ports/rosters.ts';
import { createPolicyPreviews } from '../../src/engine/preview/policy-previews.ts';
import type { CatalogueEntry } from '../../src/server/adapters.ts';
import { createApp } from '../../src/server/app.ts';
import { proxiesIn } from '../../src/server/client-address.ts';
import { createLimiters } from '../../src/server/limiters.ts';
import { listen } from '../../src/server/listen.ts';
import { createMetrics, type Metrics } from '../../src/server/metrics.ts';
import type { TryConnection } from '../../src/server/trials.ts';
import { createViews } from '../../src/views.ts';
import { READ_ONLY } from './fake-editor.ts';
import { fakeKeys } from './fake-keys.ts';
import { nobody } from './fake-people.ts';
import { type FakePorts, FIRST_START, fakePorts, NOW, uuid, type World } from './fake-ports.ts';
import { fakeSeal } from './fake-ring.ts';
import { fakeContingency, fakeSheets } from './fake-sheets.ts';

/** The whole server over the test doubles of its ports, on a real socket. */

export const TOKEN = 'a-token-that-is-only-used-in-tests-0123456789';

/** Made up too, of who may look for slots and no more. */
export const SLOTS_TOKEN = `passerelle_${'s'.repeat(43)}`;
const SLOTS_SCOPES = 'system/Schedule.rs system/Slot.rs';

export type Answered = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: <T = FhirResource>() => T;
};

export type Served = {
  readonly url: string;
  readonly world: World;
  readonly ports: FakePorts;
  readonly metrics: Metrics;
  /** Everything that was logged, a line each. */
  readonly log: Record<string, unknown>[];
  /** What answers all but /fhir: those who have not said who they are, and those who have. */
  readonly routers: readonly Router[];
  readonly client: Client;
  /** A request with the token, unless the headers say otherwise. */
  readonly request: (method: string, path: string, init?: Init) => Promise<Answered>;
  readonly close: () => Promise<void>;
};

export type ServeOptions = {
  readonly slots?: number;
  readonly publicUrl?: string;
  readonly port?: number;
  readonly people?: PeopleStore;
  readonly signIn?: Partial<SignInSettings>;
  readonly entryKey?: string;
  readonly onSignIn?: (event: SignInEvent) => void;
  readonly policy?: Partial<Policy>;
  readonly clients?: readonly RegisteredClient[];
  readonly issuers?: readonly TrustedIssuer[];
  readonly catalogue?: readonly CatalogueEntry[];
  readonly takeBackup?: TakeBackup;
  readonly editor?: ConfigurationEditor;
  readonly record?: PolicyRecordReader;
  readonly tryConnection?: TryConnection;
  readonly limits?: RequestLimits;
  readonly trustProxy?: readonly string[];
};

export type Init = { readonly headers?: Record<string, string>; readonly body?: unknown };

const NOBODY_ERASED = {
  keeper: {
    erasePatients: async () => ({ appointments: 0, waiting: 0 }),
    rejectedRaw: async () => [],
    eraseRaw: async () => 0,
  },
  onErased: () => undefined,
};

/** Of one schedule. */
const SHIFT = { start: FIRST_START, end: plus(FIRST_START, 4 * HOUR) };
const ROSTERS: RosterReport[] = [
  {
    ...{ scheduleId: 'agenda-gagnon', scheduleIds: ['agenda-gagnon'], connectionIds: ['horaire'], shifts: 1 },
    ...{
      published: SHIFT,
      publishedAt: NOW,
      days: [{ day: '2026-11-24', shiftMinutes: 240, coveredMinutes: 60 }],
    },
    ...{ gaps: [SHIFT], phantoms: [{ slotId: uuid(1), isFree: true, interval: SHIFT, cause: 'outside' }] },
    bookedOutside: [{ busyId: uuid(2), interval: SHIFT, cause: 'withdrawn' }],
  },
];

/** What the reader says is not looked at. */
const NO_AGENDA = {
  desk: {
    closeTime: async () => ({ outcome: 'unknown-schedule' }) as const,
    openTime: async () => ({ outcome: 'unknown' }) as const,
    placeAppointment: async () => ({ outcome: 'unknown-schedule' }) as const,
    replaceAppointment: async () => ({ outcome: 'unknown-appointment' }) as const,
  },
  agendaReader: {
    agenda: async () => ({ slots: [], periods: [], conflicts: [], listings: [] }),
    agendaPeriod: async () => ({ slots: [], periods: [], conflicts: [], listings: [] }),
  },
  agendaOf: () => ({
    read: async () => ({ at: NOW, slots: [], periods: [] }),
    period: async () => null,
    calendars: () => [],
  }),
};

const HISTORY: HistoryPoint[] = [
  {
    ...{ at: plus(NOW, -HOUR), delivered: 3, lagMillisecondsMedian: 400, lagMillisecondsMax: 900 },
    ...{ ageMilliseconds: 2000, differing: 1, failures: 0, isOpen: false, isPaused: false },
  },
];

const DIFFERING: DifferingListing[] = [
  {
    ...{ connectionId: 'vendor', scheduleId: 'agenda-gagnon', kind: 'block', externalId: null, attempts: 2 },
    ...{ wanted: 'closed', known: 'open', state: 'failing', since: NOW, differsSince: NOW },
    ...{ nextAttemptAt: plus(NOW, HOUR), error: { fr: 'elle ne répond pas', en: 'it does not answer' } },
    interval: SHIFT,
  },
];

const SOME_HISTORY = {
  historyReader: { connectionHistory: async () => [], differingListings: async () => [] },
  historyOf: () => ({
    points: async () => HISTORY,
    differing: async ({ connectionId }: DifferingQuery) => (connectionId === 'vendor' ? DIFFERING : []),
  }),
};

const EMPTY_RECORD: PolicyRecordReader = {
  recordedSlots: async () => [],
  recordedPeriods: async () => [],
  recordedConflicts: async () => [],
  recordedOutages: async () => [],
  recordedAccepted: async () => [],
  recordedSince: async () => ({ since: null, minutes: 0 }),
};

const NO_ROSTERS = {
  rosterReader: {
    shiftsOn: async () => [],
    publishedOn: async () => null,
    unsuppliedTime: async () => [],
    slotsOffered: async () => [],
    timeBooked: async () => [],
  },
  rostersOf: () => ({ report: async () => ROSTERS }),
};

export async function serve(options: ServeOptions = {}): Promise<Served> {
  const ports = fakePorts(options.slots, options.policy);
  const metrics = createMetrics();
  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => log.push(JSON.parse(line)) });
  await ports.access.addApiToken(
    {
      id: randomUUID(),
      name: 'slots',
      scopes: SLOTS_SCOPES,
      organizationId: null,
      createdAt: NOW,
      createdBy: 'administrator',
      expiresAt: plus(NOW, DAY),
    },
    hashOfToken(SLOTS_TOKEN),
  );
  const limiters = createLimiters(options.limits ?? SERVER_DEFAULTS.limits, null, 'test');
  const key = Buffer.alloc(32, 7);
  const contingency = fakeContingency(ports.world);
  const app = createApp({
    ...fakeSheets(ports.world),
    views: createViews(
      {
        ...{ ...ports, ...NOBODY_ERASED, ...NO_ROSTERS, ...NO_AGENDA, ...SOME_HISTORY },
        ...{ contingency, seal: fakeSeal(7), recordReader: options.record ?? EMPTY_RECORD },
        previewsOf: (directory, reader) =>
          createPolicyPreviews({ directory, reader, cancels: () => true, clock: ports.clock }),
      },
      () => {
        throw new Error('the doubles know of one organization only');
      },
    ),
    receive: ports.operations.receive,
    catalogue: options.catalogue ?? [],
    registry: ports.subscriptions.registry,
    streams: ports.streams,
    clock: ports.clock,
    ...createAccess({
      token: TOKEN,
      key,
      clients: options.clients ?? [],
      issuers: options.issuers ?? [],
      store: ports.access,
      clock: ports.clock,
      onError: (reason) => log.push({ reason }),
    }),
    tokens: ports.access,
    auditor: ports.auditor,
    audit: ports.audit,
    verify: ports.verify,
    incidents: ports.incidents,
    people: createPeople({
      settings: { ...ACCESS_DEFAULTS.signIn, ...options.signIn },
      entryKey: options.entryKey ?? null,
      key,
      seal: fakeSeal(),
      store: options.people ?? nobody(),
      ids: { next: randomUUID },
      clock: ports.clock,
      onSignIn: options.onSignIn ?? (() => undefined),
    }),
    ids: ports.subscriptions.ids,
    keys: fakeKeys,
    limiters: async (name, key) => {
      const budget = await limiters(name, key);
      return ports.world.isThrottled ? { ...budget, isKept: false, left: 0, resetSeconds: 42 } : budget;
    },
    isProxy: proxiesIn(options.trustProxy ?? []),
    takeBackup: options.takeBackup ?? null,
    editor: options.editor ?? READ_ONLY,
    tryConnection:
      options.tryConnection ?? (async () => ({ milliseconds: 0, failure: null, calendars: null })),
    logger,
    metrics,
    publicUrl: options.publicUrl ?? null,
  });
  const { url, close } = await listen(app, { host: '127.0.0.1', port: options.port ?? 0 });

  const request = async (method: string, path: string, init: Init = {}): Promise<Answered> => {
    const { body } = init;
    const headers = new Headers({ authorization: `Bearer ${TOKEN}`, 'accept-language': 'en' });
    if (body !== undefined) headers.set('content-type', 'application/fhir+json');
    for (const [name, value] of Object.entries(init.headers ?? {})) {
      if (value === '') headers.delete(name);
      else headers.set(name, value);
    }
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await fetch(url + path, { method, headers, ...sent });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
  };
  const client = new Client({
    baseUrl: `${url}/fhir`,
    bearerToken: TOKEN,
    customHeaders: { 'accept-language': 'en' },
  });
  return {
    url,
    routers: app.routers,
    world: ports.world,
    ports,
    metrics,
    log,
    client,
    request,
    close: () => close(1_000),
  };
}

/** The resources of a searchset that are its results, or those that came with them. */
export const resourcesOf = <R extends FhirResource>(bundle: Bundle, mode = 'match'): R[] =>
  (bundle.entry ?? []).filter((entry) => entry.search?.mode === mode).map((entry) => entry.resource as R);

/** What fhir-kit-client gives back is typed loosely: this is where its types and R4's meet. */
export const r4 = <R extends FhirResource>(resource: unknown): R => resource as R;

type Loose = Parameters<Client['nextPage']>[0]['bundle'];

/** The page behind the next link, or undefined when there is none. */
export const nextPage = async (client: Client, bundle: Bundle): Promise<Bundle | undefined> =>
  r4<Bundle>(await client.nextPage({ bundle: bundle as unknown as Loose }));
