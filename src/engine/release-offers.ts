import type { Directory } from '../domain/directory.ts';
import { type Instant, MINUTE, plus } from '../domain/instant.ts';
import { hull } from '../domain/interval.ts';
import { actorOf } from '../domain/schedule.ts';
import { NOTHING } from './commit.ts';
import type { Context } from './context.ts';
import { planOffers } from './offers.ts';
import type { AmissOffers, OfferedRange } from './ports/store.ts';
import { scheduleReleasedUntil } from './release.ts';
import { NO_SLOTS } from './slots.ts';

/**
 * Slots become offers on other platforms by the mere passing of time. Whoever writes a slot or a booking plans its offers
 * by the clock of that moment; this looks for those that the clock has overtaken since.
 */

/** A transaction that began before a release and ends after the look at it is met by the next looks: statements end by then. */
const MARGIN_MILLISECONDS = 1 * MINUTE;
/** What else could be amiss, such as after a change of the rules or of a clock, is found by a look at everything. */
const WHOLE_MILLISECONDS = 10 * MINUTE;

/** @returns a look, to be repeated. The first is at everything, so a restart forgets nothing. */
export function releaseOffers(context: Context): () => Promise<void> {
  const { directory, store, environment, queue } = context;
  let lookedAt: Instant | null = null;
  let wholeAt: Instant | null = null;
  return async () => {
    const now = environment.clock.now();
    const isWhole = wholeAt === null || now < wholeAt || now - wholeAt >= WHOLE_MILLISECONDS;
    const since = isWhole || lookedAt === null ? null : plus(lookedAt, -MARGIN_MILLISECONDS);
    const ranges = rangesOf(directory, since, now);
    const amiss = ranges.length > 0 ? await store.offersAmiss(ranges, now) : [];
    const woken = new Set<string>();
    for (const [actorId, found] of byActor(directory, amiss)) {
      for (const connectionId of await plan(context, actorId, found, now)) woken.add(connectionId);
    }
    // Only now, so that the soonest of all actors go first, and not all of the first actor's.
    for (const connectionId of woken) queue.wake({ kind: 'deliver', connectionId });
    lookedAt = now;
    if (isWhole) wholeAt = now;
  };
}

/**
 * On each calendar that we publish to: what was released since, or everything.
 * @param since null = look at everything.
 */
function rangesOf(directory: Directory, since: Instant | null, now: Instant): OfferedRange[] {
  const ranges: OfferedRange[] = [];
  for (const { connectionId, externalId, scheduleId, topology } of directory.entries.calendars) {
    if (topology !== 'publish') continue;
    const until = scheduleReleasedUntil(directory, scheduleId, now);
    const place = { connectionId, calendar: externalId, scheduleId, releasedUntil: until };
    if (since === null) {
      ranges.push({ ...place, from: now, to: null });
      continue;
    }
    const from = scheduleReleasedUntil(directory, scheduleId, since);
    if (from !== null && until !== null && from < until) ranges.push({ ...place, from, to: until });
  }
  return ranges;
}

function byActor(directory: Directory, amiss: readonly AmissOffers[]): Map<string, AmissOffers[]> {
  const actors = new Map<string, AmissOffers[]>();
  for (const found of amiss) {
    const actorId = actorOf(directory.schedule(found.scheduleId));
    actors.set(actorId, [...(actors.get(actorId) ?? []), found]);
  }
  return actors;
}

/** @returns the connections on which something is to be done. */
async function plan(
  { directory, store }: Context,
  actorId: string,
  amiss: readonly AmissOffers[],
  at: Instant,
): Promise<string[]> {
  const window = hull(amiss.map((found) => found.window));
  return store.transaction(async (transaction) => {
    await transaction.lockActors([actorId]);
    const listings = await planOffers(transaction, directory, {
      actorIds: [actorId],
      window,
      slots: NO_SLOTS,
      at,
    });
    if (listings.length > 0) await transaction.apply({ ...NOTHING, listings }, at);
    return listings.map((listing) => listing.connectionId);
  });
}
