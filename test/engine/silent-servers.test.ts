import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { manifest as rvsq } from '../../adapters/rvsq/manifest.ts';
import type { Manifest, Platform } from '../../src/adapter/contract.ts';
import { Directory } from '../../src/domain/directory.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { createBullQueue } from '../../src/queue/bull.ts';
import type { Database } from '../../src/store/database.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { createStore } from '../../src/store/store.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { REDIS_URL, redisAnswers, removeKeys } from '../queue/redis.ts';
import { entries, span } from '../support/clinic.ts';
import { freshPostgres, hasPostgres, type OpenDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';
import { requireServer, until } from '../support/servers.ts';
import { type TcpProxy, tcpProxy } from '../support/tcp-proxy.ts';

/** A worker whose servers are gone without closing a connection, and are back at once for new ones. */

const POLL_MILLISECONDS = 100;
const POSTGRES = {
  connectMilliseconds: 300,
  statementMilliseconds: 500,
  answerMilliseconds: 700,
  idleTransactionMilliseconds: 400,
};
const REDIS = {
  lockMilliseconds: 1_500,
  stalledMilliseconds: 200,
  silenceMilliseconds: 300,
  popMilliseconds: 300,
};
/** The lease of a feed, should the silence hold up its release too. */
const DEADLINE_MILLISECONDS = 45_000;

const manifest: Manifest = { ...rvsq, limits: { ...rvsq.limits, stalenessMilliseconds: 0 } };
const present = hasPostgres && (await redisAnswers());

describe('a worker whose servers fall silent', function () {
  this.timeout(120_000);
  let opened: OpenDatabase & { readonly url: string };
  let proxies: { readonly postgres: TcpProxy; readonly redis: TcpProxy };
  let database: Database;
  let engine: Engine;
  let prefix: string;
  const failures: string[] = [];
  const readings = { east: 0, west: 0 };
  /** What happens once, between the pages of the next reading of the western platform. */
  let meanwhile: (() => void) | null = null;

  const read: Platform['read'] = async function* ({ calendars, window }) {
    const isWest = calendars.includes('w-doctor');
    if (isWest && meanwhile) {
      meanwhile();
      meanwhile = null;
    }
    const calendar = isWest ? 'w-doctor' : 'e-doctor';
    const rest = { attributes: UNKNOWN_ATTRIBUTES, mark: null, revision: null, sequence: null };
    const slot = { ...rest, kind: 'slot' as const, externalId: 'slot-1', calendar, interval: span(0, 20) };
    yield { kind: 'rows', rows: [slot], removed: [], rejected: [] };
    readings[isWest ? 'west' : 'east'] += 1;
    yield { kind: 'end', complete: window, cursor: null };
  };

  before(
    requireServer('PostgreSQL and Redis', present, async () => {
      opened = await freshPostgres();
      proxies = { postgres: await tcpProxy(opened.url), redis: await tcpProxy(REDIS_URL) };
      database = openPostgres(proxies.postgres.url, { onError: () => undefined, limits: POSTGRES });
      prefix = `passerelle-test-${randomUUID()}`;
      const made = entries();
      const connections = made.connections.map((each) => ({ ...each, pollMilliseconds: POLL_MILLISECONDS }));
      const directory = new Directory({ ...made, connections });
      const queue = createBullQueue({
        redisUrl: proxies.redis.url,
        connectionIds: ['east', 'west'],
        prefix,
        role: 'both',
        log: () => undefined,
        timing: REDIS,
      });
      const { clock } = systemEnvironment;
      const context = engineContext(database, { platform: { read }, manifest, clock, directory, queue });
      engine = createEngine(
        { ...context, onError: (reason) => failures.push(reason) },
        createStore(database),
        { sweepMilliseconds: POLL_MILLISECONDS, freshnessMilliseconds: POLL_MILLISECONDS },
      );
      await engine.start({ works: true });
    }),
  );
  after(async () => {
    await engine?.stop();
    await database?.close();
    if (prefix) await removeKeys(prefix);
    await Promise.all([proxies?.postgres.cut(), proxies?.redis.cut()]);
    await opened?.drop();
  });

  const goesOn = async (): Promise<void> => {
    const { east, west } = readings;
    const isRead = async () => readings.east > east + 3 && readings.west > west + 3;
    await until('both platforms are read again', isRead, DEADLINE_MILLISECONDS);
  };

  it('goes on by new connections to PostgreSQL when the old ones are silent in the midst of a reading', async () => {
    await goesOn();
    failures.length = 0;
    const silent = new Promise<void>((resolve) => {
      meanwhile = () => {
        proxies.postgres.freeze();
        proxies.postgres.thaw();
        resolve();
      };
    });
    await silent;
    await goesOn();
    expect(failures).not.to.deep.equal([]);
  });

  it('goes on by new connections to Redis when the old ones are silent', async () => {
    await goesOn();
    proxies.redis.freeze();
    proxies.redis.thaw();
    await goesOn();
  });
});
