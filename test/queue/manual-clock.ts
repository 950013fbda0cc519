import type { Clock } from '../../src/domain/environment.ts';
import { type Instant, instant, plus } from '../../src/domain/instant.ts';

/** A clock that stands still until it is told to go on. */
export type ManualClock = Clock & {
  /** Sleeps that nobody aborted and whose time has not come. */
  readonly sleepers: () => number;
  readonly advance: (milliseconds: number) => void;
};

export function createManualClock(start = instant(Date.UTC(2026, 10, 24, 14))): ManualClock {
  let now: Instant = start;
  const sleeping = new Set<{ readonly at: Instant; readonly resolve: () => void }>();
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const sleeper = { at: plus(now, milliseconds), resolve };
        sleeping.add(sleeper);
        signal?.addEventListener('abort', () => {
          if (sleeping.delete(sleeper)) reject(signal.reason);
        });
      }),
    sleepers: () => sleeping.size,
    advance: (milliseconds) => {
      now = plus(now, milliseconds);
      for (const sleeper of sleeping) {
        if (sleeper.at > now) continue;
        sleeping.delete(sleeper);
        sleeper.resolve();
      }
    },
  };
}
