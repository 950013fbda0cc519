import express, { type Router } from 'express';
import { nameOf } from '../domain/access.ts';
import { conflictState, howEndedAt, type Settlement } from '../domain/conflict.ts';
import type { Directory } from '../domain/directory.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { type Interval, intersection } from '../domain/interval.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type {
  ConflictBooking,
  ConflictDetails,
  Conflicts,
  ConflictWithProposals,
  Proposal,
  ResolveCommand,
  ResolveOutcome,
} from '../engine/ports/conflicts.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import { callerOf } from './authentication.ts';
import * as routes from './contract/conflicts.ts';
import type { BodyOf, Shown } from './contract/route.ts';
import { idIn } from './ids.ts';
import { mount } from './mount.ts';
import { whoseTime } from './whose-time.ts';

/** Two bookings of one time, for whoever has to call a patient. Nothing here names one. */

export type ConflictsDependencies = {
  readonly directory: Directory;
  readonly conflicts: Conflicts;
  readonly audit: Audit;
};

const LISTED_MAX = 500;

export function conflictsApi({ directory, conflicts, audit }: ConflictsDependencies): Router {
  const router = express.Router();

  mount(router, routes.listConflicts, async ({ query, reply }) => {
    const { state } = query();
    const found = await conflicts.list({ state: state === 'all' ? null : state, limit: LISTED_MAX + 1 });
    const shown = found.slice(0, LISTED_MAX).map((each) => conflictJson(each, directory));
    return reply(200, { conflicts: shown, complete: found.length <= LISTED_MAX });
  });

  mount(router, routes.readConflict, async ({ params, reply }) => {
    const found = await conflicts.find(idIn(params.id, unknown));
    if (!found) throw unknown();
    return reply(200, withProposalsJson(found, directory));
  });

  mount(router, routes.resolveConflict, async ({ request, params, body: read, reply }) => {
    const id = idIn(params.id, unknown);
    const body = await read();
    const conflict = resolvedOf(await conflicts.resolve(id, commandOf(body, nameOf(callerOf(request)))));
    await audit(request, {
      type: 'conflict.resolved',
      action: 'E',
      entities: [`Conflict/${id}`, ...[conflict.bookings.a, conflict.bookings.b].map(appointmentOf)],
      detail: { resolution: body.resolution },
    });
    return reply(200, conflictJson(conflict, directory));
  });

  return router;
}

const appointmentOf = ({ busyId }: ConflictBooking): string => `Appointment/${busyId}`;

const commandOf = (body: BodyOf<typeof routes.resolveConflict>, by: string): ResolveCommand =>
  body.resolution === 'move'
    ? { resolution: 'move', side: body.booking, slotId: body.slot, by }
    : { resolution: body.resolution, by };

/** @throws Refused unless it is settled as was asked. */
function resolvedOf(outcome: ResolveOutcome): ConflictDetails {
  switch (outcome.outcome) {
    case 'resolved':
      return outcome.conflict;
    case 'unknown-conflict':
      throw unknown();
    case 'not-open':
      throw new Refused('conflict-settled', { diagnostics: howOf(outcome.conflict) });
    case 'not-cancellable':
      throw new Refused('not-cancellable', { diagnostics: outcome.reason });
    case 'not-movable':
      throw new Refused('not-movable', { diagnostics: outcome.reason });
    case 'unknown-slot':
      throw new Refused('unknown-slot', {
        diagnostics: {
          fr: 'aucune plage n’a cet id : voyez les propositions de GET /api/conflicts/<id>',
          en: 'no slot has this id: see the proposals of GET /api/conflicts/<id>',
        },
        expression: 'slot',
      });
    case 'slot-taken':
      throw new Refused('slot-taken', {
        diagnostics: outcome.reason,
        expression: 'slot',
      });
    case 'unavailable':
      throw new Refused('unavailable', { diagnostics: outcome.reason }, { 'retry-after': '30' });
  }
}

function howOf({ settlement, endedAt, bookings }: ConflictDetails): Bilingual {
  if (settlement) {
    const { by, resolution } = settlement;
    const at = formatInstant(settlement.at);
    return {
      fr: `il a été réglé par ${by} comme ${resolution} à ${at}`,
      en: `it was settled by ${by} as ${resolution} at ${at}`,
    };
  }
  const at = endedAt === null ? null : formatInstant(endedAt);
  const itself = {
    fr: `il s’est terminé de lui-même${at === null ? '' : ` à ${at}`}`,
    en: `it ended by itself${at === null ? '' : ` at ${at}`}`,
  };
  return endedAt !== null && howEndedAt(bookings, endedAt) === 'passed'
    ? { fr: `${itself.fr} : son heure est passée`, en: `${itself.en}: its time has passed` }
    : {
        fr: `${itself.fr} : l’un des deux a été annulé ou déplacé à sa plateforme`,
        en: `${itself.en}: one of the two was cancelled or moved at its platform`,
      };
}

const unknown = (): Refused =>
  new Refused('not-found', {
    diagnostics: {
      fr: 'aucun conflit n’a cet id : voyez GET /api/conflicts?state=all',
      en: 'no conflict has this id: see GET /api/conflicts?state=all',
    },
  });

const withProposalsJson = (
  conflict: ConflictWithProposals,
  directory: Directory,
): Shown<typeof routes.ConflictWithProposals> => ({
  ...conflictJson(conflict, directory),
  proposals: {
    a: conflict.proposals.a.map(proposalJson),
    b: conflict.proposals.b.map(proposalJson),
  },
});

function conflictJson(conflict: ConflictDetails, directory: Directory): Shown<typeof routes.Conflict> {
  const { id, actorId, scheduleId, bookings, detectedAt, settlement, endedAt } = conflict;
  return {
    id,
    state: conflictState(conflict),
    detectedAt: formatInstant(detectedAt),
    actor: actorId,
    practitioner: whoseTime(directory, scheduleId)?.practitioner ?? null,
    schedule: scheduleId,
    /** Null of a schedule that is not configured any more. */
    timeZone: directory.hasSchedule(scheduleId) ? directory.zoneOf(scheduleId) : null,
    /** The time that both have. */
    ...times(intersection(bookings.a.interval, bookings.b.interval) ?? bookings.a.interval),
    bookings: { a: bookingJson(bookings.a, directory), b: bookingJson(bookings.b, directory) },
    resolution: settlement && settlementJson(settlement),
    endedAt: text(endedAt),
    /** By itself: `apart` or `passed`. Null of one that is open or was settled. */
    endedHow: settlement || endedAt === null ? null : howEndedAt(bookings, endedAt),
  };
}

const settlementJson = (settlement: Settlement): Shown<typeof routes.Settlement> => {
  const said = { by: settlement.by, at: formatInstant(settlement.at) };
  if (settlement.resolution !== 'move') return { resolution: settlement.resolution, ...said };
  const { resolution, side, slotId, toBusyId } = settlement;
  return { resolution, ...said, booking: side, slot: slotId, appointment: toBusyId };
};

const bookingJson = (
  { busyId, originId, scheduleId, interval, holdsLock }: ConflictBooking,
  directory: Directory,
) => ({
  appointment: busyId,
  connection: originId,
  schedule: scheduleId,
  location: whoseTime(directory, scheduleId)?.location ?? null,
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
