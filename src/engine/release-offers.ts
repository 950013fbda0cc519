import type { Directory } from '../domain/directory.ts';
import { type Instant, MINUTE, plus } from '../domain/instant.ts';
import type { Context } from './context.ts';
import type { OfferedRange } from './ports/stretches.ts';
import { realign } from './realign.ts';
import { scheduleReleasedUntil } from './release.ts';
import { allottedOf } from './shares.ts';

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
  const { directory, store, environment } = context;
  return looks(environment.clock.now, async (now, since) => {
    const ranges = rangesOf(directory, since, now);
    await realign(context, ranges.length > 0 ? await store.offersAmiss(ranges, now) : [], now);
  });
}

/**
 * @param look at what the clock has reached since then; null = at everything.
 * @returns to be called again and again.
 */
export function looks(
  clock: () => Instant,
  look: (now: Instant, since: Instant | null) => Promise<void>,
): () => Promise<void> {
  let lookedAt: Instant | null = null;
  let wholeAt: Instant | null = null;
  return async () => {
    const now = clock();
    const isWhole = wholeAt === null || now < wholeAt || now - wholeAt >= WHOLE_MILLISECONDS;
    await look(now, isWhole || lookedAt === null ? null : plus(lookedAt, -MARGIN_MILLISECONDS));
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
      // Another's share is rightly not on offer; allot.ts looks at all of it as often.
      if (allottedOf(directory, scheduleId)) continue;
      ranges.push({ ...place, from: now, to: null });
      continue;
    }
    const from = scheduleReleasedUntil(directory, scheduleId, since);
    if (from !== null && until !== null && from < until) ranges.push({ ...place, from, to: until });
  }
  return ranges;
}
