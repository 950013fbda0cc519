import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { Appointment, Bundle } from 'fhir/r4.js';
import { seededRandom } from '../../src/adapter/simulator/random.ts';
import type { Random } from '../../src/domain/environment.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { type GatewayProcess, spawnGateway } from '../support/gateway-process.ts';
import { ACTORS, MirroredClinic } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';
import { disagreements, type SimPeriod, type SimulatedSite } from '../support/simulated-site.ts';

const KILLS = 3;
const BOOKINGS_MAX = 120;
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
      const stop = new AbortController();
      const sales = [
        trade(clinic.vendor, seededRandom('the vendor’s patients'), stop.signal),
        trade(clinic.rvsq, seededRandom('RVSQ’s patients'), stop.signal),
      ];
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
      stop.abort();
      await Promise.all(sales);
      expect(processes).to.have.length(KILLS + 1);

      let last: string[] = [];
      await until(
        'both platforms agree',
        async () => {
          last = await disagreements(clinic.vendor, clinic.rvsq);
          return last.length === 0;
        },
        CONVERGED_MILLISECONDS,
      ).catch((error: unknown) => {
        throw new Error(`they disagree: ${last.join('; ')}`, { cause: error });
      });
      await onceEach(clinic.vendor);
      await onceEach(clinic.rvsq);
      expect(
        await clinic.converged(),
        'a slot is closed exactly where the other side has a booking',
      ).to.equal(true);

      const confirmed = [...(await bookingsOf(clinic.vendor)), ...(await bookingsOf(clinic.rvsq))];
      expect(confirmed.length).to.be.above(KILLS);
      expect((await inFhir(clinic)).sort()).to.deep.equal(confirmed.map(timeOf).sort());
    });

    it('is at rest afterwards', async () => {
      const writes = async () => [...(await clinic.vendor.writes()), ...(await clinic.rvsq.writes())];
      // A write whose answer was lost with its process may stand there already, and still be made sure of.
      await until('nothing is left to deliver', async () => (await differing(clinic)) === 0);
      const before = await writes();
      await clinic.polls(3);
      expect(await writes()).to.deep.equal(before);
    });
  });
}

/** Patients of one platform: they book what is shown as free, and now and then one cancels. */
async function trade(site: SimulatedSite, random: Random, signal: AbortSignal): Promise<void> {
  const own: string[] = [];
  let sold = 0;
  while (!signal.aborted && sold < BOOKINGS_MAX) {
    await wait(150 + random.next() * 500);
    const free = await site.laterSlots(ACTORS[Math.floor(random.next() * ACTORS.length)]);
    const slot = free[Math.floor(random.next() * free.length)];
    if (!slot) throw new Error('everything is sold: the test is too long for its agenda');
    const { status, json } = await site.call<{ id: string }>('POST', 'bookings', { slotId: slot.id });
    // Between the look and the booking a block of ours may have closed it.
    if (status === 409) continue;
    expect(status).to.equal(201);
    own.push(json.id);
    sold += 1;
    if (random.next() < 0.25)
      await site.cancel(own.splice(Math.floor(random.next() * own.length), 1)[0] ?? '');
  }
}

const bookingsOf = async (site: SimulatedSite): Promise<SimPeriod[]> =>
  (await site.periods()).filter((period) => period.kind === 'booked');

/** Waits for so many more periods to come and go on both sides, by the versions that the platforms count. */
async function moreBookings(clinic: MirroredClinic, count: number): Promise<void> {
  const { vendor, rvsq } = clinic.simulators;
  const made = (): number => vendor.agenda.version + rvsq.agenda.version;
  const before = made();
  await until(`${count} more changes`, async () => made() >= before + count);
}

async function onceEach(site: SimulatedSite): Promise<void> {
  const references = (await site.periods()).flatMap((period) => period.reference ?? []);
  expect(new Set(references).size, 'no block was made twice').to.equal(references.length);
}

async function differing(clinic: MirroredClinic): Promise<number> {
  const { json } = await clinic.ask<{ connections: { differing: number }[] }>('GET', '/api/status');
  return json.connections.reduce((sum, connection) => sum + connection.differing, 0);
}

const ownerOf = async (clinic: MirroredClinic): Promise<number> =>
  Number(await readFile(join(clinic.environment.dataFolder, 'owner.pid'), 'utf8'));

const timeOf = ({ actor, start, end }: Pick<SimPeriod, 'actor' | 'start' | 'end'>): string =>
  `${actor} ${Date.parse(start)} ${Date.parse(end)}`;

/** Every booked appointment, page by page, as any client reads it. */
async function inFhir(clinic: MirroredClinic): Promise<string[]> {
  const found: Appointment[] = [];
  let next: string | undefined = `${clinic.url}/fhir/Appointment?status=booked&_count=50`;
  while (next !== undefined) {
    const { status, json }: { status: number; json: Bundle<Appointment> } = await clinic.ask('GET', next);
    expect(status).to.equal(200);
    found.push(...(json.entry ?? []).flatMap((entry) => entry.resource ?? []));
    next = json.link?.find((link) => link.relation === 'next')?.url;
  }
  return found.map(({ participant, start = '', end = '' }) => {
    const actor = participant.find((each) => each.actor?.reference?.startsWith('Practitioner/'));
    return timeOf({ actor: actor?.actor?.reference?.slice('Practitioner/'.length) ?? '', start, end });
  });
}
