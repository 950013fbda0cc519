import Bull from 'bull';
import type { Work } from '../engine/ports/queue.ts';
import { workKey } from '../engine/ports/queue.ts';
import { createConnections } from './connections.ts';
import type { ServedQueue } from './fallback.ts';
import { createOutbox } from './outbox.ts';
import { createPlaceJob, takeMark } from './place.ts';

export type BullQueueOptions = {
  readonly redisUrl: string;
  /** Each has a Bull queue of its own, so that one slow platform holds up no other. */
  readonly connectionIds: readonly string[];
  /** What the keys in Redis begin with; the same for all that share the work. */
  readonly prefix: string;
  /** A `producer` only wakes; the others also take work once started. */
  readonly role: 'producer' | 'worker' | 'both';
  /** Hears of faults of Redis; nothing else is done about them, as the sweep finds what was lost. */
  readonly log: (message: string, error: unknown) => void;
  readonly timing?: Partial<Timing>;
};

export type Timing = {
  /** A worker that is not heard of for so long has lost its work to another. */
  readonly lockMilliseconds: number;
  /** Between two looks for work that was lost so. */
  readonly stalledMilliseconds: number;
  /** Redis that is not heard of for so long is connected to anew: well before locks that can't be renewed are lost. */
  readonly silenceMilliseconds: number;
  /** Of one blocking pop. A connection that is made for waiting may be silent for two of them, and `silence`. */
  readonly popMilliseconds: number;
};

const TIMING: Timing = {
  lockMilliseconds: 15_000,
  stalledMilliseconds: 5_000,
  silenceMilliseconds: 5_000,
  popMilliseconds: 5_000,
};

/**
 * Pieces of work of one connection that a worker runs side by side, so that long readings do not hold up a delivery.
 * The platform is spared by the turns of its calls (shared-turns.ts) and not by Bull's limiter, which counts pieces of
 * work: one makes hundreds of requests, another none, and what it holds back is late although the platform has room.
 */
const WORK_AT_ONCE = 16;

/** Bull's own waits: after an error, and for a missed note of a delayed job. */
const RETRY_MILLISECONDS = 500;
const GUARD_MILLISECONDS = 2_000;

/**
 * The queue of a gateway that is several processes, on Redis (6.0.6 or later). It waits on the machine's clock.
 * A job's id is its work's key, so work that is woken twice is there once; what Bull would lose by that is kept by
 * `placeJob`. Killed processes: their work is taken over by another worker after `timing`. Redis down: wakes are kept
 * in this process, coalesced, and placed when it is back.
 */
export function createBullQueue(options: BullQueueOptions): ServedQueue {
  const timing = { ...TIMING, ...options.timing };
  const connections = createConnections(options.redisUrl, options.prefix, options.log, {
    commands: timing.silenceMilliseconds,
    waiting: 2 * timing.popMilliseconds + timing.silenceMilliseconds,
  });
  const placeJob = createPlaceJob(connections.shared);
  const queues = new Map<string, Bull.Queue<Work>>(
    options.connectionIds
      .map(queueName)
      .map((name) => [name, new Bull<Work>(name, bullOptions(options.prefix, timing, connections.create))]),
  );

  async function place(work: Work, dueMs: number): Promise<void> {
    const queue = queues.get(nameOf(work));
    if (queue === undefined) return;
    const id = jobId(work);
    const toKey = (name: string) => queue.toKey(name);
    const found = await placeJob(toKey, { id, dueMs, markActive: true });
    if (found !== 'absent') return;
    await queue.add(work, { jobId: id, delay: Math.max(0, dueMs - Date.now()) });
    // Another process may have added it for later in between. If it runs by now, it began after this wake.
    await placeJob(toKey, { id, dueMs, markActive: false });
  }

  const outbox = createOutbox({
    ready: () => connections.shared.status === 'ready',
    place,
    log: options.log,
  });
  connections.shared.on('ready', outbox.flush);

  /** Runs after Bull has forgotten the job, so a wake either left its mark by now or finds no job and adds one. */
  async function again(queue: Bull.Queue<Work>, job: Bull.Job<Work>): Promise<void> {
    const dueMs = await takeMark(connections.shared, (name) => queue.toKey(name), jobId(job.data));
    if (dueMs !== null) outbox.put(job.data, dueMs);
  }

  const follow = (queue: Bull.Queue<Work>) => {
    const ended = (job: Bull.Job<Work>) => outbox.track(again(queue, job));
    queue.on('completed', ended);
    queue.on('failed', ended);
    queue.on('error', (error) => {
      if (connections.shared.status === 'ready') options.log(`queue ${queue.name}`, error);
    });
  };
  for (const queue of queues.values()) follow(queue);

  return {
    wake: (work, delayMilliseconds = 0) => {
      if (queues.has(nameOf(work))) outbox.put(work, Math.ceil(Date.now() + delayMilliseconds));
      else options.log(`no queue for ${workKey(work)}: it is of no configured connection`, null);
    },
    start: async (handler) => {
      if (options.role === 'producer') return;
      for (const queue of queues.values()) {
        // Resolves when the queue is closed; what goes wrong meanwhile it says by `error`.
        queue.process(WORK_AT_ONCE, ({ data }) => handler(data)).catch(() => undefined);
      }
    },
    stop: async () => {
      connections.end();
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      // Work that has just ended may have asked for more, which is another worker's now.
      await outbox.close();
      connections.close();
    },
    isAway: connections.isDown,
  };
}

function bullOptions(
  prefix: string,
  { lockMilliseconds, stalledMilliseconds, popMilliseconds }: Timing,
  createClient: NonNullable<Bull.QueueOptions['createClient']>,
): Bull.QueueOptions {
  return {
    prefix,
    createClient,
    // Finished jobs go at once, so that their ids are of use again.
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    settings: {
      lockDuration: lockMilliseconds,
      lockRenewTime: lockMilliseconds / 3,
      stalledInterval: stalledMilliseconds,
      // Work that outlives several workers is still to be done: what to do about poison is the engine's to say.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      guardInterval: GUARD_MILLISECONDS,
      retryProcessDelay: RETRY_MILLISECONDS,
      drainDelay: popMilliseconds / 1_000,
    },
  };
}

const queueName = (connectionId: string): string => `connection-${connectionId}`;

const nameOf = (work: Work): string => queueName(work.connectionId);

/** Without colons, as Bull keeps a job's lock and log under its id, `:lock` and `:logs`. */
const jobId = (work: Work): string => encodeURIComponent(workKey(work));
