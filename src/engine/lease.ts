import { plus, SECOND } from '../domain/instant.ts';
import type { ListingKey } from '../domain/listing.ts';
import type { Context } from './context.ts';

/**
 * A listing that is being written to its platform is left alone by everybody else for so long; whoever dies meanwhile loses
 * it after that.
 */
export const CLAIM_MILLISECONDS = 30 * SECOND;
const RENEW_MILLISECONDS = 10 * SECOND;

/**
 * Keeps listings as long as something is done with them: where a platform takes few calls a write may wait for its turn
 * beyond any lease, and would be made a second time by whoever took it over.
 * @param underWay those that it is not done with yet; it may become smaller.
 */
export async function whileOurs<T>(
  { store, environment: { clock } }: Pick<Context, 'store' | 'environment'>,
  underWay: ReadonlySet<ListingKey>,
  work: () => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const renew = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await clock.sleep(RENEW_MILLISECONDS, over.signal).catch(() => undefined);
      if (over.signal.aborted || underWay.size === 0) return;
      const now = clock.now();
      // A database that does not answer now is asked again before the lease is over.
      await store.renewListings([...underWay], now, plus(now, CLAIM_MILLISECONDS)).catch(() => undefined);
    }
  };
  const renewing = renew();
  try {
    return await work();
  } finally {
    over.abort();
    await renewing;
  }
}
