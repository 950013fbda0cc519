import type { Clock } from '../domain/environment.ts';
import type { Limits } from './contract.ts';

/** Lets calls through at the platform's pace: at most `requests` in any window, at most `concurrency` at once. */
export type Pace = <T>(call: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/**
 * Resolves when one more call may begin, with what is to be called once that call has ended; rejects with the signal's
 * reason when it is aborted first.
 */
export type Turns = (signal?: AbortSignal) => Promise<() => void>;

export type PaceLimits = Pick<Limits, 'requests' | 'windowMilliseconds' | 'concurrency'>;

/** @param shared the turns of all processes that call the platform, besides those of this one; null = it is alone. */
export function createPace(limits: PaceLimits, clock: Clock, shared: Turns | null = null): Pace {
  const own = createTurns(limits, clock);
  // So at least one of `requests` calls that fill a window has ended, and tells when there is room again.
  const concurrency = Math.min(limits.concurrency, limits.requests);
  const waiting: Array<() => void> = [];
  let running = 0;

  async function inTurn<T>(call: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const ended = await own(signal);
    try {
      const endedForAll = await shared?.(signal);
      try {
        return await call();
      } finally {
        endedForAll?.();
      }
    } finally {
      ended();
    }
  }

  return async (call, signal) => {
    // A slot is handed over, not freed and fought for, so callers leave in the order they came.
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      signal?.throwIfAborted();
      return await inTurn(call, signal);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/**
 * The turns of one process. It waits on the injected clock, which no library for this offers: a simulation runs days of
 * throttled traffic in milliseconds. A window of timestamps rather than a token bucket, because platforms count that
 * way ("120 a minute") and a bucket may let through twice the number across a window's edge. A call counts from when it
 * has ended: the platform received it at some moment before, and however long it was on its way, none of its windows
 * holds more. For calls of which fewer than `requests` are under way at once.
 */
function createTurns({ requests, windowMilliseconds }: PaceLimits, clock: Clock): Turns {
  const endings: number[] = [];
  let underWay = 0;
  const end = () => {
    underWay -= 1;
    endings.push(clock.now());
  };
  return async (signal) => {
    for (;;) {
      const now = clock.now();
      while (endings[0] !== undefined && endings[0] <= now - windowMilliseconds) endings.shift();
      const [oldest] = endings;
      if (underWay + endings.length < requests || oldest === undefined) {
        underWay += 1;
        return end;
      }
      await clock.sleep(oldest + windowMilliseconds - now, signal);
    }
  };
}
