import { expect } from 'chai';
import { HOUR } from '../../src/domain/instant.ts';
import type { Allotted, Unit } from '../../src/domain/schedule.ts';
import { dealer, unitsOf } from '../../src/engine/shares.ts';
import { BookingClient } from '../support/booking-client.ts';
import { MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { differing } from '../support/patients.ts';
import { until } from '../support/servers.ts';

/** Two real platforms between which a doctor's day is divided. */

const RULE: Allotted = {
  mode: 'allotted',
  shares: { 'bonjour-sante': 1, rvsq: 1 },
  unitMinutes: 60,
  pooledMillisecondsBefore: 24 * HOUR,
};
const NAMES = { vendor: 'bonjour-sante', rvsq: 'rvsq' } as const;

describe('two platforms that a day is allotted to', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;
  before(async () => {
    clinic = await MirroredClinic.open({ sharing: RULE });
  });
  after(() => clinic?.close());

  /** Beyond what is pooled, and what will be while the test runs. */
  const ahead = async (name: 'vendor' | 'rvsq'): Promise<SimSlot[]> =>
    (await clinic[name].slots()).filter((slot) => Date.parse(slot.start) > Date.now() + 27 * HOUR);
  const holderOf = (slot: SimSlot): string | null => {
    const interval = { start: Date.parse(slot.start), end: Date.parse(slot.end) } as Parameters<
      typeof unitsOf
    >[0];
    const holders = new Set(unitsOf(interval, 'America/Toronto', 60).map((unit: Unit) => dealer(RULE)(unit)));
    return holders.size === 1 ? ([...holders][0] ?? null) : null;
  };

  it('never show one time as free on both, once all is told', async () => {
    await until('all is told', async () => (await differing(clinic)) === 0, 60_000);
    const [vendor, rvsq] = [await ahead('vendor'), await ahead('rvsq')];
    const free = (slots: readonly SimSlot[]): SimSlot[] => slots.filter(({ status }) => status === 'free');
    const both = free(vendor).filter((slot) =>
      free(rvsq).some((other) => other.start < slot.end && other.end > slot.start),
    );
    expect(both).to.deep.equal([]);
    for (const [name, slots] of [
      ['vendor', vendor],
      ['rvsq', rvsq],
    ] as const) {
      expect(free(slots).length, name).to.be.greaterThan(20);
      expect(new Set(free(slots).map(holderOf))).to.deep.equal(new Set([NAMES[name]]));
    }
  });

  it('sell what they hold, and Passerelle sells it through them and not through the other', async () => {
    const client = new BookingClient(clinic);
    const ofVendor = (await ahead('vendor')).filter(({ status }) => status === 'free');
    const ofRvsq = (await ahead('rvsq')).filter((slot) => holderOf(slot) === NAMES.vendor);
    const [mine, theirs] = [ofVendor.at(5), ofRvsq.at(5)];
    if (!mine || !theirs) throw new Error('nothing on offer');
    expect((await client.book(theirs, NAMES.rvsq)).status).to.equal(409);
    expect((await client.book(mine, NAMES.vendor)).status).to.equal(201);
    await until('it is closed at the other too', async () =>
      (await clinic.rvsq.overlapping(mine)).every(({ status }) => status !== 'free'),
    );
  });

  it('are told nothing more while nothing happens', async () => {
    await until('all is told', async () => (await differing(clinic)) === 0);
    const before = [(await clinic.vendor.writes()).length, (await clinic.rvsq.writes()).length];
    // What is awaited is that RVSQ was read, and the looks at what is allotted with it, not that time has passed.
    const calls = async (): Promise<number> => (await clinic.rvsq.log()).length;
    const start = await calls();
    await until('RVSQ was polled ten times', async () => (await calls()) >= start + 10);
    expect([(await clinic.vendor.writes()).length, (await clinic.rvsq.writes()).length]).to.deep.equal(
      before,
    );
  });
});
