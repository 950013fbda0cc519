import { SECOND } from '../domain/instant.ts';
import type { FoundCalendars, Platform } from './contract.ts';
import { type FaultKind, isFault } from './faults.ts';

/** A connection, tried once before anybody relies on it. */

/** Of the whole trial: somebody waits for it. */
export const TRIAL_TIMEOUT_MILLISECONDS = 15 * SECOND;

/** `unexpected`: the adapter threw what is no Fault, which is a defect of it. */
export type Failure = { readonly kind: FaultKind | 'unexpected'; readonly error: unknown };

export type Trial = {
  /** Until its cheapest call was answered, or given up. */
  readonly milliseconds: number;
  /** Null = address and credentials work. */
  readonly failure: Failure | null;
  /** Null = it was not asked, since it cannot tell or cannot be reached. */
  readonly calendars: FoundCalendars | Failure | null;
};

/**
 * The cheapest call, and the list of calendars where the platform has one; closes the platform afterwards. Never rejects.
 * @param open may throw, as a platform does that cannot be made of its settings.
 * @param now in milliseconds, from whenever.
 */
export async function tryPlatform(
  open: () => Platform,
  now: () => number = () => performance.now(),
  timeoutMilliseconds = TRIAL_TIMEOUT_MILLISECONDS,
): Promise<Trial> {
  const limit = AbortSignal.timeout(timeoutMilliseconds);
  const began = now();
  let platform: Platform | null = null;
  try {
    const opened = open();
    platform = opened;
    const failure = await failureOf(() => opened.check(limit), limit);
    const milliseconds = Math.round(now() - began);
    if (failure !== null || !opened.calendars) return { milliseconds, failure, calendars: null };
    return { milliseconds, failure, calendars: await listed(opened.calendars, limit) };
  } catch (error) {
    return { milliseconds: Math.round(now() - began), failure: failureBy(error, limit), calendars: null };
  } finally {
    // What it has to say against being closed changes nothing of what was found.
    await platform?.close().catch(() => undefined);
  }
}

async function listed(
  calendars: NonNullable<Platform['calendars']>,
  limit: AbortSignal,
): Promise<FoundCalendars | Failure> {
  try {
    return await within(limit, calendars(limit));
  } catch (error) {
    return failureBy(error, limit);
  }
}

const failureOf = (call: () => Promise<unknown>, limit: AbortSignal): Promise<Failure | null> =>
  within(limit, call()).then(
    () => null,
    (error: unknown) => failureBy(error, limit),
  );

function failureBy(error: unknown, limit: AbortSignal): Failure {
  if (isFault(error)) return { kind: error.kind, error };
  return { kind: limit.aborted ? 'unavailable' : 'unexpected', error };
}

/** An adapter that does not look at the signal keeps nobody waiting. */
async function within<T>(limit: AbortSignal, call: Promise<T>): Promise<T> {
  call.catch(() => undefined);
  let stop = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    stop = () => reject(limit.reason);
    limit.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    limit.removeEventListener('abort', stop);
  }
}
