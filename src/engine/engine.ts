import type { News } from '../adapter/contract.ts';
import { type Instant, MINUTE, SECOND } from '../domain/instant.ts';
import { allotTime } from './allot.ts';
import { book, cancel } from './book.ts';
import { reasonOf } from './circuit.ts';
import type { Context } from './context.ts';
import { deliver } from './deliver.ts';
import { endHolds } from './end-holds.ts';
import { escalate } from './escalate.ts';
import { confirmAbsence, feedOf, feedsOf, readSoon } from './feeds.ts';
import { generateSlots } from './generate-slots.ts';
import { hold } from './hold.ts';
import { takeList } from './lists.ts';
import { move } from './move.ts';
import { observe } from './observe.ts';
import { offerSchedule } from './offer-schedule.ts';
import { changeSlots, tryChanges } from './offering.ts';
import { pause, resume } from './pause.ts';
import type { ConflictReader, Conflicts } from './ports/conflicts.ts';
import type { Desk } from './ports/desk.ts';
import type { FeedKey } from './ports/feeds.ts';
import type { Bookings, Freshness, Operations, Reader, SyncProgress, SyncResult } from './ports/front.ts';
import type { Lists } from './ports/lists.ts';
import type { OfferedSchedule, Offerings } from './ports/offerings.ts';
import type { Work } from './ports/queue.ts';
import type { Tasks } from './ports/tasks.ts';
import { withProposals } from './proposals.ts';
import type { ReadOptions, ReadResult } from './read-options.ts';
import { hear, receive } from './receive.ts';
import { scheduleReleasedUntil, slotBookableFrom } from './release.ts';
import { releaseOffers } from './release-offers.ts';
import { reschedule } from './reschedule.ts';
import { keep } from './resolve.ts';
import { SAMPLING_MILLISECONDS, sample } from './sample.ts';
import { rejectedRecords } from './set-aside.ts';
import { settleRosters } from './settle-rosters.ts';
import { placeAppointment, replaceAppointment } from './staff-appointments.ts';
import { closeTime, openTime } from './staff-blocks.ts';
import { sweep } from './sweep.ts';
import { createTasks } from './tasks.ts';
import { dropUnlinked } from './unlink.ts';

/** Observe, decide, commit, deliver, verify, sweep: the engine as the rest of the program sees it. */
export type Engine = Bookings &
  Offerings &
  Operations & {
    readonly conflicts: Conflicts;
    readonly tasks: Tasks;
    readonly desk: Desk;
    readonly lists: Lists;
    /** Makes the configuration known to the database and, if this process works, begins to work. */
    readonly start: (options: { works: boolean }) => Promise<void>;
    /** Ends what runs, in order, and resolves when nothing of it is left. */
    readonly stop: () => Promise<void>;
    /** What a platform says by itself; resolves once it is committed. */
    readonly hear: (connectionId: string, news: News) => Promise<void>;
    /** Waits for nothing: one pass of the given work, as the queue would run it. */
    readonly run: (work: Work) => Promise<void>;
  };

/** Between two looks at what others have changed in the database. */
export type Timing = {
  readonly sweepMilliseconds: number;
  readonly freshnessMilliseconds: number;
  /** Of those who are told by mail: what falls due meanwhile is in one message. Left out = a minute. */
  readonly escalationMilliseconds?: number;
};

const TIMING: Timing = { sweepMilliseconds: 2 * SECOND, freshnessMilliseconds: 1 * SECOND };

type Confirmed = { readonly at: Instant | null; readonly isSuspect: boolean };

