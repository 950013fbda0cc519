import { expect } from 'chai';
import type { Appointment } from 'fhir/r4.js';
import { EXTENSION } from '../../mappings/fhir/canonical.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { BookingClient, becomes, PATIENT_WORDS, takenAt } from '../support/booking-client.ts';
import { MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';
import type { SimulatedSite } from '../support/simulated-site.ts';

/** A patient who has Passerelle's own form before them. Where a platform can't hold, it is blocked in place of it. */

const HELD_AT_RVSQ = { id: 'rvsq', home: 'rvsq', other: 'vendor', kind: 'held' } as const;
const CLINICS = [
  {
    where: '',
    rvsqHolds: true,
    homes: [{ id: 'bonjour-sante', home: 'vendor', other: 'rvsq', kind: 'held' }, HELD_AT_RVSQ],
  },
  {
    where: ' of a platform that cannot hold',
    rvsqHolds: false,
    homes: [{ ...HELD_AT_RVSQ, kind: 'blocked' }],
  },
] as const;
const LONG_SECONDS = 600;
/** Until the form is filled in too late. */
const SHORT_SECONDS = 1.5;

/** What the platform hears from now on. */
async function heardBy(site: SimulatedSite): Promise<() => Promise<string>> {
  const before = (await site.log()).length;
  return async () => JSON.stringify((await site.log()).slice(before));
}

for (const { where, rvsqHolds, homes } of CLINICS) {
  describe(`a hold through Slot/$hold${where}`, function () {
    this.timeout(120_000);
    let clinic: MirroredClinic;
    let client: BookingClient;
    let used = 0;

    before(async () => {
      clinic = await MirroredClinic.open({ rvsqHolds });
      client = new BookingClient(clinic);
    });
    after(() => clinic?.close());

    for (const { id, home: homeName, other: otherName, kind } of homes) {
      describe(`on a slot of ${id}`, () => {
        const home = (): SimulatedSite => clinic[homeName];
        const other = (): SimulatedSite => clinic[otherName];
        afterEach('the platform is whole again', () => home().faults({}));

        /** Each case has a slot of its own, hours from the others. */
        const nextSlot = async (): Promise<SimSlot> => {
          used += 1;
          return home().laterSlot(used * 6);
        };
        const held = async (slot: SimSlot, seconds = LONG_SECONDS): Promise<Appointment> => {
          const { status, json } = await client.hold(slot, id, seconds);
          expect(status).to.equal(201);
          return json;
        };
        const closed = (slot: SimSlot) => becomes('the other is closed', other(), slot, 'blocked');
        const openEverywhere = async (slot: SimSlot) => {
          await becomes('the other is open', other(), slot, 'free');
          await until('home is open', async () => (await home().slot(slot.id)).status === 'free');
          expect(await takenAt(home(), slot)).to.deep.equal([]);
        };
        const bookedOnce = async (slot: SimSlot, { id: appointmentId }: Appointment) => {
          await until('home has nothing but the booking', async () => {
            const taken = await takenAt(home(), slot);
            return taken.length === 1 && taken[0]?.kind === 'booked';
          });
          expect((await takenAt(home(), slot))[0]).to.include({ reference: `passerelle:${appointmentId}` });
        };

        it('keeps the time there and everywhere, and refuses it to all others', async () => {
          const slot = await nextSlot();
          const appointment = await held(slot);
          expect(appointment.status).to.equal('pending');
          expect(appointment.extension?.map(({ url }) => url)).to.deep.equal([EXTENSION.heldUntil]);
          const [there, ...more] = await takenAt(home(), slot);
          expect(more).to.deep.equal([]);
          expect(there).to.include({ kind, reference: `passerelle:${appointment.id}` });
          await closed(slot);
          expect((await client.hold(slot, id, LONG_SECONDS)).status).to.equal(409);
          expect((await client.book(slot, id)).status).to.equal(409);
        });

        it('becomes the booking under its own id, without a call to the other', async () => {
          const slot = await nextSlot();
          const appointment = await held(slot);
          await closed(slot);
          const writes = await other().writes();
          const { status, json } = await client.bookHeld(appointment, slot);
          expect(status).to.equal(200);
          expect(json).to.include({ id: appointment.id, status: 'booked' });
          expect(json.extension).to.equal(undefined);
          await bookedOnce(slot, appointment);
          await closed(slot);
          expect(await other().writes()).to.deep.equal(writes);
          // Once more, as after a lost answer.
          expect((await client.bookHeld(appointment, slot)).json.status).to.equal('booked');
          await bookedOnce(slot, appointment);
        });

        it('tells who comes to the platform that honours the booking, and not before', async () => {
          const slot = await nextSlot();
          const [told, toldOther] = [await heardBy(home()), await heardBy(other())];
          const appointment = await held(slot);
          await closed(slot);
          const whileHeld = await told();
          await client.bookHeld(appointment, slot);
          const [after, others] = [await told(), await toldOther()];
          for (const word of PATIENT_WORDS) {
            expect(whileHeld).not.to.contain(word);
            expect(after).to.contain(word);
            expect(others).not.to.contain(word);
          }
        });

        it('is open again everywhere once it is given back', async () => {
          const slot = await nextSlot();
          const appointment = await held(slot);
          await closed(slot);
          expect((await client.cancel(appointment)).json.status).to.equal('cancelled');
          await openEverywhere(slot);
        });

        it('is over by itself, and still books if the time is free', async () => {
          const slot = await nextSlot();
          const appointment = await held(slot, SHORT_SECONDS);
          await until(
            'it is over',
            async () => (await client.read(appointment.id ?? '')).status === 'cancelled',
          );
          await openEverywhere(slot);
          const { status, json } = await client.bookHeld(appointment, slot);
          expect([status, json.status]).to.deep.equal([200, 'booked']);
          await bookedOnce(slot, appointment);
          await closed(slot);
        });

        it('that is over does not book what somebody else has taken since', async () => {
          const slot = await nextSlot();
          const appointment = await held(slot, SHORT_SECONDS);
          await until(
            'it is over',
            async () => (await client.read(appointment.id ?? '')).status === 'cancelled',
          );
          await openEverywhere(slot);
          expect((await client.book(slot, id)).status).to.equal(201);
          expect((await client.bookHeld(appointment, slot)).status).to.equal(409);
          expect(await takenAt(home(), slot)).to.have.length(1);
        });

        it('is found again when the platform’s answer is lost', async () => {
          const slot = await nextSlot();
          await home().faults({ loseResponseRate: 1 });
          const { status, json } = await client.hold(slot, id, LONG_SECONDS);
          await home().faults({});
          expect([status, json.status]).to.deep.equal([201, 'pending']);
          expect(await takenAt(home(), slot)).to.have.length(1);
          await closed(slot);
        });

        it('is refused while the platform is down, and leaves nothing behind', async () => {
          const slot = await nextSlot();
          await home().faults({ down: true });
          expect((await client.hold(slot, id, LONG_SECONDS)).status).to.equal(503);
          await home().faults({});
          await until(
            'it can be held again',
            async () => (await client.hold(slot, id, LONG_SECONDS)).status === 201,
          );
          expect(await takenAt(home(), slot)).to.have.length(1);
          await closed(slot);
        });

        it('stays held when the platform goes down before it is booked, and books when that is back', async () => {
          const slot = await nextSlot();
          const appointment = await held(slot);
          await closed(slot);
          await home().faults({ down: true });
          const comment = 'Anne Fictif, enceinte';
          expect((await client.bookHeld(appointment, slot, comment)).status).to.equal(503);
          const after = await client.read(appointment.id ?? '');
          expect(after).to.deep.include({ status: 'pending', extension: appointment.extension });
          expect(JSON.stringify(after)).to.not.contain('Fictif');
          expect((await client.hold(slot, id, LONG_SECONDS)).status).to.be.oneOf([409, 503]);
          await home().faults({});
          const answers: number[] = [];
          await until('it is booked', async () => {
            answers.push((await client.bookHeld(appointment, slot)).status);
            return answers.at(-1) === 200;
          });
          // Nobody is told meanwhile that it is taken.
          expect(answers).to.not.include(409);
          await bookedOnce(slot, appointment);
          await closed(slot);
        });

        it('that stayed held is over when it was to be', async () => {
          const slot = await nextSlot();
          const appointment = await held(slot, 3);
          await home().faults({ down: true });
          expect((await client.bookHeld(appointment, slot)).status).to.equal(503);
          await home().faults({});
          await openEverywhere(slot);
          expect((await client.read(appointment.id ?? '')).status).to.equal('cancelled');
        });
      });
    }
  });
}

describe('a hold through Slot/$hold that is longer than the platform grants', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;

  before(async () => {
    clinic = await MirroredClinic.open({
      holds: { usualMilliseconds: HOUR, mostMilliseconds: HOUR },
    });
  });
  after(() => clinic?.close());

  it('is promised for as long as it is granted', async () => {
    const client = new BookingClient(clinic);
    const slot = await clinic.vendor.laterSlot(8);
    const before = Date.now();
    const { status, json } = await client.hold(slot, 'bonjour-sante', HOUR / SECOND);
    expect(status).to.equal(201);
    const until = Date.parse(json.extension?.[0]?.valueInstant ?? '');
    expect(until).to.be.within(before + 30 * MINUTE, Date.now() + 30 * MINUTE);
    expect(clinic.simulators.vendor.agenda.nextExpiry()).to.equal(until);
  });
});

