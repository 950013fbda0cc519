import { expect } from 'chai';
import type { Conflict, ConflictState } from '../../src/domain/conflict.ts';
import { conflictId } from '../../src/engine/conflicts.ts';
import type { ConflictReader } from '../../src/engine/ports/conflicts.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, conflict, entries, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

const inside = busy(1, span(0, 20));
const outside = busy(2, span(10, 30), { lane: null, originId: 'west' });
const MET = conflict(uuid(1), uuid(2), { connectionId: 'west' });
const SETTLED = { resolution: 'keep-both', by: 'admin', at: at(3) } as const;
const MOVED = {
  resolution: 'move',
  by: 'admin',
  at: at(3),
  side: 'b',
  slotId: uuid(70),
  toBusyId: uuid(71),
} as const;

describe('conflicts in the database', () => {
  onEachDatabase((open) => {
    let store: Store & ConflictReader;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(() => open().script('delete from conflict; delete from slot; delete from busy_period'));

    const put = (conflicts: readonly Conflict[], periods = [inside, outside]) =>
      store.transaction((transaction) =>
        transaction.apply({ ...NO_CHANGES, busy: periods, conflicts }, at(0)),
      );
    const standing = (...ids: string[]) => store.transaction((transaction) => transaction.conflictsOf(ids));
    const openAt = async () =>
      (await store.connectionSummaries(at(0))).map((each) => [each.id, each.conflicts]);
    const listed = async (state: ConflictState | null, now = at(-60)) =>
      (await store.conflicts({ state, limit: 10 }, now)).map(({ id }) => id);

    it('are read as they were written, by either of the two', async () => {
      for (const written of [MET, { ...MET, settlement: SETTLED }, { ...MET, settlement: MOVED }]) {
        await put([written]);
        expect(await standing(uuid(1))).to.deep.equal([written]);
        expect(await standing(uuid(2), uuid(1))).to.deep.equal([written]);
        expect(await standing(uuid(3))).to.deep.equal([]);
      }
    });

    it('are a row a pair: one that is over stands no more, and begins anew in its place', async () => {
      await put([{ ...MET, settlement: SETTLED, endedAt: at(5) }]);
      expect(await standing(uuid(1))).to.deep.equal([]);
      const again = { ...MET, detectedAt: at(9), b: { ...MET.b, interval: span(15, 35) } };
      await put([again]);
      expect(await standing(uuid(1))).to.deep.equal([again]);
      expect(await open().query('select id from conflict')).to.have.length(1);
    });

    it('are counted for the connection of the booking outside of the lock while nobody has settled them', async () => {
      await put([MET]);
      expect(await openAt()).to.deep.equal([
        ['east', 0],
        ['west', 1],
      ]);
      for (const over of [{ settlement: SETTLED }, { endedAt: at(5) }]) {
        await put([{ ...MET, ...over }]);
        expect((await openAt()).map(([, count]) => count)).to.deep.equal([0, 0]);
      }
    });

    it('tell who holds the lock, where each was made, and whose time it is', async () => {
      await put([MET]);
      const { a, b, ...rest } = MET;
      expect(await store.conflict(MET.id)).to.deep.equal({
        ...rest,
        actorId: 'doctor',
        bookings: {
          a: { ...a, originId: 'east', scheduleId: 'doctor-here', holdsLock: true },
          b: { ...b, originId: 'west', scheduleId: 'doctor-here', holdsLock: false },
        },
      });
      expect(await store.conflict(uuid(98))).to.equal(null);
      await store.transaction((transaction) => transaction.apply({ ...NO_CHANGES, ended: [uuid(1)] }, at(5)));
      expect((await store.conflict(MET.id))?.bookings.a.holdsLock).to.equal(false);
    });

    it('are listed in the order of their time, by their state', async () => {
      const later = conflict(uuid(3), uuid(4), {
        a: { busyId: uuid(3), interval: span(60, 80) },
        b: { busyId: uuid(4), interval: span(60, 80) },
      });
      const latest = {
        ...later,
        id: conflictId(uuid(3), uuid(5)),
        b: { busyId: uuid(5), interval: span(70, 90) },
      };
      const periods = [3, 4, 5].map((n) => busy(n, span(60, 80), { lane: n === 3 ? 0 : null }));
      await put(
        [{ ...latest, endedAt: at(5) }, { ...later, settlement: SETTLED }, MET],
        [inside, outside, ...periods],
      );
      expect(await listed(null)).to.deep.equal([MET.id, later.id, latest.id]);
      expect(await listed('open')).to.deep.equal([MET.id]);
      expect(await listed('resolved')).to.deep.equal([later.id]);
      expect(await listed('gone')).to.deep.equal([latest.id]);
      expect(await store.conflicts({ state: null, limit: 2 }, at(-60))).to.have.length(2);
      // Upcoming ones first, so that old ones never hide them; then the latest.
      expect(await listed(null, at(40))).to.deep.equal([later.id, latest.id, MET.id]);
      expect(await listed(null, at(85))).to.deep.equal([latest.id, later.id, MET.id]);
      expect(await listed(null, at(95))).to.deep.equal([latest.id, later.id, MET.id]);
    });

    it('are over once the time of both has passed, if nobody has settled them', async () => {
      const pass = (minutes: number) =>
        store.transaction((transaction) => transaction.passConflicts(at(minutes)));
      await put([MET]);
      expect(await pass(29)).to.deep.equal([]);
      expect(await pass(30)).to.deep.equal([{ ...MET, endedAt: at(30) }]);
      expect(await pass(31), 'once').to.deep.equal([]);
      expect(await listed('gone')).to.deep.equal([MET.id]);
      expect((await openAt()).map(([, count]) => count)).to.deep.equal([0, 0]);
      await put([{ ...MET, settlement: SETTLED }]);
      expect(await pass(31)).to.deep.equal([]);
    });

    it('are offered the free slots nearest to them in both directions, long enough and of the calendars that are named', async () => {
      const starts = [-60, -40, 60, 80, 100, 120];
      await store.transaction((transaction) =>
        transaction.writeSlots(
          [
            ...starts.map((from, n) => slot(10 + n, span(from, from + 20))),
            slot(20, span(40, 50)),
            slot(21, span(40, 60), { connectionId: 'west', calendar: 'w-doctor' }),
            slot(22, span(0, 20)),
            slot(23, span(40, 60), { scheduleId: 'walk-in-here', calendar: 'e-walk-in' }),
          ],
          at(-90),
        ),
      );
      await put([MET]);
      const found = async (more: object = {}) =>
        (
          await store.freeSlotsAround({
            schedules: [{ id: 'doctor-here', releasedUntil: null }],
            around: span(10, 30),
            fromMs: at(-60),
            calendars: [{ connectionId: 'east', calendar: 'e-doctor' }],
            limit: 3,
            ...more,
          })
        )
          .map(({ interval }) => (interval.start - at(0)) / 60_000)
          .sort((a, b) => a - b);
      expect(await found()).to.deep.equal([-60, -40, 60, 80, 100]);
      expect(await found({ fromMs: at(-50), limit: 1 })).to.deep.equal([-40, 60]);
      expect(await found({ fromMs: at(90) })).to.deep.equal([100, 120]);
      expect(await found({ calendars: [{ connectionId: 'west', calendar: 'w-doctor' }] })).to.deep.equal([
        40,
      ]);
      // What is not released does not take the place of what is, before or after.
      const until = (minutes: number) => ({ schedules: [{ id: 'doctor-here', releasedUntil: at(minutes) }] });
      expect(await found(until(90))).to.deep.equal([-60, -40, 60, 80]);
      expect(await found({ ...until(-40), limit: 1 })).to.deep.equal([-60]);
      expect(await found({ calendars: [] })).to.deep.equal([]);
    });
  });
});
