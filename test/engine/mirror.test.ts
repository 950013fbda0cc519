import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { freshPostgres, hasPostgres, listens } from '../support/databases.ts';
import { ACTORS, MirroredClinic, type SimSlot, type SimulatedSite } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';

const REDIS_URL = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const hasRedis = await listens(new URL(REDIS_URL));

const FORMS = [
  { name: 'PGlite, work in process', postgres: false, redis: false },
  { name: 'PostgreSQL, work in process', postgres: true, redis: false },
  { name: 'PostgreSQL, Bull on Redis', postgres: true, redis: true },
  { name: 'PGlite, Bull on Redis', postgres: false, redis: true },
];

for (const form of FORMS) {
  describe(`the mirror on ${form.name}`, function () {
    this.timeout(90_000);
    let clinic: MirroredClinic;
    let drop: () => Promise<void> = async () => undefined;

    before(async function () {
      requireServer('PostgreSQL', !form.postgres || hasPostgres).call(this);
      requireServer('Redis', !form.redis || hasRedis).call(this);
      const postgres = form.postgres ? await freshPostgres() : null;
      if (postgres) drop = postgres.drop;
      clinic = await MirroredClinic.open({
        databaseUrl: postgres?.url ?? null,
        redisUrl: form.redis
          ? `${REDIS_URL.replace(/\/\d*$/, '')}/${1 + ((randomBytes(1)[0] ?? 0) % 15)}`
          : null,
      });
    });
    after(async () => {
      await clinic?.close();
      await drop();
    });

    const sides = (name: 'vendor' | 'rvsq'): [SimulatedSite, SimulatedSite] =>
      name === 'vendor' ? [clinic.vendor, clinic.rvsq] : [clinic.rvsq, clinic.vendor];

    for (const name of ['vendor', 'rvsq'] as const) {
      it(`closes elsewhere what is booked on ${name}, and opens it again when it is cancelled`, async () => {
        const [here, there] = sides(name);
        const slot = await here.laterSlot(name === 'vendor' ? 0 : 20);
        expect((await there.overlapping(slot)).map((other) => other.status)).to.include('free');
        const id = await here.book(slot.id);
        await allOf(there, slot, 'blocked');
        expect((await here.slot(slot.id)).status).to.equal('busy');
        await here.cancel(id);
        await allOf(there, slot, 'free');
        expect((await here.slot(slot.id)).status).to.equal('free');
      });
    }

    it('leaves other slots alone, and other doctors', async () => {
      const slot = await clinic.vendor.laterSlot(4);
      const before = await clinic.rvsq.slots(ACTORS[1]);
      const closedBefore = new Set(await closed(clinic.rvsq));
      const id = await clinic.vendor.book(slot.id);
      await allOf(clinic.rvsq, slot, 'blocked');
      const closedNow = (await closed(clinic.rvsq)).filter((each) => !closedBefore.has(each));
      expect(closedNow).to.have.members((await clinic.rvsq.overlapping(slot)).map((other) => other.id));
      expect(await clinic.rvsq.slots(ACTORS[1])).to.deep.equal(before);
      await clinic.vendor.cancel(id);
      await allOf(clinic.rvsq, slot, 'free');
    });

    it('shows the other platform no patient', async () => {
      const slot = await clinic.vendor.laterSlot(6);
      const patient = { family: 'Fictif-Zyx', given: 'Personne', phone: '555-0100' };
      const { json } = await clinic.vendor.call<{ id: string }>('POST', 'bookings', {
        slotId: slot.id,
        patient,
      });
      await allOf(clinic.rvsq, slot, 'blocked');
      const { json: log } = await clinic.rvsq.call('GET', 'log');
      expect(JSON.stringify(log)).not.to.contain('Fictif-Zyx').and.not.to.contain('555-0100');
      await clinic.vendor.cancel(json.id);
      await allOf(clinic.rvsq, slot, 'free');
    });

    it('keeps both bookings of one time as a conflict, and keeps the time closed until both are gone', async () => {
      const slot = await clinic.vendor.laterSlot(10);
      const [other] = await clinic.rvsq.overlapping(slot);
      if (!other) throw new Error('no slot on the other grid');
      const [one, two] = await Promise.all([clinic.vendor.book(slot.id), clinic.rvsq.book(other.id)]);
      await until('the conflict is recorded', async () =>
        clinic.events.some((event) => event.type === 'conflict.detected'),
      );
      expect((await clinic.vendor.slot(slot.id)).status).to.equal('busy');
      expect((await clinic.rvsq.slot(other.id)).status).to.equal('busy');
      await clinic.vendor.cancel(one);
      await until('the vendor is closed by the booking that is left', async () =>
        (await clinic.vendor.overlapping(other)).every((each) => each.status === 'blocked'),
      );
      await clinic.rvsq.cancel(two);
      await allOf(clinic.vendor, other, 'free');
    });

    it('writes nothing while nothing happens', async () => {
      await until('all is quiet', async () => clinic.converged());
      const before = await writes(clinic);
      // Some polls of RVSQ later. What is awaited is that they were made, not that time has passed.
      const polls = async () => (await clinic.rvsq.call<unknown[]>('GET', 'log')).json.length;
      const start = await polls();
      await until('RVSQ was polled ten times', async () => (await polls()) >= start + 10);
      expect(await writes(clinic)).to.deep.equal(before);
    });
  });
}

async function allOf(site: SimulatedSite, time: SimSlot, status: SimSlot['status']): Promise<void> {
  await until(`${time.start} is ${status}`, async () => {
    const slots = await site.overlapping(time);
    return slots.length > 0 && slots.every((slot) => slot.status === status);
  });
}

const closed = async (site: SimulatedSite): Promise<string[]> =>
  (await site.slots()).flatMap((slot) => (slot.status === 'blocked' ? [slot.id] : []));

async function writes(clinic: MirroredClinic): Promise<unknown[]> {
  const logs = await Promise.all(
    [clinic.vendor, clinic.rvsq].map((site) => site.call<{ method: string; path: string }[]>('GET', 'log')),
  );
  return logs.flatMap(({ json }) => json.filter((entry) => entry.method !== 'GET'));
}
