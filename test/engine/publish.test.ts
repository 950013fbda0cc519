import { expect } from 'chai';
import type { Bundle, Slot } from 'fhir/r4.js';
import type { Offre } from '../../adapters/bonjour-sante/wire.ts';
import type { Offer } from '../../adapters/rvsq/wire.ts';
import type { OfferedSlot } from '../../src/adapter/simulator/records.ts';
import { HOUR } from '../../src/domain/instant.ts';
import { BookingClient } from '../support/booking-client.ts';
import { homeAgendaOnly, SLOTS_OF_A_DOCTOR } from '../support/home-agenda-only.ts';
import { ACTORS, MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';

const REASONS: Record<string, string> = {
  URG: '7c1f0e52-3a64-4d0e-9b1a-5f2c8a7d1e01',
  SURG: '7c1f0e52-3a64-4d0e-9b1a-5f2c8a7d1e02',
  GROS: '7c1f0e52-3a64-4d0e-9b1a-5f2c8a7d1e03',
  PEDIA: '7c1f0e52-3a64-4d0e-9b1a-5f2c8a7d1e04',
  SUIVI: '7c1f0e52-3a64-4d0e-9b1a-5f2c8a7d1e05',
};
const CLIENTELE: Record<string, string> = {
  'INSCRIT-MD': '1',
  'INSCRIT-SITE': '2',
  TOUS: '3',
  'INSCRIT-PRO': '4',
};
/** RVSQ has no word for 911, so a slot for those whom it sends is offered to fewer there. */
const ORIGINS: Record<string, string> = { 'INFO-SANTE': '811', GAP: 'GAP', HOPITAL: 'CH' };
const MODES: Record<string, string> = { CLINIQUE: 'OFFICE', TEL: 'PHONE', VIDEO: 'VIDEO' };

describe('the vendor’s slots published on RVSQ', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;

  before(async () => {
    clinic = await MirroredClinic.open({
      topology: { vendor: 'block', rvsq: 'publish' },
      prepare: homeAgendaOnly,
    });
    await until(
      'everything is published',
      async () => (await published(clinic)).length === 2 * SLOTS_OF_A_DOCTOR,
    );
  });
  after(() => clinic?.close());

  /** What is offered on RVSQ over the time of a slot of the vendor. */
  const shown = async (slot: SimSlot): Promise<string[]> =>
    (await clinic.rvsq.overlapping(slot)).map(({ start, end, status }) => `${start}/${end} ${status}`);
  const becomes = (slot: SimSlot, status: SimSlot['status'] | null): Promise<void> =>
    until(`on RVSQ ${slot.start} is ${status ?? 'withdrawn'}`, async () => {
      const wanted = status === null ? [] : [`${slot.start}/${slot.end} ${status}`];
      return JSON.stringify(await shown(slot)) === JSON.stringify(wanted);
    });

  it('shows each free slot of each linked doctor there, with what the regulation wants of it', async () => {
    for (const actor of ACTORS) {
      const home = clinic.simulators.vendor.agenda.slots(`ag-${actor}`);
      const there = clinic.simulators.rvsq.agenda.slots(`pro-${actor}`);
      expect(there.map(inRvsqWords).sort(byStart)).to.deep.equal(home.map(expected).sort(byStart));
    }
  });

  it('withdraws there what is booked on the vendor, and publishes it again when that is cancelled', async () => {
    const slot = await clinic.vendor.laterSlot(1);
    const id = await clinic.vendor.book(slot.id);
    await becomes(slot, null);
    await clinic.vendor.cancel(id);
    await becomes(slot, 'free');
  });

  it('blocks at the vendor what is booked there, and leaves that slot as it is', async () => {
    const slot = await clinic.vendor.laterSlot(4);
    const [offered] = await clinic.rvsq.overlapping(slot);
    if (!offered) throw new Error('it is not published');
    const before = await published(clinic);
    const id = await clinic.rvsq.book(offered.id);
    await until(
      'it is blocked at home',
      async () => (await clinic.vendor.slot(slot.id)).status === 'blocked',
    );
    await clinic.polls(3);
    expect((await clinic.rvsq.slot(offered.id)).status).to.equal('busy');
    expect(await published(clinic), 'none withdrawn, none doubled').to.deep.equal(before);

    await clinic.rvsq.cancel(id);
    await until('it is open at home', async () => (await clinic.vendor.slot(slot.id)).status === 'free');
    await clinic.polls(3);
    expect((await clinic.rvsq.slot(offered.id)).status).to.equal('free');
    expect(await published(clinic)).to.deep.equal(before);
  });

  it('offers a slot once again that both had sold, after both were cancelled', async () => {
    const slot = await clinic.vendor.laterSlot(5);
    const [offered] = await clinic.rvsq.overlapping(slot);
    if (!offered) throw new Error('it is not offered');
    // The vendor's message comes first: the withdrawal meets a booking that Passerelle has not heard of.
    const [there, home] = [await clinic.rvsq.book(offered.id), await clinic.vendor.book(slot.id)];
    await clinic.polls(3);
    await clinic.rvsq.cancel(there);
    await becomes(slot, null);
    await clinic.vendor.cancel(home);
    await becomes(slot, 'free');
    await clinic.polls(3);
    expect(await shown(slot)).to.have.length(1);
  });

  it('withdraws a slot that the vendor offers no more', async () => {
    const slot = await clinic.vendor.laterSlot(7);
    const { agenda } = clinic.simulators.vendor;
    const offered = agenda.find('slot', slot.id);
    if (!offered) throw new Error('it is not there');
    agenda.remove(offered);
    await becomes(slot, null);
  });

  it('publishes a slot that the vendor adds, and moves one that it moves', async () => {
    const { agenda } = clinic.simulators.vendor;
    const slot = await clinic.vendor.laterSlot(8);
    const offered = agenda.find('slot', slot.id);
    const last = agenda.slots('ag-dr-tremblay').at(-1);
    if (!offered || !last) throw new Error('it is not there');
    const hour = 60 * 60_000;
    const later = {
      start: last.interval.end + hour,
      end: last.interval.end + hour + 900_000,
    } as typeof last.interval;
    agenda.change(offered, { interval: later });
    agenda.offer('ag-dr-tremblay', offered.interval, offered.offer, null);
    await until('both are there', async () => {
      const there = clinic.simulators.rvsq.agenda
        .slots('pro-dr-tremblay')
        .map(({ interval }) => interval.start);
      return [later.start, offered.interval.start].every(
        (start) => there.filter((at) => at === start).length === 1,
      );
    });
  });

  it('doubles nothing by a restart', async () => {
    const before = await published(clinic);
    const writes = await clinic.rvsq.writes();
    await clinic.stop();
    await clinic.start();
    await clinic.polls(4);
    expect(await published(clinic)).to.deep.equal(before);
    expect(await clinic.rvsq.writes()).to.deep.equal(writes);
  });

  it('writes nothing while nothing happens', async () => {
    const writes = async () => [...(await clinic.vendor.writes()), ...(await clinic.rvsq.writes())];
    const before = await writes();
    await clinic.polls(4);
    expect(await writes()).to.deep.equal(before);
  });
});

