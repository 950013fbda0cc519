import { join } from 'node:path';
import { expect } from 'chai';
import { type Command, end, ready, start, variablesOf } from '../support/command-process.ts';
import { MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import {
  hasOwnPostgres,
  hasOwnRedis,
  type OwnServer,
  ownPostgres,
  ownRedis,
} from '../support/own-servers.ts';
import { requireServer, until } from '../support/servers.ts';
import type { SimulatedSite } from '../support/simulated-site.ts';

/** The commands as an operator runs them, from a configuration file and the environment, on servers of their own. */

/** Of what a process had claimed that was killed, 30 s, on a busy machine. */
const CLOSED_MILLISECONDS = 60_000;

describe('passerelle serve --no-work, and two passerelle work', function () {
  this.timeout(180_000);
  let postgres: OwnServer;
  let redis: OwnServer;
  let clinic: MirroredClinic;
  let server: Command;
  let workers: readonly Command[] = [];

  before(async function () {
    await requireServer('PostgreSQL (initdb, postgres)', hasOwnPostgres).call(this);
    await requireServer('Redis (redis-server)', hasOwnRedis).call(this);
    [postgres, redis] = await Promise.all([ownPostgres(), ownRedis()]);
    clinic = await MirroredClinic.open({
      databaseUrl: postgres.url,
      redisUrl: redis.url,
      launch: async (plan) => {
        const variables = await variablesOf(plan);
        server = start(['serve', '--no-work'], { ...variables, PORT: '0' });
        workers = [1, 2].map((number) =>
          start(['work'], { ...variables, PASSERELLE_DATA: join(plan.environment.dataFolder, `${number}`) }),
        );
        const [url = ''] = await Promise.all([server, ...workers].map(ready));
        return { url, close: async () => undefined };
      },
    });
  });
  after(async () => {
    for (const each of workers.length > 0 ? [server, ...workers] : []) await end(each, 'SIGKILL');
    await clinic?.close();
    await redis?.remove();
    await postgres?.remove();
  });

  /** Books the last slot that is free on one of them, and waits until the other shows its time as closed. */
  async function sell(one: SimulatedSite, other: SimulatedSite): Promise<void> {
    const slot = (await one.laterSlots()).at(-1) as SimSlot;
    await one.book(slot.id);
    await until(
      'it is closed on the other',
      async () => (await other.overlapping(slot)).every(({ status }) => status === 'blocked'),
      CLOSED_MILLISECONDS,
    );
  }
  const closings = ({ output }: Command): number =>
    output().match(/^.* booked on .* → closed on /gm)?.length ?? 0;

  it('share the work among the workers', async () => {
    await until(
      'each of them has closed something',
      async () => {
        await sell(clinic.vendor, clinic.rvsq);
        await sell(clinic.rvsq, clinic.vendor);
        return workers.every((worker) => closings(worker) > 0);
      },
      CLOSED_MILLISECONDS,
    );
    expect(closings(server)).to.equal(0);
  });

  it('go on when one of the workers is killed, and end in order when they are asked to', async () => {
    const [victim, other] = workers as [Command, Command];
    await end(victim, 'SIGKILL');
    const before = closings(other);
    await sell(clinic.vendor, clinic.rvsq);
    await sell(clinic.rvsq, clinic.vendor);
    await until('it says so of both', async () => closings(other) === before + 2);
    expect(await end(other, 'SIGTERM')).to.equal(0);
    expect(await end(server, 'SIGTERM')).to.equal(0);
  });
});
