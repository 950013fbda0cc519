import { expect } from 'chai';
import type { Change, Position } from '../../src/engine/ports/subscriptions.ts';
import type { Database } from '../../src/store/database.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, NO_CHANGES, slot, span, uuid } from '../support/clinic.ts';
import { freshPostgres, hasPostgres, type OpenDatabase, onEachDatabase } from '../support/databases.ts';
import { readable } from '../support/horizon.ts';
import { requireServer, until } from '../support/servers.ts';
import { terms } from '../support/subscription-terms.ts';

type FullStore = ReturnType<typeof createStore>;
type World = { readonly database: Database; readonly store: FullStore };

const ME = uuid(0xa);
const LISTENER = uuid(0xb);

/** $1 id, $2 a time: bare, as the store's own statements take a lock of the actor for as long as the transaction is. */
const SLOT = `
  insert into slot (id, connection_id, calendar, external_id, schedule_id, start_ms, end_ms, attributes, content, document,
    updated_ms)
  values ($1::uuid, 'east', 'e-doctor', $1::uuid::text, 'doctor-here', $2::bigint, $2::bigint + 1, '{}', '', '{}', 0)`;

const shown = ({ resourceType, resourceId, version }: Change): string =>
  `${resourceType} ${Number.parseInt(resourceId.slice(-2), 16)} ${version === null ? 'gone' : `v${version}`}`;

/** Everything that lies after the position, through pages of the given size. */
async function all({ database, store }: World, from: Position | null, limit = 100): Promise<Change[]> {
  await readable(database);
  const found: Change[] = [];
  for (let position = from; ; ) {
    const page = await store.changesAfter(position, limit);
    found.push(...page.changes);
    position = page.through;
    if (!page.isFull) return found;
  }
}

async function last({ database, store }: World): Promise<Position> {
  await readable(database);
  return (await store.changesAfter(null, 100_000)).through;
}

const CLEAN =
  'delete from subscription; delete from listener; delete from change; delete from slot; delete from slot_version; ' +
  'delete from appointment; delete from appointment_version; ' +
  "delete from busy_period; update change_kept set xact = '0', id = 0";

const subscribe = async (store: FullStore, id = uuid(1)) => {
  await store.addSubscription({ ...terms(), id, status: 'requested' }, at(0), 10);
  await until('it is active', async () => {
    await store.activateSubscriptions(at(0));
    return (await store.subscription(id))?.status === 'active';
  });
};

/** One after the other, in one transaction: a statement writes its rows in any order. */
const written = (store: FullStore, ...numbers: number[]) =>
  store.transaction(async (on) => {
    for (const n of numbers) await on.writeSlots([slot(n, span(n * 20, n * 20 + 20))], at(1));
  });

const booked = (store: FullStore, n: number, minutes: number) =>
  store.transaction((on) =>
    on.apply(
      {
        ...NO_CHANGES,
        busy: [busy(n, span(minutes, minutes + 20))],
        appointments: [
          {
            id: uuid(n),
            scheduleId: 'doctor-here',
            slotId: null,
            status: 'booked',
            document: '{"resourceType":"Appointment"',
            sealedPatient: null,
          },
        ],
      },
      at(2),
    ),
  );

