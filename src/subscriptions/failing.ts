import { backoff } from '../domain/backoff.ts';
import type { Random } from '../domain/environment.ts';
import { HOUR, type Instant, MINUTE, plus, SECOND } from '../domain/instant.ts';
import type { Subscription, Trouble } from '../engine/ports/subscriptions.ts';

/** When a subscriber that could not be told is tried again, and when no more. */

const RETRY_MIN_MILLISECONDS = 2 * SECOND;
const RETRY_MAX_MILLISECONDS = 15 * MINUTE;
/** A wrong date must not silence a subscriber for years. */
const ASKED_MAX_MILLISECONDS = 1 * HOUR;
/** So that nobody is given up because we were away for a day ourselves. */
const ATTEMPTS_LEAST = 10;

export type Failing = Pick<Subscription, 'attempts' | 'failingSince'>;

/**
 * @param failing as it was before this failure. @param asked by Retry-After, in milliseconds; null = nothing.
 * @returns null: it is told no more.
 */
export function nextAttempt(
  { attempts, failingSince }: Failing,
  failure: { readonly trouble: Trouble; readonly asked: number | null },
  giveUpMilliseconds: number,
  now: Instant,
  random: Random,
): Instant | null {
  if (failure.trouble.kind === 'gone') return null;
  const isLong = failingSince !== null && now - failingSince >= giveUpMilliseconds;
  if (isLong && attempts + 1 >= ATTEMPTS_LEAST) return null;
  const own = backoff(attempts, random, RETRY_MIN_MILLISECONDS, RETRY_MAX_MILLISECONDS);
  return plus(now, Math.max(own, Math.min(failure.asked ?? 0, ASKED_MAX_MILLISECONDS)));
}
