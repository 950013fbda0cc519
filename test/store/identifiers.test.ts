import { expect } from 'chai';
import type { AppointmentWrite, IdentifierWrite } from '../../src/engine/ports/appointments.ts';
import type { AppointmentQuery, Reader } from '../../src/engine/ports/front.ts';
import type { Claim, Store } from '../../src/engine/ports/store.ts';
import type { VersionReader } from '../../src/engine/ports/versions.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, listing, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

const PORTAL = 'urn:test:portal';
const named = (value: string, isSole = false, system: string | null = PORTAL): IdentifierWrite => ({
  system,
  value,
  isSole,
});
const timeOf = (n: number) => span(n * 15, n * 15 + 15);

describe('identifiers of appointments in the database', () => {
  onEachDatabase((open) => {
    let store: Store & Reader & VersionReader;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(async () => {
      await open().script(
        'delete from listing; delete from appointment_identifier; delete from appointment; delete from slot; delete from busy_period',
      );
      const slots = [0, 1, 2, 3, 4, 5].map((n) => slot(n, timeOf(n)));
      await store.transaction((transaction) => transaction.writeSlots(slots, at(-60)));
    });

    const appointmentOf = (n: number, more: Partial<AppointmentWrite> = {}): AppointmentWrite => ({
      id: uuid(50 + n),
      scheduleId: 'doctor-here',
      slotId: uuid(n),
      status: 'pending',
      document: '{"resourceType":"Appointment"',
      sealedPatient: null,
      ...more,
    });
    /** Takes slot n for the appointment 50 + n. */
    const claim = (n: number, identifiers: readonly IdentifierWrite[]): Promise<boolean> => {
      const busyId = uuid(50 + n);
      const wanted: Claim = {
        slotId: uuid(n),
        busy: busy(50 + n, timeOf(n), { lane: null }),
        capacity: 1,
        appointment: appointmentOf(n, { identifiers }),
        listing: { ...listing(50 + n, timeOf(n)), subjectId: busyId, known: null, externalId: null },
        leaseUntil: at(1),
        events: [],
      };
      return store.claimSlot(wanted, at(-10));
    };
    const found = async (identifiers: NonNullable<AppointmentQuery['identifiers']>): Promise<string[]> => {
      const query: AppointmentQuery = {
        ids: null,
        scheduleIds: null,
        statuses: null,
        start: { fromMs: null, beforeMs: null },
        identifiers,
        after: null,
        limit: 10,
      };
      expect(await store.countAppointments(query)).to.equal((await store.searchAppointments(query)).length);
      return (await store.searchAppointments(query)).map(({ id }) => id);
    };
    const identifiersOf = async (n: number): Promise<string[]> => {
      const of = { id: uuid(50 + n), version: null, at: { fromMs: null, beforeMs: null } };
      const versions = await store.appointmentVersions({ of, sinceMs: null, after: null, limit: 10 });
      expect(new Set(versions.map(({ identifiers }) => JSON.stringify(identifiers))).size).to.equal(1);
      return (versions[0]?.identifiers ?? []).map(({ system, value }) => `${system}|${value}`);
    };

    it('are found by value, by system, or by both, and told in their order', async () => {
      await claim(0, [named('b'), named('a', false, null)]);
      await claim(1, [named('a', false, 'urn:test:other')]);
      await claim(2, []);
      expect(await identifiersOf(0)).to.deep.equal([`${PORTAL}|b`, 'null|a']);
      expect(await identifiersOf(2)).to.deep.equal([]);
      expect(await found([{ system: PORTAL, value: 'b' }])).to.deep.equal([uuid(50)]);
      expect(await found([{ system: null, value: 'a' }])).to.deep.equal([uuid(50), uuid(51)]);
      expect(await found([{ system: '', value: 'a' }])).to.deep.equal([uuid(50)]);
      expect(await found([{ system: 'urn:test:other', value: '' }])).to.deep.equal([uuid(51)]);
      expect(await found([{ system: PORTAL, value: 'a' }])).to.deep.equal([]);
      expect(await found([])).to.deep.equal([]);
    });

    it('may be the same of several, but a sole one takes no slot where it is known', async () => {
      expect(await claim(0, [named('a')])).to.equal(true);
      expect(await claim(1, [named('a')])).to.equal(true);
      expect(await claim(2, [named('b'), named('a', true)])).to.equal(false);
      expect(await found([{ system: PORTAL, value: 'b' }])).to.deep.equal([]);
      expect(await claim(2, [named('a', true, 'urn:test:other')])).to.equal(true);
      // That it was sole once keeps nobody from it who does not ask for that.
      expect(await claim(3, [named('a', false, 'urn:test:other')])).to.equal(true);
    });

    it('are of one appointment, of many that bring the same sole one at the same moment', async () => {
      const claims = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => claim(n, [named('once', true)])));
      expect(claims.filter((isTaken) => isTaken)).to.have.length(1);
      expect(await found([{ system: PORTAL, value: 'once' }])).to.have.length(1);
      const [count] = await open().query('select count(*)::integer as periods from busy_period');
      expect(count).to.deep.equal({ periods: 1 });
    });

    it('stay when the appointment is written anew, and come with one that was held', async () => {
      await claim(0, [named('a', true)]);
      const write = (appointment: AppointmentWrite) =>
        store.transaction((transaction) =>
          transaction.apply({ ...NO_CHANGES, appointments: [appointment] }, at(-5)),
        );
      await write(
        appointmentOf(0, { status: 'booked', document: '{"resourceType":"Appointment","moved":1' }),
      );
      expect(await identifiersOf(0)).to.deep.equal([`${PORTAL}|a`]);
      await write(appointmentOf(0, { identifiers: [named('b'), named('a')] }));
      expect(await identifiersOf(0)).to.deep.equal([`${PORTAL}|b`, `${PORTAL}|a`]);
    });

    it('are forgotten of what its platform refused, and kept of what is cancelled', async () => {
      await claim(0, [named('refused', true)]);
      await claim(1, [named('cancelled', true)]);
      const statuses = [0, 1].map((n) => ({ id: uuid(50 + n), status: 'cancelled' as const }));
      const told = (type: 'appointment.refused' | 'appointment.cancelled', n: number) => ({
        type,
        at: at(-5),
        connectionId: 'east',
        busyId: uuid(50 + n),
        scheduleId: 'doctor-here',
        interval: timeOf(n),
      });
      const events = [told('appointment.refused', 0), told('appointment.cancelled', 1)];
      await store.transaction((transaction) =>
        transaction.apply({ ...NO_CHANGES, appointmentStatuses: statuses, events }, at(-5)),
      );
      expect(await identifiersOf(0)).to.deep.equal([]);
      expect(await claim(2, [named('refused', true)])).to.equal(true);
      expect(await claim(3, [named('cancelled', true)])).to.equal(false);
    });
  });
});
