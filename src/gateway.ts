import { mkdir } from 'node:fs/promises';
import type { Logger } from 'pino';
import { documents } from '../mappings/fhir/documents.ts';
import { createAccess } from './access/access.ts';
import { createPeople } from './access/people/people.ts';
import type { InstalledAdapter } from './adapter/isolated.ts';
import { tryPlatform } from './adapter/trial.ts';
import { openProcessAudit } from './audit/process.ts';
import { auditedSignIn } from './audit/sign-in.ts';
import type { ConfigurationEditor } from './config/editing/editor.ts';
import type { GatewayEnvironment } from './config/environment.ts';
import type { Configuration } from './config/read-configuration.ts';
import { keepSheets, sheetChanges } from './contingency-keeping.ts';
import { Directory } from './domain/directory.ts';
import type { Clock } from './domain/environment.ts';
import { createAgenda } from './engine/agenda.ts';
import { createConnectionHistory } from './engine/connection-history.ts';
import { canCancel } from './engine/context.ts';
import { createEngine } from './engine/engine.ts';
import type { TakeBackup } from './engine/ports/backup.ts';
import type { EventListener } from './engine/ports/events.ts';
import type { Store } from './engine/ports/store.ts';
import type { Streams } from './engine/ports/subscriptions.ts';
import type { VersionKeeper } from './engine/ports/versions.ts';
import { createPolicyPreviews } from './engine/preview/policy-previews.ts';
import { createRosters } from './engine/roster-report.ts';
import { configuredResources } from './fhir/front.ts';
import { listenToPlatforms } from './listening.ts';
import { allTables, catalogueOf, connectPlatform, openPlatforms } from './platforms.ts';
import { openLimiters, openQueue, overRedis, REDIS_PREFIX } from './redis.ts';
import { adminToken } from './server/admin-token.ts';
import { createApp } from './server/app.ts';
import { proxiesIn } from './server/client-address.ts';
import { listen } from './server/listen.ts';
import { createMetrics } from './server/metrics.ts';
import type { Views } from './server/view.ts';
import { backupsOf } from './store/backup.ts';
import type { Database } from './store/database.ts';
import { migrate } from './store/migrate.ts';
import { createPeopleStore } from './store/people.ts';
import { openPglite } from './store/pglite.ts';
import { openPostgres } from './store/postgres.ts';
import { createReaders, type Readers } from './store/readers.ts';
import { databaseFolder, finishRestore } from './store/restore.ts';
import {
  forgetComments,
  forgetPast,
  forgetPatients,
  forgetSamples,
  forgetTasks,
  forgetting,
  type Upkeep,
} from './store/retention.ts';
import { createStore } from './store/store.ts';
import { behindWall, HOW_TO_RAISE, raiseWall } from './store/wall.ts';
import { createBell } from './subscriptions/bell.ts';
import { createSubscribers, type SubscribersContext } from './subscriptions/subscribers.ts';
import { commonClock } from './system/common-clock.ts';
import { systemEnvironment } from './system/environment.ts';
import { lockFolder } from './system/folder-lock.ts';
import { accessLog, errorLog, lasting, lastingLog, recordOutcome, stackOf } from './system/logs.ts';
import { profiles, r4Tables } from './system/mappings.ts';
import { openKeys } from './system/open-keys.ts';
import { OperatorError } from './system/operator-error.ts';
import { createKeys, tendKeys } from './system/rotation.ts';
import { createViews, type Whole } from './views.ts';

/** Wires everything and starts it; ends it in the reverse order. */

/** Several organizations are kept apart by the database as well, or not at all. */
const NO_WALL =
  'there are several organizations, and the database does not keep them apart: its user may not make the role for it. ' +
  `Run once, as a user who may: ${HOW_TO_RAISE}`;

/** A proxy on this machine has as many connections as it wants. */
const LOOPBACK = ['127.0.0.0/8', '::1'];

/** A connection is tried before its calendars are linked: whoever reads none needs none of their zones. */
const NO_DIRECTORY = new Directory({
  ...{ organizations: [], practitioners: [], locations: [], services: [], schedules: [] },
  ...{ connections: [], calendars: [] },
});

export type GatewayOptions = {
  readonly environment: GatewayEnvironment;
  /** `serve`: the API. `work`: the mirror. `both`, in one process. */
  readonly role: 'serve' | 'work' | 'both';
  readonly configuration: Configuration;
  /** The file that it is of; null or left out = whoever starts it has made it. */
  readonly source?: ConfigurationSource | null;
  /** All that are installed, to be told of; left out = those of the configuration. */
  readonly adapters?: ReadonlyMap<string, InstalledAdapter>;
  readonly onEvent: EventListener;
  readonly logger: Logger;
};

export type ConfigurationSource = {
  /** SHA-256 of the text that it was read from, in hex. */
  readonly revision: string;
  readonly editor: ConfigurationEditor;
};

