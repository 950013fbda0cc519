import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { derivedId } from '../../src/engine/identity.ts';
import { WEBHOOK_SECRET } from '../support/clinic-configuration.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';
import { disagreements } from '../support/simulated-site.ts';

type Delivery = { readonly headers: Record<string, string>; readonly body: Buffer };
type Bundle = {
  readonly entry?: readonly {
    readonly resource: {
      readonly id: string;
      readonly status: string;
      readonly meta: { readonly versionId: string };
    };
  }[];
};

/** Stands between the vendor and the gateway, as whoever took a copy of what went by. */
async function tap(target: () => string) {
  const taken: Delivery[] = [];
  let answered = 0;
  const send = async ({ headers, body }: Delivery): Promise<number> =>
    (await fetch(target(), { method: 'POST', headers, body })).status;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const signed = Object.entries(request.headers).filter(([name]) => name.startsWith('x-bonjour-'));
    const delivery = {
      headers: Object.fromEntries(signed) as Record<string, string>,
      body: Buffer.concat(chunks),
    };
    taken.push(delivery);
    response.writeHead(await send(delivery)).end();
    answered += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    taken,
    underWay: () => taken.length - answered,
    send,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

for (const form of ['PGlite', 'PostgreSQL'] as const) {
  describe(`webhooks that are sent again within the replay window, on ${form}`, function () {
    this.timeout(120_000);
    let clinic: MirroredClinic;
    let wire: Awaited<ReturnType<typeof tap>>;
    let drop: () => Promise<void> = async () => undefined;

    before(async function () {
      requireServer('PostgreSQL', form === 'PGlite' || hasPostgres).call(this);
      const postgres = form === 'PostgreSQL' ? await freshPostgres() : null;
      if (postgres) drop = postgres.drop;
      clinic = await MirroredClinic.open({ databaseUrl: postgres?.url ?? null });
      wire = await tap(() => `${clinic.url}/webhooks/bonjour-sante`);
      await clinic.vendor.call('PUT', 'webhook', { url: wire.url, secret: WEBHOOK_SECRET });
    });
    after(async () => {
      await wire?.close();
      await clinic?.close();
      await drop();
    });

    /** Slots and appointments by id, with version and status, and what was written on the platforms. */
    async function everything(): Promise<Record<string, string>> {
      const found: Record<string, string> = {};
      const [from, to] = [days(1), days(20)];
      for (const query of [`Slot?start=ge${from}&start=lt${to}`, `Appointment?date=ge${from}&date=lt${to}`]) {
        for (const schedule of query.startsWith('Slot') ? ['dr-tremblay-ici', 'dre-gagnon-ici'] : [null]) {
          const filter = schedule === null ? '' : `&schedule=Schedule/${schedule}`;
          const { json } = await clinic.ask<Bundle>('GET', `/fhir/${query}${filter}&_count=1000`);
          for (const { resource } of json.entry ?? [])
            found[resource.id] = `${resource.status} ${resource.meta.versionId}`;
        }
      }
      const writes = await Promise.all([clinic.vendor.writes(), clinic.rvsq.writes()]);
      return { ...found, writes: writes.map((all) => all.length).join(' ') };
    }
    const overlapping = async (slot: SimSlot, status: SimSlot['status']) =>
      until(`RVSQ shows ${status}`, async () =>
        (await clinic.rvsq.overlapping(slot)).every((other) => other.status === status),
      );

    it('change nothing, in whatever order and however often', async () => {
      const { vendor, rvsq, simulators } = clinic;
      const { agenda } = simulators.vendor;
      // So far apart that no slot of RVSQ's grid lies across two of them.
      const all = await vendor.laterSlots();
      const [kept, freed, twice, gone] = [0, 6, 12, 18].map((index) => all[index]) as [
        SimSlot,
        SimSlot,
        SimSlot,
        SimSlot,
      ];
      // A booking; one that was cancelled; a time that was sold, freed and sold again; and one that RVSQ sold.
      await vendor.book(kept.id);
      const cancelled = await vendor.book(freed.id);
      const first = await vendor.book(twice.id);
      const there = (await rvsq.laterSlots()).at(-1) as SimSlot;
      const sold = await rvsq.book(there.id);
      for (const slot of [kept, freed, twice]) await overlapping(slot, 'blocked');
      await vendor.cancel(cancelled);
      await vendor.cancel(first);
      for (const slot of [freed, twice]) await overlapping(slot, 'free');
      await vendor.book(twice.id);
      await overlapping(twice, 'blocked');
      await until('the vendor shows RVSQ’s', async () =>
        (await vendor.overlapping(there)).every(({ status }) => status === 'blocked'),
      );
      await rvsq.cancel(sold);
      await until('and its end', async () =>
        (await vendor.overlapping(there)).every(({ status }) => status === 'free'),
      );
      // A slot that changes, and one that is taken off the offer.
      const changing = agenda.find('slot', freed.id);
      const removed = agenda.find('slot', gone.id);
      if (!changing || !removed) throw new Error('the slots are there');
      agenda.change(removed, { offer: { ...removed.offer, mode: 'TEL' } });
      agenda.change(changing, { offer: { ...changing.offer, motifs: ['PEDIA'] } });
      agenda.change(changing, { offer: { ...changing.offer, motifs: ['GROS'] } });
      agenda.remove(removed);
      const id = derivedId('slot', 'bonjour-sante', removed.id);
      await until('all of it is known', async () => {
        const isTold = wire.taken.some(({ body }) => body.includes('"GROS"')) && wire.underWay() === 0;
        const isGone = (await clinic.ask('GET', `/fhir/Slot/${id}`)).status === 410;
        return isTold && isGone && (await disagreements(vendor, rvsq)).length === 0;
      });

      const before = await everything();
      const copies = [...wire.taken];
      expect(copies.length).to.be.greaterThan(10);
      for (const order of [copies, [...copies].reverse()]) {
        for (const copy of order) expect(await wire.send(copy)).to.equal(202);
      }
      // A slot that is there no more is told of again by its old news; the vendor is asked, and says.
      await until(
        'it is as it was',
        async () => {
          expect(await everything()).to.deep.equal(before);
          return true;
        },
        20_000,
      );
      expect(await disagreements(vendor, rvsq)).to.deep.equal([]);
    });
  });
}

const days = (count: number): string => new Date(Date.now() + count * 86_400_000).toISOString();
