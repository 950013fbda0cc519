import type { Random } from './environment.ts';

/**
 * Exponential, with equal jitter: at least half of the step, so that who returns is not met by all at once
 * and nobody retries at once either. @returns milliseconds
 */
export function backoff(attempt: number, random: Random, minimum: number, maximum: number): number {
  const step = Math.min(maximum, minimum * 2 ** Math.min(attempt, 30));
  return Math.round(step / 2 + (step / 2) * random.next());
}
