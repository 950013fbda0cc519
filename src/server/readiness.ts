import type { Connection, Directory } from '../domain/directory.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { ConnectionSummary } from '../engine/ports/store.ts';

/** Whether each connection can be relied on, and if not, why, in words for whoever is on call. */
export type ConnectionReadiness = {
  readonly id: string;
  readonly platform: string;
  readonly title: Bilingual;
  readonly ready: boolean;
  /** What keeps it from being ready; empty when it is. */
  readonly reasons: readonly string[];
};

export type Readiness = {
  readonly ready: boolean;
  /** What keeps all of it from being ready; empty where only connections do. */
  readonly reasons: readonly string[];
  readonly connections: readonly ConnectionReadiness[];
};

/**
 * Ready = every feed of every connection was read once, recently enough, none is suspect or unreadable, and no circuit is
 * open. Such a feed counts, though its platform answers: its free slots are not served, or soon will not be, and it waits
 * for a person. Where nothing is configured nobody is served. What only lists confirm counts without. Every configured connection is listed, also one of which the store knows nothing yet.
 * @param summaries null when the store does not answer: then nothing is known.
 */
export function readiness(
  directory: Directory,
  summaries: readonly ConnectionSummary[] | null,
  now: Instant,
): Readiness {
  const byId = new Map(summaries?.map((summary) => [summary.id, summary]));
  const connections = directory.entries.connections.map((connection) => {
    const reasons = summaries
      ? reasonsOf(connection, byId.get(connection.id), directory.calendarsOn(connection.id).length > 0, now)
      : ['unknown: the database does not answer'];
    const { id, platform, title } = connection;
    return { id, platform, title, ready: reasons.length === 0, reasons };
  });
  const ready = summaries !== null && connections.every((connection) => connection.ready);
  const reasons = connections.length === 0 ? ['nothing is configured yet: no connection to a platform'] : [];
  return { ready: ready && reasons.length === 0, reasons, connections };
}

function reasonsOf(
  connection: Connection,
  summary: ConnectionSummary | undefined,
  hasCalendars: boolean,
  now: Instant,
): string[] {
  if (!summary) return ['never read yet: it was not started'];
  const reasons: string[] = summary.suspects.map((suspect) => suspicion(connection.id, suspect));
  for (const feed of summary.unreadable) reasons.push(illegible(connection.id, feed));
  if (summary.paused) reasons.push('paused by an operator');
  if (summary.failures > 0 && summary.openUntil !== null) reasons.push(circuit(summary));
  // What only persons confirm is no reason to send everybody away: each slot says how old it is.
  if (connection.isListed) return reasons;
  if (!hasCalendars) reasons.push('no calendar of it is linked to a schedule yet');
  else if (summary.feedsRead < summary.feeds || summary.feeds === 0) {
    reasons.push(`never read yet: ${summary.feedsRead} of ${summary.feeds} feeds were read to their end`);
  } else if (isStale(connection, summary, now)) {
    const since = summary.confirmedAt === null ? 'ever' : `since ${formatInstant(summary.confirmedAt)}`;
    const limitSeconds = connection.freshnessMilliseconds / 1000;
    reasons.push(`stale: not confirmed ${since}, and its freshness limit is ${limitSeconds} s`);
  }
  return reasons;
}

const isStale = (connection: Connection, { confirmedAt }: ConnectionSummary, now: Instant): boolean =>
  confirmedAt === null || now - confirmedAt > connection.freshnessMilliseconds;

function suspicion(
  id: string,
  { feedId, since, slots, busy, shifts }: ConnectionSummary['suspects'][number],
): string {
  const missing = shifts
    ? `${shifts.missing} of ${shifts.known} shifts`
    : `${slots.missing} of ${slots.known} slots and ${busy.missing} of ${busy.known} busy periods`;
  return (
    `suspect since ${formatInstant(since)}: the feed ${feedId} misses ${missing}, which are held back; ` +
    `if they are truly gone: passerelle confirm ${id}`
  );
}

const illegible = (
  id: string,
  { feedId, since, records, unread }: ConnectionSummary['unreadable'][number],
): string =>
  `unreadable since ${formatInstant(since)}: ${unread} of ${records} records of the feed ${feedId} could not be read, ` +
  `so it is not confirmed; which, and why: passerelle rejected ${id}`;

function circuit({ failures, failingSince, openUntil, lastError }: ConnectionSummary): string {
  const since = failingSince === null ? '' : ` since ${formatInstant(failingSince)}`;
  const until = openUntil === null ? '' : `, next attempt at ${formatInstant(openUntil)}`;
  return `circuit open${since}: ${failures} faults in a row${until}; the last one: ${lastError ?? 'unknown'}`;
}