describe('the changes', () => {
  onEachDatabase((open) => {
    let store: FullStore;
    const world = (): World => ({ database: open(), store });
    const heard = (minutes: number) =>
      until('it is heard', async () => (await store.listen(LISTENER, at(minutes))) !== null);
    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(() => open().script(CLEAN));

    it('are not written while nobody is to be told of them', async () => {
      await written(store, 1);
      expect(await all(world(), null)).to.deep.equal([]);
      await store.addSubscription({ ...terms(), id: uuid(1), status: 'off' }, at(0), 10);
      await written(store, 2);
      expect(await all(world(), null)).to.deep.equal([]);
    });

    it('are what was made, changed and removed, of slots and appointments, and not what is not served', async () => {
      await subscribe(store);
      await written(store, 1, 2);
      await booked(store, 9, 20);
      await store.transaction((on) =>
        on.removeSlots('east', [{ externalId: 'slot-2', sequence: null }], at(3)),
      );
      await open().query("update slot set revision = 'r2'");
      expect((await all(world(), null)).map(shown)).to.have.members([
        'Slot 1 v1',
        'Slot 2 v1',
        'Slot 1 v2',
        'Appointment 9 v1',
        'Slot 2 gone',
      ]);
    });

    it('tell a slot that is made on time that is taken, as it is then', async () => {
      await booked(store, 9, 20);
      await subscribe(store);
      await written(store, 1);
      const changes = (await all(world(), null)).filter(({ isLast }) => isLast);
      expect(changes.map(shown)).to.deep.equal(['Slot 1 v1']);
      expect((await open().query('select status, version from slot'))[0]).to.deep.equal({
        status: 'busy',
        version: 1,
      });
    });

    for (const limit of [1, 2, 3, 100]) {
      it(`are read in pages of ${limit} without a gap and without one twice`, async () => {
        await subscribe(store);
        await written(store, 1, 2, 3);
        await written(store, 4);
        await written(store, 2);
        const found = await all(world(), null, limit);
        expect(found.map(shown)).to.deep.equal([
          'Slot 1 v1',
          'Slot 2 v1',
          'Slot 3 v1',
          'Slot 4 v1',
          'Slot 2 v2',
        ]);
        expect(found.filter(({ isLast }) => isLast).map(shown)).to.not.include('Slot 2 v1');
        expect(await all(world(), await last(world()), limit)).to.deep.equal([]);
      });
    }

    it('tell a subscriber that begins nothing of before, and all of after', async () => {
      await subscribe(store);
      await written(store, 1);
      await subscribe(store, uuid(2));
      await written(store, 2);
      await readable(open());
      const claimed = await store.claimSubscriptions({ by: ME, now: at(1), leaseUntil: at(2), limit: 9 });
      const second = claimed.find(({ id }) => id === uuid(2));
      expect((await all(world(), second?.seen ?? null)).map(shown)).to.deep.equal(['Slot 2 v1']);
    });

    it('are erased once every subscriber has passed them, in batches', async () => {
      await subscribe(store);
      await subscribe(store, uuid(2));
      await written(store, 1, 2, 3);
      const erase = (limit: number) => store.eraseChanges({ now: at(3), retained: 0, limit });
      expect(await erase(10)).to.equal(0);
      await readable(open());
      await store.claimSubscriptions({ by: ME, now: at(1), leaseUntil: at(2), limit: 9 });
      const [, second] = await all(world(), null);
      const told = { at: at(1), leaseUntil: at(2), isNotified: true };
      await store.passSubscription(uuid(1), ME, await last(world()), told);
      await store.passSubscription(uuid(2), ME, second?.position ?? { xact: '0', id: 0 }, told);
      expect(await erase(1)).to.equal(1);
      expect(await erase(10)).to.equal(1);
      expect(await erase(10)).to.equal(0);
      expect((await all(world(), null)).map(shown)).to.deep.equal(['Slot 3 v1']);
      await store.removeSubscription(uuid(2));
      expect(await erase(10)).to.equal(1);
    });

    it('are kept for who listens, the last of them, and say where some are missing', async () => {
      await heard(10);
      await written(store, 1);
      await readable(open());
      const { through } = await store.changesAfter(null, 10);
      await written(store, 2);
      await written(store, 3);
      await written(store, 4);
      expect(await store.changesAfter(through, 10)).to.include({ isGapBefore: false });
      expect(await store.changesAfter(null, 10)).to.include({ isGapBefore: true });
      const future: Position = { xact: '99000000000', id: 1 };
      expect(await store.changesAfter(future, 10)).to.include({ isGapBefore: true });
      expect(await store.eraseChanges({ now: at(1), retained: 2, limit: 10 })).to.equal(2);
      expect((await all(world(), null)).map(shown)).to.deep.equal(['Slot 3 v1', 'Slot 4 v1']);
      expect(await store.changesAfter(through, 10)).to.include({ isGapBefore: true });
      // Renewed it stays; the lease over it goes, and what is written after that is no continuation.
      await readable(open());
      const { through: later } = await store.changesAfter(null, 10);
      await store.listen(LISTENER, at(20));
      await store.eraseChanges({ now: at(19), retained: 2, limit: 10 });
      expect(await store.changesAfter(later, 10)).to.include({ isGapBefore: false });
      await store.eraseChanges({ now: at(20), retained: 2, limit: 10 });
      await written(store, 5);
      await heard(30);
      expect(await store.changesAfter(later, 10)).to.include({ isGapBefore: true });
      expect(await all(world(), later)).to.deep.equal([]);
    });

    it('of a dump that another server made are told again from the beginning', async () => {
      await subscribe(store);
      await written(store, 1, 2);
      // As they are when the server that they are restored to has come nowhere near.
      const AHEAD = `update change set xact = '99000000000'::xid8; update subscription set
        seen_xact = '99000000001', seen_id = 0, since_xact = '98000000000'`;
      await open().script(AHEAD);
      expect(await all(world(), null)).to.deep.equal([]);
      await store.mendPositions();
      await written(store, 3);
      await readable(open());
      const [claimed] = await store.claimSubscriptions({ by: ME, now: at(1), leaseUntil: at(2), limit: 9 });
      expect((await all(world(), claimed?.seen ?? null)).map(shown)).to.deep.equal([
        'Slot 1 v1',
        'Slot 2 v1',
        'Slot 3 v1',
      ]);
      // It mends what is broken, and nothing else.
      const told = { at: at(1), leaseUntil: at(2), isNotified: true };
      await store.passSubscription(uuid(1), ME, await last(world()), told);
      await store.mendPositions();
      expect(
        await store.claimSubscriptions({ by: ME, now: at(3), leaseUntil: at(4), limit: 9 }),
      ).to.deep.equal([]);
    });
  });
});

