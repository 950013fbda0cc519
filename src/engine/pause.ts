import type { Context } from './context.ts';
import { feedsOf, readSoon } from './feeds.ts';

/**
 * A person stops a connection, and lets it go on. Meanwhile its platform is neither asked nor written to, so that what is known of it
 * grows old and is served as free no more; who wants to book there is refused, unless its schedule accepts on its behalf. What the
 * platform tells by itself is still taken in, since nobody would tell it again. What runs already comes to its end.
 */
export const pause = (
  { store, environment }: Pick<Context, 'store' | 'environment'>,
  connectionId: string,
): Promise<void> => store.pauseConnection(connectionId, environment.clock.now());

/** It is read at once, and written what it missed. */
export async function resume(context: Context, connectionId: string): Promise<void> {
  await context.store.pauseConnection(connectionId, null);
  await readSoon(context, feedsOf(context, connectionId));
  context.queue.wake({ kind: 'deliver', connectionId });
}
