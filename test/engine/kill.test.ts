import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { seededRandom } from '../../src/adapter/simulator/random.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { type GatewayProcess, spawnGateway } from '../support/gateway-process.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { differing, expectAgreement, moreBookings, openForBusiness } from '../support/patients.ts';
import { requireServer, until } from '../support/servers.ts';

const KILLS = 3;
/** A worker that died keeps what it had claimed this long (30 s on a server, where others may live), then retries. */
const CONVERGED_MILLISECONDS = 75_000;

const FORMS = [
  { name: 'PGlite', postgres: false },
  { name: 'PostgreSQL', postgres: true },
];

for (const form of FORMS) {
  describe(`a gateway on ${form.name} that is killed while bookings come in`, function () {
    this.timeout(150_000);
    let clinic: MirroredClinic;
    let drop: () => Promise<void> = async () => undefined;
    const processes: GatewayProcess[] = [];

    const prepare = async (): Promise<void> => {
      const postgres = form.postgres ? await freshPostgres() : null;
      if (postgres) drop = postgres.drop;
      clinic = await MirroredClinic.open({
        databaseUrl: postgres?.url ?? null,
        rvsqPollMilliseconds: 700,
        launch: async (plan) => {
          const started = await spawnGateway(plan);
          processes.push(started);
          return started;
        },
      });
    };
    before(requireServer('PostgreSQL', !form.postgres || hasPostgres, prepare));
    after(async () => {
      await clinic?.close();
      await drop();
    });

    it('starts again, loses no booking, and closes each of them elsewhere exactly once', async () => {
      // A write takes a moment, so that a process that dies often leaves one behind that lands without it.
      for (const site of [clinic.vendor, clinic.rvsq]) await site.faults({ latencyMs: 60 });
      const sales = openForBusiness(clinic);
      const random = seededRandom(`kills on ${form.name}`);
      for (let kill = 0; kill < KILLS; kill += 1) {
        await moreBookings(clinic, 3 + Math.floor(random.next() * 6));
        await wait(random.next() * 60);
        const pid = processes.at(-1)?.pid;
        await clinic.stop();
        if (!form.postgres) expect(await ownerOf(clinic), 'nothing was put in order').to.equal(pid);
        await moreBookings(clinic, 2);
        await clinic.start();
        if (!form.postgres)
          expect(await ownerOf(clinic))
            .to.equal(processes.at(-1)?.pid)
            .and.not.equal(pid);
      }
      await sales.stop();
      expect(processes).to.have.length(KILLS + 1);
      await expectAgreement(clinic, CONVERGED_MILLISECONDS);
    });

    it('is at rest afterwards', async () => {
      const writes = async () => [...(await clinic.vendor.writes()), ...(await clinic.rvsq.writes())];
      const writesDuring = async (polls: number) => {
        const before = await writes();
        await clinic.polls(polls);
        return (await writes()).slice(before.length);
      };
      // Of a removal whose answer was lost with its process the platform's own message may tell, while it is being made
      // sure of: that call is still under way when nothing is left to deliver.
      await until('nothing is left to deliver', async () => (await differing(clinic)) === 0);
      await until('nothing is under way', async () => (await writesDuring(3)).length === 0);
      expect(await writesDuring(5)).to.deep.equal([]);
    });
  });
}

const ownerOf = async (clinic: MirroredClinic): Promise<number> =>
  Number(await readFile(join(clinic.environment.dataFolder, 'owner.pid'), 'utf8'));
