import { expect } from 'chai';
import manual from '../../adapters/manual/adapter.ts';
import { listedId } from '../../src/adapter/asking/ids.ts';
import { askingOperations } from '../../src/adapter/asking/operations.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { Directory } from '../../src/domain/directory.ts';
import { type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { busyFingerprint, type Listing } from '../../src/domain/listing.ts';
import type { Context } from '../../src/engine/context.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { escalate } from '../../src/engine/escalate.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import type { Message } from '../../src/engine/ports/mail.ts';
import { createTasks } from '../../src/engine/tasks.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { at, busy, entries, listing, NO_CHANGES, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';

/** What is asked of a person, ticked and told, on a real store; the clock is the test's. */
describe('asking a person', () => {
  onEachDatabase((open) => {
    let now: Instant;
    let context: Context;
    const events: EngineEvent[] = [];
    const failures: string[] = [];
    const { signal } = new AbortController();

    before(async () => {
      const { connections, ...rest } = entries();
      const directory = new Directory({
        ...rest,
        connections: connections.map((each) => ({ ...each, asksPeople: true })),
      });
      const clock = { ...systemEnvironment.clock, now: () => now };
      const settings = { title: 'RVSQ', names: {}, closeWithinMinutes: 15, openWithinMinutes: 120 };
      const environment = { ...systemEnvironment, clock };
      const operations = askingOperations({ settings, environment, zoneOf: () => 'America/Toronto' });
      context = {
        ...engineContext(open(), { platform: { operations }, manifest: manual.manifest, clock, directory }),
        onEvent: (event) => events.push(event),
        onError: (where) => failures.push(where),
      };
      now = at(-120);
      await context.store.applyDirectory(directory.entries, []);
    });
    beforeEach(async () => {
      now = at(-120);
      events.length = 0;
      failures.length = 0;
      await open().script('delete from task; delete from listing; delete from busy_period');
    });

    const block = (n: number, time: Interval, isClosed = false): Listing => {
      const desired = busyFingerprint('block', time);
      return listing(n, time, { kind: 'block', desired, known: isClosed ? desired : null, externalId: null });
    };
    const put = (...listings: Listing[]) =>
      context.store.transaction((transaction) => transaction.apply({ ...NO_CHANGES, listings }, now));
    const open_ = () => createTasks(context).list({ state: 'open', connectionIds: null, limit: 10 });
    const closed = (n: number, time: Interval): Listing => ({
      ...block(n, time, true),
      externalId: `b-${n}`,
    });

    it('asks once, by the deadline that the time allows, and tells of it', async () => {
      await put(block(1, span(0, 20)), block(2, span(60, 80)));
      now = at(-5);
      await deliver(context, 'east', signal);
      await deliver(context, 'east', signal);
      const tasks = await open_();
      expect(tasks.map(({ interval, dueAt }) => [interval, dueAt])).to.deep.equal([
        [span(0, 20), at(0)],
        [span(60, 80), at(10)],
      ]);
      expect(events.map(({ type }) => type)).to.deep.equal(['task.asked', 'task.asked']);
      expect(failures).to.deep.equal([]);
    });

    it('opens nothing that something else keeps closed', async () => {
      await put({ ...closed(1, span(0, 20)), desired: null }, closed(2, span(0, 20)));
      await deliver(context, 'east', signal);
      expect(await open_()).to.deep.equal([]);
      expect((await context.store.listing(block(1, span(0, 20))))?.known).to.equal(null);
      await put({ ...closed(2, span(0, 20)), desired: null });
      await deliver(context, 'east', signal);
      expect((await open_()).map(({ operation }) => operation)).to.deep.equal(['unblock']);
    });

    it('opens what is left around it, and knows that it is closed though nobody had done it yet', async () => {
      await put({ ...closed(1, span(0, 60)), desired: null }, block(2, span(20, 40)));
      await deliver(context, 'east', signal);
      const [task, ...more] = await open_();
      expect(more).to.deep.equal([]);
      expect(task?.text.en).to.include('09:00 to 09:20').and.include('09:40 to 10:00');
      expect((await context.store.listing(block(2, span(20, 40))))?.known).to.equal(
        busyFingerprint('block', span(20, 40)),
      );
    });

    it('moves what it closed, and leaves what something else keeps closed there', async () => {
      const moved = (n: number): Listing => ({
        ...closed(n, span(60, 80)),
        known: busyFingerprint('block', span(0, 20)),
        externalId: listedId({ calendar: 'e-doctor', interval: span(0, 20), status: 'blocked' }),
      });
      await put(moved(1));
      await deliver(context, 'east', signal);
      expect((await open_()).map(({ text }) => text.en)).to.deep.equal([
        'Close Tuesday 24 November 2026, 10:00 to 10:20 — e-doctor, RVSQ, instead of Tuesday 24 November 2026, 09:00 to 09:20',
      ]);
      await open().script('delete from task; delete from listing');
      await put(moved(1), closed(2, span(0, 20)));
      await deliver(context, 'east', signal);
      expect((await open_()).map(({ text }) => text.en)).to.deep.equal([
        'Close Tuesday 24 November 2026, 10:00 to 10:20 — e-doctor, RVSQ',
      ]);
    });

    it('measures how late it was done, and from when on it was closed', async () => {
      const taken = busy(1, span(60, 80), { changedAt: now });
      const listings = [block(1, span(60, 80))];
      await context.store.transaction((transaction) =>
        transaction.apply({ ...NO_CHANGES, busy: [taken], listings }, now),
      );
      await deliver(context, 'east', signal);
      const [task] = await open_();
      now = plus(task?.dueAt ?? now, 7 * MINUTE);
      const outcome = await createTasks(context).done(task?.id ?? '', 'anne');
      expect(outcome).to.deep.include({ outcome: 'changed' });
      const [, done, stands] = events;
      expect(done).to.deep.include({ type: 'task.done', by: 'anne', lateMilliseconds: 7 * MINUTE });
      expect(stands).to.deep.include({ type: 'listing.closed', lagMilliseconds: 22 * MINUTE });
      const stored = await open().query<{ type: string }>(
        'select type from event where subject_id = $1 order by id desc limit 2',
        [uuid(1)],
      );
      expect(stored.map(({ type }) => type)).to.deep.equal(['listing.closed', 'task.done']);
    });

    it('says why a tick is not taken: of none, of one that ended, of one that nobody can take back any more', async () => {
      const tasks = createTasks(context);
      expect(await tasks.done(uuid(77), 'anne')).to.deep.equal({ outcome: 'unknown-task' });
      expect(await tasks.taken(uuid(77), 'anne')).to.deep.equal({ outcome: 'unknown-task' });
      await put(block(1, span(2000, 2020)));
      await deliver(context, 'east', signal);
      const [task] = await open_();
      const id = task?.id ?? '';
      const why = async (outcome: ReturnType<typeof tasks.done>) => {
        const said = await outcome;
        return said.outcome === 'refused' ? said.reason.en : said.outcome;
      };
      expect(await why(tasks.undo(id, 'anne'))).to.match(/^nobody ticked/);
      await tasks.done(id, 'anne');
      expect(await why(tasks.done(id, 'luc'))).to.match(/it was done, says anne$/);
      now = plus(now, 25 * 60 * MINUTE);
      expect(await why(tasks.undo(id, 'anne'))).to.match(/more than a day ago/);
      await put({ ...closed(1, span(2000, 2020)), desired: null });
      now = plus(now, -2 * 60 * MINUTE);
      expect(await why(tasks.undo(id, 'anne'))).to.match(/something else is wanted there/);
    });

    it('tells of what is late step by step, again where that failed, and never twice', async () => {
      await put(block(1, span(60, 80)), block(2, span(120, 140)));
      await deliver(context, 'east', signal);
      const sent: Message[] = [];
      let isDown = true;
      const mailer = {
        send: async (message: Message) => {
          if (isDown) throw new Fault('unavailable', 'SMTP: ECONNREFUSED');
          sent.push(message);
        },
      };
      const steps = new Map([
        [
          'east',
          [
            { afterMilliseconds: 0, to: ['accueil@clinique.example'] },
            { afterMilliseconds: 60 * MINUTE, to: ['direction@clinique.example'] },
          ],
        ],
      ]);
      const look = () => escalate(context, { mailer, steps }, signal);
      await look();
      expect([sent, failures], 'nothing is late').to.deep.equal([[], []]);
      now = at(-100);
      await look();
      expect(failures).to.deep.equal(['mail about tasks of east: unavailable: SMTP: ECONNREFUSED']);
      isDown = false;
      await look();
      expect(sent, 'not so soon').to.deep.equal([]);
      now = at(-95);
      await look();
      await look();
      expect(sent.map(({ to, subject }) => [to, subject])).to.deep.equal([
        [['accueil@clinique.example'], '2 tâches en retard sur east / 2 tasks overdue on east'],
      ]);
      expect(sent[0]?.text).to.include('à faire avant 2026-11-24 07:15');
      await createTasks(context).done((await open_())[0]?.id ?? '', 'anne');
      now = at(-40);
      await look();
      expect(sent.slice(1).map(({ to, subject }) => [to, subject])).to.deep.equal([
        [['direction@clinique.example'], '1 tâche en retard sur east / 1 task overdue on east'],
      ]);
      const told = events.map(({ type }) => type).filter((type) => type.startsWith('tasks.'));
      expect(told).to.deep.equal(['tasks.not-escalated', 'tasks.escalated', 'tasks.escalated']);
    });
  });
});
