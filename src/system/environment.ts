import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Environment } from '../domain/environment.ts';
import { instant } from '../domain/instant.ts';

// setTimeout takes a 32-bit number of milliseconds and runs at once when it is given more.
const SLEEP_MILLISECONDS_MAX = 2 ** 31 - 1;

/** The real one: this machine's clock, random numbers and identifiers. */
export const systemEnvironment: Environment = {
  clock: {
    now: () => instant(Date.now()),
    async sleep(milliseconds, signal) {
      const end = Date.now() + milliseconds;
      // A timer may fire a millisecond early by this clock, and what was waited for would not be due yet.
      for (let left = milliseconds; left > 0; left = end - Date.now()) {
        await wait(Math.min(left, SLEEP_MILLISECONDS_MAX), undefined, signal ? { signal } : {});
      }
      signal?.throwIfAborted();
    },
  },
  random: { next: Math.random },
  ids: { next: randomUUID },
};
