import { expect } from 'chai';
import fc from 'fast-check';
import { HOUR, type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { busyFingerprint, type Fingerprint, type Listing } from '../../src/domain/listing.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import type { NewTask } from '../../src/engine/ports/tasks.ts';
import { createStore } from '../../src/store/store.ts';
import { at, entries, listing, NO_CHANGES, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

const TIME = span(20, 40);
const CLOSED = busyFingerprint('block', TIME);
const MOVED = busyFingerprint('block', span(60, 80));

const block = (n: number, more: Partial<Listing> = {}): Listing =>
  listing(n, TIME, { kind: 'block', desired: CLOSED, known: null, externalId: null, ...more });

const taskOf = (n: number, subject = n, more: Partial<NewTask> = {}): NewTask => ({
  id: uuid(1000 + n),
  connectionId: 'east',
  calendar: 'e-doctor',
  subjectId: uuid(subject),
  scheduleId: 'doctor-here',
  operation: 'block',
  interval: TIME,
  desired: CLOSED,
  externalId: 'blocked/1',
  text: { fr: 'Fermer', en: 'Close' },
  askedAt: at(0),
  dueAt: at(10),
  ...more,
});

describe('tasks', () => {
  onEachDatabase((open) => {
    let store: Store;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(() => open().script('delete from task; delete from listing; delete from busy_period'));

    const put = (listings: readonly Listing[], minutes = 0) =>
      store.transaction((transaction) => transaction.apply({ ...NO_CHANGES, listings }, at(minutes)));
    const claim = (now: Instant = at(0)) =>
      store.claimListings('east', { now, leaseUntil: plus(now, MINUTE), limit: 64, writeAhead: false });
    const howEnded = async (n: number) => (await store.task(uuid(1000 + n)))?.ended ?? null;
    const tick = (n: number, now: Instant) =>
      store.transaction(async (transaction) => {
        const task = await transaction.lockTask(uuid(1000 + n));
        if (!task || task.ended) return false;
        const { known } = task.listing;
        await transaction.endTask(task.id, { how: 'done', at: now, by: 'anne', known });
        const recorded = { known: task.desired, externalId: task.externalId, revision: null, sequence: null };
        await transaction.recordKnown(task, recorded, now);
        return true;
      });

    it('are asked once: nobody claims what a person was asked for, nor is woken for it', async () => {
      await put([block(1)]);
      expect(await claim()).to.have.length(1);
      expect(await store.askTask(taskOf(1))).to.equal(true);
      expect(await store.askTask(taskOf(2, 1)), 'a second one').to.equal(false);
      expect(await claim(at(120))).to.deep.equal([]);
      expect(await store.connectionsDue(at(120))).to.deep.equal([]);
      const [open1] = await store.connectionSummaries(at(11));
      expect(open1).to.deep.include({ differing: 1, tasks: { open: 1, overdue: 1 } });
      expect((await store.connectionSummaries(at(10)))[0]?.tasks).to.deep.equal({ open: 1, overdue: 0 });
    });

    it('are not asked of what has changed while they were worded', async () => {
      await put([block(1)]);
      await claim();
      await put([block(1, { desired: MOVED })]);
      expect(await store.askTask(taskOf(1))).to.equal(false);
      expect(await store.task(uuid(1001))).to.equal(null);
      await put([block(1, { desired: null })]);
      expect(await store.askTask(taskOf(1, 1, { desired: null })), 'it is as it is wanted').to.equal(false);
    });

    it('vanish when what they are about is wanted no more, and the next is claimed where it is wanted otherwise', async () => {
      await put([block(1), block(2)]);
      await claim();
      await store.askTask(taskOf(1));
      await store.askTask(taskOf(2));
      await put([block(1, { desired: null }), block(2, { desired: MOVED, knownAt: at(0) })], 5);
      expect(await howEnded(1)).to.deep.equal({ how: 'withdrawn', at: at(5), by: null });
      expect(await howEnded(2)).to.deep.equal({ how: 'withdrawn', at: at(5), by: null });
      expect((await claim(at(6))).map(({ subjectId }) => subjectId)).to.deep.equal([uuid(2)]);
    });

    it('stand while what is known changes to something else than is wanted, and end when it is seen', async () => {
      await put([block(1)]);
      await claim();
      await store.askTask(taskOf(1));
      await put([block(1, { known: MOVED, knownAt: at(3) })], 3);
      expect(await howEnded(1)).to.equal(null);
      expect(await claim(at(4))).to.deep.equal([]);
      await put([block(1, { known: CLOSED, knownAt: at(6) })], 6);
      expect(await howEnded(1)).to.deep.equal({ how: 'seen', at: at(6), by: null });
    });

    it('are ticked once, and the listing then stands as it was wanted, under the id that a list will show', async () => {
      await put([block(1)]);
      await claim();
      await store.askTask(taskOf(1));
      expect(await tick(1, at(12))).to.equal(true);
      expect(await tick(1, at(13))).to.equal(false);
      expect(await howEnded(1)).to.deep.equal({ how: 'done', at: at(12), by: 'anne' });
      expect(await store.listing(block(1))).to.include({
        known: CLOSED,
        externalId: 'blocked/1',
        unsure: false,
      });
      await put([block(1, { desired: null, known: CLOSED })], 20);
      expect(await claim(at(21)), 'to be opened again').to.have.length(1);
    });

    it('are open again once the tick is taken back, and stand as before', async () => {
      await put([block(1)]);
      await claim();
      await store.askTask(taskOf(1));
      await tick(1, at(12));
      await store.transaction((transaction) => transaction.reopenTask(uuid(1001), at(14)));
      expect(await howEnded(1)).to.equal(null);
      expect((await store.listing(block(1)))?.known).to.equal(null);
      expect(await claim(at(15)), 'still asked').to.deep.equal([]);
      expect(await tick(1, at(16))).to.equal(true);
    });

    it('are not asked for again while the patient is there whom a person found, and are once that one is gone', async () => {
      const patient = (known: Fingerprint | null): Listing =>
        listing(50, span(30, 50), { kind: 'booking', home: 'stands', desired: known, known });
      const booked = busyFingerprint('appointment', span(30, 50));
      await put([block(1), patient(booked)]);
      await claim();
      await store.askTask(taskOf(1));
      expect(await store.isFoundTaken(block(1)), 'nobody found one').to.equal(false);
      await store.transaction(async (transaction) => {
        await transaction.endTask(uuid(1001), { how: 'taken', at: at(12), by: 'anne', known: null });
        await transaction.releaseTask(uuid(1001));
      });
      expect((await store.listing(block(1)))?.known, 'nothing of ours stands there').to.equal(null);
      expect(await claim(at(13)), 'delivery looks at it').to.have.length(1);
      expect(await store.isFoundTaken(block(1))).to.equal(true);
      expect(await store.isFoundTaken(block(1, { desired: MOVED })), 'another time').to.equal(false);
      await put([patient(null)], 20);
      expect(await store.isFoundTaken(block(1))).to.equal(false);
    });

    it('end when their time has passed', async () => {
      await put([block(1)]);
      await claim();
      await store.askTask(taskOf(1));
      await store.settlePast(at(39));
      expect(await howEnded(1)).to.equal(null);
      await store.settlePast(at(41));
      expect(await howEnded(1)).to.deep.equal({ how: 'passed', at: at(40), by: null });
      expect(await store.listing(block(1))).to.include({ desired: null, known: null });
    });

    it('are dropped where nobody is asked any more, and delivered', async () => {
      await put([block(1)]);
      await claim();
      await store.askTask(taskOf(1));
      await store.dropTasks(['east'], at(2));
      expect(await howEnded(1)).to.equal(null);
      await store.dropTasks(['west'], at(3));
      expect(await howEnded(1)).to.deep.equal({ how: 'withdrawn', at: at(3), by: null });
      expect(await claim(at(4))).to.have.length(1);
    });

    it('know what stays closed beside a block that goes, and what it closed on the way', async () => {
      const part = (n: number, from: number, to: number, isKnown: boolean): Listing => {
        const fingerprint = busyFingerprint('block', span(from, to));
        const more = { desired: fingerprint, known: isKnown ? fingerprint : null };
        return listing(n, span(from, to), { kind: 'block', externalId: null, ...more });
      };
      const going = { ...part(1, 0, 60, true), desired: null };
      await put([
        going,
        part(2, 20, 40, false),
        part(3, 50, 80, true),
        part(4, 55, 90, false),
        part(5, 100, 120, true),
        { ...part(6, 0, 20, true), desired: null },
      ]);
      expect(await store.closedBeside(going, span(0, 60), at(0))).to.deep.equal([span(20, 40), span(50, 80)]);
      expect((await store.listing(part(2, 20, 40, false)))?.known, 'within it').to.equal(
        busyFingerprint('block', span(20, 40)),
      );
      expect((await store.listing(part(4, 55, 90, false)))?.known, 'not all within it').to.equal(null);
    });

    it('are listed: what is open by its deadline, then what ended last; of the connections and schedules asked for', async () => {
      await put([block(1), block(2), block(3), block(4)]);
      await claim();
      for (const [n, due] of [10, 5, 7, 1].entries())
        await store.askTask(taskOf(n + 1, n + 1, { dueAt: at(due) }));
      await tick(3, at(8));
      await tick(4, at(9));
      const list = async (state: 'open' | 'overdue' | 'ended' | 'all', more = {}) =>
        (
          await store.tasks({ state, now: at(6), connectionIds: null, scheduleIds: null, limit: 10, ...more })
        ).map(({ id }) => Number.parseInt(id.slice(-4), 16) - 1000);
      expect(await list('all')).to.deep.equal([2, 1, 4, 3]);
      expect(await list('open')).to.deep.equal([2, 1]);
      expect(await list('overdue')).to.deep.equal([2]);
      expect(await list('ended')).to.deep.equal([4, 3]);
      expect(await list('all', { limit: 1 })).to.deep.equal([2]);
      expect(await list('all', { connectionIds: ['west'] })).to.deep.equal([]);
      expect(await list('all', { scheduleIds: ['walk-in-here'] })).to.deep.equal([]);
    });

    it('are escalated step by step, each by one writer, and again where that failed', async () => {
      await put([block(1), block(2)]);
      await claim();
      await store.askTask(taskOf(1));
      await store.askTask(taskOf(2, 2, { dueAt: at(30) }));
      const steps = [0, HOUR];
      const due = async (minutes: number) =>
        (
          await store.claimEscalations('east', steps, {
            now: at(minutes),
            leaseUntil: at(minutes + 1),
            limit: 10,
          })
        ).map(({ id, escalated, mailAttempts }) => [id, escalated, mailAttempts]);
      expect(await due(9)).to.deep.equal([]);
      expect(await due(10)).to.deep.equal([[uuid(1001), 0, 1]]);
      expect(await due(10), 'being written').to.deep.equal([]);
      await store.recordNotEscalated([uuid(1001)], at(15));
      expect(await due(14)).to.deep.equal([]);
      expect(await due(15)).to.deep.equal([[uuid(1001), 0, 2]]);
      await store.recordEscalated([uuid(1001)], at(15));
      expect(await due(40)).to.deep.equal([[uuid(1002), 0, 1]]);
      await tick(2, at(40));
      expect(await due(70)).to.deep.equal([[uuid(1001), 1, 1]]);
      await store.recordEscalated([uuid(1001)], at(70));
      expect(await due(10_000), 'no step is left, or it is done').to.deep.equal([]);
    });

    it('are forgotten long after they ended, and never while they are open', async () => {
      await put([block(1), block(2)]);
      await claim();
      await store.askTask(taskOf(1));
      await store.askTask(taskOf(2));
      await tick(1, at(12));
      expect(await store.forgetTasks(at(12), 10)).to.equal(0);
      expect(await store.forgetTasks(at(13), 10)).to.equal(1);
      expect(await store.task(uuid(1002))).not.to.equal(null);
    });

    /** Whatever is done in whatever order: one open task a listing at the most, and it is for just what is wanted there. */
    it('are open exactly where a person was asked for what still differs', async () => {
      const wish = fc.constantFrom<Fingerprint | null>(null, CLOSED, MOVED);
      const step = fc.oneof(
        fc.record({ do: fc.constant('want' as const), what: wish }),
        fc.record({ do: fc.constant('see' as const), what: wish }),
        fc.record({ do: fc.constantFrom('claim-and-ask' as const, 'tick' as const, 'undo' as const) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          await open().script('delete from task; delete from listing');
          let now = 0;
          let last = 0;
          await put([block(1, { desired: null })]);
          for (const each of steps) {
            now += 1;
            const before = await store.listing(block(1));
            if (!before) throw new Error('the listing is gone');
            if (each.do === 'want') await put([{ ...before, desired: each.what }], now);
            if (each.do === 'see') await put([{ ...before, known: each.what, knownAt: at(now) }], now);
            if (each.do === 'claim-and-ask') {
              const [due] = await claim(at(now));
              if (due) {
                last += 1;
                const { desired } = due;
                expect(await store.askTask(taskOf(last, 1, { desired, askedAt: at(now) }))).to.equal(true);
              }
            }
            if (each.do === 'tick') await tick(last, at(now));
            if (each.do === 'undo') {
              await store.transaction(async (transaction) => {
                const task = await transaction.lockTask(uuid(1000 + last));
                const { listing: its } = task ?? {};
                const isTakenBack =
                  task?.ended?.how === 'done' &&
                  its?.taskId === null &&
                  its.desired === task.desired &&
                  its.known === task.desired;
                if (isTakenBack) await transaction.reopenTask(task.id, at(now));
              });
            }
            const { desired, known } = (await store.listing(block(1))) ?? block(1);
            const still = await store.tasks({
              state: 'open',
              now: at(now),
              connectionIds: null,
              scheduleIds: null,
              limit: 10,
            });
            if (desired === known) expect(still).to.deep.equal([]);
            expect(still.length).to.be.at.most(1);
            for (const task of still) expect(task.desired).to.equal(desired);
            const isClaimable = (
              await open().query<{ task_id: string | null }>('select task_id from listing')
            )[0];
            expect(isClaimable?.task_id ?? null).to.equal(still[0]?.id ?? null);
            await open().script('update listing set lease_until_ms = 0');
          }
        }),
        { numRuns: 40 },
      );
    });
  });
});
