import type { Context } from './context.ts';
import { passConflicts } from './pass-conflicts.ts';

/**
 * Finds what was missed: lost wakes, feeds that nobody reads, and what need not be written any more: after days without a
 * platform it would come before what is urgent. Costs four small queries.
 */

/** After an outage all feeds of a platform are due: it gets them bit by bit, and deliveries find room between them. */
const FEEDS_MAX = 8;

export async function sweep(context: Context): Promise<void> {
  const { store, queue, environment, directory } = context;
  const now = environment.clock.now();
  const configured = new Set(directory.entries.connections.map((connection) => connection.id));
  await store.settlePast(now);
  await passConflicts(context);
  for (const connectionId of await store.connectionsDue(now)) {
    if (configured.has(connectionId)) queue.wake({ kind: 'deliver', connectionId });
  }
  for (const feed of await store.feedsDue(now, FEEDS_MAX)) queue.wake({ kind: 'observe', ...feed });
}
