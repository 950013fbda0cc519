import { expect } from 'chai';
import { busyFingerprint } from '../../src/domain/listing.ts';
import type { Confirmation } from '../../src/engine/ports/confirmation.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import type { Reader } from '../../src/engine/ports/front.ts';
import type { Claim, Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, listing, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

const OURS = uuid(50);
const TIME = span(0, 15);
const NOW = at(-10);
const WANTED = busyFingerprint('appointment', TIME);

const event = (type: 'appointment.claimed' | 'appointment.booked'): EngineEvent => ({
  type,
  at: NOW,
  connectionId: 'east',
  busyId: OURS,
  scheduleId: 'doctor-here',
  interval: TIME,
});

const claim = (more: Partial<Claim> = {}): Claim => ({
  slotId: uuid(1),
  busy: busy(50, TIME, { lane: null, changedAt: NOW }),
  capacity: 1,
  appointment: {
    id: OURS,
    scheduleId: 'doctor-here',
    slotId: uuid(1),
    status: 'pending',
    document: '{"resourceType":"Appointment"',
    sealedPatient: Buffer.from('sealed'),
  },
  listing: { ...listing(50, TIME), known: null, unsure: true, externalId: null, knownAt: NOW },
  leaseUntil: at(-9),
  events: [event('appointment.claimed')],
  ...more,
});

const block = listing(50, TIME, {
  connectionId: 'west',
  calendar: 'w-doctor',
  kind: 'block',
  desired: busyFingerprint('block', TIME),
  known: null,
  externalId: null,
});

const confirmation: Confirmation = {
  key: listing(50, TIME),
  recorded: { known: WANTED, externalId: 'there-7', revision: 'r3', sequence: 12 },
  mirrors: [block],
  events: [event('appointment.booked')],
};

describe('a booking in the database', () => {
  onEachDatabase((open) => {
    let store: Store & Reader;
    let eventsBefore = 0;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(async () => {
      await open().script(
        'delete from listing; delete from appointment; delete from slot; delete from busy_period',
      );
      await store.transaction((transaction) => transaction.writeSlots([slot(1, TIME)], at(-60)));
      eventsBefore = (await events()).length;
    });

    const events = () => open().query<{ type: string }>('select type from event order by id');
    const told = async () => (await events()).slice(eventsBefore).map((row) => row.type);
    const counts = async () => {
      const [row] = await open().query<Record<string, number>>(
        `select (select count(*)::integer from busy_period) as busy, (select count(*)::integer from appointment) as
          appointments, (select count(*)::integer from listing) as listings`,
      );
      return row;
    };
    const slotStatus = async () => (await store.slotDetails(uuid(1)))?.status;
    const apply = (changes: object) =>
      store.transaction((transaction) => transaction.apply({ ...NO_CHANGES, ...changes }, NOW));

    describe('is claimed', () => {
      it('with all that belongs to it: time, appointment, listing and event', async () => {
        expect(await store.claimSlot(claim(), NOW)).to.equal(true);
        expect(await counts()).to.deep.equal({ busy: 1, appointments: 1, listings: 1 });
        expect(await slotStatus()).to.equal('busy');
        expect(await told()).to.deep.equal(['appointment.claimed']);
        const [period] = await store.transaction((transaction) => transaction.busyByIds([OURS]));
        expect(period).to.deep.equal(busy(50, TIME, { lane: 0, changedAt: NOW }));
        const row = await store.listing(claim().listing ?? listing(50, TIME));
        expect(row).to.deep.include({
          desired: WANTED,
          known: null,
          unsure: true,
          attempts: 1,
          knownAt: NOW,
        });
        expect(row?.appointmentStatus).to.equal('pending');
        expect(row?.slot).to.deep.include({ id: uuid(1), externalId: 'slot-1' });
        expect(row?.sealedPatient && Buffer.from(row.sealedPatient).toString()).to.equal('sealed');
      });

      it('or not at all: a claim that comes too late leaves nothing behind', async () => {
        await apply({ busy: [busy(1, span(10, 30))] });
        expect(await slotStatus()).to.equal('busy');
        expect(await store.claimSlot(claim(), NOW)).to.equal(false);
        expect(await counts()).to.deep.equal({ busy: 1, appointments: 0, listings: 0 });
        expect(await told()).to.deep.equal([]);
      });

      it('and not when a hold, a block or nothing stands there', async () => {
        for (const kind of ['hold', 'block'] as const) {
          await apply({ busy: [busy(1, TIME, { kind, lane: kind === 'block' ? null : 0 })] });
          expect(await store.claimSlot(claim(), NOW)).to.equal(false);
          await open().script('delete from busy_period');
        }
        expect(await store.claimSlot(claim({ slotId: uuid(404) }), NOW)).to.equal(false);
        expect(await counts()).to.deep.equal({ busy: 0, appointments: 0, listings: 0 });
      });

      it('and left to the claimer for a while, then to delivery, which is to look before it writes', async () => {
        await store.claimSlot(claim(), NOW);
        const due = (minutes: number) =>
          store.claimListings('east', { now: at(minutes), leaseUntil: at(60), limit: 9, writeAhead: true });
        expect(await due(-9.5)).to.deep.equal([]);
        expect((await due(-9)).map(({ subjectId, unsure }) => ({ subjectId, unsure }))).to.deep.equal([
          { subjectId: OURS, unsure: true },
        ]);
      });

      it('without a listing for a slot that no platform offers', async () => {
        expect(await store.claimSlot(claim({ listing: null }), NOW)).to.equal(true);
        expect(await counts()).to.deep.equal({ busy: 1, appointments: 1, listings: 0 });
      });
    });

    describe('is confirmed', () => {
      const stands = async () => ({
        status: (await store.listing(confirmation.key))?.appointmentStatus,
        known: (await store.listing(confirmation.key))?.known,
        mirror: (await store.listing(block))?.desired ?? null,
      });

      beforeEach(() => store.claimSlot(claim(), NOW));

      it('with all that follows: status, listing, blocks elsewhere and event, and without its patient', async () => {
        expect(await store.confirmBooking(confirmation, at(-9))).to.deep.equal({
          version: 2,
          patientId: null,
        });
        expect(await stands()).to.deep.equal({ status: 'booked', known: WANTED, mirror: block.desired });
        expect(await store.listing(confirmation.key)).to.deep.include({
          unsure: false,
          externalId: 'there-7',
          revision: 'r3',
          sequence: 12,
          knownAt: at(-9),
          sealedPatient: null,
        });
        expect(await told()).to.deep.equal(['appointment.claimed', 'appointment.booked']);
      });

      it('once: the second time does nothing', async () => {
        await store.confirmBooking(confirmation, at(-9));
        const again = { ...confirmation, recorded: { ...confirmation.recorded, externalId: 'other' } };
        expect(await store.confirmBooking(again, at(-8))).to.equal(null);
        expect((await store.listing(confirmation.key))?.externalId).to.equal('there-7');
        expect(await told()).to.deep.equal(['appointment.claimed', 'appointment.booked']);
      });

      it('not after it was ended', async () => {
        await apply({ ended: [OURS], appointmentStatuses: [{ id: OURS, status: 'cancelled' }] });
        expect(await store.confirmBooking(confirmation, at(-9))).to.equal(null);
        expect(await stands()).to.deep.equal({ status: 'cancelled', known: null, mirror: null });
        expect(await told()).to.deep.equal(['appointment.claimed']);
      });

      it('not when its time was given up, although the appointment still waits', async () => {
        await apply({ ended: [OURS] });
        expect(await store.confirmBooking(confirmation, at(-9))).to.equal(null);
        expect(await stands()).to.deep.equal({ status: 'pending', known: null, mirror: null });
      });

      it('in a transaction as by itself, and undone with it', async () => {
        const undone = await store
          .transaction(async (transaction) => {
            expect(await transaction.confirmBooking(confirmation, at(-9))).to.deep.equal({
              version: 2,
              patientId: null,
            });
            throw new Error('undo');
          })
          .catch((error: Error) => error.message);
        expect(undone).to.equal('undo');
        expect(await stands()).to.deep.equal({ status: 'pending', known: null, mirror: null });
        expect(await store.confirmBooking(confirmation, at(-9))).to.deep.equal({
          version: 2,
          patientId: null,
        });
      });

      it('and leaves a block that is there already as it stands', async () => {
        const placed = { ...block, known: block.desired, externalId: 'b-1' };
        await apply({ listings: [placed] });
        await store.confirmBooking(confirmation, at(-9));
        expect(await store.listing(block)).to.include({ known: block.desired, externalId: 'b-1' });
      });
    });
  });
});
