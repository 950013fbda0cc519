import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import { createStore } from '../../src/store/store.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { at } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';

describe('the freshness of a calendar', () => {
  onEachDatabase((open) => {
    it('is known from the moment at which its reading ends, and goes by', async () => {
      const clock = manualClock(at(-60));
      const read: Platform['read'] = async function* () {
        yield { kind: 'end', complete: null, cursor: 'c1' };
      };
      const context = engineContext(open(), { platform: { read }, manifest, clock });
      const engine = createEngine(context, createStore(open()));
      // The clock stands still, so nothing that is looked at from time to time is looked at again.
      await engine.start({ works: false });
      try {
        expect(engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt: null, stale: true });
        await context.store.hastenFeeds([{ connectionId: 'west', feedId: WHOLE_CONNECTION }], clock.now());
        await engine.run({ kind: 'observe', connectionId: 'west', feedId: WHOLE_CONNECTION });
        expect(engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt: at(-60), stale: false });
        expect(engine.freshness('east', 'e-doctor').stale).to.equal(true);
      } finally {
        await engine.stop();
      }
      await clock.advance(HOUR + MINUTE);
      expect(engine.freshness('west', 'w-doctor')).to.deep.equal({ confirmedAt: at(-60), stale: true });
    });
  });
});
