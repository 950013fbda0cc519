import type { Clock } from '../domain/environment.ts';
import type { Limits } from './contract.ts';

/** Lets calls through at the platform's pace: at most `requests` in any window, at most `concurrency` at once. */
export type Pace = <T>(call: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/**
 * Waits on the injected clock, which no library for this offers: a simulation runs days of throttled traffic in
 * milliseconds. A window of timestamps rather than a token bucket, because platforms count that way ("120 a minute")
 * and a bucket may let through twice the number across a window's edge.
 */
export function createPace(limits: Limits, clock: Clock): Pace {
  const sent: number[] = [];
  const waiting: Array<() => void> = [];
  let running = 0;

  async function turn(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const now = clock.now();
      while (sent.length > 0 && (sent[0] as number) <= now - limits.windowMilliseconds) sent.shift();
      if (sent.length < limits.requests) {
        sent.push(now);
        return;
      }
      await clock.sleep((sent[0] as number) + limits.windowMilliseconds - now, signal);
    }
  }

  return async (call, signal) => {
    // A slot is handed over, not freed and fought for, so callers leave in the order they came.
    if (running >= limits.concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      signal?.throwIfAborted();
      await turn(signal);
      return await call();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
