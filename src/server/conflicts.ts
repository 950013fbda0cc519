import express, { type Router } from 'express';
import { type ConflictState, conflictState } from '../domain/conflict.ts';
import type { Directory } from '../domain/directory.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { type Interval, intersection } from '../domain/interval.ts';
import type {
  ConflictBooking,
  ConflictDetails,
  Conflicts,
  ConflictWithProposals,
  Proposal,
} from '../engine/ports/conflicts.ts';
import { Refused } from '../fhir/outcomes.ts';

/** Two bookings of one time, for whoever has to call a patient. Nothing here names one. */

export type ConflictsDependencies = {
  readonly directory: Directory;
  readonly conflicts: Conflicts;
};

const LISTED_MAX = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const STATES: ReadonlyMap<unknown, ConflictState | null> = new Map([
  ['open', 'open'],
  ['resolved', 'resolved'],
  ['gone', 'gone'],
  ['all', null],
]);

export function conflictsApi({ directory, conflicts }: ConflictsDependencies): Router {
  const router = express.Router();

  /** In the order of their time; `?state=` open unless it says otherwise. */
  router.get('/api/conflicts', async (request, response) => {
    const found = await conflicts.list({ state: stateOf(request.query['state']), limit: LISTED_MAX + 1 });
    response.setHeader('cache-control', 'no-store');
    response.json({
      conflicts: found.slice(0, LISTED_MAX).map((each) => conflictJson(each, directory)),
      /** False = there are more. */
      complete: found.length <= LISTED_MAX,
    });
  });

  router.get('/api/conflicts/:id', async (request, response) => {
    const found = await conflicts.find(idOf(request.params.id));
    if (!found) throw unknown();
    response.setHeader('cache-control', 'no-store');
    response.json(withProposalsJson(found, directory));
  });

  return router;
}

function stateOf(given: unknown): ConflictState | null {
  if (given === undefined) return 'open';
  const state = STATES.get(given);
  if (state !== undefined) return state;
  const diagnostics = `state: one of ${[...STATES.keys()].join(', ')}`;
  throw new Refused('invalid-parameter', { diagnostics, expression: 'http.state' });
}

/** What is no id of ours names nothing. @throws Refused */
function idOf(given: string): string {
  if (UUID.test(given)) return given;
  throw unknown();
}

const unknown = (): Refused =>
  new Refused('not-found', { diagnostics: 'no conflict has this id: see GET /api/conflicts?state=all' });

const withProposalsJson = (conflict: ConflictWithProposals, directory: Directory) => ({
  ...conflictJson(conflict, directory),
  proposals: {
    a: conflict.proposals.a.map(proposalJson),
    b: conflict.proposals.b.map(proposalJson),
  },
});

function conflictJson(conflict: ConflictDetails, directory: Directory) {
  const { id, actorId, scheduleId, bookings, detectedAt, settlement, endedAt } = conflict;
  return {
    id,
    state: conflictState(conflict),
    detectedAt: formatInstant(detectedAt),
    actor: actorId,
    schedule: scheduleId,
    /** Null of a schedule that is not configured any more. */
    timeZone: directory.hasSchedule(scheduleId) ? directory.zoneOf(scheduleId) : null,
    /** The time that both have. */
    ...times(intersection(bookings.a.interval, bookings.b.interval) ?? bookings.a.interval),
    bookings: { a: bookingJson(bookings.a), b: bookingJson(bookings.b) },
    resolution: settlement && { ...settlement, at: formatInstant(settlement.at) },
    endedAt: text(endedAt),
  };
}

const bookingJson = ({ busyId, originId, scheduleId, interval, holdsLock }: ConflictBooking) => ({
  appointment: busyId,
  connection: originId,
  schedule: scheduleId,
  ...times(interval),
  holdsLock,
});

const proposalJson = ({ slotId, connectionId, scheduleId, interval, distanceMilliseconds }: Proposal) => ({
  slot: slotId,
  connection: connectionId,
  schedule: scheduleId,
  ...times(interval),
  distanceMinutes: distanceMilliseconds / 60_000,
});

const times = ({ start, end }: Interval) => ({ start: formatInstant(start), end: formatInstant(end) });

const text = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));
