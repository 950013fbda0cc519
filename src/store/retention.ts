import type { Clock } from '../domain/environment.ts';
import { DAY, HOUR, plus } from '../domain/instant.ts';
import type { VersionKeeper } from '../engine/ports/versions.ts';

/** How long former versions are kept: a history that only grows would outgrow what it is the history of. */

/** Since the start of a slot or an appointment; since it was replaced where it is of the configuration. */
export const KEPT_MILLISECONDS = 35 * DAY;
const EVERY_MILLISECONDS = 1 * HOUR;
/** In one statement, which others may have to wait for. */
const BATCH = 5_000;

/** Erases what is older, bit by bit, again and again until the signal. */
export async function forgetVersions(
  { forgetVersions: forget }: Pick<VersionKeeper, 'forgetVersions'>,
  clock: Clock,
  { signal, onError }: { readonly signal: AbortSignal; readonly onError: (error: unknown) => void },
): Promise<void> {
  while (!signal.aborted) {
    try {
      while (!signal.aborted && (await forget(plus(clock.now(), -KEPT_MILLISECONDS), BATCH)) > 0);
    } catch (error) {
      // The next time finds it again.
      onError(error);
    }
    await clock.sleep(EVERY_MILLISECONDS, signal).catch(() => undefined);
  }
}
