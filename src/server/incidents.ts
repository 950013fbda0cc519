import express, { type Router } from 'express';
import { factsOf } from '../audit/facts.ts';
import { nameOf } from '../domain/access.ts';
import type { Clock, Ids } from '../domain/environment.ts';
import { INCIDENT_FIELDS, type IncidentStatement } from '../domain/incident.ts';
import { formatInstant } from '../domain/instant.ts';
import type { AuditReader } from '../engine/ports/audit.ts';
import type { Incident, IncidentFacts, IncidentStore } from '../engine/ports/incidents.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import { callerOf } from './authentication.ts';
import * as routes from './contract/incidents.ts';
import type { Shown } from './contract/route.ts';
import { mount } from './mount.ts';
import { instantIn } from './period.ts';

/** The register of incidents (R-22.1, r. 1, s. 15): `passerelle incidents`. */

export type IncidentsDependencies = {
  readonly incidents: IncidentStore;
  readonly reader: AuditReader;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly audit: Audit;
};

export function incidentsApi({ incidents, reader, clock, ids, audit }: IncidentsDependencies): Router {
  const router = express.Router();

  mount(router, routes.listIncidents, async ({ request, reply }) => {
    const all = await incidents.incidents();
    await audit(request, { type: 'incident.read', action: 'R' });
    return reply(200, { incidents: all.map(incidentJson) });
  });

  mount(router, routes.recordIncident, async ({ request, body: read, reply }) => {
    const body = await read();
    const former = body.id === undefined ? null : await find(incidents, body.id);
    const caller = callerOf(request);
    const { access } = body;
    const incident: Incident = {
      id: former?.id ?? ids.next(),
      version: (former?.version ?? 0) + 1,
      writtenAt: clock.now(),
      writtenBy: nameOf(caller),
      statement: statementOf(body, former?.statement ?? null),
      facts: access
        ? await factsOf(
            reader,
            {
              agent: access.agent,
              from: instantIn(access.from, 'access.from'),
              before: instantIn(access.before, 'access.before'),
            },
            caller.organizationId,
          )
        : (former?.facts ?? null),
    };
    const { id, version } = incident;
    if (!(await incidents.writeIncident(incident))) throw changedMeanwhile();
    const detail = { version: String(version) };
    await audit(request, { type: 'incident.recorded', action: 'C', entities: [`Incident/${id}`], detail });
    return reply(201, incidentJson(incident));
  });

  return router;
}

/** @throws Refused */
async function find(incidents: IncidentStore, id: string): Promise<Incident> {
  const found = (await incidents.incidents()).find((each) => each.id === id);
  if (found) return found;
  throw new Refused('not-found', {
    diagnostics: {
      fr: 'aucun incident n’a cet id : voyez GET /api/incidents',
      en: 'no incident has this id: see GET /api/incidents',
    },
  });
}

const changedMeanwhile = (): Refused =>
  new Refused('version-mismatch', {
    diagnostics: {
      fr: 'cet incident vient d’être complété par quelqu’un d’autre : lisez-le de nouveau',
      en: 'this incident has just been added to by somebody else: read it again',
    },
  });

function statementOf(body: routes.IncidentReport, former: IncidentStatement | null): IncidentStatement {
  const said = INCIDENT_FIELDS.map((name) => [name, body[name] ?? former?.[name] ?? null]);
  return Object.fromEntries(said) as IncidentStatement;
}

const incidentJson = ({
  id,
  version,
  writtenAt,
  writtenBy,
  statement,
  facts,
}: Incident): Shown<typeof routes.Incident> => ({
  id,
  version,
  writtenAt: formatInstant(writtenAt),
  writtenBy,
  ...statement,
  /** What is still to be said by the person responsible. */
  toFill: INCIDENT_FIELDS.filter((name) => statement[name] === null),
  facts: facts && factsJson(facts),
});

const factsJson = ({ from, before, first, last, ...facts }: IncidentFacts) => ({
  ...facts,
  from: formatInstant(from),
  before: formatInstant(before),
  firstAt: first && formatInstant(first.at),
  lastAt: last && formatInstant(last.at),
  firstRecord: first?.sequence,
  lastRecord: last?.sequence,
  persons: facts.patients.length,
});
