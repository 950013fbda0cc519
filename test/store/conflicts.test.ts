import { expect } from 'chai';
import type { Reader } from '../../src/engine/ports/front.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, NO_CHANGES, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

describe('conflicts in the database', () => {
  onEachDatabase((open) => {
    let store: Store & Reader;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(() => open().script('delete from conflict; delete from busy_period'));

    const put = (periods: ReturnType<typeof busy>[], minutes = 0, conflicts = [CONFLICT].slice(1)) =>
      store.transaction((transaction) =>
        transaction.apply({ ...NO_CHANGES, busy: periods, conflicts }, at(minutes)),
      );
    const end = (id: string, passedOn: ReturnType<typeof busy>[] = []) =>
      store.transaction((transaction) =>
        transaction.apply({ ...NO_CHANGES, ended: [id], busy: passedOn }, at(5)),
      );
    const conflicts = () =>
      open().query(
        'select busy_id, with_busy_id, connection_id, detected_ms, resolved_ms from conflict order by id',
      );
    const openConflicts = async () =>
      (await store.connectionSummaries()).map((each) => [each.id, each.conflicts]);

    const inside = busy(1, span(0, 20));
    const outside = busy(2, span(10, 30), { lane: null, originId: 'west' });

    it('are recorded once, for the connection whose booking came second', async () => {
      await put([inside, outside], 0, [CONFLICT]);
      await put([outside], 1, [CONFLICT]);
      const row = { busy_id: uuid(2), with_busy_id: uuid(1), connection_id: 'west', detected_ms: at(0) };
      expect(await conflicts()).to.deep.equal([{ ...row, resolved_ms: null }]);
      expect(await openConflicts()).to.deep.equal([
        ['east', 0],
        ['west', 1],
      ]);
    });

    it('are over when either of the two ends', async () => {
      for (const [ended, passedOn] of [
        [uuid(2), []],
        [uuid(1), [{ ...outside, lane: 0 }]],
      ] as const) {
        await put([inside, outside], 0, [CONFLICT]);
        await end(ended, [...passedOn]);
        expect((await conflicts())[0]).to.include({ resolved_ms: at(5) });
        expect(await openConflicts()).to.deep.equal([
          ['east', 0],
          ['west', 0],
        ]);
        await open().script('delete from conflict; delete from busy_period');
      }
    });

    it('are over when one is moved so that they only touch, and not before', async () => {
      await put([inside, outside], 0, [CONFLICT]);
      await put([{ ...outside, interval: span(15, 35) }], 1);
      expect((await conflicts())[0]).to.include({ resolved_ms: null });
      await put([{ ...outside, interval: span(20, 40), lane: 0 }], 2);
      expect((await conflicts())[0]).to.include({ resolved_ms: at(2) });
    });

    it('are open again when the two meet again', async () => {
      await put([inside, outside], 0, [CONFLICT]);
      await put([{ ...outside, interval: span(20, 40), lane: 0 }], 1);
      await put([outside], 2, [CONFLICT]);
      expect((await conflicts())[0]).to.include({ detected_ms: at(2), resolved_ms: null });
      expect(await openConflicts()).to.deep.equal([
        ['east', 0],
        ['west', 1],
      ]);
    });

    it('of a third visit with each of two lanes are both over once it has a lane', async () => {
      const [first, second, third] = [0, 1, null].map((lane, n) =>
        busy(n + 1, span(0, 20), { lane, actorId: 'walk-in', scheduleId: 'walk-in-here' }),
      ) as [typeof inside, typeof inside, typeof inside];
      await put([first, second, third], 0, [
        { id: uuid(90), busyId: uuid(3), withBusyId: uuid(1) },
        { id: uuid(91), busyId: uuid(3), withBusyId: uuid(2) },
      ]);
      expect(await openConflicts()).to.deep.equal([
        ['east', 2],
        ['west', 0],
      ]);
      await end(uuid(1), [{ ...third, lane: 0 }]);
      expect(await openConflicts()).to.deep.equal([
        ['east', 0],
        ['west', 0],
      ]);
    });
  });
});

const CONFLICT = { id: uuid(99), busyId: uuid(2), withBusyId: uuid(1) };
