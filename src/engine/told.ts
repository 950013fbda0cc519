import type { Removal } from '../adapter/observation.ts';
import { absenceOf, type Gone, toHold, withGone } from '../domain/absence.ts';
import { groupBy } from '../domain/group-by.ts';
import { type Instant, plus } from '../domain/instant.ts';
import { actorOf } from '../domain/schedule.ts';
import { expectedAfter } from './absence.ts';
import type { Context } from './context.ts';
import { feedOf } from './feeds.ts';
import { calendarsIn } from './observe.ts';
import type { FeedKey, FeedState, NamedAhead, Suspicion } from './ports/feeds.ts';
import type { Transaction } from './ports/store.ts';
import { tellSuspicion } from './suspicion.ts';

/**
 * Removals that a platform tells of one by one. Each is its word about one record and is believed at once; but a platform
 * that loses its agenda says so in the same way, once for each record. So they are counted, from one complete reading to
 * the next.
 */

export type Told = {
  /** Those that are believed. */
  readonly removed: readonly Removal[];
  /** Feeds that are suspect, of which removals were told: whether they are true is for a reading to say. */
  readonly doubted: readonly FeedKey[];
};

export async function believed(
  context: Context,
  connectionId: string,
  removed: readonly Removal[],
  at: Instant,
): Promise<Told> {
  if (removed.length === 0) return { removed, doubted: [] };
  const { directory, store } = context;
  const actors = directory.calendarsOn(connectionId).map(({ scheduleId }) => directory.schedule(scheduleId));
  const judged = await store.transaction(async (transaction) => {
    // Of two deliveries at once the second counts the first.
    await transaction.lockActors([...new Set(actors.map(actorOf))]);
    const named = await transaction.namedAhead(connectionId, removed, at);
    const ofFeed = groupBy(named, ({ calendar }) => feedOf(context, { connectionId, calendar }).feedId);
    const results: Judged[] = [];
    for (const [feedId, records] of ofFeed) {
      results.push(await judge(transaction, context, { connectionId, feedId }, records, at));
    }
    return results;
  });
  for (const { before, suspicion } of judged)
    if (before && suspicion) await tellSuspicion(context, before, suspicion);
  const doubted = judged.filter(({ isBelieved }) => !isBelieved);
  const names = new Set(doubted.flatMap(({ records }) => records.map(nameOf)));
  return {
    removed: removed.filter((removal) => !names.has(nameOf(removal))),
    doubted: doubted.map(({ feed }) => feed),
  };
}

type Judged = {
  readonly feed: FeedKey;
  readonly records: readonly NamedAhead[];
  readonly isBelieved: boolean;
  readonly before: FeedState | null;
  /** Of a feed that these removals made suspect. */
  readonly suspicion: Suspicion | null;
};

async function judge(
  transaction: Transaction,
  context: Context,
  feed: FeedKey,
  records: readonly NamedAhead[],
  at: Instant,
): Promise<Judged> {
  const before = await transaction.feed(feed);
  const result = { feed, records, before, suspicion: null };
  const isAccepted = before !== null && before.acceptedAt !== null;
  const isSuspect = (await transaction.heldBack(feed)).length > 0;
  if (isSuspect && !isAccepted) return { ...result, isBelieved: false };
  const { suspect: limit, horizonMilliseconds } = context.directory.connection(feed.connectionId);
  const calendars = calendarsIn(context, feed);
  const told = await transaction.toldGone(feed.connectionId, calendars);
  if (!isAccepted && told.length + records.length >= limit.atLeast) {
    const window = { start: at, end: plus(at, horizonMilliseconds) };
    const place = { connectionId: feed.connectionId, calendars, window };
    // One that was believed may not have been taken away yet.
    const isTold = new Set(told.map(({ id }) => id));
    const known = (await expectedAfter(transaction, place, records)).map((each) =>
      isTold.has(each.id) ? { ...each, isMissing: true } : each,
    );
    const holding = toHold(known, told, [], limit);
    if (holding.length > 0) {
      const suspicion = { ...absenceOf(withGone(known, told)), since: at };
      await transaction.holdBack(feed, holding, { at, before: at });
      await transaction.suspectFeed(feed, suspicion);
      return { ...result, suspicion, isBelieved: false };
    }
  }
  await transaction.tellGone(feed.connectionId, records.map(goneOf), at);
  return { ...result, isBelieved: true };
}

const goneOf = ({ id, kind, calendar }: NamedAhead): Gone => ({
  id,
  kind: kind === 'slot' ? 'slots' : 'busy',
  calendar,
});

const nameOf = ({ kind, externalId }: Pick<Removal, 'kind' | 'externalId'>): string =>
  `${kind}\n${externalId}`;
