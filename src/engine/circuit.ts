import { type FaultKind, isFault } from '../adapter/faults.ts';
import { backoff } from '../domain/backoff.ts';
import type { Random } from '../domain/environment.ts';
import { HOUR, type Instant, MINUTE, plus, SECOND } from '../domain/instant.ts';
import type { ConnectionState } from './ports/store.ts';

/**
 * When a failing platform is called again. The state lives in the database, so that every process and `status` see the
 * same circuit, and time is given, so that a simulation can run it: that is why it is a function here and no library.
 */

const FAILURES_TO_OPEN = 3;
const OPEN_MIN_MILLISECONDS = 1 * SECOND;
const OPEN_MAX_MILLISECONDS = 1 * MINUTE;
const ASKED_MAX_MILLISECONDS = 1 * HOUR;
/** Neither mends itself, but an expired token may be renewed by somebody at any time, and a name may lead elsewhere. */
const USELESS: ReadonlySet<FaultKind> = new Set(['unauthorized', 'forbidden']);
const USELESS_MILLISECONDS = 1 * MINUTE;

export const isOpen = (state: Pick<ConnectionState, 'openUntil'>, now: Instant): boolean =>
  state.openUntil !== null && now < state.openUntil;

export const succeeded = (state: ConnectionState, now: Instant): ConnectionState => ({
  ...state,
  failures: 0,
  failingSince: null,
  openUntil: null,
  lastError: null,
  lastSuccessAt: now,
});

export function failed(
  state: ConnectionState,
  error: unknown,
  now: Instant,
  random: Random,
): ConnectionState {
  const failures = state.failures + 1;
  return {
    ...state,
    failures,
    failingSince: state.failingSince ?? now,
    lastError: reasonOf(error),
    openUntil: openUntil(failures, error, now, random),
  };
}

function openUntil(failures: number, error: unknown, now: Instant, random: Random): Instant | null {
  if (isFault(error)) {
    const asked = askedToWait(error);
    if (asked !== null) return plus(now, asked);
    if (USELESS.has(error.kind)) return plus(now, USELESS_MILLISECONDS);
  }
  if (failures < FAILURES_TO_OPEN) return null;
  return plus(
    now,
    backoff(failures - FAILURES_TO_OPEN, random, OPEN_MIN_MILLISECONDS, OPEN_MAX_MILLISECONDS),
  );
}

/** What the platform asked for, within reason: a wrong date must not silence a connection for years. In milliseconds. */
export const askedToWait = (error: unknown): number | null =>
  isFault(error) && error.retryAfterMilliseconds !== null
    ? Math.min(error.retryAfterMilliseconds, ASKED_MAX_MILLISECONDS)
    : null;

export const reasonOf = (error: unknown): string =>
  isFault(error)
    ? `${error.kind}: ${error.message}`
    : `unexpected ${error instanceof Error ? error.name : 'error'}`;
