import { expect } from 'chai';
import type { BusyPeriod } from '../../src/domain/busy.ts';
import { Directory } from '../../src/domain/directory.ts';
import { busyFingerprint } from '../../src/domain/listing.ts';
import { situate } from '../../src/engine/commit.ts';
import { Draft, type Situation } from '../../src/engine/draft.ts';
import { planBlocks } from '../../src/engine/mirror.ts';
import type { Reader } from '../../src/engine/ports/front.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, CALENDARS, entries, listing, NO_CHANGES, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

/** Both platforms show the walk-in service. */
const directory = new Directory(
  entries([
    ...CALENDARS,
    { connectionId: 'west', externalId: 'w-walk-in', scheduleId: 'walk-in-here', topology: 'block' },
  ]),
);

describe('the end of a booking, decided in the database', () => {
  onEachDatabase((open) => {
    let store: Store & Reader;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(directory.entries, []);
    });
    beforeEach(() => open().script('delete from listing; delete from busy_period'));

    const put = (periods: readonly BusyPeriod[], listings: Situation['listings'] = []) =>
      store.transaction((transaction) =>
        transaction.apply({ ...NO_CHANGES, busy: periods, listings }, at(0)),
      );
    /** Ends the first, as a cancellation does. */
    const endFirst = () =>
      store.transaction(async (transaction) => {
        const involved = { subjectIds: [uuid(1)], actorIds: [], intervals: [] };
        const situation = await situate(transaction, directory, involved);
        const draft = new Draft(situation, directory, at(-30));
        draft.end(uuid(1));
        planBlocks(draft, directory);
        await transaction.apply(draft.changes(), draft.at);
        return situation.live.map(({ id }) => id).sort();
      });
    const lanes = async () =>
      Object.fromEntries(
        (
          await open().query<{ id: string; lane: number | null }>(
            'select id, lane from busy_period where ended_ms is null',
          )
        ).map(({ id, lane }) => [id, lane]),
      );

    it('gives no lane away that a booking outside of its own time has', async () => {
      await put([busy(1, span(0, 20)), busy(2, span(10, 40), { lane: null }), busy(3, span(30, 50))]);
      await endFirst();
      expect(await lanes()).to.deep.equal({ [uuid(2)]: null, [uuid(3)]: 0 });
    });

    it('looks along all that waits, however far it reaches, and no farther', async () => {
      await put([
        busy(1, span(0, 20)),
        busy(2, span(10, 30), { lane: null, changedAt: at(-59) }),
        busy(3, span(25, 45), { lane: null, changedAt: at(-58) }),
        busy(4, span(40, 60)),
        busy(5, span(60, 80)),
      ]);
      expect(await endFirst()).to.deep.equal([1, 2, 3, 4].map(uuid));
      expect(await lanes()).to.deep.equal({ [uuid(2)]: 0, [uuid(3)]: null, [uuid(4)]: 0, [uuid(5)]: 0 });
    });

    it('keeps time closed that another visit still fills', async () => {
      const visit = (n: number, lane: number, from: number, to: number) =>
        busy(n, span(from, to), { lane, actorId: 'walk-in', scheduleId: 'walk-in-here' });
      const block = listing(2, span(10, 40), {
        connectionId: 'west',
        calendar: 'w-walk-in',
        scheduleId: 'walk-in-here',
        kind: 'block',
        desired: busyFingerprint('block', span(10, 40)),
        known: busyFingerprint('block', span(10, 40)),
      });
      // 09:30 to 09:40 both lanes are taken, by the second and the third, whatever becomes of the first.
      await put([visit(1, 0, 0, 20), visit(2, 1, 10, 40), visit(3, 0, 30, 50)], [block]);
      await endFirst();
      expect((await store.listing(block))?.desired).to.equal(block.desired);
    });

    it('opens time that nothing fills any more', async () => {
      const visit = (n: number, lane: number) =>
        busy(n, span(0, 20), { lane, actorId: 'walk-in', scheduleId: 'walk-in-here' });
      const block = listing(2, span(0, 20), {
        connectionId: 'west',
        calendar: 'w-walk-in',
        scheduleId: 'walk-in-here',
        kind: 'block',
        desired: busyFingerprint('block', span(0, 20)),
        known: busyFingerprint('block', span(0, 20)),
      });
      await put([visit(1, 0), visit(2, 1)], [block]);
      await endFirst();
      expect((await store.listing(block))?.desired).to.equal(null);
    });

    describe('where a booking is promised that its platform was not told of yet', () => {
      const promised = listing(1, span(0, 60), { home: 'stands', known: null, externalId: null });
      /** Sold by the other platform meanwhile; it reaches beyond. */
      const elsewhere = busy(2, span(45, 75), { lane: null, originId: 'west' });
      const block = listing(2, elsewhere.interval, { kind: 'block' });
      const atWest = listing(2, elsewhere.interval, { connectionId: 'west', calendar: 'w-doctor' });
      /** Sold by its own platform, away from what the other sold. */
      const rival = busy(3, span(-10, 10), { lane: null });

      const decide = (change: (draft: Draft) => void) =>
        store.transaction(async (transaction) => {
          const involved = { subjectIds: [rival.id], actorIds: ['doctor'], intervals: [rival.interval] };
          const draft = new Draft(await situate(transaction, directory, involved), directory, at(-30));
          change(draft);
          planBlocks(draft, directory);
          await transaction.apply(draft.changes(), draft.at);
        });
      const desired = async () => (await store.listing(block))?.desired ?? null;

      beforeEach(() => put([busy(1, promised.interval), elsewhere], [promised, atWest]));

      it('closes the other’s time there once that platform sold it itself, so that no more of it is sold', async () => {
        await decide((draft) => draft.place(busy(4, span(-40, -20))));
        expect(await desired(), 'it would be in the way').to.equal(null);
        await decide((draft) => {
          draft.place(rival);
          draft.putListing(listing(3, rival.interval));
        });
        expect(await desired()).to.equal(busyFingerprint('block', elsewhere.interval));
      });

      it('opens it when that sale is over, so that the promised one can be written', async () => {
        await put([rival], [listing(3, rival.interval), block]);
        await decide((draft) => {
          draft.end(rival.id);
          draft.putListing({ ...listing(3, rival.interval), desired: null, known: null });
        });
        expect(await desired()).to.equal(null);
      });
    });
  });
});