export type Gateway = {
  /** Null of a worker: it does not listen. */
  readonly url: string | null;
  readonly close: () => Promise<void>;
};

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    return { url: await wire(options, closers), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function wire(options: GatewayOptions, closers: (() => unknown)[]): Promise<string | null> {
  const { environment, role, configuration, logger } = options;
  const { mail } = configuration;
  const { dataFolder } = environment;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const onError = errorLog(logger);
  const directory = new Directory(configuration.directory);
  const { database, takeBackup } = await openDatabase(environment, logger, closers);
  await migrate(database);
  const isWalled = await raiseWall(database);
  if (!isWalled && directory.entries.organizations.length > 1) throw new OperatorError(NO_WALL);
  const store = createStore(database);
  if (environment.databaseUrl === null) await Promise.all([store.endLeases(), store.endClaims()]);
  const clock = await followed(store, closers);
  const world = { ...systemEnvironment, clock };
  const keys = await openKeys(
    { ...environment, isShared: environment.databaseUrl !== null, store, clock, logger },
    closers,
  );
  const { seal } = keys;
  const conceptMaps = allTables(configuration);
  const redis = await overRedis(environment);
  const turns = redis?.createSharedTurns(redis.url, REDIS_PREFIX, systemEnvironment.clock) ?? null;
  closers.push(() => turns?.close());
  const platforms = openPlatforms(configuration, directory, conceptMaps, turns, closers);
  const metrics = createMetrics();
  const keepsPatients = configuration.patients.keepDays > 0;
  const audit = await openProcessAudit({
    role,
    log: lasting(logger),
    notesAnchors: environment.configurationFile !== null || logger.isLevelEnabled('info'),
    store,
    keys: [keys.ring.by.bytes, ...keys.former.map(({ bytes }) => bytes)],
    clock,
    revision: options.source?.revision ?? null,
    keepsPatients,
    metrics,
  });
  closers.push(() => audit.close());
  const bell = createBell(clock);
  const changes = sheetChanges(directory);
  const engine = createEngine(
    {
      directory,
      store,
      queue: openQueue(redis, role, configuration, logger),
      platforms,
      documents: documents(directory),
      seal,
      keepsPatients,
      // Where no mail goes out nothing of it is loaded.
      escalation: mail.server && (await import('./mail/escalation.ts')).escalationBy(mail),
      environment: world,
      onEvent: toEach(metrics.listener, options.onEvent, bell.ringSoon, changes.listener),
      onError,
    },
    store,
  );
  closers.push(() => engine.stop());
  await engine.start({ works: role !== 'serve' });
  const patients = {
    reader: store,
    seal,
    isKept: keepsPatients,
    namCheckDigit: configuration.patients.namCheckDigit,
    onRead: accessLog(logger, 'patients read'),
  };
  const readersOf = (organizationId: string): Readers =>
    createReaders(isWalled ? behindWall(database, organizationId) : database);
  const { views, streams } = await openViews(
    options,
    {
      directory,
      reader: store,
      audit: store,
      versions: store,
      bookings: engine,
      patients,
      offerings: engine,
      operations: engine,
      publication: store,
      conflicts: engine.conflicts,
      tasks: engine.tasks,
      desk: engine.desk,
      lists: engine.lists,
      rosterReader: store,
      historyReader: store,
      historyOf: createConnectionHistory,
      recordReader: store,
      previewsOf: (directory, reader) =>
        createPolicyPreviews({
          ...{ directory, reader, clock },
          cancels: (connectionId) => canCancel({ directory, platforms }, connectionId),
        }),
      agendaReader: store,
      agendaOf: ({ directory, agendaReader: reader, operations }) =>
        createAgenda({ directory, platforms, documents: documents(directory), clock, operations, reader }),
      rostersOf: (directory, reader) => createRosters({ directory, platforms, reader }),
      keeper: store,
      seal,
      contingency: store,
      onErased: toEach(accessLog(logger, 'patients erased'), changes.all),
      clock,
      definitions: { profiles: profiles(), conceptMaps: [...conceptMaps.values()].flat(), r4: r4Tables() },
    },
    { store, seal, environment: world, bell, onOutcome: metrics.notified, onError },
    readersOf,
    closers,
  );
  if (role !== 'serve') {
    const { keepDays } = configuration.patients;
    closers.push(
      inTime('past', logger, (upkeep) => forgetPast(store, clock, upkeep)),
      inTime('patients', logger, (upkeep) => forgetPatients(store, keepDays, clock, upkeep)),
      inTime('comments', logger, (upkeep) => forgetComments(store, keepDays, clock, upkeep)),
      inTime('samples', logger, (upkeep) => forgetSamples(store, clock, upkeep)),
      inTime('tasks', logger, (upkeep) => forgetTasks(store, clock, upkeep)),
      inTime('keys', logger, (upkeep) =>
        tendKeys(keys, {
          ...upkeep,
          onDestroyed: (ids) => logger.warn({ keys: ids }, 'former keys destroyed'),
        }),
      ),
    );
  }
  if (role === 'work') return null;
  const { trustProxy } = configuration.server;
  const { sheets, spool } = await keepSheets(
    { ...{ dataFolder, directory, readersOf, operations: engine, keys, clock, logger, changes }, ...audit },
    closers,
  );
  const app = createApp({
    views,
    receive: engine.receive,
    keys: createKeys(keys),
    registry: store,
    streams,
    takeBackup,
    catalogue: catalogueOf(configuration, options.adapters),
    clock,
    ...createAccess({
      ...configuration.access,
      token: await adminToken(dataFolder),
      key: keys.ring.by.bytes,
      store,
      clock,
      onError,
    }),
    tokens: store,
    ...audit,
    sheets,
    spool: spool.write,
    audit: store,
    incidents: store,
    people: createPeople({
      settings: configuration.access.signIn,
      entryKey: environment.entryKey ?? null,
      key: keys.ring.by.bytes,
      seal,
      store: createPeopleStore(database),
      ids: world.ids,
      clock,
      onSignIn: toEach(lastingLog(logger, 'sign-in'), auditedSignIn(audit.auditor)),
    }),
    ids: world.ids,
    logger,
    metrics,
    limiters: openLimiters(redis, configuration, closers),
    isProxy: proxiesIn(trustProxy),
    editor: options.source?.editor ?? null,
    tryConnection: (connection) => tryPlatform(() => connectPlatform(connection, NO_DIRECTORY)),
    publicUrl: environment.publicUrl,
  });
  const listening = await listen(app, { ...environment, isProxy: proxiesIn([...LOOPBACK, ...trustProxy]) });
  closers.push(() => listening.close());
  await listenToPlatforms({ ...configuration, platforms, engine, logger }, closers);
  // A stream ends only when somebody ends it.
  closers.push(() => streams.close());
  return listening.url;
}

type Told = Omit<SubscribersContext, 'match' | 'allowedTargets' | 'giveUpMilliseconds'> & {
  readonly store: VersionKeeper;
};

/** What is served, and those who are told of its changes: whom, the searches of the front say. */
async function openViews(
  { configuration, role, logger }: GatewayOptions,
  ports: Omit<Whole, 'latest' | 'subscriptions'>,
  told: Told,
  readersOf: (organizationId: string) => Readers,
  closers: (() => unknown)[],
): Promise<{ views: Views; streams: Streams }> {
  const { most, ...settings } = configuration.subscriptions;
  const { store } = told;
  const { clock, ids } = told.environment;
  const subscribers = createSubscribers({
    ...told,
    ...settings,
    match: async ({ criteria, base, organizationId }, resourceIds) =>
      views(organizationId)?.front.criteria.match(criteria, base, resourceIds) ?? null,
    onOutcome: (outcome) => {
      told.onOutcome(outcome);
      recordOutcome(logger, outcome);
    },
  });
  const { secrets, targetProblem, streams } = subscribers;
  const subscriptions = { registry: store, secrets, targetProblem, ids, clock, most };
  const parts = { ...ports, subscriptions };
  const isServed = role !== 'work';
  const latest = isServed ? await store.keepResources(configuredResources(parts), clock.now()) : [];
  const views = createViews({ ...parts, latest }, readersOf);
  closers.push(() => subscribers.stop());
  await subscribers.start({ tells: role !== 'serve' });
  return { views, streams };
}

const toEach =
  <Event>(...listeners: ((event: Event) => void)[]) =>
  (event: Event): void => {
    for (const listener of listeners) listener(event);
  };

/** The database's clock, before anything is judged by it. */
async function followed(store: Pick<Store, 'now'>, closers: (() => unknown)[]): Promise<Clock> {
  const { clock, set, follow } = commonClock(systemEnvironment.clock, store.now);
  await set();
  const over = new AbortController();
  const following = follow(over.signal);
  closers.push(() => {
    over.abort();
    return following;
  });
  return clock;
}

/** Erases what is old, and says what it could not. */
const inTime = (what: string, logger: Logger, forget: (upkeep: Upkeep) => Promise<void>) =>
  forgetting(forget, (error) =>
    logger.warn({ reason: `forgetting ${what}`, stack: stackOf(error) }, 'work failed'),
  );

async function openDatabase(
  { databaseUrl, dataFolder }: GatewayEnvironment,
  logger: Logger,
  closers: (() => unknown)[],
): Promise<{ database: Database; takeBackup: TakeBackup | null }> {
  if (databaseUrl !== null) {
    const onError = (error: Error) => logger.warn({ reason: error.message }, 'database');
    const database = openPostgres(databaseUrl, { onError });
    closers.push(() => database.close());
    return { database, takeBackup: null };
  }
  closers.push(lockFolder(dataFolder));
  await finishRestore(dataFolder);
  const database = await openPglite(databaseFolder(dataFolder));
  closers.push(() => database.close());
  return { database, takeBackup: backupsOf(database, systemEnvironment.clock.now) };
}
