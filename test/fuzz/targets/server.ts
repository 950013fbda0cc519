import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { startSimulator as startVendor } from '../../../adapters/bonjour-sante/simulator/start.ts';
import manual from '../../../adapters/manual/adapter.ts';
import { startSimulator as startRvsq } from '../../../adapters/rvsq/simulator/start.ts';
import type { Configuration } from '../../../src/config/read-configuration.ts';
import { readScopes } from '../../../src/domain/access.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { once } from '../../../src/domain/once.ts';
import { startGateway } from '../../../src/gateway.ts';
import type { Database } from '../../../src/store/database.ts';
import { CONNECTION, configurationOf, scheduleOf } from '../../support/clinic-configuration.ts';
import { makeDataFolder } from '../../support/data-folder.ts';
import { freshPostgres } from '../../support/databases.ts';
import { until } from '../../support/servers.ts';
import { newKey, type SigningKey } from '../../support/signing-client.ts';
import { ACTORS, SimulatedSite } from '../../support/simulated-site.ts';
import { type Answered, type Exchange, exchange, sound } from '../harness/exchange.ts';
import { must } from '../harness/target.ts';

/**
 * The real gateway on a PostgreSQL of its own, with two simulated platforms behind it. Once it has read them it goes on
 * without its mirror (role `serve`), so that nothing but requests changes the database.
 */

type Row = Readonly<Record<string, unknown>>;

