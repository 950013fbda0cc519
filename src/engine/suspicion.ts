import type { Absence } from '../domain/absence.ts';
import type { Instant } from '../domain/instant.ts';
import type { Context } from './context.ts';
import { announce } from './health.ts';
import type { FeedState, Suspicion } from './ports/feeds.ts';

/** Feeds that lost most of what they showed: held back until it is back, or until a person says that it is gone. */

/** What a reading leaves behind. Only a complete one can tell; until then it stays as it was. */
export function suspicionAfter(
  { suspicion }: Pick<FeedState, 'suspicion'>,
  read: { readonly whole: boolean; readonly heldBack: Absence | null; readonly startedAt: Instant },
): Suspicion | null {
  if (!read.whole) return suspicion;
  return read.heldBack && { ...read.heldBack, since: suspicion?.since ?? read.startedAt };
}

/** Says when a feed has become suspect, or is so no more. */
export async function tellSuspicion(
  context: Context,
  { connectionId, feedId, suspicion: before }: FeedState,
  after: Suspicion | null,
): Promise<void> {
  if ((before === null) === (after === null)) return;
  const feed = { at: context.environment.clock.now(), connectionId, feedId };
  if (after === null) await announce(context, { type: 'feed.cleared', ...feed });
  else {
    const { since: _, ...absence } = after;
    await announce(context, { type: 'feed.suspect', ...feed, ...absence });
  }
}
