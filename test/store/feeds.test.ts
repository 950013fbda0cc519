import { expect } from 'chai';
import { plus } from '../../src/domain/instant.ts';
import type { FeedKey } from '../../src/engine/ports/feeds.ts';
import type { Reader } from '../../src/engine/ports/front.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, entries, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

const EAST: FeedKey = { connectionId: 'east', feedId: '*' };
const WEST: FeedKey = { connectionId: 'west', feedId: 'w-doctor' };
const LEASE = at(1);
const READ = {
  cursor: 'c1',
  unsettledAt: null,
  asOf: null,
  confirmedAt: at(0),
  completeAt: at(0),
  dueAt: at(10),
  suspicion: null,
  unreadable: null,
} as const;

describe('feeds', () => {
  onEachDatabase((open) => {
    let store: Store & Reader;

    before(() => {
      store = createStore(open());
    });
    beforeEach(async () => {
      await open().script('delete from feed');
      await store.applyDirectory(entries(), [EAST, WEST]);
    });

    const claim = (minutes: number, force = false) =>
      store.claimFeed(EAST, {
        now: at(minutes),
        leaseUntil: plus(at(minutes), 60_000),
        force,
        mapping: 'one',
      });
    const read = (more: Partial<Parameters<Store['recordFeed']>[1]> = {}) =>
      store.recordFeed(EAST, { ...READ, ...more });
    const state = async () => (await store.feeds()).find((feed) => feed.connectionId === 'east');

    it('are due from the start, without a cursor', async () => {
      expect(await claim(0)).to.deep.include({ ...EAST, cursor: null, completeAt: null, confirmedAt: null });
    });

    it('are read by one reader at a time, until its lease ends', async () => {
      const claims = await Promise.all([claim(0), claim(0), claim(0)]);
      expect(claims.filter((each) => each !== null)).to.have.length(1);
      const next = { leaseUntil: at(9), mapping: 'one' };
      expect(await store.claimFeed(EAST, { ...next, now: plus(LEASE, -1), force: true })).to.equal(null);
      expect(await store.claimFeed(EAST, { ...next, now: LEASE, force: false })).to.not.equal(null);
    });

    it('stay with a reader that renews its lease', async () => {
      await claim(0);
      await store.renewFeed(EAST, at(5));
      expect(await claim(4, true)).to.equal(null);
      expect(await claim(5)).to.not.equal(null);
    });

    it('are confirmed by what their platform says, never back in time, and no others', async () => {
      await store.confirmFeeds([EAST], at(5));
      await store.confirmFeeds([EAST], at(3));
      const confirmed = (await store.feeds()).map(({ connectionId, confirmedAt }) => [
        connectionId,
        confirmedAt,
      ]);
      expect(Object.fromEntries(confirmed)).to.deep.equal({ east: at(5), west: null });
      expect(await state()).to.deep.include({ completeAt: null, cursor: null });
    });

    it('are not due again before their time, unless somebody insists', async () => {
      await claim(0);
      await read();
      expect(await claim(9)).to.equal(null);
      expect(await claim(9, true)).to.deep.include({ cursor: 'c1', confirmedAt: at(0), completeAt: at(0) });
    });

    it('remember since when their list may have lagged behind the cursor', async () => {
      await claim(0);
      await read({ unsettledAt: at(0) });
      expect((await state())?.unsettledAt).to.equal(at(0));
      await claim(10);
      await read({ dueAt: at(20) });
      expect((await state())?.unsettledAt).to.equal(null);
    });

    it('tell of each of their calendars how far it is known, until something later is', async () => {
      const calendars = [
        { connectionId: 'east', calendar: 'e-doctor' },
        { connectionId: 'west', calendar: 'w-doctor' },
        { connectionId: 'west', calendar: 'w-other' },
      ];
      const seen = () => store.transaction((transaction) => transaction.calendarsSeen(calendars));
      expect(await seen()).to.deep.equal([]);
      await read({ asOf: at(-1) });
      await read({ asOf: null });
      expect(await seen()).to.deep.equal([{ ...calendars[0], asOf: at(-1) }]);
      await store.recordFeed(WEST, { ...READ, asOf: at(2) });
      expect(await seen()).to.have.deep.members([
        { ...calendars[0], asOf: at(-1) },
        { ...calendars[1], asOf: at(2) },
      ]);
    });

    it('remember the last whole reading while deltas follow it', async () => {
      await claim(0);
      await read();
      await claim(10);
      await read({ cursor: 'c2', confirmedAt: at(10), completeAt: null, dueAt: at(20) });
      expect(await state()).to.deep.include({
        cursor: 'c2',
        confirmedAt: at(10),
        completeAt: at(0),
        dueAt: at(20),
      });
    });

    it('keep their cursor when they could not be read, and are due when it is said', async () => {
      await claim(0);
      await read();
      await claim(10);
      await store.releaseFeed(EAST, at(12));
      expect(await state()).to.deep.include({ cursor: 'c1', confirmedAt: at(0), dueAt: at(12) });
      expect(await claim(11)).to.equal(null);
      expect(await claim(12)).to.not.equal(null);
    });

    it('are due at once when somebody asks, and a later due date is not moved forward by it', async () => {
      await claim(0);
      await read();
      await store.hastenFeeds([EAST], at(3));
      expect(await state()).to.deep.include({ dueAt: at(3) });
      await store.hastenFeeds([EAST], at(4));
      expect(await state()).to.deep.include({ dueAt: at(3) });
    });

    it('stay due when somebody asks while they are read: the reading may have passed what is new', async () => {
      await claim(0);
      await store.hastenFeeds([EAST], plus(at(0), 5_000));
      await store.renewFeed(EAST, at(2));
      expect(await read()).to.equal(plus(at(0), 5_000));
      expect(await state()).to.deep.include({ dueAt: plus(at(0), 5_000) });
      expect(await claim(1)).to.not.equal(null);
    });

    it('stay due for who asked for a later reading, whatever is read before', async () => {
      await claim(0);
      await read();
      await store.hastenFeeds([EAST], at(3));
      await store.hastenFeeds([EAST], at(1));
      await claim(1);
      expect(await read()).to.equal(at(3));
      await claim(2, true);
      await store.releaseFeed(EAST, at(4));
      await claim(4);
      expect(await read({ dueAt: at(20) }), 'it was answered').to.equal(at(20));
    });

    it('say since when they are being read', async () => {
      expect(await state()).to.deep.include({ beganAt: null });
      await claim(0);
      expect(await state()).to.deep.include({ beganAt: at(0) });
      await read();
      expect(await state()).to.deep.include({ beganAt: null });
      await claim(10);
      await store.releaseFeed(EAST, at(12));
      expect(await state()).to.deep.include({ beganAt: null });
    });

    it('are suspect until a reading says that they are not, and so long is what a person said kept', async () => {
      const suspicion = { since: at(0), slots: { known: 40, missing: 30 }, busy: { known: 3, missing: 0 } };
      await claim(0);
      await read();
      expect(await store.acceptAbsence('east', null, at(1))).to.deep.equal([]);
      await read({ confirmedAt: null, completeAt: null, suspicion });
      expect(await state()).to.deep.include({
        suspicion,
        confirmedAt: at(0),
        completeAt: at(0),
        acceptedAt: null,
      });
      expect(await store.acceptAbsence('west', null, at(2))).to.deep.equal([]);
      expect(await store.acceptAbsence('east', 'w-doctor', at(2))).to.deep.equal([]);
      expect(await store.acceptAbsence('east', '*', at(2))).to.deep.equal([EAST]);
      await read({ suspicion });
      expect(await state()).to.deep.include({ suspicion, acceptedAt: at(2) });
      await read();
      expect(await state()).to.deep.include({ suspicion: null, acceptedAt: null });
    });

    it('stay suspect when something was held back while they were read', async () => {
      const suspicion = { since: at(1), slots: { known: 40, missing: 30 }, busy: { known: 3, missing: 0 } };
      const when = { at: at(1), before: at(1) };
      await claim(0);
      await store.transaction(async (transaction) => {
        await transaction.holdBack(EAST, [{ scope: '', id: uuid(1) }], when);
        await transaction.suspectFeed(EAST, suspicion);
      });
      await read();
      expect(await state()).to.deep.include({ suspicion });
      await store.transaction((transaction) => transaction.holdBack(EAST, [], { at: at(2), before: at(1) }));
      await read();
      expect(await state()).to.deep.include({ suspicion });
      await store.transaction((transaction) => transaction.holdBack(EAST, [], { at: at(2), before: at(2) }));
      await read();
      expect(await state()).to.deep.include({ suspicion: null });
    });

    it('are unreadable until a reading says that they are not', async () => {
      const unreadable = { since: at(0), records: 40, unread: 38 };
      await claim(0);
      await read({ unreadable });
      expect(await state()).to.deep.include({ unreadable });
      const [summary] = await store.connectionSummaries(at(0));
      expect(summary?.unreadable).to.deep.equal([{ feedId: '*', ...unreadable }]);
      await read();
      expect(await state()).to.deep.include({ unreadable: null });
    });

    it('are free for the one owner of the database when it starts anew', async () => {
      await claim(0);
      await store.endLeases();
      expect(await claim(0, true)).to.not.equal(null);
    });

    it('do not disturb one another', async () => {
      await claim(0);
      await read();
      const west = (await store.feeds()).find((feed) => feed.connectionId === 'west');
      expect(west).to.deep.include({ ...WEST, cursor: null, confirmedAt: null });
    });
  });
});
