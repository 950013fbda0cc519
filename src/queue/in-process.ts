import type { Clock } from '../domain/environment.ts';
import { earlier, type Instant, plus } from '../domain/instant.ts';
import type { Queue, Work } from '../engine/ports/queue.ts';
import { workKey } from '../engine/ports/queue.ts';

type Waiting = { readonly work: Work; readonly dueAt: Instant; readonly cancel: AbortController };
type Running = { readonly done: Promise<void>; again: Instant | null };

/**
 * The queue of a gateway that is one process. All waiting is on the injected clock. Different keys run side by side:
 * how many requests a platform bears is kept by its adapter. A handler that breaks its promise not to throw ends the
 * process as an unhandled rejection: that is a defect, not a fault of the day.
 */
export function createInProcessQueue(clock: Clock): Queue {
  const waiting = new Map<string, Waiting>();
  const running = new Map<string, Running>();
  let handler: ((work: Work) => Promise<void>) | null = null;
  let stopped = false;

  const place = (work: Work, dueAt: Instant): void => {
    if (stopped) return;
    const key = workKey(work);
    const current = running.get(key);
    if (current !== undefined) {
      current.again = current.again === null ? dueAt : earlier(current.again, dueAt);
      return;
    }
    const before = waiting.get(key);
    if (before !== undefined && before.dueAt <= dueAt) return;
    before?.cancel.abort();
    const entry: Waiting = { work, dueAt, cancel: new AbortController() };
    waiting.set(key, entry);
    if (handler !== null) arm(key, entry, handler);
  };

  const arm = (key: string, entry: Waiting, handle: (work: Work) => Promise<void>): void => {
    const begin = () => {
      if (waiting.get(key) !== entry) return;
      waiting.delete(key);
      run(key, entry.work, handle);
    };
    const left = entry.dueAt - clock.now();
    // Never within wake itself: the caller may still be inside its transaction.
    if (left <= 0) queueMicrotask(begin);
    else clock.sleep(left, entry.cancel.signal).then(begin, ignoreAbort(entry.cancel.signal));
  };

  const run = (key: string, work: Work, handle: (work: Work) => Promise<void>): void => {
    const done = handle(work).finally(() => {
      running.delete(key);
      if (current.again !== null) place(work, current.again);
    });
    const current: Running = { done, again: null };
    running.set(key, current);
  };

  return {
    wake: (work, delayMilliseconds = 0) => place(work, plus(clock.now(), delayMilliseconds)),
    start: async (handle) => {
      handler = handle;
      for (const [key, entry] of waiting) arm(key, entry, handle);
    },
    stop: async () => {
      stopped = true;
      for (const { cancel } of waiting.values()) cancel.abort();
      waiting.clear();
      await Promise.allSettled([...running.values()].map(({ done }) => done));
    },
  };
}

/** A sleep that was cut short is no fault; a clock that fails otherwise is. */
const ignoreAbort =
  (signal: AbortSignal) =>
  (error: unknown): void => {
    if (!signal.aborted) throw error;
  };
