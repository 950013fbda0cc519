import { expect } from 'chai';
import type { Listing } from '../../src/domain/listing.ts';
import type { AppointmentStatus, AppointmentWrite } from '../../src/engine/ports/appointments.ts';
import type { Reader } from '../../src/engine/ports/front.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, listing, NO_CHANGES, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

const PATIENT = Buffer.from('sealed: nobody in particular');

const WRITE: AppointmentWrite = {
  id: uuid(1),
  scheduleId: 'doctor-here',
  slotId: null,
  status: 'pending',
  document: '{"resourceType":"Appointment"',
  sealedPatient: PATIENT,
};

describe('an appointment and its patient', () => {
  onEachDatabase((open) => {
    let store: Store & Reader;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(() => open().script('delete from listing; delete from appointment; delete from busy_period'));

    const ours = (more: Partial<Listing>) =>
      listing(1, span(0, 20), { known: null, externalId: null, ...more });
    const claimed = (status: AppointmentStatus, at1: Partial<Listing> = { unsure: true }) => {
      const appointment: AppointmentWrite = { ...WRITE, status };
      return apply({ busy: [busy(1, span(0, 20))], listings: [ours(at1)], appointments: [appointment] });
    };
    const apply = (changes: Partial<typeof NO_CHANGES> | object) =>
      store.transaction((transaction) => transaction.apply({ ...NO_CHANGES, ...changes }, at(1)));
    const set = (status: AppointmentStatus, more: Partial<Listing>) =>
      apply({ listings: [ours(more)], appointmentStatuses: [{ id: uuid(1), status }] });
    const stored = async () => {
      const [row] = await open().query<{ status: string; sealed_patient: Uint8Array | null }>(
        'select status, sealed_patient from appointment',
      );
      return {
        status: row?.status,
        patient: row?.sealed_patient ? Buffer.from(row.sealed_patient).toString() : null,
      };
    };
    const known = { known: ours({}).desired, externalId: 'e-1' };

    it('starts when its busy period does, and is written anew under the same id', async () => {
      await claimed('pending');
      await apply({ busy: [busy(1, span(40, 60))] });
      await claimed('booked');
      const rows = await open().query('select id, start_ms, status, version from appointment');
      expect(rows).to.deep.equal([{ id: uuid(1), start_ms: at(0), status: 'booked', version: 2 }]);
    });

    it('keeps the patient while its platform is down and the booking is accepted for it', async () => {
      await claimed('pending');
      await set('booked', { unsure: false });
      expect(await stored()).to.deep.equal({ status: 'booked', patient: PATIENT.toString() });
      const [due] = await store.claimListings('east', {
        now: at(2),
        leaseUntil: at(3),
        limit: 9,
        writeAhead: true,
      });
      expect(due?.sealedPatient && Buffer.from(due.sealedPatient).toString()).to.equal(PATIENT.toString());
    });

    for (const comment of ['enceinte', 'dit « "oui" », \\ et\n"comment":"', '']) {
      it(`forgets the comment ${JSON.stringify(comment)} when it is over, and nothing else`, async () => {
        const document = JSON.stringify({ start: 'a', comment, participant: [{ display: 'b"' }] });
        const appointments = [{ ...WRITE, document }];
        await apply({ busy: [busy(1, span(0, 20))], appointments });
        await set('cancelled', { desired: null });
        const [row] = await open().query<{ document: string }>('select document from appointment');
        expect(JSON.parse(row?.document ?? '')).to.deep.equal({
          start: 'a',
          participant: [{ display: 'b"' }],
        });
      });
    }

    it('forgets the patient once the platform has the booking', async () => {
      await claimed('booked', { unsure: false });
      await store.recordKnown(ours({}), { ...known, revision: null, sequence: null }, at(2));
      expect(await stored()).to.deep.equal({ status: 'booked', patient: null });
    });

    it('keeps the patient when a write there turns out not to have landed', async () => {
      await claimed('booked', { unsure: false });
      await store.recordKnown(
        ours({}),
        { known: null, externalId: null, revision: null, sequence: null },
        at(2),
      );
      expect(await stored()).to.deep.equal({ status: 'booked', patient: PATIENT.toString() });
    });

    it('keeps the patient when it is a block of the same time that has landed', async () => {
      await claimed('booked', { unsure: false });
      const block = ours({ connectionId: 'west', calendar: 'w-doctor', kind: 'block' });
      await apply({ listings: [block] });
      await store.recordKnown(block, { ...known, revision: null, sequence: null }, at(2));
      expect((await stored()).patient).to.equal(PATIENT.toString());
    });

    it('forgets the patient when the booking is seen there although the answer was lost', async () => {
      for (const status of ['pending', 'booked'] as const) {
        await claimed(status);
        await set('booked', { ...known, unsure: false });
        expect(await stored()).to.deep.equal({ status: 'booked', patient: null });
      }
    });

    it('forgets the patient when it is cancelled', async () => {
      await claimed('pending');
      await set('cancelled', { desired: null });
      expect(await stored()).to.deep.equal({ status: 'cancelled', patient: null });
    });
  });
});
