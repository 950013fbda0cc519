import type { Clock } from '../../src/domain/environment.ts';
import { type Instant, plus } from '../../src/domain/instant.ts';

export type ManualClock = Clock & {
  /** Moves time on and wakes who slept until then, in order; what they do at once is done when it resolves. */
  readonly advance: (milliseconds: number) => Promise<void>;
};

/** A clock that moves only when a test moves it. */
export function manualClock(start: Instant): ManualClock {
  let now = start;
  let sleepers: { until: Instant; wake: () => void }[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const cutShort = () => {
          sleepers = sleepers.filter((each) => each !== sleeper);
          reject(signal?.reason);
        };
        const wake = () => {
          signal?.removeEventListener('abort', cutShort);
          resolve();
        };
        const sleeper = { until: plus(now, milliseconds), wake };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', cutShort);
      }),
    advance: async (milliseconds) => {
      const end = plus(now, milliseconds);
      await settle();
      for (;;) {
        const [next] = sleepers.filter(({ until }) => until <= end).sort((a, b) => a.until - b.until);
        if (!next) break;
        sleepers = sleepers.filter((each) => each !== next);
        now = next.until;
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}
