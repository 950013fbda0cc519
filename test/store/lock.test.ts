import { expect } from 'chai';
import fc from 'fast-check';
import { type BusyKind, slotStatus } from '../../src/domain/busy.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Reader } from '../../src/engine/ports/front.ts';
import type { Claim, Store } from '../../src/engine/ports/store.ts';
import { EXCLUSION_VIOLATION, sqlState } from '../../src/store/database.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, listing, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

describe('the lock and the status of slots', () => {
  onEachDatabase((open) => {
    let store: Store & Reader;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(() => open().script('delete from slot; delete from appointment; delete from busy_period'));

    const put = (...periods: ReturnType<typeof busy>[]) =>
      store.transaction((transaction) => transaction.apply({ ...NO_CHANGES, busy: periods }, at(0)));
    const end = (...ids: string[]) =>
      store.transaction((transaction) => transaction.apply({ ...NO_CHANGES, ended: ids }, at(0)));
    const offer = (...slots: ReturnType<typeof slot>[]) =>
      store.transaction((transaction) => transaction.writeSlots(slots, at(0)));
    const statuses = async (): Promise<Record<string, string>> => {
      const rows = await open().query<{ external_id: string; status: string }>(
        'select external_id, status from slot',
      );
      return Object.fromEntries(rows.map((row) => [row.external_id, row.status]));
    };
    const claim = (slotId: string, busyId: string, interval: Interval, more: Partial<Claim> = {}): Claim => ({
      slotId,
      busy: busy(0, interval, { id: busyId, lane: null }),
      capacity: 1,
      appointment: {
        id: busyId,
        scheduleId: 'doctor-here',
        slotId,
        status: 'pending',
        document: '{"resourceType":"Appointment"',
        sealedPatient: null,
      },
      listing: { ...listing(0, interval), subjectId: busyId, known: null, externalId: null },
      leaseUntil: at(1),
      events: [],
      ...more,
    });

    it('refuses two accepted bookings of one lane at overlapping times, whatever the code does', async () => {
      await put(busy(1, span(0, 20)));
      const error = await put(busy(2, span(15, 30))).then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(sqlState(error)).to.equal(EXCLUSION_VIOLATION);
      await put(busy(3, span(20, 40)), busy(4, span(15, 30), { lane: 1, scheduleId: 'walk-in-here' }));
    });

    it('lets blocks and bookings in conflict stand outside of the lock', async () => {
      await put(
        busy(1, span(0, 20)),
        busy(2, span(0, 20), { kind: 'block', lane: null }),
        busy(3, span(10, 30), { lane: null }),
      );
    });

    it('closes the slots of every grid that overlap, and opens them again', async () => {
      await offer(slot(1, span(15, 30)), slot(2, span(30, 45)), slot(3, span(45, 60)), slot(4, span(0, 15)));
      await offer(
        slot(5, span(20, 40), { connectionId: 'west', calendar: 'w-doctor', externalId: 'west-1' }),
      );
      await put(busy(1, span(20, 40)));
      const closed = {
        'slot-1': 'busy',
        'slot-2': 'busy',
        'slot-3': 'free',
        'slot-4': 'free',
        'west-1': 'busy',
      };
      expect(await statuses()).to.deep.equal(closed);
      await put(busy(1, span(45, 60)));
      expect(await statuses()).to.deep.equal({
        ...closed,
        'slot-1': 'free',
        'slot-2': 'free',
        'slot-3': 'busy',
        'west-1': 'free',
      });
      await end(uuid(1));
      expect(new Set(Object.values(await statuses()))).to.deep.equal(new Set(['free']));
    });

    it('gives a slot that arrives, or moves, the status of its time', async () => {
      await put(busy(1, span(0, 20)));
      await offer(slot(1, span(0, 15)), slot(2, span(30, 45)));
      expect(await statuses()).to.deep.equal({ 'slot-1': 'busy', 'slot-2': 'free' });
      await offer(slot(1, span(45, 60), { content: 'moved' }), slot(2, span(15, 30), { content: 'moved' }));
      expect(await statuses()).to.deep.equal({ 'slot-1': 'free', 'slot-2': 'busy' });
    });

    it('says of a slot what the domain says, for any busy periods and capacity', async function () {
      this.timeout(120_000);
      const period = fc.record({
        kind: fc.constantFrom<BusyKind>('appointment', 'hold', 'block'),
        start: fc.integer({ min: 0, max: 10 }),
        length: fc.integer({ min: 1, max: 6 }),
        lane: fc.constantFrom(0, 1, null),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(period, { maxLength: 6 }),
          fc.constantFrom(1, 2),
          async (drawn, capacity) => {
            await open().script('delete from slot; delete from busy_period');
            const scheduleId = capacity === 1 ? 'doctor-here' : 'walk-in-here';
            const actorId = capacity === 1 ? 'doctor' : 'walk-in';
            // Those that the lock refuses stand outside of it, as a conflict does.
            const periods: ReturnType<typeof busy>[] = [];
            for (const [index, { kind, start, length, lane }] of drawn.entries()) {
              const interval = span(start * 5, (start + length) * 5);
              const isFree = !periods.some(
                (other) =>
                  other.lane === lane &&
                  other.interval.start < interval.end &&
                  interval.start < other.interval.end,
              );
              const taken = kind === 'block' || lane === null || lane >= capacity || !isFree ? null : lane;
              periods.push(busy(index + 1, interval, { kind, lane: taken, scheduleId, actorId }));
            }
            const half = Math.floor(periods.length / 2);
            await put(...periods.slice(0, half));
            const slots = [0, 1, 2, 3, 4].map((n) => slot(n, span(n * 15, n * 15 + 15), { scheduleId }));
            await offer(...slots);
            await put(...periods.slice(half));
            const expected = Object.fromEntries(
              slots.map(({ externalId, interval }) => [externalId, slotStatus(interval, capacity, periods)]),
            );
            expect(await statuses()).to.deep.equal(expected);
          },
        ),
        { numRuns: 60, seed: 20191020 },
      );
    });

    it('lets exactly one of many callers have a slot, and loses nothing of the winner', async () => {
      await offer(slot(1, span(0, 15)));
      const callers = Array.from({ length: 16 }, (_, n) => uuid(100 + n));
      const won = await Promise.all(
        callers.map((id) => store.claimSlot(claim(uuid(1), id, span(0, 15)), at(-5))),
      );
      expect(won.filter(Boolean)).to.have.length(1);
      const winner = callers[won.indexOf(true)];
      expect(await statuses()).to.deep.equal({ 'slot-1': 'busy' });
      const rows = await open().query('select id from busy_period where ended_ms is null');
      expect(rows).to.deep.equal([{ id: winner }]);
    });

    it('lets one of two callers have overlapping slots of different grids', async () => {
      await offer(slot(1, span(15, 30)));
      await offer(
        slot(2, span(20, 40), { connectionId: 'west', calendar: 'w-doctor', externalId: 'west-1' }),
      );
      for (let round = 0; round < 10; round += 1) {
        const won = await Promise.all([
          store.claimSlot(claim(uuid(1), uuid(200 + round), span(15, 30)), at(-5)),
          store.claimSlot(claim(uuid(2), uuid(300 + round), span(20, 40)), at(-5)),
        ]);
        expect(won.filter(Boolean)).to.have.length(1);
        await end(uuid(200 + round), uuid(300 + round));
      }
    });

    it('fills the lanes of a walk-in service and then refuses', async () => {
      await offer(slot(1, span(0, 15), { scheduleId: 'walk-in-here', calendar: 'e-walk-in' }));
      const walkIn = (id: string) => {
        const base = claim(uuid(1), id, span(0, 15), { capacity: 2 });
        return { ...base, busy: { ...base.busy, actorId: 'walk-in', scheduleId: 'walk-in-here' } };
      };
      const won = await Promise.all([1, 2, 3, 4].map((n) => store.claimSlot(walkIn(uuid(400 + n)), at(-5))));
      expect(won.filter(Boolean)).to.have.length(2);
      const lanes = await open().query<{ lane: number }>('select lane from busy_period order by lane');
      expect(lanes.map((row) => row.lane)).to.deep.equal([0, 1]);
    });

    it('does not sell what is past', async () => {
      await offer(slot(1, span(0, 15)));
      expect(await store.claimSlot(claim(uuid(1), uuid(500), span(0, 15)), at(15))).to.equal(false);
      expect(await store.claimSlot(claim(uuid(1), uuid(500), span(0, 15)), at(14))).to.equal(true);
    });

    it('sees a booking and a slot that are committed at the same moment', async () => {
      for (let round = 0; round < 20; round += 1) {
        await Promise.all([
          put(busy(600 + round, span(round * 20, round * 20 + 20))),
          offer(slot(600 + round, span(round * 20, round * 20 + 15))),
        ]);
      }
      expect(new Set(Object.values(await statuses()))).to.deep.equal(new Set(['busy']));
    });
  });
});