describe('the changes of transactions that overlap', () => {
  let opened: OpenDatabase | null = null;
  let database: Database;
  let store: FullStore;
  const world = (): World => ({ database, store });
  const heard = (minutes: number) =>
    until('it is heard', async () => (await store.listen(LISTENER, at(minutes))) !== null);
  before(async function () {
    requireServer('PostgreSQL', hasPostgres).call(this);
    opened = await freshPostgres();
    ({ database } = opened);
    store = createStore(database);
    await store.applyDirectory(entries(), []);
  });
  after(() => opened?.drop());
  beforeEach(() => database.script(CLEAN));

  /** A transaction that has written a slot, and stays open until it is told to end. */
  async function opens(n: number): Promise<() => Promise<void>> {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    let done: Promise<unknown> = Promise.resolve();
    await new Promise<void>((resolve, reject) => {
      done = database.transaction(async (on) => {
        await on.query(SLOT, [uuid(n), n]);
        resolve();
        await ended;
      });
      done.catch(reject);
    });
    return async () => {
      end();
      await done;
    };
  }

  it('are not passed over, though their places and their commits are in another order', async () => {
    await subscribe(store);
    // The lock of the actor would make them queue: as of two actors it is free for both.
    await database.script('alter table slot disable trigger slot_inserted');
    const endFirst = await opens(1);
    const endSecond = await opens(2);
    await endSecond();
    const before = await store.changesAfter(null, 10);
    expect(before.changes).to.deep.equal([]);
    await endFirst();
    expect((await all(world(), before.through)).map(shown)).to.deep.equal(['Slot 1 v1', 'Slot 2 v1']);
    await database.script('alter table slot enable trigger slot_inserted');
  });

  it('of one that may not have seen the subscription keep it from becoming active', async () => {
    const status = async () => (await store.subscription(uuid(1)))?.status;
    const end = await opens(1);
    await store.addSubscription({ ...terms(), id: uuid(1), status: 'requested' }, at(0), 10);
    for (let look = 0; look < 3; look += 1) await store.activateSubscriptions(at(1));
    expect(await status()).to.equal('requested');
    await end();
    await until('it is active', async () => {
      await store.activateSubscriptions(at(1));
      return (await status()) === 'active';
    });
  });

  it('of one that may not have seen the listener keep it from being heard', async () => {
    const end = await opens(1);
    expect(await store.listen(LISTENER, at(10))).to.equal(null);
    await end();
    await heard(10);
  });
});
