import type { Instant } from './instant.ts';

/**
 * All that is not determined by its inputs: given to the engine from outside, so that a simulation can run the very
 * same code on its own time and its own dice.
 */
export type Environment = {
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
};

export type Clock = {
  now(): Instant;
  /** Resolves when `now()` is later by at least `milliseconds`; rejects with the signal's reason when it is aborted first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
};

export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
};

export type Ids = {
  /** A new UUID. */
  next(): string;
};
