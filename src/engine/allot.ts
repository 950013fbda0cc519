import type { Directory } from '../domain/directory.ts';
import { DAY, formatInstant, type Instant, MINUTE, plus } from '../domain/instant.ts';
import type { Unit } from '../domain/schedule.ts';
import type { Context } from './context.ts';
import { readFrom } from './feeds.ts';
import type { Transaction } from './ports/store.ts';
import type { Stretch } from './ports/stretches.ts';
import { realign } from './realign.ts';
import { rebalanced } from './rebalance.ts';
import { looks } from './release-offers.ts';
import { allottedOf, unitsOf } from './shares.ts';

/**
 * Allotted time changes hands by the clock, when it is pooled; by a platform that has closed what another waits for; and
 * when one has sold all of its share of a day. Each look at everything deals anew, the others follow the clock and what is
 * waited for.
 */

/** @returns a look, to be repeated. The first is at everything, so a change of the rules needs no more than a restart. */
export function allotTime(context: Context): () => Promise<void> {
  const { directory, store, environment } = context;
  // Where no rule deals time nobody waits for any; what an earlier rule left is seen to by the looks at everything.
  const isDealt = directory.entries.schedules.some(({ id }) => allottedOf(directory, id) !== null);
  return looks(environment.clock.now, async (now, since) => {
    if (isDealt) {
      await readAwaited(context, now);
      await realign(context, await store.awaitedTime(now), now);
    }
    if (since !== null) {
      await realign(context, pooledSince(directory, since, now), now);
      return;
    }
    await store.forgetHanded(formatInstant(plus(now, -2 * DAY)).slice(0, 10) as Unit);
    await realign(
      context,
      [...allotted(directory, now), ...(await store.withheldTime(now))],
      now,
      handOn(directory, now),
    );
  });
}

/** What was sold where time was being closed is read now, and not when it would be due. */
async function readAwaited(context: Context, now: Instant): Promise<void> {
  for (const { since, ...feed } of await context.store.awaitedFeeds(now)) {
    const { manifest } = context.platforms.get(feed.connectionId);
    await readFrom(context, [feed], plus(since, manifest.limits.stalenessMilliseconds + 1));
  }
}

/** All time that is read ahead, of the schedules whose time is allotted. */
const allotted = (directory: Directory, now: Instant): Stretch[] =>
  directory.entries.schedules
    .filter(({ id }) => allottedOf(directory, id) !== null)
    .map(({ id }) => ({ scheduleId: id, window: { start: now, end: plus(now, horizonOf(directory)) } }));

const horizonOf = ({ entries }: Directory): number =>
  DAY + Math.max(0, ...entries.connections.map(({ horizonMilliseconds }) => horizonMilliseconds));

/** What every platform sells by now, and did not then. */
function pooledSince(directory: Directory, since: Instant, now: Instant): Stretch[] {
  return directory.entries.schedules.flatMap(({ id }) => {
    const rule = allottedOf(directory, id);
    if (!rule) return [];
    const { pooledMillisecondsBefore: before, unitMinutes } = rule;
    const reached = { start: plus(since, before), end: plus(now, before + 1) };
    // Most looks fall into the midst of a unit.
    if (unitsOf(reached, directory.zoneOf(id), unitMinutes).length === 1) return [];
    return [{ scheduleId: id, window: { ...reached, end: plus(reached.end, unitMinutes * MINUTE) } }];
  });
}

const handOn =
  (directory: Directory, at: Instant) =>
  async (transaction: Transaction, stretches: readonly Stretch[]): Promise<void> => {
    for (const { scheduleId, window } of stretches) {
      const rule = allottedOf(directory, scheduleId);
      if (!rule) continue;
      const slots = await transaction.offersOverlapping([scheduleId], window);
      const handed = await transaction.handedUnits([scheduleId]);
      await transaction.handUnits(rebalanced(slots, { directory, scheduleId, rule, handed, at }));
    }
  };
