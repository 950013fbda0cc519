import type { Connection } from '../domain/directory.ts';
import { earlier, type Instant, plus } from '../domain/instant.ts';
import type { ConnectionSummary } from '../engine/ports/store.ts';

/** How a connection is, in one word, and since when. Pure. */

/**
 * `down`: its circuit is open. `failing`: its last calls failed, and it is still called. `paused` by a person. `in-doubt`: it answers,
 * and what it says cannot be relied on. `stale`: nothing confirms what was read. `unread`: it was never read to its end.
 */
export const OUTAGE_STATES = ['down', 'failing', 'paused', 'in-doubt', 'stale', 'unread'] as const;
export type OutageState = (typeof OUTAGE_STATES)[number];

/** Null = it works. What only persons confirm is never stale by itself: each of its slots says how old it is. */
export function stateOf(
  connection: Connection,
  summary: ConnectionSummary | undefined,
  now: Instant,
): OutageState | null {
  if (!summary) return 'unread';
  if (summary.paused) return 'paused';
  if (summary.failures > 0) return summary.openUntil === null ? 'failing' : 'down';
  if (summary.suspects.length > 0 || summary.unreadable.length > 0) return 'in-doubt';
  if (connection.isListed || connection.isEditedHere) return null;
  if (summary.feedsRead < summary.feeds || summary.confirmedAt === null) return 'unread';
  return now - summary.confirmedAt > connection.freshnessMilliseconds ? 'stale' : null;
}

/** Null = it is not written down: of what was never read. */
export function sinceOf(
  { freshnessMilliseconds }: Connection,
  { failingSince, confirmedAt, pausedAt, suspects, unreadable }: ConnectionSummary,
  state: OutageState,
): Instant | null {
  switch (state) {
    case 'down':
    case 'failing':
      return failingSince;
    case 'in-doubt':
      return earliest([...suspects, ...unreadable].map(({ since }) => since));
    case 'stale':
      return confirmedAt === null ? null : plus(confirmedAt, freshnessMilliseconds);
    case 'paused':
      return pausedAt;
    case 'unread':
      return null;
  }
}

export const earliest = (all: readonly Instant[]): Instant | null =>
  all.reduce<Instant | null>((first, at) => (first === null ? at : earlier(first, at)), null);
