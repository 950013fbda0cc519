import { type Instant, plus } from '../domain/instant.ts';
import type { Context } from './context.ts';
import { announce } from './health.ts';
import { WHOLE_CONNECTION } from './observe.ts';
import type { FeedKey } from './ports/feeds.ts';

/** The feeds of a connection: one, or one a calendar, as its platform is read. */
export function feedsOf(context: Pick<Context, 'directory' | 'platforms'>, connectionId: string): FeedKey[] {
  const { manifest } = context.platforms.get(connectionId);
  if (manifest.capabilities.feed === 'connection') return [{ connectionId, feedId: WHOLE_CONNECTION }];
  return context.directory
    .calendarsOn(connectionId)
    .map((calendar) => ({ connectionId, feedId: calendar.externalId }));
}

type Waking = Pick<Context, 'store' | 'queue' | 'environment'>;

/**
 * Asks for a reading before the next one is due: something was changed there, or may have been.
 * @param delayMilliseconds until then; 0 = now.
 */
export const readSoon = (context: Waking, feeds: readonly FeedKey[], delayMilliseconds = 0): Promise<void> =>
  readFrom(context, feeds, plus(context.environment.clock.now(), delayMilliseconds));

/** Asks for a reading that begins at that instant or later, one that is under way included. */
export async function readFrom(
  { store, queue, environment }: Waking,
  feeds: readonly FeedKey[],
  from: Instant,
): Promise<void> {
  await store.hastenFeeds(feeds, from);
  const delay = Math.max(0, from - environment.clock.now());
  for (const feed of feeds) queue.wake({ kind: 'observe', ...feed }, delay);
}

/**
 * A person says that what is missing of a suspect feed is gone (suspicion.ts): it is read at once, and taken at its word.
 * @param feedId null = all feeds of the connection. @returns those that were suspect.
 */
export async function confirmAbsence(
  context: Context,
  connectionId: string,
  feedId: string | null,
): Promise<string[]> {
  const at = context.environment.clock.now();
  const feeds = await context.store.acceptAbsence(connectionId, feedId, at);
  for (const feed of feeds) await announce(context, { type: 'feed.accepted', at, ...feed });
  await readSoon(context, feeds);
  return feeds.map((feed) => feed.feedId);
}

/** The feed in which a calendar is read. */
export function feedOf(
  context: Pick<Context, 'platforms'>,
  { connectionId, calendar }: { connectionId: string; calendar: string },
): FeedKey {
  const { manifest } = context.platforms.get(connectionId);
  return { connectionId, feedId: manifest.capabilities.feed === 'connection' ? WHOLE_CONNECTION : calendar };
}
