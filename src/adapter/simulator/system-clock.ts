import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../domain/environment.ts';
import { instant } from '../../domain/instant.ts';

/** The machine's own time, for a simulator that nobody gave another clock. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, signal ? { signal } : {}),
};
