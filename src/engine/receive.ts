import type { WebhookRequest } from '../adapter/contract.ts';
import { SECOND } from '../domain/instant.ts';
import { commitBatch } from './commit.ts';
import type { Context } from './context.ts';
import { feedOf, feedsOf, readSoon } from './feeds.ts';
import { sortOut, WHOLE_CONNECTION } from './observe.ts';

/** How long a delivery may be overtaken by a later one. */
const OVERTAKING_MILLISECONDS = 3 * SECOND;

/**
 * A delivery from a platform. It is answered after the commit, never before: one that is not answered comes again.
 * Null = no such connection, or its platform sends none.
 */
export async function receive(
  context: Context,
  connectionId: string,
  request: WebhookRequest,
): Promise<'accepted' | 'refused' | null> {
  const { directory, platforms, store, environment } = context;
  if (!directory.entries.connections.some((connection) => connection.id === connectionId)) return null;
  const { platform } = platforms.get(connectionId);
  if (!platform.webhook) return null;
  const outcome = await platform.webhook(request);
  if (outcome.outcome === 'refused') return 'refused';
  if (outcome.outcome === 'hint') {
    const named = outcome.calendars?.filter(
      (externalId) => directory.calendar(connectionId, externalId) !== null,
    );
    const feeds = named
      ? named.map((calendar) => feedOf(context, { connectionId, calendar }))
      : feedsOf(context, connectionId);
    await readSoon(context, feeds);
    return 'accepted';
  }
  const at = environment.clock.now();
  const { linked, rejected } = sortOut(context, connectionId, outcome.rows);
  const feed = { connectionId, feedId: WHOLE_CONNECTION };
  await store.recordRejected(feed, [...outcome.rejected, ...rejected], at);
  const batch = { connectionId, asOf: at, rows: linked, removed: outcome.removed, missing: null };
  const { lookAgain, outOfOrder } = await commitBatch(context, batch);
  if (lookAgain) await readSoon(context, feedsOf(context, connectionId));
  // A booking whose end came before its beginning would be taken in when that comes: a reading tells that it is over.
  else if (outOfOrder) await readSoon(context, feedsOf(context, connectionId), OVERTAKING_MILLISECONDS);
  return 'accepted';
}
