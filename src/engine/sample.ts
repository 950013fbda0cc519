import { instant, MINUTE, SECOND } from '../domain/instant.ts';
import type { Context } from './context.ts';

/** Between two looks whether the last minute has its sample. */
export const SAMPLING_MILLISECONDS = 15 * SECOND;
/** What happened in the last moment of a minute may be committed after it. */
const SETTLED_MILLISECONDS = 5 * SECOND;

/**
 * Writes down how each connection was in the last minute that is over, unless somebody has. A minute that passed while nobody worked
 * has no sample: how it was then is not known.
 */
export async function sample({
  store,
  directory,
  environment,
}: Pick<Context, 'store' | 'directory' | 'environment'>): Promise<void> {
  const now = environment.clock.now();
  const over = Math.floor((now - SETTLED_MILLISECONDS) / MINUTE) * MINUTE;
  const ids = directory.entries.connections.map(({ id }) => id);
  await store.sampleConnections(ids, instant(over - MINUTE), now);
}
