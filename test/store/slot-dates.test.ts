import { expect } from 'chai';
import type { Changes, Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

/** Whoever asks what changed since the last look must hear of it, whenever its platform made the change. */
describe('the date of a slot', () => {
  onEachDatabase((open) => {
    let store: Store;

    before(() => {
      store = createStore(open());
    });
    beforeEach(async () => {
      await open().script('delete from slot; delete from busy_period; delete from schedule');
      await store.applyDirectory(entries(), []);
      await store.transaction((transaction) =>
        transaction.insertSlots(
          [slot(1, span(0, 15)), slot(2, span(15, 30)), slot(3, span(30, 45))],
          at(-100),
        ),
      );
    });

    const apply = (changes: Partial<Changes>, minutes: number): Promise<void> =>
      store.transaction((transaction) => transaction.apply({ ...NO_CHANGES, ...changes }, at(minutes)));
    const slots = () =>
      open().query('select status, version, (updated_ms - $1) / 60000 as minutes from slot order by id', [
        at(0),
      ]);
    const booked = (from: number, to: number, changed: number) =>
      busy(50, span(from, to), { changedAt: at(changed) });
    const untouched = { status: 'free', version: 1, minutes: -100 };

    it('is when its booking was recorded, though its platform took it an hour before', async () => {
      await apply({ busy: [booked(0, 15, -90)] }, -30);
      expect(await slots()).to.deep.equal([
        { status: 'busy', version: 2, minutes: -30 },
        untouched,
        untouched,
      ]);
    });

    it('is when it was freed', async () => {
      await apply({ busy: [booked(0, 15, -90)] }, -30);
      await apply({ ended: [uuid(50)] }, -20);
      expect((await slots())[0]).to.deep.equal({ status: 'free', version: 3, minutes: -20 });
    });

    it('is when the booking moved, both where it was and where it is', async () => {
      await apply({ busy: [booked(0, 15, -90)] }, -30);
      await apply({ busy: [booked(30, 45, -85)] }, -20);
      expect(await slots()).to.deep.equal([
        { status: 'free', version: 3, minutes: -20 },
        untouched,
        { status: 'busy', version: 2, minutes: -20 },
      ]);
    });

    it('never goes back', async () => {
      await apply({ busy: [booked(0, 15, -90)] }, -30);
      await apply({ ended: [uuid(50)] }, -40);
      expect((await slots())[0]).to.deep.equal({ status: 'free', version: 3, minutes: -30 });
    });
  });
});
