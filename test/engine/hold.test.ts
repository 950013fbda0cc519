import { expect } from 'chai';
import { SIMULATOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import { systemClock } from '../../src/adapter/simulator/system-clock.ts';
import { plus, SECOND } from '../../src/domain/instant.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';
import { ACTORS, type SimSlot } from '../support/simulated-site.ts';

/** What its patients do, and what becomes of it. */
function through(clinic: () => MirroredClinic) {
  const vendor = async (path: string, body: unknown): Promise<{ id: string }> => {
    const response = await fetch(`${clinic().vendor.url}/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SIMULATOR_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).to.be.oneOf([200, 201]);
    return (await response.json()) as { id: string };
  };
  const hold = (slot: SimSlot, reference: string, milliseconds: number) =>
    vendor(`/agendas/ag-${ACTORS[0]}/reservations`, {
      debut: slot.start,
      fin: slot.end,
      plageId: slot.id,
      referenceExterne: reference,
      expireLe: new Date(Date.now() + milliseconds).toISOString(),
      confirmation: null,
    });
  const rvsqIs = (slot: SimSlot, status: SimSlot['status']) =>
    until(`RVSQ is ${status}`, async () => {
      const slots = await clinic().rvsq.overlapping(slot);
      return slots.length > 0 && slots.every((each) => each.status === status);
    });
  return { vendor, hold, rvsqIs };
}

/** A patient of the vendor who has a slot before them: it is theirs for a while, and nobody else's anywhere. */
describe('a hold at the vendor', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;

  before(async () => {
    clinic = await MirroredClinic.open();
  });
  after(() => clinic?.close());

  const { vendor, hold, rvsqIs } = through(() => clinic);

  it('closes RVSQ at once, and costs no further call when it becomes a booking', async () => {
    const slot = await clinic.vendor.laterSlot(0);
    const { id } = await hold(slot, 'site-1', 60 * SECOND);
    await rvsqIs(slot, 'blocked');
    const writes = await clinic.rvsq.writes();
    await vendor(`/reservations/${id}/confirmation`, { referenceExterne: 'site-1', patient: null });
    await until('the booking is known', async () =>
      clinic.events.some((event) => event.type === 'busy.observed' && event.busyKind === 'appointment'),
    );
    expect(await clinic.rvsq.writes()).to.deep.equal(writes);
    await rvsqIs(slot, 'blocked');
  });

  it('opens RVSQ when it runs out, though the vendor’s word of it is lost', async () => {
    const slot = await clinic.vendor.laterSlot(12);
    await hold(slot, 'site-2', 4 * SECOND);
    await rvsqIs(slot, 'blocked');
    await clinic.vendor.faults({ webhooks: { lose: 1 } });
    await rvsqIs(slot, 'free');
    expect((await clinic.vendor.slot(slot.id)).status).to.equal('free');
    await clinic.vendor.faults({});
  });
});

/** How far it is behind. */
const BEHIND_MILLISECONDS = 60 * SECOND;

describe('a hold at a vendor whose clock is behind', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;

  before(async () => {
    const now = () => plus(systemClock.now(), -BEHIND_MILLISECONDS);
    clinic = await MirroredClinic.open({ vendorClock: { ...systemClock, now } });
  });
  after(() => clinic?.close());

  const { vendor, hold, rvsqIs } = through(() => clinic);

  it('keeps RVSQ closed as long as the vendor says that it stands', async () => {
    const slot = await clinic.vendor.laterSlot(18);
    // Over by our clock, and not by the vendor's.
    const { id } = await hold(slot, 'site-3', BEHIND_MILLISECONDS * -0.5);
    await rvsqIs(slot, 'blocked');
    const reads = async () =>
      (await clinic.vendor.log()).filter(({ method, path }) => method === 'GET' && path.includes('grille'))
        .length;
    const before = await reads();
    await until('the vendor is asked', async () => (await reads()) > before);
    const writes = await clinic.rvsq.writes();
    await vendor(`/reservations/${id}/confirmation`, { referenceExterne: 'site-3', patient: null });
    await until('the booking is known', async () =>
      clinic.events.some(
        (event) =>
          event.type === 'busy.observed' &&
          event.busyKind === 'appointment' &&
          event.interval.start === Date.parse(slot.start),
      ),
    );
    await rvsqIs(slot, 'blocked');
    expect(await clinic.rvsq.writes()).to.deep.equal(writes);
    expect(clinic.events.filter((event) => event.type === 'busy.ended')).to.deep.equal([]);
  });
});
