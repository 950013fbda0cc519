import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import { MINUTE, plus, SECOND } from '../../src/domain/instant.ts';
import type { Context } from '../../src/engine/context.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import { createInProcessQueue } from '../../src/queue/in-process.ts';
import type { Database } from '../../src/store/database.ts';
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

describe('a webhook that meets a database which does not answer', () => {
  let opened: OpenDatabase;
  before(async () => {
    opened = await freshPglite();
  });
  after(() => opened?.drop());

  it('has its connection read when the database is back, whether or not it comes again', async () => {
    const clock = manualClock(at(-60));
    let down = false;
    const answering = <T>(statement: () => Promise<T>): Promise<T> =>
      down ? Promise.reject(new Error('the database is down')) : statement();
    const database: Database = {
      ...opened.database,
      query: (text, parameters) => answering(() => opened.database.query(text, parameters)),
      transaction: (work) => answering(() => opened.database.transaction(work)),
    };
    const webhook: Platform['webhook'] = () => ({ outcome: 'hint', calendars: null });
    const faults: string[] = [];
    const context: Context = {
      ...engineContext(database, { platform: { webhook }, manifest, clock }),
      onError: (where) => void faults.push(where),
    };
    const { store } = context;
    const engine = createEngine(context, createStore(database));
    const feed = { connectionId: 'west', feedId: WHOLE_CONNECTION };
    await engine.start({ works: false });
    try {
      const later = plus(clock.now(), 15 * MINUTE);
      await store.recordFeed(feed, {
        cursor: 'c1',
        unsettledAt: null,
        asOf: null,
        confirmedAt: clock.now(),
        completeAt: null,
        suspicion: null,
        unreadable: null,
        dueAt: later,
      });
      down = true;
      const answer = engine.receive('west', { headers: {}, body: Buffer.alloc(0) });
      expect(await answer.catch((error: Error) => error.message)).to.equal('the database is down');
      await clock.advance(2 * SECOND);
      await until('it was tried', async () => faults.length >= 2);
      down = false;
      expect((await store.feed(feed))?.dueAt).to.equal(later);
      await clock.advance(1 * SECOND);
      await until('it is due', async () => (await store.feed(feed))?.dueAt === clock.now());
    } finally {
      await engine.stop();
    }
  });
});