export function createEngine(
  context: Context,
  reader: Reader & ConflictReader,
  timing: Timing = TIMING,
): Engine {
  const { store, queue, directory, environment } = context;
  const stopping = new AbortController();
  const allFeeds = () =>
    directory.entries.connections.flatMap((connection) => feedsOf(context, connection.id));
  const confirmed = new Map<string, Confirmed>();
  const readMeanwhile = new Set<string>();
  /** Connections with a webhook that could not be taken in. It may not come again, so they are read instead. */
  const unheard = new Set<string>();
  let offered: ReadonlyMap<string, OfferedSchedule> = new Map();
  let offeredRevision = 0;
  let refreshing: Promise<void> = Promise.resolve();
  let sweeping: Promise<unknown> = Promise.resolve();

  /** A look at the database may have begun before a reading of our own ended: the reading knows better. */
  async function refreshFreshness(): Promise<void> {
    readMeanwhile.clear();
    for (const feed of await store.feeds()) {
      const { confirmedAt: at, suspicion } = feed;
      if (!readMeanwhile.has(feedKey(feed)))
        confirmed.set(feedKey(feed), { at, isSuspect: suspicion !== null });
    }
  }

  /** What others have written of schedules. */
  async function refreshOffered(): Promise<void> {
    // One that was read before the last write may be answered after it.
    const found = (await store.offeredSchedules()).filter(
      ({ id, version }) => version > (offered.get(id)?.version ?? 0),
    );
    if (found.length === 0) return;
    offered = new Map([...offered, ...found.map((each) => [each.id, each] as const)]);
    offeredRevision += 1;
  }

  async function readUnheard(): Promise<void> {
    for (const connectionId of [...unheard]) {
      // Forgotten first: one that fails during the next statement must not be forgotten with it.
      unheard.delete(connectionId);
      try {
        await readSoon(context, feedsOf(context, connectionId));
      } catch (error) {
        unheard.add(connectionId);
        throw error;
      }
    }
  }

  async function read(feed: FeedKey, options: ReadOptions): Promise<ReadResult> {
    const result = await observe(context, feed, options);
    if (result.outcome === 'read') {
      const key = feedKey(feed);
      readMeanwhile.add(key);
      const at = result.confirmedAt ?? confirmed.get(key)?.at ?? null;
      confirmed.set(key, { at, isSuspect: result.isSuspect });
    }
    return result;
  }

  async function run(work: Work): Promise<void> {
    try {
      if (work.kind === 'observe') await read(work, { signal: stopping.signal });
      else await deliver(context, work.connectionId, stopping.signal);
    } catch (error) {
      // The database did not answer: nothing is lost, and the sweep finds it again.
      context.onError(`${work.kind}: ${reasonOf(error)}`, error);
    }
  }

  /** Until the end, and in every process by itself: it must not depend on a queue that may lose what it was told. */
  async function repeat(name: string, milliseconds: number, task: () => Promise<void>): Promise<void> {
    while (!stopping.signal.aborted) {
      await task().catch((error) => context.onError(`${name}: ${reasonOf(error)}`, error));
      await environment.clock.sleep(milliseconds, stopping.signal).catch(() => undefined);
    }
  }

  function freshness(connectionId: string, calendar: string): Freshness {
    const found = confirmed.get(feedKey(feedOf(context, { connectionId, calendar })));
    // Of one that nobody links any more nothing is confirmed, though its feed may be.
    if (!found || found.at === null || !directory.calendar(connectionId, calendar))
      return { confirmedAt: null, stale: true };
    const isOld = environment.clock.now() - found.at > directory.freshnessOf(connectionId, calendar);
    return { confirmedAt: found.at, stale: found.isSuspect || isOld };
  }

  return {
    run,
    async start({ works }) {
      await store.applyDirectory(directory.entries, allFeeds());
      const asking = directory.entries.connections.filter(({ asksPeople }) => asksPeople);
      await store.dropTasks(
        asking.map(({ id }) => id),
        environment.clock.now(),
      );
      await refreshFreshness();
      await refreshOffered();
      refreshing = repeat('freshness', timing.freshnessMilliseconds, async () => {
        await refreshFreshness();
        await refreshOffered();
        await readUnheard();
      });
      if (!works) return;
      await dropUnlinked(context);
      await queue.start(run);
      const release = releaseOffers(context);
      const allot = allotTime(context);
      const roster = settleRosters(context);
      // Each by itself: a look at all that is on offer takes long, and nobody waits for it who holds time.
      const tasks = {
        sweep: () => sweep(context),
        holds: () => endHolds(context),
        offers: () => roster().then(release).then(allot),
      };
      const { escalation } = context;
      const escalating = escalation && [
        repeat('escalation', timing.escalationMilliseconds ?? MINUTE, () =>
          escalate(context, escalation, stopping.signal),
        ),
      ];
      sweeping = Promise.all([
        ...Object.entries(tasks).map(([name, task]) => repeat(name, timing.sweepMilliseconds, task)),
        repeat('sample', SAMPLING_MILLISECONDS, () => sample(context)),
        ...(escalating ?? []),
      ]);
      // What a platform said while nobody listened is lost, so it is read now and not when it would be due.
      await readSoon(context, allFeeds());
    },
    async stop() {
      stopping.abort(new Error('Passerelle is stopping'));
      await queue.stop();
      await Promise.all([refreshing, sweeping]);
    },
    find: (slotId) => store.slotDetails(slotId),
    book: (command) => book(context, reader, command),
    hold: (command) => hold(context, reader, command),
    cancel: (appointmentId) => cancel(context, reader, appointmentId),
    async offerSchedule(change) {
      const outcome = await offerSchedule(context, change);
      await refreshOffered();
      return outcome;
    },
    schedules: {
      of: (scheduleId) => offered.get(scheduleId) ?? null,
      revision: () => offeredRevision,
      refresh: refreshOffered,
    },
    generateSlots: (command) => generateSlots(context, command),
    changeSlots: (changes) => changeSlots(context, changes),
    tryChanges: (changes) => tryChanges(context, changes),
    move: (command) => reschedule(context, reader, command),
    pause: (connectionId) => pause(context, connectionId),
    resume: (connectionId) => resume(context, connectionId),
    confirm: (connectionId, feedId) => confirmAbsence(context, connectionId, feedId),
    rejected: (connectionId, raw) => rejectedRecords(context, connectionId, raw),
    receive: (connectionId, request) =>
      receive(context, connectionId, request).catch((error: unknown) => {
        unheard.add(connectionId);
        throw error;
      }),
    hear: (connectionId, news) => hear(context, connectionId, news),
    summaries: () => store.connectionSummaries(environment.clock.now()),
    freshness,
    conflicts: {
      list: (query) => reader.conflicts(query, environment.clock.now()),
      async find(id) {
        const found = await reader.conflict(id);
        return found && withProposals(found, { context, reader, freshness });
      },
      resolve: (id, command) =>
        command.resolution === 'move'
          ? move(context, reader, id, command)
          : keep(context, reader, id, command),
    },
    tasks: createTasks(context),
    desk: {
      closeTime: (command) => closeTime(context, command),
      openTime: (id) => openTime(context, id),
      placeAppointment: (command) => placeAppointment(context, command),
      replaceAppointment: (command) => replaceAppointment(context, command),
    },
    lists: { take: (connectionId, command) => takeList(context, read, connectionId, command) },
    releasedUntil: (scheduleId) => scheduleReleasedUntil(directory, scheduleId, environment.clock.now()),
    bookableFrom: (slot) => slotBookableFrom(directory, slot, environment.clock.now()),
    async synchronize(connectionId, progress): Promise<SyncResult> {
      const began = environment.clock.now();
      const feeds = feedsOf(context, connectionId);
      const total = { rows: 0, slotsChanged: 0 };
      for (const [index, feed] of feeds.entries()) {
        const tell = (rows: number): void => {
          const done: SyncProgress = { feedId: feed.feedId, rows, feedsDone: index, feeds: feeds.length };
          progress(done);
        };
        tell(0);
        const result = await read(feed, {
          force: true,
          whole: true,
          signal: stopping.signal,
          onProgress: ({ rows }) => tell(rows),
        });
        if (result.outcome === 'skipped')
          return { outcome: 'failed', reason: 'it is paused, down, or being read by another' };
        if (result.outcome === 'failed') return { outcome: 'failed', reason: reasonOf(result.error) };
        total.rows += result.rows;
        total.slotsChanged += result.slotsChanged;
      }
      await deliver(context, connectionId, stopping.signal);
      return { outcome: 'done', ...total, milliseconds: environment.clock.now() - began };
    },
  };
}

const feedKey = ({ connectionId, feedId }: FeedKey): string => `${connectionId}\n${feedId}`;
