import { expect } from 'chai';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';

type Readiness = { connections: { id: string; ready: boolean; reason?: string }[] };

describe('an outage of the vendor', function () {
  this.timeout(90_000);
  let clinic: MirroredClinic;

  before(async () => {
    clinic = await MirroredClinic.open();
  });
  after(() => clinic?.close());

  it('leaves RVSQ bookable, says so meanwhile, and converges by itself afterwards', async () => {
    await clinic.vendor.faults({ down: true });
    const slots = [
      await clinic.rvsq.laterSlot(0),
      await clinic.rvsq.laterSlot(3),
      await clinic.rvsq.laterSlot(7),
    ];
    for (const slot of slots) await clinic.rvsq.book(slot.id);

    await until('the circuit of the vendor is open', async () =>
      clinic.events.some(
        (event) => event.type === 'connection.down' && event.connectionId === 'bonjour-sante',
      ),
    );
    const readiness = await fetch(`${clinic.url}/readyz`);
    expect(readiness.status).to.equal(503);
    const { connections } = (await readiness.json()) as Readiness;
    const byId = Object.fromEntries(connections.map((connection) => [connection.id, connection]));
    expect(byId['rvsq']?.ready).to.equal(true);
    expect(byId['bonjour-sante']?.ready).to.equal(false);

    await clinic.vendor.faults({});
    await until('the vendor has caught up', () => clinic.converged(), 40_000);
    for (const slot of slots) {
      const there = await clinic.vendor.overlapping(slot);
      expect(there.map((other) => other.status)).to.satisfy((all: string[]) =>
        all.every((s) => s === 'blocked'),
      );
    }
    await until('readyz is green', async () => (await fetch(`${clinic.url}/readyz`)).status === 200);
  });

  it('loses nothing when answers are lost, calls fail and webhooks go astray', async () => {
    await clinic.vendor.faults({
      loseResponseRate: 0.3,
      errorRate: 0.2,
      webhooks: { lose: 0.5, duplicate: 0.5, reorder: true },
    });
    await clinic.rvsq.faults({ loseResponseRate: 0.3, errorRate: 0.2 });
    for (let n = 0; n < 8; n += 1) {
      const vendorSlot = await clinic.vendor.laterSlot(30 + n * 4);
      await clinic.vendor.book(vendorSlot.id).catch(() => undefined);
      const rvsqSlot = await clinic.rvsq.laterSlot(90 + n * 4);
      await clinic.rvsq.book(rvsqSlot.id).catch(() => undefined);
    }
    await clinic.vendor.faults({});
    await clinic.rvsq.faults({});
    // What the lost webhooks were about comes with the next reading, which here is asked for.
    const token = (await import('node:fs'))
      .readFileSync(`${clinic.environment.dataFolder}/admin-token`, 'utf8')
      .trim();
    const headers = { authorization: `Bearer ${token}` };
    await until('both were read whole', async () => {
      const url = `${clinic.url}/api/connections/bonjour-sante/sync`;
      return (await (await fetch(url, { method: 'POST', headers })).text()).includes('"done"');
    });
    await until('both agree', () => clinic.converged(), 60_000);
    const blocks = await clinic.rvsq.call<{ kind: string; reference: string | null }[]>('GET', 'periods');
    const references = blocks.json.flatMap((period) => period.reference ?? []);
    expect(new Set(references).size, 'no block was made twice').to.equal(references.length);
  });

  it('does not keep a booking whose end overtook its beginning', async () => {
    const slot = await clinic.vendor.laterSlot(60);
    await clinic.vendor.faults({ webhooks: { reorder: true } });
    await clinic.vendor.cancel(await clinic.vendor.book(slot.id));
    const told = (type: string) => () =>
      Promise.resolve(
        clinic.events.some(
          (event) =>
            event.type === type && 'interval' in event && event.interval.start === Date.parse(slot.start),
        ),
      );
    await until('its beginning is taken in', told('busy.observed'));
    // Long before the vendor's next reading would be due.
    await until('its end is found', told('busy.ended'), 15_000);
    await clinic.vendor.faults({});
    expect((await clinic.rvsq.overlapping(slot)).length).to.be.above(0);
    await until('RVSQ is open', async () =>
      (await clinic.rvsq.overlapping(slot)).every((other) => other.status === 'free'),
    );
  });

  it('does not keep a conflict with a booking whose cancellation was not heard of', async () => {
    const slot = await clinic.vendor.laterSlot(70);
    const first = await clinic.vendor.book(slot.id);
    const seen = (type: string, count: number) => () =>
      Promise.resolve(
        clinic.events.filter(
          (event) =>
            event.type === type && 'interval' in event && event.interval.start === Date.parse(slot.start),
        ).length >= count,
      );
    await until('it is taken in', seen('busy.observed', 1));
    await clinic.vendor.faults({ webhooks: { lose: 1 } });
    await clinic.vendor.cancel(first);
    await clinic.vendor.faults({});
    await clinic.vendor.book(slot.id);
    await until('the next one is taken in', seen('busy.observed', 2));
    // Long before the vendor's next reading would be due.
    await until('the end of the first is found', seen('busy.ended', 1), 15_000);
    await until('all agree', () => clinic.converged(), 15_000);
    const { json } = await clinic.ask<{ connections: { conflicts: number }[] }>('GET', '/api/status');
    expect(json.connections.map(({ conflicts }) => conflicts)).to.deep.equal([0, 0]);
  });
});
