import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { LogEntry } from '../../src/adapter/simulator/control.ts';
import { type GatewayProcess, spawnGateway } from '../support/gateway-process.ts';
import { ACTORS, type GatewayPlan, MirroredClinic, type SimulatedSite } from '../support/mirrored-clinic.ts';
import {
  hasOwnPostgres,
  hasOwnRedis,
  type OwnServer,
  ownPostgres,
  ownRedis,
  redisDo,
} from '../support/own-servers.ts';
import { expectAgreement, moreBookings, openForBusiness } from '../support/patients.ts';
import { requireServer, until } from '../support/servers.ts';

/** `passerelle serve --no-work` and several `passerelle work`, as processes, on servers that nobody else uses. */

const WORKERS = 2;
/** Less than they would call, and more than the patients of these tests make necessary. */
const LIMIT = { requests: 10, windowMilliseconds: 1_000 };
/** Bookings at once on each platform, to be closed on the other. */
const BURST = 20;
const LATENCY_MILLISECONDS = 150;
/** What a process that died or lost its database had claimed is taken over after 30 s. */
const CONVERGED_MILLISECONDS = 120_000;

describe('one process that serves and several that work', function () {
  this.timeout(300_000);
  let postgres: OwnServer;
  let redis: OwnServer;
  let clinic: MirroredClinic;
  let server: GatewayProcess;
  let workers: readonly GatewayProcess[];

  before(async function () {
    await requireServer('PostgreSQL (initdb, postgres)', hasOwnPostgres).call(this);
    await requireServer('Redis (redis-server)', hasOwnRedis).call(this);
    [postgres, redis] = await Promise.all([ownPostgres(), ownRedis()]);
    clinic = await MirroredClinic.open({
      databaseUrl: postgres.url,
      redisUrl: redis.url,
      limits: { vendor: LIMIT, rvsq: LIMIT },
      rvsqPollMilliseconds: 500,
      launch: async (plan) => {
        [server, ...workers] = await launch(plan);
        return { url: server.url, close: () => end([server, ...workers]) };
      },
    });
  });
  after(async () => {
    await clinic?.close();
    await redis?.remove();
    await postgres?.remove();
  });

  const sites = (): readonly SimulatedSite[] => [clinic.vendor, clinic.rvsq];

  /** Each platform sells much at once, of different doctors, so that all of it can be closed on the other. */
  async function burst(): Promise<void> {
    const slots = await Promise.all(sites().map((site, index) => site.laterSlots(ACTORS[index])));
    const sales = sites().map((site, index) =>
      slots[index]?.slice(0, BURST).map(({ id }) => site.call('POST', 'bookings', { slotId: id })),
    );
    // One of them may have been sold to somebody else in between.
    await Promise.all(sales.flat());
  }

  /** Patients book before, during and after what happens; then all agree, and none has died but whom it killed. */
  async function whileSelling(happens: () => Promise<readonly GatewayProcess[]>): Promise<void> {
    // So that whatever happens, happens in the midst of a write.
    for (const site of sites()) await site.faults({ latencyMs: LATENCY_MILLISECONDS });
    const running = [server, ...workers].filter((each) => each.isRunning());
    const sales = openForBusiness(clinic);
    await moreBookings(clinic, 4);
    const killed = await happens();
    await moreBookings(clinic, 4);
    await sales.stop();
    const died = running.filter((each) => !each.isRunning());
    expect(died.map(({ pid }) => pid)).to.deep.equal(killed.map(({ pid }) => pid));
    await expectAgreement(clinic, CONVERGED_MILLISECONDS);
  }

  it('keep together to the requests that a platform takes', async () => {
    const rateLimit = { requests: LIMIT.requests, windowMs: LIMIT.windowMilliseconds };
    for (const site of sites()) await site.faults({ rateLimit });
    const callersOf = ({ url: site }: SimulatedSite) =>
      workers.filter(({ calls }) => calls.some(({ url }) => url.startsWith(site)));
    // Which of them takes what is a matter of luck, and one alone would keep to any limit.
    await until('several have called each platform', async () => {
      await burst();
      await expectAgreement(clinic, CONVERGED_MILLISECONDS);
      return sites().every((site) => callersOf(site).length > 1);
    });
    for (const site of sites()) {
      const log = await site.log();
      expect(log.map(({ status }) => status)).not.to.include(429);
      // With less in a window it would not be the limit that held them back.
      expect(mostInAWindow(log, LIMIT.windowMilliseconds)).to.be.within(LIMIT.requests - 1, LIMIT.requests);
      await site.faults({});
    }
  });

  it('share the load: each block is written by one of them, and none by the one that serves', async () => {
    const before = workers.map((worker) => writesOf(worker).length);
    const sales = openForBusiness(clinic);
    await until('each of them has written to a platform', async () =>
      workers.every((worker, index) => writesOf(worker).length > (before[index] ?? 0)),
    );
    await sales.stop();
    await expectAgreement(clinic, CONVERGED_MILLISECONDS);
    expect(server.calls).to.deep.equal([]);
    const closed = workers.flatMap(({ events }) =>
      events.flatMap((event) =>
        event.type === 'listing.closed' ? [`${event.connectionId} ${event.subjectId}`] : [],
      ),
    );
    expect(closed.length).to.be.above(2 * BURST);
    expect(new Set(closed).size).to.equal(closed.length);
  });

  it('come through a Redis that is flushed, and one that dies and comes back empty', () =>
    whileSelling(async () => {
      await redisDo(redis.url, (client) => client.flushall());
      await moreBookings(clinic, 6);
      await redis.kill();
      await moreBookings(clinic, 6);
      await redis.start();
      return [];
    }));

  it('close what is sold while Redis is down', async () => {
    await redis.kill();
    await burst();
    await expectAgreement(clinic, CONVERGED_MILLISECONDS);
    await redis.start();
  });

  it('come through a PostgreSQL that is stopped in the midst and started again', () =>
    whileSelling(async () => {
      await postgres.kill();
      await moreBookings(clinic, 6);
      await postgres.start();
      return [];
    }));

  it('take over from one that is killed in the midst of a burst', () =>
    whileSelling(async () => {
      const before = workers.map((worker) => writesOf(worker).length);
      // After the first writes of a burst it has claimed the rest, and most of that still waits for its turn.
      const busy = () =>
        workers.filter((worker, index) => writesOf(worker).length > (before[index] ?? 0) + 3).slice(0, 1);
      await burst();
      await until('one of them is in the midst of it', async () => busy().length > 0);
      const victims = busy();
      await end(victims);
      return victims;
    }));
});

/** One that serves, then those that work. */
async function launch(plan: GatewayPlan): Promise<[GatewayProcess, ...GatewayProcess[]]> {
  const environment = { ...plan.environment, key: randomBytes(32).toString('base64') };
  const start = (role: GatewayPlan['role']) => spawnGateway({ ...plan, environment, role });
  return Promise.all([start('serve'), ...Array.from({ length: WORKERS }, () => start('work'))]);
}

async function end(processes: readonly GatewayProcess[]): Promise<void> {
  await Promise.all(processes.map((each) => each.close()));
}

const writesOf = ({ calls }: GatewayProcess) => calls.filter(({ method }) => method !== 'GET');

function mostInAWindow(log: readonly LogEntry[], windowMilliseconds: number): number {
  const times = log.map(({ time }) => Date.parse(time)).sort((a, b) => a - b);
  const counts = times.map(
    (from) => times.filter((time) => time >= from && time < from + windowMilliseconds).length,
  );
  return Math.max(...counts);
}
