import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { withProposals } from '../../src/engine/proposals.ts';
import { createStore } from '../../src/store/store.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { at, busy, conflict, entries, NO_CHANGES, slot, span, under, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';

describe('where a booking in conflict could go', () => {
  onEachDatabase((open) => {
    it('is where it may be booked already, however many nearer slots are not released yet', async () => {
      const store = createStore(open());
      await store.applyDirectory(entries(), []);
      // Nine before the conflict, and nine after it.
      const starts = [...Array(9).keys()].flatMap((n) => [-20 * (n + 1), 40 + 20 * n]);
      await store.transaction(async (transaction) => {
        await transaction.writeSlots(
          starts.map((from, n) => slot(10 + n, span(from, from + 20))),
          at(-999),
        );
        await transaction.apply(
          {
            ...NO_CHANGES,
            busy: [busy(1, span(0, 20)), busy(2, span(10, 30), { lane: null, originId: 'west' })],
            conflicts: [conflict(uuid(1), uuid(2))],
          },
          at(-999),
        );
      });
      const found = await store.conflict(conflict(uuid(1), uuid(2)).id);
      if (!found) throw new Error('it was not written');
      // At 04:00; slots are released three hours ahead, so up to 07:00.
      const directory = under({ release: { kind: 'before', milliseconds: 3 * HOUR } });
      const context = engineContext(open(), {
        platform: {},
        manifest,
        directory,
        clock: manualClock(at(-300)),
      });
      const freshness = () => ({ confirmedAt: at(-300), stale: false });
      const { proposals } = await withProposals(found, { context, reader: store, freshness });
      const minutes = proposals.a.map(({ interval }) => (interval.start - at(0)) / MINUTE);
      expect(minutes).to.deep.equal([-120, -140, -160, -180]);
    });
  });
});
