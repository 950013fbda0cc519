import type { News, WebhookRequest } from '../adapter/contract.ts';
import { type Observation, subjectOf } from '../adapter/observation.ts';
import { instant, plus, SECOND } from '../domain/instant.ts';
import type { Batch } from './batch.ts';
import { reasonOf } from './circuit.ts';
import { commitBatch } from './commit.ts';
import type { Context } from './context.ts';
import { feedOf, feedsOf, readSoon } from './feeds.ts';
import { WHOLE_CONNECTION } from './observe.ts';
import type { FeedKey, FeedState } from './ports/feeds.ts';
import { setAside, sortOut } from './set-aside.ts';
import { believed } from './told.ts';

/** Most of what is late has come by then; what comes later still is told by its date. */
const OVERTAKING_MILLISECONDS = 3 * SECOND;

/** Of news that concerns what we are writing at this moment, from a platform that cannot be read. */
const TRIES_MAX = 20;
const AGAIN_MILLISECONDS = 250;

/**
 * A delivery from a platform. It is answered after the commit, never before: one that is not answered comes again.
 * Null = no such connection, or its platform sends none.
 */
export async function receive(
  context: Context,
  connectionId: string,
  request: WebhookRequest,
): Promise<'accepted' | 'refused' | null> {
  const { directory, platforms } = context;
  if (!directory.entries.connections.some((connection) => connection.id === connectionId)) return null;
  const { platform } = platforms.get(connectionId);
  if (!platform.webhook) return null;
  const outcome = await platform.webhook(request);
  if (outcome.outcome === 'refused') return 'refused';
  await hear(context, connectionId, outcome);
  return 'accepted';
}

/** What a platform says by itself, by webhook or to who listens. Resolves once it is committed. */
export async function hear(context: Context, connectionId: string, news: News): Promise<void> {
  const { capabilities } = context.platforms.get(connectionId).manifest;
  if (news.outcome === 'deaf')
    return context.onError(`listening to ${connectionId}: ${reasonOf(news.fault)}`, news.fault);
  const at = context.environment.clock.now();
  for (let tries = 1; news.outcome !== 'silence'; tries += 1) {
    if ((await take(context, connectionId, news)) === 'taken') break;
    if (tries === TRIES_MAX) throw new Error('what it tells of is being written to all the while');
    await context.environment.clock.sleep(AGAIN_MILLISECONDS);
  }
  // Nothing else confirms what cannot be read. It was true when it came, and not when it was committed.
  if (capabilities.pull === 'none') await context.store.confirmFeeds(feedsOf(context, connectionId), at);
}

async function take(
  context: Context,
  connectionId: string,
  outcome: Exclude<News, { outcome: 'silence' | 'deaf' }>,
): Promise<'taken' | 'undecided'> {
  const { directory, platforms, environment } = context;
  if (outcome.outcome === 'hint') {
    const named = outcome.calendars?.filter(
      (externalId) => directory.calendar(connectionId, externalId) !== null,
    );
    const feeds = named
      ? named.map((calendar) => feedOf(context, { connectionId, calendar }))
      : feedsOf(context, connectionId);
    await readSoon(context, feeds);
    return 'taken';
  }
  const at = environment.clock.now();
  const { linked, rejected } = sortOut(context, connectionId, outcome.rows);
  const feed = { connectionId, feedId: WHOLE_CONNECTION };
  await setAside(context, feed, [...outcome.rejected, ...rejected], null);
  const { removed, doubted } = await believed(context, connectionId, outcome.removed, at);
  if (doubted.length > 0) await readSoon(context, doubted);
  const calendars = new Set(linked.map((row) => row.calendar));
  const feeds = [...calendars].map((calendar) => feedOf(context, { connectionId, calendar }));
  const isRead = platforms.get(connectionId).manifest.capabilities.pull !== 'none';
  const settledAt = isRead ? await settled(context, connectionId, feeds) : null;
  const suspects = new Set(
    (await statesOf(context, feeds)).flatMap((state) => (state.suspicion === null ? [] : [state.feedId])),
  );
  const isStranger = ({ kind, mark, calendar }: Observation): boolean =>
    kind === 'slot' &&
    subjectOf(mark) === null &&
    suspects.has(feedOf(context, { connectionId, calendar }).feedId);
  const batch = {
    connectionId,
    asOf: at,
    settledAt,
    // Its slots wait until it is trusted again (observe.ts).
    rows: linked.filter((row) => !isStranger(row)),
    removed,
    isFirst: isRead && settledAt === null,
    missing: null,
  };
  const { lookAgain, outOfOrder, overbooked, slotsCreated } = await commitBatch(context, batch);
  // A removal does not say in which calendar it was.
  const concerned = removed.length > 0 ? feedsOf(context, connectionId) : feeds;
  if (!isRead) {
    // No reading brings it again.
    return lookAgain ? 'undecided' : 'taken';
  }
  if (lookAgain || overbooked || (await werePassed(context, connectionId, feeds, batch)))
    await readSoon(context, concerned);
  // What ended before it was heard of: should its beginning still come, that has been settled by then. A slot that is not
  // known is new, or was taken off the offer and is told of by old news: it does not say which.
  if (outOfOrder || (slotsCreated.length > 0 && settledAt !== null)) {
    await readSoon(context, concerned, OVERTAKING_MILLISECONDS + stalenessOf(context, connectionId));
  }
  return 'taken';
}

/**
 * The instant at which all that stood in these feeds had been read, by the platform's own account: a reading may lag.
 * Null = nothing to go by.
 */
async function settled(context: Context, connectionId: string, feeds: readonly FeedKey[]) {
  const confirmed = (await statesOf(context, feeds))
    .map((feed) => feed.confirmedAt)
    .filter((at) => at !== null);
  if (feeds.length === 0 || confirmed.length < feeds.length) return null;
  return plus(instant(Math.min(...confirmed)), -stalenessOf(context, connectionId));
}

/**
 * A reading that had begun before the commit, and was not known to have ended, may have gone by without meeting these
 * rows and without knowing that it should have.
 */
async function werePassed(
  context: Context,
  connectionId: string,
  feeds: readonly FeedKey[],
  { rows, settledAt }: Pick<Batch, 'rows' | 'settledAt'>,
): Promise<boolean> {
  const began = (await statesOf(context, feeds)).flatMap((feed) => feed.beganAt ?? feed.confirmedAt ?? []);
  const passedAt = Math.max(...began) - stalenessOf(context, connectionId);
  return rows.some(
    (row) =>
      row.kind === 'busy' &&
      row.changedAt !== null &&
      row.changedAt <= passedAt &&
      (settledAt === null || row.changedAt > settledAt),
  );
}

async function statesOf({ store }: Context, feeds: readonly FeedKey[]): Promise<FeedState[]> {
  const states = await Promise.all(feeds.map((feed) => store.feed(feed)));
  return states.filter((state) => state !== null);
}

const stalenessOf = ({ platforms }: Context, connectionId: string): number =>
  platforms.get(connectionId).manifest.limits.stalenessMilliseconds;
