import type { Clock } from '../domain/environment.ts';
import { SECOND } from '../domain/instant.ts';
import type { SubscriptionStore } from '../engine/ports/subscriptions.ts';

/** Ends subscriptions whose time is over or whose owner is shut out, and erases the changes that nobody waits for. Any number of processes may. */

export type UpkeepContext = {
  readonly store: Pick<SubscriptionStore, 'endSubscriptions' | 'eraseChanges'>;
  readonly clock: Clock;
  readonly onError: (reason: string, error: unknown) => void;
  readonly limits?: Partial<UpkeepLimits>;
};

export type UpkeepLimits = {
  /** A subscriber for whom more changes wait is told no more: what it is to be told must end somewhere. */
  readonly waitingMost: number;
  /** Changes that streams can go back to. */
  readonly retained: number;
  /** Erased by one statement. */
  readonly batch: number;
};

const LIMITS: UpkeepLimits = { waitingMost: 100_000, retained: 10_000, batch: 5_000 };
const EVERY_MILLISECONDS = 10 * SECOND;

export async function upkeep({ store, clock, limits = {} }: UpkeepContext): Promise<void> {
  const { waitingMost, retained, batch } = { ...LIMITS, ...limits };
  await store.endSubscriptions(clock.now(), waitingMost);
  let erased: number;
  do {
    erased = await store.eraseChanges({ now: clock.now(), retained, limit: batch });
  } while (erased === batch);
}

/** Until the signal. */
export async function keepUp(context: UpkeepContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await upkeep(context).catch((error: unknown) => context.onError('upkeep of subscriptions', error));
    await context.clock.sleep(EVERY_MILLISECONDS, signal).catch(() => undefined);
  }
}
