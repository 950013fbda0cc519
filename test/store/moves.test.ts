import { expect } from 'chai';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

describe('bookings that take each other’s time in one batch', () => {
  onEachDatabase((open) => {
    before(() => createStore(open()).applyDirectory(entries(), []));
    beforeEach(() => open().script('delete from slot; delete from busy_period'));

    const put = (...periods: ReturnType<typeof busy>[]) =>
      createStore(open()).transaction((transaction) =>
        transaction.apply({ ...NO_CHANGES, busy: periods }, at(0)),
      );
    const starts = async () => {
      const rows = await open().query<{ id: string; start_ms: number; lane: number }>(
        'select id, start_ms, lane from busy_period where ended_ms is null order by id',
      );
      return rows.map(({ id, start_ms, lane }) => [id, start_ms, lane]);
    };
    const morning = (shift: number) =>
      [0, 1, 2, 3].map((n) => busy(n + 1, span(n * 20 + shift, n * 20 + 20 + shift)));

    for (const [what, order] of [
      ['in the order of their times', (list: ReturnType<typeof morning>) => list],
      ['from the last to the first', (list: ReturnType<typeof morning>) => [...list].reverse()],
    ] as const) {
      it(`are all moved when the doctor is twenty minutes late, ${what}`, async () => {
        await put(...morning(0));
        await put(...order(morning(20)));
        expect(await starts()).to.deep.equal([0, 1, 2, 3].map((n) => [uuid(n + 1), at(n * 20 + 20), 0]));
      });
    }

    it('change places', async () => {
      await put(busy(1, span(0, 20)), busy(2, span(20, 40)));
      await put(busy(1, span(20, 40)), busy(2, span(0, 20)));
      expect(await starts()).to.deep.equal([
        [uuid(1), at(20), 0],
        [uuid(2), at(0), 0],
      ]);
    });

    it('leave the slots with the status of the time as it is in the end', async () => {
      const store = createStore(open());
      await store.transaction((transaction) =>
        transaction.writeSlots(
          [0, 1, 2, 3, 4].map((n) => slot(n + 10, span(n * 20, n * 20 + 20))),
          at(0),
        ),
      );
      await put(...morning(0));
      await put(...morning(20));
      const rows = await open().query<{ status: string }>('select status from slot order by start_ms');
      expect(rows.map((row) => row.status)).to.deep.equal(['free', 'busy', 'busy', 'busy', 'busy']);
    });
  });
});
