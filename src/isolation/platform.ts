import type { Capabilities, OperationName, Operations, Platform, ReadRequest } from '../adapter/contract.ts';
import { Fault } from '../adapter/faults.ts';
import type { IsolatedConnect } from '../adapter/isolated.ts';
import { type Page, sizeOf } from '../adapter/observation.ts';
import { backoff } from '../domain/backoff.ts';
import type { Environment } from '../domain/environment.ts';
import { DAY, type Instant, MINUTE, SECOND } from '../domain/instant.ts';
import {
  CALENDARS,
  HELD,
  LIST,
  NOTHING,
  PAGE,
  READ_BACK,
  WEBHOOK,
  WRITTEN,
  WRITTEN_OR_ASKED,
} from './answers.ts';
import { type Bounds, Session } from './session.ts';

/** A connection whose adapter runs in a thread of its own: the contract on this side, calls to that thread behind it. */

const RESTART_MIN_MILLISECONDS = 1 * SECOND;
const RESTART_MAX_MILLISECONDS = 1 * MINUTE;

/** Of one reading. More than any agenda has, and few enough to be borne by a database that is told of them. */
const ROWS_MIN = 200_000;
const ROWS_OF_A_DAY = 1_000;
/** Pages that have nothing in them bring an end no nearer. */
const EMPTY_PAGES_MAX = 1_000;

type Declared = Pick<
  Capabilities,
  'operations' | 'idempotency' | 'pull' | 'webhook' | 'writes' | 'lists' | 'calendars'
>;

/** What has to stand at once, and who comes, is asked of no person. */
const ASKABLE: ReadonlySet<OperationName> = new Set(['publish', 'withdraw', 'block', 'unblock', 'cancel']);

export function openIsolated(
  entry: string,
  { operations, idempotency, pull, webhook, writes, lists, calendars }: Declared,
  { pace, environment, ...connect }: IsolatedConnect,
  bounds: Bounds,
): Platform {
  const threads = createThreads(() => new Session(entry, connect, pace, bounds), environment);
  const operation = (name: OperationName) => async (command: unknown) =>
    threads.current().call({
      method: 'operation',
      argument: { name, command },
      answer: name === 'hold' ? HELD : writes === 'asked' && ASKABLE.has(name) ? WRITTEN_OR_ASKED : WRITTEN,
      writes: true,
    });
  return {
    read: (request) => read(threads.current(), request),
    operations: Object.fromEntries(operations.map((name) => [name, operation(name)])) as Partial<Operations>,
    ...(idempotency === 'none' || pull === 'none'
      ? {}
      : {
          readBack: async (calendar, mark) =>
            threads.current().call({ method: 'readBack', argument: { calendar, mark }, answer: READ_BACK }),
        }),
    ...(webhook === 'none'
      ? {}
      : {
          webhook: async (request) =>
            threads.current().call({ method: 'webhook', argument: request, answer: WEBHOOK }),
        }),
    ...(lists
      ? {
          readList: async (list) =>
            threads.current().call({ method: 'readList', argument: list, answer: LIST }),
        }
      : {}),
    ...(calendars
      ? {
          calendars: async (signal) =>
            threads.current().call({ method: 'calendars', answer: CALENDARS, signal }),
        }
      : {}),
    check: async (signal) => {
      await threads.current().call({ method: 'check', answer: NOTHING, signal });
    },
    close: () => threads.close(),
  };
}

type Threads = {
  /** @throws Fault while it is too soon to begin again. */
  readonly current: () => Session;
  readonly close: () => Promise<void>;
};

/**
 * The one that runs, begun when it is called. One that ended is begun again by the next call, and who calls is the engine,
 * by its own back-off; but webhooks come when they like, so there is a least time between two as well.
 */
function createThreads(
  start: () => Session,
  { clock, random }: Pick<Environment, 'clock' | 'random'>,
): Threads {
  let running: Session | null = null;
  let ends = 0;
  let notBefore: Instant | null = null;
  let startedAt: Instant | null = null;

  const current = (): Session => {
    if (running !== null && !running.isOver) return running;
    const now = clock.now();
    if (running !== null) {
      // One that had lasted is not like those that ended at once.
      ends = startedAt !== null && now - startedAt > 2 * RESTART_MAX_MILLISECONDS ? 0 : ends + 1;
      running = null;
      notBefore = (now +
        backoff(ends, random, RESTART_MIN_MILLISECONDS, RESTART_MAX_MILLISECONDS)) as Instant;
    }
    if (notBefore !== null && now < notBefore) {
      throw new Fault('unavailable', 'the adapter was ended, and is not begun again yet', {
        retryAfterMilliseconds: notBefore - now,
      });
    }
    startedAt = now;
    running = start();
    return running;
  };

  const close = async (): Promise<void> => {
    if (running === null || running.isOver) return;
    try {
      await running.call({ method: 'close', answer: NOTHING });
    } catch {
      // It ends all the same.
    } finally {
      running.end('its connection was closed');
    }
  };
  return { current, close };
}

let readings = 0;

async function* read(session: Session, { signal, ...request }: ReadRequest): AsyncGenerator<Page> {
  readings += 1;
  const reading = readings;
  await session.call({ method: 'read', argument: { reading, request }, answer: NOTHING, signal });
  const days = Math.ceil((request.window.end - request.window.start) / DAY);
  let rowsLeft = Math.max(ROWS_MIN, request.calendars.length * days * ROWS_OF_A_DAY);
  let emptyLeft = EMPTY_PAGES_MAX;
  try {
    for (;;) {
      const page = await session.call({ method: 'next', argument: reading, answer: PAGE, signal });
      if (page === null) return;
      if (page.kind === 'rows') {
        const size = sizeOf(page);
        rowsLeft -= size;
        if (size === 0) emptyLeft -= 1;
        if (rowsLeft < 0 || emptyLeft < 0)
          throw new Fault('malformed', 'the adapter reads pages without end');
      }
      yield page;
      if (page.kind !== 'rows') return;
    }
  } finally {
    if (!session.isOver)
      void session.call({ method: 'return', argument: reading, answer: NOTHING }).catch(() => {});
  }
}