export type Server = {
  readonly url: string;
  readonly authorization: string;
  /** Free ones of the platforms, later than tomorrow, as they are served. */
  readonly slots: readonly Row[];
  /** One that stands. */
  readonly appointment: Row;
  readonly conflictIds: readonly string[];
  /** Of what a person is asked to do at BY_HAND. */
  readonly taskIds: readonly string[];
  /** Of the program that is registered as CLIENT_ID. */
  readonly key: SigningKey;
  /** Of the agenda that is edited here. */
  readonly ownSchedule: string;
  /** Puts it, and holds the answer against what every answer owes. @returns its status in a word. */
  readonly ask: (asked: Exchange) => Promise<string>;
  /** The same; and where it is refused the database is as it was. */
  readonly askAside: (asked: Exchange) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** Shared by the targets of one process; it is closed with the last of them. */
export const openServer = once(open);

export const CLIENT_ID = 'program';
const clientOf = ({ publicJwk }: SigningKey) => ({
  id: CLIENT_ID,
  name: CLIENT_ID,
  organizationId: null,
  keys: { keys: [{ ...publicJwk }] },
  scopes: readScopes('system/Slot.rs').scopes,
});

const [OWN, OTHER] = ACTORS;
/** A platform that a person looks after, with one agenda. */
export const BY_HAND = { connection: 'accueil', calendar: OTHER };

/** Of so many inputs one is followed by a request like any other. */
const USUAL_EVERY = 25;
/** What is refused for being too much is refused unread. */
const UNLIMITED = { client: 1e6, anonymous: 1e6, authentication: 1e6, delivery: 1e6 };
const SETTLING_MILLISECONDS = 300;

function withDesk({ directory, connections, ...rest }: Configuration): Configuration {
  const { connection: id, calendar: externalId } = BY_HAND;
  const settings = manual.manifest.settings.parse({
    title: 'Accueil',
    names: { [externalId]: 'Dre Fictive' },
  });
  const { title } = manual.manifest;
  const kept = { ...CONNECTION, id, platform: 'manual', title, pollMilliseconds: DAY };
  const calendar = {
    connectionId: id,
    externalId,
    scheduleId: scheduleOf(externalId),
    topology: 'block',
  } as const;
  return {
    ...rest,
    directory: {
      ...directory,
      connections: [...directory.connections, { ...kept, asksPeople: true, isListed: true }],
      calendars: [...directory.calendars, calendar],
    },
    connections: [...connections, { id, adapter: manual, settings, allowedTargets: [] }],
  };
}

async function open(): Promise<Server> {
  const { url: databaseUrl, database, drop } = await freshPostgres(true);
  const dataFolder = await makeDataFolder({ embedded: false });
  const platforms = { seed: 7, actors: [...ACTORS], days: 5 };
  const [vendor, rvsq] = [await startVendor(platforms), await startRvsq(platforms)];
  await sellTwice(new SimulatedSite(vendor.url), new SimulatedSite(rvsq.url));
  const sites = { vendor: vendor.url, rvsq: rvsq.url };
  const key = await newKey('made-up');
  const clinic = withDesk(configurationOf(sites, { ownAgenda: [OWN], keepDays: 30 }));
  const start = (role: 'both' | 'serve') =>
    startGateway({
      environment: {
        ...{
          port: 0,
          host: '127.0.0.1',
          dataFolder,
          configurationFile: null,
          publicUrl: null,
          redisUrl: null,
          key: null,
          previousKeys: [],
        },
        ...{ databaseUrl, logLevel: 'silent' },
      },
      role,
      configuration: {
        ...clinic,
        access: { ...clinic.access, clients: [clientOf(key)] },
        server: { ...clinic.server, limits: UNLIMITED },
      },
      onEvent: () => undefined,
      logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    });
  const first = await start('both');
  await until('the first reading', async () => (await fetch(`${first.url}/readyz`)).status === 200);
  const { authorization, slots, conflictIds, taskIds } = await seen(first.url ?? '', dataFolder);
  await first.close();
  const gateway = await start('serve');
  const url = gateway.url ?? '';
  const { ask, askAside } = asking(url, authorization, database);
  const list = async (path: string): Promise<Row[]> =>
    resourcesIn(await exchange(url, { method: 'GET', path, headers: { authorization } }));
  const [appointment] = await list('/fhir/Appointment?status=booked&_count=1');
  if (!appointment || slots.length === 0) throw new Error('nothing was read');
  return {
    key,
    ...{
      url,
      authorization,
      slots,
      appointment,
      conflictIds,
      taskIds,
      ask,
      askAside,
      ownSchedule: scheduleOf(OWN),
    },
    close: once(async () => {
      await gateway.close();
      for (const each of [vendor, rvsq]) await each.close();
      await drop();
      await rm(dataFolder, { recursive: true, force: true });
    }),
  };
}

/** Two platforms sell one time before anybody reads them. */
async function sellTwice(vendor: SimulatedSite, rvsq: SimulatedSite): Promise<void> {
  for (const slot of (await vendor.laterSlots(OTHER)).slice(0, 3)) {
    const other = (await rvsq.overlapping(slot)).find(({ status }) => status === 'free');
    await vendor.book(slot.id);
    if (other) await rvsq.book(other.id);
  }
}

async function seen(url: string, dataFolder: string) {
  const authorization = `Bearer ${(await readFile(join(dataFolder, 'admin-token'), 'utf8')).trim()}`;
  const get = (path: string) => exchange(url, { method: 'GET', path, headers: { authorization } });
  const from = new Date(Date.now() + DAY).toISOString().slice(0, 10);
  const slots = resourcesIn(await get(`/fhir/Slot?status=free&start=ge${from}&_count=40`));
  const { conflicts } = JSON.parse((await get('/api/conflicts')).text ?? '') as {
    conflicts: { id: string }[];
  };
  const asked = async () =>
    (JSON.parse((await get('/api/tasks?state=all')).text ?? '') as { tasks: { id: string }[] }).tasks;
  await until('a person is asked to close what was sold', async () => (await asked()).length > 0);
  return {
    ...{ authorization, slots, conflictIds: conflicts.map(({ id }) => id) },
    taskIds: (await asked()).map(({ id }) => id),
  };
}

const resourcesIn = ({ text }: Answered): Row[] =>
  ((JSON.parse(text ?? '') as { entry?: { resource: Row }[] }).entry ?? []).map(({ resource }) => resource);

function asking(url: string, authorization: string, database: Database): Pick<Server, 'ask' | 'askAside'> {
  let count = 0;
  const put = async (asked: Exchange): Promise<string> => {
    const headers = { authorization, 'accept-language': 'en', ...asked.headers };
    const verdict = sound(asked, await exchange(url, { ...asked, headers }));
    count += 1;
    if (count % USUAL_EVERY === 0) await usual(url, authorization);
    return verdict;
  };
  const traces = tracesOf(database);
  let before: string | null = null;
  return {
    ask: put,
    askAside: async (asked) => {
      before ??= await traces();
      const verdict = await put(asked);
      const after = await traces();
      const isChanged = after !== before;
      before = after;
      if (!isChanged || !isRefused(verdict)) return verdict;
      // What was accepted before may have left something to do; so it is asked again, when all is quiet.
      await new Promise((resolve) => setTimeout(resolve, SETTLING_MILLISECONDS));
      const quiet = await traces();
      const again = await put(asked);
      before = await traces();
      must(!isRefused(again) || before === quiet, `refused (${again}), and yet the database has changed`);
      return again;
    },
  };
}

/** A conflict (409) may be told of only after a platform was asked, and what that says is kept. */
const isRefused = (verdict: string): boolean => /^4\d\d/.test(verdict) && !verdict.startsWith('409');

async function usual(url: string, authorization: string): Promise<void> {
  const { status, text } = await exchange(url, {
    method: 'GET',
    path: '/fhir/Slot?_count=1',
    headers: { authorization },
  });
  must(
    status === 200 && Boolean(text?.includes('"searchset"')),
    `afterwards the server answers ${status}: ${text}`,
  );
}

/** How many rows each table has, and which transaction wrote one last; but that somebody was refused is recorded, and should be. */
function tracesOf(database: Database): () => Promise<string> {
  const statement = once(async () => {
    const tables = await database.query<{ name: string }>(
      "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'audit_event' order by 1",
    );
    return tables
      .map(
        ({ name }) =>
          `select '${name}' as name, count(*)::int as rows, max(xmin::text::bigint)::text as last from ${name}`,
      )
      .join(' union all ');
  });
  return async () => JSON.stringify(await database.query(await statement()));
}