for (const { where, rvsqHolds, homes } of CLINICS) {
  describe(`a hold through Slot/$hold${where}, where bookings are accepted while a platform is down`, function () {
    this.timeout(120_000);
    let clinic: MirroredClinic;
    let client: BookingClient;

    before(async () => {
      clinic = await MirroredClinic.open({ failover: 'accept', rvsqHolds });
      client = new BookingClient(clinic);
    });
    after(() => clinic?.close());

    for (const { id, home: homeName, other: otherName, kind } of homes) {
      it(`is booked over at ${id} once that is back`, async () => {
        const [home, other] = [clinic[homeName], clinic[otherName]];
        const slot = await home.laterSlot(8);
        const { json: appointment } = await client.hold(slot, id, LONG_SECONDS);
        expect((await takenAt(home, slot))[0]?.kind).to.equal(kind);
        await home.faults({ down: true });
        const { status, json } = await client.bookHeld(appointment, slot);
        expect([status, json.status]).to.deep.equal([200, 'booked']);
        await home.faults({});
        await until('home has the booking in place of the hold', async () => {
          const taken = await takenAt(home, slot);
          return taken.length === 1 && taken[0]?.kind === 'booked';
        });
        expect((await takenAt(home, slot))[0]?.reference).to.equal(`passerelle:${appointment.id}`);
        await becomes('the other stays closed', other, slot, 'blocked');
      });

      describe(`made while ${id} is down`, () => {
        const home = (): SimulatedSite => clinic[homeName];
        const other = (): SimulatedSite => clinic[otherName];
        let slot: SimSlot;
        let appointment: Appointment;

        const made = async (index: number, seconds = LONG_SECONDS): Promise<void> => {
          slot = await home().laterSlot(index);
          await home().faults({ down: true });
          const { status, json } = await client.hold(slot, id, seconds);
          expect([status, json.status]).to.deep.equal([201, 'pending']);
          appointment = json;
        };
        const bookedThere = () =>
          until('home has the booking and nothing else', async () => {
            const taken = await takenAt(home(), slot);
            const [only] = taken;
            return (
              taken.length === 1 &&
              only?.kind === 'booked' &&
              only.reference === `passerelle:${appointment.id}`
            );
          });
        afterEach('the platform is whole again', () => home().faults({}));

        it('keeps the time elsewhere and here, and at home once that is back', async () => {
          await made(16);
          await becomes('the other is closed', other(), slot, 'blocked');
          expect((await client.hold(slot, id, LONG_SECONDS)).status).to.equal(409);
          expect((await client.book(slot, id)).status).to.equal(409);
          await home().faults({});
          await until('home has it', async () => (await takenAt(home(), slot))[0]?.kind === kind);
          expect((await client.bookHeld(appointment, slot)).json.status).to.equal('booked');
          await bookedThere();
          await becomes('the other stays closed', other(), slot, 'blocked');
        });

        it('becomes the booking while home is still down, and is written there as one', async () => {
          await made(24);
          const { status, json } = await client.bookHeld(appointment, slot);
          expect([status, json.status]).to.deep.equal([200, 'booked']);
          expect(await takenAt(home(), slot)).to.deep.equal([]);
          await home().faults({});
          await bookedThere();
          await becomes('the other is closed', other(), slot, 'blocked');
        });

        it('leaves nothing anywhere where it is over before home is back', async () => {
          await made(32, SHORT_SECONDS);
          await until(
            'it is over',
            async () => (await client.read(appointment.id ?? '')).status === 'cancelled',
          );
          await becomes('the other is open', other(), slot, 'free');
          await home().faults({});
          const { json: next } = await client.hold(slot, id, LONG_SECONDS);
          await until('home has the next one and nothing else', async () => {
            const taken = await takenAt(home(), slot);
            return taken.length === 1 && taken[0]?.reference === `passerelle:${next.id}`;
          });
        });
      });
    }
  });
}
