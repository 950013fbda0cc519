import { isLocking } from '../domain/busy.ts';
import { SECOND } from '../domain/instant.ts';
import { overlaps } from '../domain/interval.ts';
import type { Listing } from '../domain/listing.ts';
import { plan } from './booked.ts';
import type { Claim } from './claim.ts';
import type { Context } from './context.ts';
import { deliverOf } from './deliver.ts';
import { feedOf } from './feeds.ts';
import { observe } from './observe.ts';
import type { FeedKey } from './ports/feeds.ts';
import { NOTHING } from './ports/store.ts';
import { isClosedFirst } from './shares.ts';

/**
 * Sharing `hold-first`: time that somebody asks us for is closed on every other platform, and these are looked at, before
 * the one that is to honour it is asked. Whoever was faster there is then known, and nobody is told what would not hold.
 * A platform that is down, or does not answer in time, is not waited for: the clinic stays bookable on the others.
 */

/** For all of them together: somebody waits before a form. */
const LIMIT_MILLISECONDS = 5 * SECOND;
/** Somebody else is reading there: theirs may have passed this time already, so ours comes after it. */
const LOOK_AGAIN_MILLISECONDS = 50;

/** @returns the claim as it then stands; null when somebody else has the time on one of them: nothing was undone yet. */
export async function closeFirst<Claimed extends Claim>(
  context: Context,
  claim: Claimed,
): Promise<Claimed | null> {
  const { slot, busy } = claim;
  if (!isClosedFirst(context.directory, slot.scheduleId)) return claim;
  const listing: Listing = { ...claim.listing, home: 'stands' };
  const { clock } = context.environment;
  const { differing } = await context.store.transaction(async (transaction) => {
    await transaction.lockActors([busy.actorId]);
    await transaction.apply({ ...NOTHING, listings: [listing] }, clock.now());
    return plan(transaction, context, busy.id, clock.now());
  });
  const elsewhere = differing.filter(({ subjectId, kind }) => subjectId !== busy.id || kind !== 'booking');
  if (elsewhere.length === 0) return { ...claim, listing };
  const over = new AbortController();
  const timeout = clock.sleep(LIMIT_MILLISECONDS, over.signal).catch(() => undefined);
  const closed = [...byConnection(elsewhere)].map(([connectionId, listings]) =>
    closeAt(context, connectionId, listings, over.signal),
  );
  await Promise.race([Promise.all(closed), timeout]);
  over.abort();
  return (await isContested(context, busy)) ? null : { ...claim, listing };
}

async function closeAt(
  context: Context,
  connectionId: string,
  listings: readonly Listing[],
  signal: AbortSignal,
): Promise<void> {
  await deliverOf(context, connectionId, [...new Set(listings.map(({ subjectId }) => subjectId))]);
  const feeds = new Map(
    listings.map((listing) => {
      const feed = feedOf(context, listing);
      return [feed.feedId, feed];
    }),
  );
  await Promise.all([...feeds.values()].map((feed) => look(context, feed, signal)));
}

/** What was sold there before the time was closed, and has not been told. */
async function look(context: Context, feed: FeedKey, signal: AbortSignal): Promise<void> {
  const { clock } = context.environment;
  while (!signal.aborted) {
    const { outcome } = await observe(context, feed, { force: true, signal });
    if (outcome !== 'skipped' || !(await isBeingRead(context, feed))) return;
    await clock.sleep(LOOK_AGAIN_MILLISECONDS, signal).catch(() => undefined);
  }
}

const isBeingRead = async ({ store }: Context, feed: FeedKey): Promise<boolean> =>
  ((await store.feed(feed))?.beganAt ?? null) !== null;

const isContested = (context: Context, { id, actorId, interval }: Claim['busy']): Promise<boolean> =>
  context.store.transaction(async (transaction) => {
    const live = await transaction.busyOverlapping([actorId], interval);
    return live.some(
      (other) =>
        other.id !== id && other.lane === null && isLocking(other.kind) && overlaps(other.interval, interval),
    );
  });

function byConnection(listings: readonly Listing[]): Map<string, Listing[]> {
  const found = new Map<string, Listing[]>();
  for (const listing of listings)
    found.set(listing.connectionId, [...(found.get(listing.connectionId) ?? []), listing]);
  return found;
}
