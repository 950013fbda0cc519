import { expect } from 'chai';
import type { LogEntry } from '../../src/adapter/simulator/control.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';
import { disagreements, type SimSlot, type SimulatedSite } from '../support/simulated-site.ts';

/** Sites of the vendor, 15 minutes, and of RVSQ, 20: far enough apart that none of these bookings overlap. */
const BEFORE = [0, 8, 16, 24];
const MEANWHILE = [32, 40];

describe('a gateway that was stopped while both platforms went on', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;
  let stopped: { readonly vendor: number; readonly rvsq: number };
  const freed: SimSlot[] = [];

  before(async () => {
    clinic = await MirroredClinic.open();
    const vendor = await bookAll(clinic.vendor, BEFORE);
    const rvsq = await bookAll(
      clinic.rvsq,
      BEFORE.map((index) => index + 60),
    );
    await agree(clinic);
    await clinic.stop();

    stopped = {
      vendor: (await clinic.vendor.writes()).length,
      rvsq: (await clinic.rvsq.writes()).length,
    };
    // What the vendor tells meanwhile reaches nobody, and is not told again.
    await clinic.vendor.faults({ webhooks: { lose: true } });
    for (const [site, bookings] of [
      [clinic.vendor, vendor],
      [clinic.rvsq, rvsq],
    ] as const) {
      const [first] = bookings;
      if (!first) throw new Error('nothing was booked');
      await site.cancel(first.id);
      freed.push(first.slot);
    }
    await bookAll(clinic.vendor, MEANWHILE);
    await bookAll(
      clinic.rvsq,
      MEANWHILE.map((index) => index + 60),
    );
    await clinic.vendor.faults({});
    await clinic.start();
  });
  after(() => clinic?.close());

  it('catches up with the bookings and the cancellations of both sides', async () => {
    await agree(clinic);
    const [onVendor, onRvsq] = freed;
    if (!onVendor || !onRvsq) throw new Error('nothing was freed');
    expect(statuses(await clinic.rvsq.overlapping(onVendor))).to.deep.equal(['free']);
    expect(statuses(await clinic.vendor.overlapping(onRvsq))).to.deep.equal(['free']);
  });

  it('does again nothing of what was done before', async () => {
    await clinic.polls(5);
    const onVendor = (await clinic.vendor.writes()).slice(stopped.vendor);
    const onRvsq = (await clinic.rvsq.writes()).slice(stopped.rvsq);
    expect(inWords(onVendor)).to.deep.equal(['DELETE blocages', 'POST blocages', 'POST blocages']);
    expect(inWords(onRvsq)).to.deep.equal([
      'DELETE unavailabilities',
      'POST unavailabilities',
      'POST unavailabilities',
    ]);
  });

  it('has nothing to do after a restart at rest', async () => {
    const before = [await clinic.vendor.writes(), await clinic.rvsq.writes()];
    await clinic.stop();
    await clinic.start();
    await clinic.polls(5);
    expect([await clinic.vendor.writes(), await clinic.rvsq.writes()]).to.deep.equal(before);
    expect(await disagreements(clinic.vendor, clinic.rvsq)).to.deep.equal([]);
  });
});

type Booking = { readonly id: string; readonly slot: SimSlot };

/** The slots are chosen before the first is booked, so that an index means the same time on every call. */
async function bookAll(site: SimulatedSite, indexes: readonly number[]): Promise<Booking[]> {
  const later = await site.laterSlots();
  const bookings: Booking[] = [];
  for (const index of indexes) {
    const slot = later[index];
    if (!slot) throw new Error('no free slot');
    bookings.push({ id: await site.book(slot.id), slot });
  }
  return bookings;
}

const agree = (clinic: MirroredClinic): Promise<void> =>
  until('both platforms agree', async () => {
    const differences = await disagreements(clinic.vendor, clinic.rvsq);
    if (differences.length > 0) throw new Error(differences.join('; '));
    return true;
  });

const statuses = (slots: readonly SimSlot[]): string[] => [...new Set(slots.map((slot) => slot.status))];

const inWords = (entries: readonly LogEntry[]): string[] =>
  entries
    .map(({ method, path }) => `${method} ${/blocages|unavailabilities/.exec(path)?.[0] ?? path}`)
    .sort();
