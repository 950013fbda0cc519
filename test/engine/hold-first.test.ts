import { expect } from 'chai';
import { DAY } from '../../src/domain/instant.ts';
import { BookingClient, becomes, takenAt } from '../support/booking-client.ts';
import { MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { differing } from '../support/patients.ts';
import { until } from '../support/servers.ts';
import type { SimulatedSite } from '../support/simulated-site.ts';

/** Neither platform tells Passerelle what it sells before it is asked: RVSQ is polled seldom, the vendor’s messages are lost. */

const HOMES = [
  { id: 'bonjour-sante', home: 'vendor', other: 'rvsq' },
  { id: 'rvsq', home: 'rvsq', other: 'vendor' },
] as const;
const HOLD_SECONDS = 600;
const SELDOM_MILLISECONDS = 600_000;
/** More than anybody waits before a form. */
const SLOW_MILLISECONDS = 7_000;

describe('sharing hold-first', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;
  let client: BookingClient;
  let used = 0;

  before(async () => {
    clinic = await MirroredClinic.open({
      sharing: { mode: 'hold-first' },
      rvsqPollMilliseconds: SELDOM_MILLISECONDS,
    });
    client = new BookingClient(clinic);
  });
  after(() => clinic?.close());

  for (const { id, home: homeName, other: otherName } of HOMES) {
    describe(`on a slot of ${id}`, () => {
      const home = (): SimulatedSite => clinic[homeName];
      const other = (): SimulatedSite => clinic[otherName];
      afterEach('the platforms are whole again', async () => {
        await home().faults({});
        await other().faults({});
      });

      /** Each case has a slot of its own, hours from the others. */
      const nextSlot = async (): Promise<SimSlot> => {
        used += 1;
        return home().laterSlot(used * 6);
      };
      /** A patient of the other platform is faster, and Passerelle is not told. */
      const sellUnheard = async (slot: SimSlot): Promise<void> => {
        await clinic.vendor.faults({ webhooks: { lose: true } });
        const free = (await other().overlapping(slot)).find(({ status }) => status === 'free');
        await other().book(free?.id ?? '');
      };
      const writesSince = async (site: SimulatedSite): Promise<() => Promise<string[]>> => {
        const before = (await site.writes()).length;
        return async () => (await site.writes()).slice(before).map(({ time }) => time);
      };

      it('closes the other before home is asked', async () => {
        const slot = await nextSlot();
        const [here, there] = [await writesSince(home()), await writesSince(other())];
        expect((await client.book(slot, id)).status).to.equal(201);
        const [[booked], [closed]] = [await here(), await there()];
        expect(Date.parse(closed ?? '')).to.be.at.most(Date.parse(booked ?? ''));
        expect((await takenAt(home(), slot)).map(({ kind }) => kind)).to.deep.equal(['booked']);
        expect((await takenAt(other(), slot)).map(({ kind }) => kind)).to.deep.equal(['blocked']);
      });

      for (const [what, ask] of [
        ['a booking', (slot: SimSlot) => client.book(slot, id)],
        ['a hold', (slot: SimSlot) => client.hold(slot, id, HOLD_SECONDS)],
      ] as const) {
        it(`refuses ${what} of what the other has just sold, and takes back what it closed`, async () => {
          const slot = await nextSlot();
          await sellUnheard(slot);
          const here = await writesSince(home());
          expect((await ask(slot)).status).to.equal(409);
          await becomes('home is closed for the other’s patient', home(), slot, 'blocked');
          // That one write; home was never asked to book.
          expect(await here()).to.have.length(1);
          await until('nothing of ours is left', async () => (await takenAt(other(), slot)).length === 0);
          expect(await takenAt(home(), slot)).to.deep.equal([]);
        });
      }

      it('goes on without the other while that is down, and closes it when it is back', async () => {
        const slot = await nextSlot();
        await other().faults({ down: true });
        expect((await client.book(slot, id)).status).to.equal(201);
        await other().faults({});
        await becomes('the other is closed', other(), slot, 'blocked');
      });

      it('goes on without the other when that does not answer in time, and closes it once', async () => {
        const slot = await nextSlot();
        await other().faults({ latencyMs: SLOW_MILLISECONDS });
        expect((await client.book(slot, id)).status).to.equal(201);
        await other().faults({});
        await becomes('the other is closed', other(), slot, 'blocked');
        expect(await takenAt(other(), slot)).to.have.length(1);
      });

      it('closes once where the answer was lost', async () => {
        const slot = await nextSlot();
        await other().faults({ loseResponseRate: 1 });
        expect((await client.book(slot, id)).status).to.equal(201);
        await other().faults({});
        await becomes('the other is closed', other(), slot, 'blocked');
        await until('all is delivered', async () => (await differing(clinic)) === 0);
        expect(await takenAt(other(), slot)).to.have.length(1);
      });

      it('books what it holds without another look', async () => {
        const slot = await nextSlot();
        const { json: held } = await client.hold(slot, id, HOLD_SECONDS);
        const calls = (await other().log()).filter(({ method }) => method !== 'GET').length;
        expect((await client.bookHeld(held, slot)).status).to.equal(200);
        expect((await other().log()).filter(({ method }) => method !== 'GET')).to.have.length(calls);
        expect((await takenAt(home(), slot)).map(({ kind }) => kind)).to.deep.equal(['booked']);
      });
    });
  }
});

describe('sharing hold-first, where the slots are published on the other platform', function () {
  this.timeout(120_000);
  const SLOTS = 4;
  let clinic: MirroredClinic;
  let client: BookingClient;

  before(async () => {
    clinic = await MirroredClinic.open({
      sharing: { mode: 'hold-first' },
      rvsqPollMilliseconds: SELDOM_MILLISECONDS,
      topology: { vendor: 'block', rvsq: 'publish' },
      prepare: ({ vendor, rvsq }) => {
        for (const record of rvsq.agenda.records()) rvsq.agenda.remove(record);
        for (const { id } of vendor.agenda.calendars) {
          const slots = vendor.agenda.slots(id);
          const later = slots.filter(({ interval }) => interval.start > Date.now() + DAY);
          for (const slot of slots) if (!later.slice(0, SLOTS).includes(slot)) vendor.agenda.remove(slot);
        }
      },
    });
    client = new BookingClient(clinic);
    await until('all is published', async () => (await clinic.rvsq.slots()).length === SLOTS);
  });
  after(() => clinic?.close());

  it('withdraws the offer before home is asked', async () => {
    const slot = await clinic.vendor.laterSlot(0);
    const before = [...(await clinic.rvsq.writes())].length;
    expect((await client.book(slot)).status).to.equal(201);
    const [withdrawn] = (await clinic.rvsq.writes()).slice(before);
    const booked = (await clinic.vendor.writes()).at(-1);
    expect(withdrawn?.method).to.equal('DELETE');
    expect(Date.parse(withdrawn?.time ?? '')).to.be.at.most(Date.parse(booked?.time ?? ''));
    expect(await clinic.rvsq.overlapping(slot)).to.deep.equal([]);
  });

  it('refuses what was sold there unheard', async () => {
    const slot = await clinic.vendor.laterSlot(1);
    const [offered] = await clinic.rvsq.overlapping(slot);
    await clinic.rvsq.book(offered?.id ?? '');
    expect((await client.book(slot)).status).to.equal(409);
    await becomes('home is closed for the other’s patient', clinic.vendor, slot, 'blocked');
  });
});
