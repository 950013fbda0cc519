import { expect } from 'chai';
import { plus } from '../../src/domain/instant.ts';
import type { Reader } from '../../src/engine/ports/front.ts';
import type { ConnectionState, Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, conflict, entries, listing, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

const FEEDS = [
  { connectionId: 'east', feedId: 'e-doctor' },
  { connectionId: 'east', feedId: 'e-walk-in' },
  { connectionId: 'west', feedId: '*' },
] as const;
const [DOCTOR, WALK_IN, WEST] = FEEDS;

const HEALTHY: ConnectionState = {
  id: 'east',
  failures: 0,
  failingSince: null,
  openUntil: null,
  lastError: null,
  lastSuccessAt: null,
  paused: false,
};

describe('the directory and the state of connections', () => {
  onEachDatabase((open) => {
    let store: Store & Reader;

    before(() => {
      store = createStore(open());
    });
    beforeEach(async () => {
      await open().script(
        'delete from rejected; delete from conflict; delete from listing; delete from slot; delete from busy_period; delete from feed; delete from connection',
      );
      await store.applyDirectory(entries(), FEEDS);
    });

    const feeds = async () =>
      (await store.feeds()).map((feed) => `${feed.connectionId} ${feed.feedId}`).sort();
    const read = (key: (typeof FEEDS)[number], minutes: number) =>
      store.recordFeed(key, {
        cursor: 'c',
        unsettledAt: null,
        asOf: null,
        confirmedAt: at(minutes),
        completeAt: null,
        dueAt: at(minutes + 1),
        suspicion: null,
        unreadable: null,
      });
    const east = async () => (await store.connectionSummaries(at(0)))[0];

    it('is the same when it is applied again, and keeps what was learned', async () => {
      const failing = { ...HEALTHY, failures: 2, failingSince: at(-5), lastError: 'unavailable: x' };
      await store.recordConnection(failing);
      await read(DOCTOR, 0);
      await store.applyDirectory(entries(), FEEDS);
      expect(await store.connectionState('east')).to.deep.equal(failing);
      expect(await feeds()).to.deep.equal(['east e-doctor', 'east e-walk-in', 'west *']);
      expect((await store.feeds()).find((feed) => feed.feedId === 'e-doctor')).to.deep.include({
        cursor: 'c',
      });
    });

    it('lets one of several callers of a circuit that was open find out', async () => {
      await store.recordConnection({ ...HEALTHY, failures: 4, failingSince: at(-5), openUntil: at(0) });
      const tries = await Promise.all([1, 2, 3].map((each) => store.moveOpenUntil('east', at(0), at(each))));
      expect(tries.filter((isOurs) => isOurs)).to.have.length(1);
      const { openUntil } = await store.connectionState('east');
      expect(openUntil).to.equal(at(tries.indexOf(true) + 1));
    });

    it('names the feeds that are due: few of each connection, one of a doubtful one, none of a closed one', async () => {
      const due = async () =>
        (await store.feedsDue(at(10), 2)).map((feed) => `${feed.connectionId} ${feed.feedId}`);
      const all = Array.from({ length: 4 }, (_, index) => ({ connectionId: 'east', feedId: `e-${index}` }));
      await store.applyDirectory(entries(), [...all, WEST]);
      for (const [index, feed] of all.entries()) await store.releaseFeed(feed, at(9 - index));
      expect(await due()).to.deep.equal(['east e-3', 'east e-2', 'west *']);
      const failing = { ...HEALTHY, failures: 4, failingSince: at(-5) };
      await store.recordConnection({ ...failing, openUntil: at(10) });
      expect(await due()).to.deep.equal(['east e-3', 'west *']);
      await store.recordConnection({ ...failing, openUntil: plus(at(10), 1) });
      expect(await due()).to.deep.equal(['west *']);
      await store.recordConnection(HEALTHY);
      await store.releaseFeed(WEST, plus(at(10), 1));
      expect(await due()).to.deep.equal(['east e-3', 'east e-2']);
    });

    it('forgets the feeds that the configuration no longer has', async () => {
      await store.applyDirectory(entries(), [DOCTOR]);
      expect(await feeds()).to.deep.equal(['east e-doctor']);
      await store.applyDirectory(entries(), []);
      expect(await feeds()).to.deep.equal([]);
    });

    it('takes over whose a schedule is, and for how many at once', async () => {
      const changed = entries();
      const schedules = changed.schedules.map((each) => ({ ...each, practitionerId: 'other', capacity: 3 }));
      await store.applyDirectory({ ...changed, schedules }, FEEDS);
      expect(await open().query('select distinct actor_id, capacity from schedule')).to.deep.equal([
        { actor_id: 'other', capacity: 3 },
      ]);
      await store.applyDirectory(changed, FEEDS);
      expect(await open().query('select id, actor_id, capacity from schedule order by id')).to.deep.equal([
        { id: 'doctor-here', actor_id: 'doctor', capacity: 1 },
        { id: 'walk-in-here', actor_id: 'walk-in', capacity: 2 },
      ]);
    });

    it('keeps the state of a connection as it was recorded', async () => {
      const state: ConnectionState = {
        id: 'west',
        failures: 3,
        failingSince: at(-9),
        openUntil: at(1),
        lastError: 'unauthorized: expired',
        lastSuccessAt: at(-10),
        paused: true,
      };
      await store.recordConnection(state);
      // To pause it is for people to say: what the engine learned meanwhile does not undo it, nor do it.
      expect(await store.connectionState('west')).to.deep.equal({ ...state, paused: false });
      await open().query('update connection set paused = true where id = $1', ['west']);
      await store.recordConnection({ ...state, paused: false });
      expect(await store.connectionState('west')).to.deep.equal(state);
      expect(await store.connectionState('east')).to.deep.equal(HEALTHY);
    });

    it('throws on the state of a connection that there is not', async () => {
      const error = await store.connectionState('nowhere').catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(RangeError).and.have.property('message', 'unknown connection: nowhere');
    });

    it('sums up a connection that was never read', async () => {
      expect(await east()).to.deep.equal({
        ...HEALTHY,
        pausedAt: null,
        differing: 0,
        oldestDifferingSince: null,
        conflicts: 0,
        rejected: 0,
        unmapped: [],
        slots: 0,
        feeds: 2,
        tasks: { open: 0, overdue: 0 },
        feedsRead: 0,
        confirmedAt: null,
        suspects: [],
        unreadable: [],
      });
    });

    it('sums up what differs, since when, conflicts, rejected records, slots and feeds, each for itself', async () => {
      const blocks = [1, 2, 3].map((n) =>
        listing(n, span(n * 20, n * 20 + 20), { kind: 'block', known: null }),
      );
      const bookings = [busy(1, span(0, 20)), busy(2, span(0, 20), { lane: null })];
      await store.transaction((transaction) =>
        transaction.apply({ ...NO_CHANGES, listings: blocks.slice(0, 1) }, at(-30)),
      );
      await store.transaction(async (transaction) => {
        const conflicts = [conflict(uuid(1), uuid(2))];
        await transaction.apply(
          { ...NO_CHANGES, busy: bookings, listings: blocks.slice(1), conflicts },
          at(-20),
        );
        await transaction.writeSlots([slot(10, span(0, 15)), slot(11, span(15, 30))], at(-20));
      });
      await store.recordRejected(
        DOCTOR,
        [{ externalId: 'x', reason: 'start: not a time', sealedRaw: null }],
        { at: at(0), since: null },
      );
      await read(DOCTOR, 5);
      expect(await east()).to.deep.include({
        differing: 3,
        oldestDifferingSince: at(-30),
        conflicts: 1,
        rejected: 1,
        slots: 2,
        feeds: 2,
        feedsRead: 1,
        confirmedAt: null,
      });
      expect((await store.connectionSummaries(at(0)))[1]).to.deep.include({
        id: 'west',
        differing: 0,
        conflicts: 0,
        slots: 0,
      });
    });

    it('calls a connection confirmed when all of its feeds are, by the one that was read longest ago', async () => {
      await read(DOCTOR, 5);
      await read(WALK_IN, 3);
      await read(WEST, 9);
      expect(await east()).to.deep.include({ feedsRead: 2, confirmedAt: at(3) });
    });
  });
});

describe('records that were set aside', () => {
  onEachDatabase((open) => {
    let store: ReturnType<typeof createStore>;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), FEEDS);
    });
    beforeEach(() => open().script('delete from rejected'));

    const reject = (minutes: number, ...externalIds: (string | null)[]) =>
      store.recordRejected(
        DOCTOR,
        externalIds.map((externalId) => ({ externalId, reason: 'end: before start', sealedRaw: null })),
        { at: at(minutes), since: at(minutes) },
      );
    const stored = async () => {
      const rows = await open().query<Record<string, unknown>>(
        'select external_id, reason, first_ms, last_ms, occurrences from rejected order by external_id',
      );
      return rows.map((row) => [row['external_id'], row['first_ms'], row['last_ms'], row['occurrences']]);
    };

    it('are counted, with the first and the last time', async () => {
      await reject(0, 'a');
      await reject(5, 'a', 'b');
      expect(await stored()).to.deep.equal([
        ['a', at(0), at(5), 2],
        ['b', at(5), at(5), 1],
      ]);
    });

    it('count once in a reading that meets them twice', async () => {
      await reject(0, 'a', 'a', null, null);
      await reject(0, 'a', null);
      expect(await stored()).to.deep.equal([
        ['', at(0), at(0), 1],
        ['a', at(0), at(0), 1],
      ]);
    });

    it('without an id are one row with the number of them that the last reading met', async () => {
      const east = async () => (await store.connectionSummaries(at(0)))[0]?.rejected;
      const rows = async () =>
        (await store.rejectedRecords('east', { raw: false, limit: 9 })).map(({ externalId, records }) => [
          externalId,
          records,
        ]);
      await reject(0, 'a', ...Array.from({ length: 30 }, () => null));
      await reject(0, null, null, 'b');
      expect(await east()).to.equal(34);
      expect(await rows()).to.deep.equal([
        [null, 32],
        ['a', 1],
        ['b', 1],
      ]);
      await reject(5, null, 'a', 'b');
      expect(await east()).to.equal(3);
    });

    it('without an id add up where messages tell of them one by one', async () => {
      const whole = { connectionId: 'east', feedId: '*' };
      const nameless = [{ externalId: null, reason: 'id: missing', sealedRaw: null }];
      for (const minutes of [0, 1, 2]) {
        await store.recordRejected(whole, nameless, { at: at(minutes), since: null });
      }
      const [row] = await store.rejectedRecords('east', { raw: false, limit: 9 });
      expect(row).to.deep.include({ occurrences: 3, records: 3 });
    });

    it('of codes that nothing leads from are counted by the code, the most frequent first', async () => {
      const of = (externalId: string, reason: string) => ({ externalId, reason, sealedRaw: null });
      const rejected = [
        of('a', 'unmapped code FAX in mode'),
        of('b', 'unmapped code FAX in mode'),
        of('c', 'unmapped code XRAY in reason'),
        of('d', 'start: missing'),
      ];
      await store.recordRejected(DOCTOR, rejected, { at: at(0), since: null });
      expect((await store.connectionSummaries(at(0)))[0]?.unmapped).to.deep.equal([
        { reason: 'unmapped code FAX in mode', records: 2 },
        { reason: 'unmapped code XRAY in reason', records: 1 },
      ]);
    });

    it('are forgotten when a complete reading does not meet them again', async () => {
      await reject(0, 'a', 'b');
      await reject(5, 'b');
      await store.forgetMended(DOCTOR, at(5));
      expect((await stored()).map(([id]) => id)).to.deep.equal(['b']);
      await store.forgetMended(WALK_IN, at(60));
      expect(await stored()).to.have.length(1);
    });

    it('lose what they were once nothing has met them for long, and stay known', async () => {
      const of = (externalId: string) => ({
        externalId,
        reason: 'id: missing',
        sealedRaw: Buffer.from('sealed'),
      });
      await store.recordRejected(DOCTOR, [of('a')], { at: at(0), since: null });
      await store.recordRejected(DOCTOR, [of('b')], { at: at(5), since: null });
      expect(await store.forgetComments(at(0), 10)).to.equal(1);
      expect(await store.forgetComments(at(0), 10)).to.equal(0);
      const kept = await store.rejectedRecords('east', { raw: false, limit: 9 });
      expect(kept.map(({ externalId, hasRaw }) => [externalId, hasRaw])).to.deep.equal([
        ['b', true],
        ['a', false],
      ]);
    });

    it('by a webhook, which names no feed, are forgotten by the reading of any feed of that connection', async () => {
      const whole = { connectionId: 'east', feedId: '*' };
      await store.recordRejected(whole, [{ externalId: 'w', reason: 'end: before start', sealedRaw: null }], {
        at: at(0),
        since: null,
      });
      await store.forgetMended(WEST, at(60));
      expect((await stored()).map(([id]) => id)).to.deep.equal(['w']);
      await store.forgetMended(DOCTOR, at(5));
      expect(await stored()).to.deep.equal([]);
    });

    it('keep the latest of their raw forms, which are given only when they are asked for', async () => {
      const write = (minutes: number, ...raws: (number | null)[]) =>
        store.recordRejected(
          DOCTOR,
          raws.map((raw) => ({
            externalId: 'a',
            reason: 'end: before start',
            sealedRaw: raw === null ? null : Buffer.from([raw, 0, 255]),
          })),
          { at: at(minutes), since: at(minutes) },
        );
      const list = async (raw: boolean) =>
        (await store.rejectedRecords('east', { raw, limit: 10 })).map(({ sealedRaw, hasRaw, ...row }) => ({
          ...row,
          raw: [hasRaw, sealedRaw && [...sealedRaw]],
        }));
      await write(0, null);
      expect((await list(true))[0]?.raw).to.deep.equal([false, null]);
      await write(1, 1, 2);
      await write(2, null);
      expect((await list(false))[0]?.raw).to.deep.equal([true, null]);
      expect(await list(true)).to.deep.equal([
        {
          feedId: DOCTOR.feedId,
          externalId: 'a',
          reason: 'end: before start',
          occurrences: 3,
          records: 1,
          firstAt: at(0),
          lastAt: at(2),
          raw: [true, [2, 0, 255]],
        },
      ]);
      expect(await store.rejectedRecords('west', { raw: true, limit: 10 })).to.deep.equal([]);
    });

    it('may be none', async () => {
      await reject(0);
      expect(await stored()).to.deep.equal([]);
    });
  });
});
