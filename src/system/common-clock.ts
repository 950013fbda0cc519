import type { Clock } from '../domain/environment.ts';
import { type Instant, plus, SECOND } from '../domain/instant.ts';

/**
 * The clock that all processes go by is the database's. Each has it from its own and from how far the database's is
 * ahead: leases, and what is older than what, are judged between processes, and clocks of two machines may differ.
 */

/** A machine may be set, or paused, at any time. */
const EVERY_MILLISECONDS = 1 * SECOND;

export type CommonClock = {
  readonly clock: Clock;
  /** Asks once. @throws what the database throws; then it goes on as before. */
  readonly set: () => Promise<void>;
  /** Asks again and again, until the signal. */
  readonly follow: (signal: AbortSignal, everyMilliseconds?: number) => Promise<void>;
};

/** @param theirs the database's clock, now. */
export function commonClock(own: Clock, theirs: () => Promise<Instant>): CommonClock {
  let aheadMilliseconds = 0;
  const set = async (): Promise<void> => {
    const asked = own.now();
    const at = await theirs();
    const answered = own.now();
    // It was read at some time between the two. Only what that rules out is mended: so a slow answer moves nothing, and
    // where the clocks agree time never goes back.
    aheadMilliseconds = Math.min(Math.max(aheadMilliseconds, at - answered), at - asked);
  };
  return {
    clock: { now: () => plus(own.now(), aheadMilliseconds), sleep: own.sleep },
    set,
    async follow(signal, everyMilliseconds = EVERY_MILLISECONDS) {
      while (!signal.aborted) {
        // A database that does not answer is told of by whoever needs more of it.
        await set().catch(() => undefined);
        await own.sleep(everyMilliseconds, signal).catch(() => undefined);
      }
    },
  };
}
