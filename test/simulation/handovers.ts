import type { Instant } from '../../src/domain/instant.ts';
import { overlaps } from '../../src/domain/interval.ts';
import { type Evidence, when } from './checker.ts';
import { CONNECTIONS, type ConnectionId, lanesOf, whoseTime } from './clinic.ts';
import type { Opening } from './openings.ts';
import { pooledAt, withheldIds } from './shares.ts';
import type { Visit } from './visits.ts';

/**
 * Where time is allotted nothing that is opened on one platform, before it is pooled, is sold there to a second patient
 * while the first has it on another: whoever opened it must have known. The windows of docs/policies.md are in what is open
 * from the start, and in what a cancellation opens, which comes by no opening of ours.
 */
export async function handovers(evidence: Evidence): Promise<string[]> {
  const { sites, sharing } = evidence;
  if (sharing.mode !== 'allotted') return [];
  const ours = await withheldIds(evidence);
  const twice = CONNECTIONS.flatMap((id) =>
    sites[id].openings.all
      .filter(({ reference, interval, at }) => ours.has(reference) && at < pooledAt(interval))
      .flatMap((opening) => soldTwice(evidence, id, opening)),
  );
  return [...new Set(twice)];
}

function soldTwice({ sites }: Evidence, id: ConnectionId, { calendar, interval, at }: Opening): string[] {
  const { agenda, visits } = sites[id];
  const actor = whoseTime(agenda.calendars.find((each) => each.id === calendar)?.actor ?? '');
  // With several lanes two have one time by right.
  if (lanesOf(actor) > 1) return [];
  const elsewhere = CONNECTIONS.filter((each) => each !== id).flatMap((each) =>
    sites[each].agenda.calendars
      .filter((theirs) => whoseTime(theirs.actor) === actor)
      .flatMap((theirs) => sites[each].visits.ever(theirs.id)),
  );
  const before = elsewhere.filter(
    (visit) => overlaps(visit.interval, interval) && visit.since <= at && stands(visit, at),
  );
  const after = visits
    .ever(calendar)
    .filter((visit) => overlaps(visit.interval, interval) && visit.since >= at);
  return before.flatMap((first) =>
    after
      .filter((second) => overlaps(first.interval, second.interval) && stands(first, second.since))
      .map((second) => `opened on ${id} though it was sold, and sold again: ${when(actor, second.interval)}`),
  );
}

const stands = ({ until }: Visit, at: Instant): boolean => until === null || until > at;
