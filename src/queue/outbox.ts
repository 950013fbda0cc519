import type { Work } from '../engine/ports/queue.ts';
import { workKey } from '../engine/ports/queue.ts';

/** Wakes on their way to Redis: at most one a key, so that its size is bounded however long Redis is away. */
export type Outbox = {
  /** @param dueMs epoch ms; the earlier of two wins. */
  readonly put: (work: Work, dueMs: number) => void;
  readonly flush: () => void;
  /** Takes care of a promise that nobody awaits: its rejection is logged, and `close` waits for it. */
  readonly track: (task: Promise<void>) => void;
  /** Tries once more to place what is left, then forgets it. */
  readonly close: () => Promise<void>;
};

const RETRY_MILLISECONDS = 1_000;

export function createOutbox(options: {
  readonly ready: () => boolean;
  readonly place: (work: Work, dueMs: number) => Promise<void>;
  readonly log: (message: string, error: unknown) => void;
}): Outbox {
  const waiting = new Map<string, { readonly work: Work; readonly dueMs: number }>();
  const tasks = new Set<Promise<void>>();
  let flushing = false;
  let retry: NodeJS.Timeout | undefined;

  const keep = (work: Work, dueMs: number): void => {
    const before = waiting.get(workKey(work));
    if (before === undefined || dueMs < before.dueMs) waiting.set(workKey(work), { work, dueMs });
  };

  const track = (task: Promise<void>): void => {
    const guarded = task
      .catch((error: unknown) => options.log('Redis refused', error))
      .finally(() => tasks.delete(guarded));
    tasks.add(guarded);
  };

  async function placeAll(): Promise<void> {
    flushing = true;
    let failed = false;
    while (waiting.size > 0 && !failed && options.ready()) {
      const batch = [...waiting.values()];
      waiting.clear();
      await Promise.all(
        batch.map(async ({ work, dueMs }) => {
          try {
            await options.place(work, dueMs);
          } catch (error) {
            failed = true;
            keep(work, dueMs);
            options.log(`could not wake ${workKey(work)}; it is tried again`, error);
          }
        }),
      );
    }
    flushing = false;
    if (failed) {
      clearTimeout(retry);
      retry = setTimeout(flush, RETRY_MILLISECONDS);
    }
  }

  const flush = (): void => {
    if (!flushing) track(placeAll());
  };

  return {
    put: (work, dueMs) => {
      keep(work, dueMs);
      flush();
    },
    flush,
    track,
    close: async () => {
      flush();
      while (tasks.size > 0) await Promise.all(tasks);
      clearTimeout(retry);
      waiting.clear();
    },
  };
}
