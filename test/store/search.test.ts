import { expect } from 'chai';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import type { AppointmentQuery, Reader, SlotQuery } from '../../src/engine/ports/front.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { wholeOf } from '../support/parted-text.ts';

const ANY: Omit<SlotQuery, 'staleCalendars' | 'unreleased' | 'onlySellable'> = {
  ids: null,
  scheduleIds: null,
  statuses: null,
  start: { fromMs: null, beforeMs: null },
  after: null,
  limit: 100,
};
const ANY_SLOT: SlotQuery = { ...ANY, staleCalendars: [], unreleased: [], onlySellable: false };

describe('the search', () => {
  onEachDatabase((open) => {
    let store: Store & Reader;

    // Two starts are shared, so that the order needs the id; 1 and 6 are taken, 3 is held, 5 is blocked.
    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
      await store.transaction(async (transaction) => {
        const busyOf = (n: number, minutes: number, kind: 'appointment' | 'hold' | 'block') =>
          busy(n, span(minutes, minutes + 15), { kind, lane: kind === 'block' ? null : 0 });
        await transaction.apply(
          {
            ...NO_CHANGES,
            busy: [busyOf(1, 0, 'appointment'), busyOf(2, 30, 'hold'), busyOf(3, 60, 'block')],
          },
          at(-60),
        );
        const west = { connectionId: 'west', calendar: 'w-doctor' };
        const walkIn = { calendar: 'e-walk-in', scheduleId: 'walk-in-here' };
        await transaction.writeSlots(
          [
            slot(6, span(0, 15), west),
            slot(1, span(0, 15)),
            slot(4, span(45, 60), west),
            slot(2, span(15, 30)),
            slot(3, span(30, 45)),
            slot(5, span(60, 75)),
            slot(8, span(15, 30), walkIn),
            slot(7, span(75, 90)),
          ],
          at(-50),
        );
      });
    });

    const found = async (query: Partial<SlotQuery>): Promise<number[]> =>
      (await store.searchSlots({ ...ANY_SLOT, ...query })).map((row) =>
        Number.parseInt(row.id.slice(-2), 16),
      );
    const all = [1, 6, 2, 8, 3, 4, 5, 7];

    it('answers in the order of start and id', async () => {
      expect(await found({})).to.deep.equal(all);
    });

    it('gives each row with what the front needs, and no more', async () => {
      expect(await store.searchSlots({ ...ANY_SLOT, ids: [uuid(4)] })).to.deep.equal([
        {
          id: uuid(4),
          connectionId: 'west',
          calendar: 'w-doctor',
          scheduleId: 'doctor-here',
          startMs: at(45),
          endMs: at(60),
          status: 'free',
          withheld: false,
          version: 1,
          updatedMs: at(-50),
          document: wholeOf(slot(4, span(0, 1)).document),
        },
      ]);
    });

    for (const limit of [1, 2, 3, 7, 8]) {
      it(`goes through all of it in pages of ${limit}, without a gap and without a row twice`, async () => {
        const seen: number[] = [];
        let after: SlotQuery['after'] = null;
        for (;;) {
          const page = await store.searchSlots({ ...ANY_SLOT, after, limit });
          seen.push(...page.map((row) => Number.parseInt(row.id.slice(-2), 16)));
          expect(page.length).to.be.at.most(limit);
          const last = page.at(-1);
          if (!last) break;
          after = { atMs: last.startMs, id: last.id };
        }
        expect(seen).to.deep.equal(all);
      });
    }

    it('takes one status, several, and none at all', async () => {
      expect(await found({ statuses: ['free'] })).to.deep.equal([2, 8, 4, 7]);
      expect(await found({ statuses: ['busy'] })).to.deep.equal([1, 6]);
      expect(await found({ statuses: ['busy-tentative', 'busy-unavailable'] })).to.deep.equal([3, 5]);
      expect(await found({ statuses: [] })).to.deep.equal([]);
    });

    it('takes one schedule, several, and none at all', async () => {
      expect(await found({ scheduleIds: ['walk-in-here'] })).to.deep.equal([8]);
      expect(await found({ scheduleIds: ['walk-in-here', 'doctor-here'] })).to.deep.equal(all);
      expect(await found({ scheduleIds: [] })).to.deep.equal([]);
      expect(await found({ ids: [] })).to.deep.equal([]);
    });

    it('takes the first bound on the start and leaves the second out', async () => {
      expect(await found({ start: { fromMs: at(15), beforeMs: at(45) } })).to.deep.equal([2, 8, 3]);
      expect(await found({ start: { fromMs: at(75), beforeMs: null } })).to.deep.equal([7]);
      expect(await found({ start: { fromMs: null, beforeMs: at(15) } })).to.deep.equal([1, 6]);
    });

    it('takes several stretches of the start, and of the last change', async () => {
      const stretch = (from: number | null, before: number | null) => ({
        fromMs: from === null ? null : at(from),
        beforeMs: before === null ? null : at(before),
      });
      expect(await found({ anyStart: [stretch(null, 15), stretch(75, null)] })).to.deep.equal([1, 6, 7]);
      expect(await found({ anyStart: [] })).to.deep.equal([]);
      expect(await found({ anyStart: [stretch(null, null)] })).to.deep.equal(all);
      expect(await found({ anyUpdated: [stretch(-50, null)] })).to.deep.equal(all);
      expect(await found({ anyUpdated: [stretch(-49, null)] })).to.not.include(4);
    });

    it('goes the other way round, and by the last change, page by page', async () => {
      for (const by of ['start', 'updated'] as const) {
        for (const descending of [true, false]) {
          const order = { by, descending };
          const whole = await store.searchSlots({ ...ANY_SLOT, order });
          const keys = whole.map((row) => (by === 'start' ? row.startMs : row.updatedMs));
          expect(keys).to.deep.equal([...keys].sort((a, b) => (descending ? b - a : a - b)));
          const seen: string[] = [];
          let after: SlotQuery['after'] = null;
          for (;;) {
            const [row] = await store.searchSlots({ ...ANY_SLOT, order, after, limit: 1 });
            if (!row) break;
            seen.push(row.id);
            after = { atMs: by === 'start' ? row.startMs : row.updatedMs, id: row.id };
          }
          expect(seen).to.deep.equal(whole.map(({ id }) => id));
        }
      }
    });

    it('takes the ids that slots have at their platforms', async () => {
      const named = (connectionId: string, externalId: string) => ({ connectionId, externalId });
      expect(await found({ externalIds: [named('west', 'slot-4')] })).to.deep.equal([4]);
      expect(await found({ externalIds: [named('east', 'slot-4')] })).to.deep.equal([]);
      expect(await found({ externalIds: [] })).to.deep.equal([]);
    });

    it('takes slots that are for one reason only', async () => {
      expect(await found({ onlyReasons: ['urgent'] })).to.deep.equal([]);
      const attributes = { ...UNKNOWN_ATTRIBUTES, reasons: ['urgent' as const] };
      const both = { ...UNKNOWN_ATTRIBUTES, reasons: ['urgent' as const, 'semi-urgent' as const] };
      await store.transaction((transaction) =>
        transaction.writeSlots(
          [slot(30, span(600, 615), { attributes }), slot(31, span(615, 630), { attributes: both })],
          at(-50),
        ),
      );
      expect(await found({ onlyReasons: ['urgent', 'semi-urgent'] })).to.deep.equal([30]);
      await store.transaction((transaction) =>
        transaction.removeSlots(
          'east',
          [
            { externalId: 'slot-30', sequence: null },
            { externalId: 'slot-31', sequence: null },
          ],
          at(-49),
        ),
      );
    });

    it('leaves out the free slots of a calendar that is stale, and only those', async () => {
      const west = { connectionId: 'west', calendar: 'w-doctor' };
      expect(await found({ staleCalendars: [west] })).to.deep.equal([1, 6, 2, 8, 3, 5, 7]);
      expect(await found({ staleCalendars: [west], statuses: ['free'] })).to.deep.equal([2, 8, 7]);
      const crossed = { connectionId: 'west', calendar: 'e-doctor' };
      expect(await found({ staleCalendars: [crossed] })).to.deep.equal(all);
      const doctor = { connectionId: 'east', calendar: 'e-doctor' };
      expect(await found({ staleCalendars: [west, doctor], statuses: ['free'] })).to.deep.equal([8]);
    });

    it('leaves out the free slots of schedules that are not released from a start on, and no others', async () => {
      const doctor = { scheduleIds: ['doctor-here'], fromMs: at(45) };
      expect(await found({ unreleased: [doctor] })).to.deep.equal([1, 6, 2, 8, 3, 5]);
      expect(await found({ unreleased: [doctor], statuses: ['free'] })).to.deep.equal([2, 8]);
      const walkIn = { scheduleIds: ['walk-in-here', 'nobody'], fromMs: at(15) };
      expect(await found({ unreleased: [walkIn, doctor], statuses: ['free'] })).to.deep.equal([2]);
      expect(await store.countSlots({ ...ANY_SLOT, statuses: ['free'], unreleased: [doctor] })).to.equal(2);
    });

    it('leaves out the free slots whose time is another platform’s to sell, and no others', async () => {
      const mark = (withheld: boolean) =>
        store.transaction((transaction) =>
          transaction.markSlots(
            [1, 2, 4, 8].map((n) => ({ slotId: uuid(n), withheld, awaitedBy: null })),
            at(0),
          ),
        );
      await mark(true);
      expect(await found({ onlySellable: true, statuses: ['free'] })).to.deep.equal([7]);
      expect(await found({ onlySellable: true, statuses: ['free', 'busy'] })).to.deep.equal([1, 6, 7]);
      expect(await store.countSlots({ ...ANY_SLOT, statuses: ['free'], onlySellable: true })).to.equal(1);
      expect(await found({})).to.deep.equal(all);
      await mark(false);
      expect(await found({ onlySellable: true, statuses: ['free'] })).to.deep.equal([2, 8, 4, 7]);
    });

    it('joins all that is asked', async () => {
      const query = {
        statuses: ['free'] as const,
        scheduleIds: ['doctor-here'],
        start: { fromMs: at(15), beforeMs: at(75) },
        after: { atMs: at(15), id: uuid(2) },
        limit: 1,
      };
      expect(await found(query)).to.deep.equal([4]);
      expect(await store.countSlots({ ...ANY_SLOT, ...query })).to.equal(2);
    });

    it('counts what it would find, whatever the page', async () => {
      const west = { connectionId: 'west', calendar: 'w-doctor' };
      expect(await store.countSlots(ANY_SLOT)).to.equal(8);
      expect(
        await store.countSlots({ ...ANY_SLOT, limit: 2, after: { atMs: at(60), id: uuid(5) } }),
      ).to.equal(8);
      expect(await store.countSlots({ ...ANY_SLOT, staleCalendars: [west] })).to.equal(7);
      expect(await store.countSlots({ ...ANY_SLOT, ids: [] })).to.equal(0);
    });

    it('says of which schedules they are, whatever the page', async () => {
      const page = { limit: 1, after: { atMs: at(600), id: uuid(5) } };
      const schedules = (more: Partial<SlotQuery>) =>
        store.schedulesOfSlots({ ...ANY_SLOT, ...page, ...more });
      const all = await store.searchSlots(ANY_SLOT);
      const of = (rows: typeof all) => [...new Set(rows.map(({ scheduleId }) => scheduleId))].sort();
      expect(of(all)).to.have.length.greaterThan(0);
      expect(await schedules({})).to.deep.equal(of(all));
      expect(await schedules({ ids: [uuid(1)] })).to.deep.equal(of(all.filter(({ id }) => id === uuid(1))));
      expect(await schedules({ statuses: ['free'] })).to.deep.equal(
        of(all.filter(({ status }) => status === 'free')),
      );
      expect(await schedules({ start: { fromMs: at(100_000), beforeMs: null } })).to.deep.equal([]);
      expect(await schedules({ scheduleIds: ["doctor-here' or '1'='1"] })).to.deep.equal([]);
    });

    it('does not take a value for SQL', async () => {
      const nasty = "doctor-here' or '1'='1";
      expect(await found({ scheduleIds: [nasty] })).to.deep.equal([]);
      expect(await found({ staleCalendars: [{ connectionId: nasty, calendar: '?' }] })).to.deep.equal(all);
    });

    describe('of appointments', () => {
      const query = (more: Partial<AppointmentQuery>): AppointmentQuery => ({
        ...ANY,
        statuses: null,
        ...more,
      });
      const write = (n: number, minutes: number, status: 'booked' | 'cancelled') => ({
        busy: busy(n, span(minutes, minutes + 15), { lane: null }),
        appointment: {
          id: uuid(n),
          scheduleId: 'doctor-here',
          slotId: null,
          status,
          document: `{"id":"${uuid(n)}"`,
          sealedPatient: null,
        },
      });

      before(async () => {
        const written = [write(22, 0, 'booked'), write(21, 0, 'cancelled'), write(20, 30, 'booked')];
        await store.transaction((transaction) =>
          transaction.apply(
            {
              ...NO_CHANGES,
              busy: written.map((each) => each.busy),
              appointments: written.map((each) => each.appointment),
            },
            at(-40),
          ),
        );
      });

      const ids = async (more: Partial<AppointmentQuery>) =>
        (await store.searchAppointments(query(more))).map((row) => row.id);

      it('answers, pages and counts in the same way', async () => {
        expect(await ids({})).to.deep.equal([uuid(21), uuid(22), uuid(20)]);
        expect(await ids({ after: { atMs: at(0), id: uuid(21) }, limit: 1 })).to.deep.equal([uuid(22)]);
        expect(await ids({ statuses: ['booked'] })).to.deep.equal([uuid(22), uuid(20)]);
        expect(await ids({ start: { fromMs: at(1), beforeMs: null } })).to.deep.equal([uuid(20)]);
        expect(await store.countAppointments(query({ statuses: ['cancelled'] }))).to.equal(1);
        expect(await ids({ slotIds: [uuid(1)] })).to.deep.equal([]);
        expect(await ids({ order: { by: 'start', descending: true } })).to.deep.equal([
          uuid(20),
          uuid(22),
          uuid(21),
        ]);
        expect((await store.searchAppointments(query({ ids: [uuid(20)] })))[0]).to.deep.equal({
          id: uuid(20),
          slotId: null,
          scheduleId: 'doctor-here',
          identifiers: [],
          startMs: at(30),
          status: 'booked',
          version: 1,
          updatedMs: at(-40),
          document: `{"id":"${uuid(20)}"`,
          heldUntilMs: null,
          patientId: null,
        });
      });
    });
  });
});