describe('the vendor’s slots before they are released', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;

  before(async () => {
    clinic = await MirroredClinic.open({
      topology: { vendor: 'block', rvsq: 'publish' },
      // What is left of the vendor's is at least a day away.
      release: { kind: 'before', milliseconds: 12 * HOUR },
      prepare: homeAgendaOnly,
    });
  });
  after(() => clinic?.close());

  it('are neither published, nor found as free, nor booked', async () => {
    const search = async (query: string) =>
      (await clinic.ask<Bundle<Slot>>('GET', `/fhir/Slot${query}`)).json.entry ?? [];
    const known = await search('?_count=100');
    expect(known).to.have.length(ACTORS.length * SLOTS_OF_A_DOCTOR);
    expect(new Set(known.map(({ resource }) => resource?.status))).to.deep.equal(
      new Set(['busy-unavailable']),
    );
    expect(await search('?status=free')).to.deep.equal([]);
    const slot = await clinic.vendor.laterSlot(0);
    expect((await new BookingClient(clinic).book(slot)).status).to.equal(409);
    expect((await clinic.vendor.slot(slot.id)).status).to.equal('free');
    await clinic.polls(4);
    expect(await published(clinic)).to.deep.equal([]);
  });
});

async function published(clinic: MirroredClinic): Promise<string[]> {
  const all = await Promise.all(ACTORS.map((actor) => clinic.rvsq.slots(actor)));
  return all.flat().map(({ id, start, end, actor }) => `${id} ${actor} ${start} ${end}`);
}

type Words = { readonly start: number; readonly end: number } & Offer;

const byStart = (a: Words, b: Words): number => a.start - b.start;

const inRvsqWords = ({ interval, offer }: OfferedSlot<Offer>): Words => ({
  ...interval,
  ...offer,
  availableSinceUtc: offer.availableSinceUtc && new Date(offer.availableSinceUtc).toISOString(),
});

const translated = (codes: readonly string[], table: Record<string, string>): string[] =>
  codes.flatMap((code) => table[code] ?? []);

function expected({ interval, offer }: OfferedSlot<Offre>): Words {
  const { offerteDepuis, motifs, clienteles, provenances, mode } = offer;
  return {
    ...interval,
    availableSinceUtc: offerteDepuis && new Date(offerteDepuis).toISOString(),
    consultingReasons: translated(motifs ?? [], REASONS).map((uid) => ({ uid })),
    clientele: translated(clienteles ?? [], CLIENTELE),
    origins: provenances?.length === 0 ? ['regular'] : translated(provenances ?? [], ORIGINS),
    visitType: MODES[mode ?? ''] ?? null,
  };
}
