import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import { SECOND } from '../../src/domain/instant.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import { createInProcessQueue } from '../../src/queue/in-process.ts';
import { createStore } from '../../src/store/store.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { at, directory } from '../support/clinic.ts';
import { freshPglite, type OpenDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';
import { until } from '../support/servers.ts';

describe('a feed that is woken before it is due', () => {
  let opened: OpenDatabase;
  before(async () => {
    opened = await freshPglite();
  });
  after(() => opened?.drop());

  it('is read when it is due all the same, and not only when the sweep finds it', async () => {
    const clock = manualClock(at(-60));
    const reads: number[] = [];
    const read: Platform['read'] = async function* ({ calendars }) {
      if (calendars.includes('w-doctor')) reads.push(clock.now() - at(-60));
      yield { kind: 'end', complete: null, cursor: 'c1' };
    };
    const queue = createInProcessQueue(clock);
    const context = engineContext(opened.database, { platform: { read }, manifest, clock, queue });
    const engine = createEngine(context, createStore(opened.database));
    const work = { kind: 'observe', connectionId: 'west', feedId: WHOLE_CONNECTION } as const;
    const dueAt = async () => (await context.store.feed(work))?.dueAt;
    const poll = directory.connection('west').pollMilliseconds;
    expect(poll % (2 * SECOND), 'a time at which there is no sweep').to.not.equal(0);
    await engine.start({ works: true });
    try {
      await until('the first reading', async () => (await dueAt()) === at(-60) + poll);
      // As the sweep of another process, or a hint that came twice, may do at any time.
      queue.wake(work);
      await engine.run(work);
      await clock.advance(poll - 1);
      expect(reads).to.deep.equal([0]);
      await clock.advance(1);
      await until('the second reading', async () => (await dueAt()) === at(-60) + 2 * poll);
      expect(reads).to.deep.equal([0, poll]);
    } finally {
      await engine.stop();
    }
  });
});
