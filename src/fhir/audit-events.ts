import {
  auditEventId,
  auditEventResource,
  auditOutcomeOf,
  auditTypesOf,
  OUTCOME_CODES,
  sequenceIn,
} from '../../mappings/fhir/audit-event.ts';
import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import type { AuditOutcome, AuditQuery, AuditReader, AuditRecord, AuditType } from '../engine/ports/audit.ts';
import { ok } from './answer.ts';
import { searchset } from './bundle.ts';
import { dateRanges, PREFIXES } from './dates.ts';
import { Refused } from './outcomes.ts';
import { ALWAYS, inBoth, type Ranges } from './ranges.ts';
import type { Resource } from './resource.ts';
import { type Context, foreignPage, type Page, type SearchTable, searchReader } from './search.ts';
import { Unusable } from './unusable.ts';
import { both, codes, idParameter, references, tokens } from './values.ts';

/** AuditEvent: who did what, when, from where and why. Written by the gateway only, and never changed. */

type Filter = {
  readonly ids: readonly string[] | null;
  readonly at: Ranges;
  readonly agents: readonly string[] | null;
  readonly name: string | null;
  readonly types: readonly AuditType[] | null;
  readonly outcomes: readonly AuditOutcome[] | null;
  readonly entities: readonly string[] | null;
  readonly patients: readonly string[] | null;
};

const ENTITIES = ['Patient', 'Appointment', 'Slot', 'Schedule', 'Subscription'];
const ONCE = { fr: 'une seule fois', en: 'once only' };

const typesIn = (value: string): AuditType[] =>
  tokens(value).flatMap(({ system, code }) => auditTypesOf(system, code));

const TABLE: SearchTable<Filter> = {
  everything: {
    ids: null,
    at: ALWAYS,
    agents: null,
    name: null,
    types: null,
    outcomes: null,
    entities: null,
    patients: null,
  },
  filters: [
    idParameter(),
    {
      name: 'date',
      type: 'date',
      documentation: `When it was recorded. Prefixes ${PREFIXES.join(', ')}; partial dates; comma = or, repeated = and.`,
      narrow: (filter, value, { zone, now }) => ({
        ...filter,
        at: inBoth(filter.at, dateRanges(value, zone, now)),
      }),
    },
    {
      name: 'agent',
      type: 'reference',
      documentation:
        'Who asked, by kind and id: token:<id>, client:<id>, user:<id>, administrator; agent:identifier with a system as well.',
      modifiers: ['identifier'],
      narrow: (filter, value) => {
        const known = tokens(value).filter(({ system }) => system === null || system === SYSTEM.principal);
        const agents = known.map(({ code }) => code);
        return { ...filter, agents: both(filter.agents, agents) };
      },
    },
    {
      name: 'agent-name',
      type: 'string',
      documentation: 'How the name of who asked begins, without case.',
      narrow: (filter, value) => {
        if (filter.name !== null) throw new Unusable(ONCE);
        return { ...filter, name: value };
      },
    },
    {
      name: 'type',
      type: 'token',
      documentation: 'The type or a subtype, such as rest, ITI-117 or token.created; comma = or.',
      narrow: (filter, value) => ({ ...filter, types: both(filter.types, typesIn(value)) }),
    },
    {
      name: 'subtype',
      type: 'token',
      documentation: 'The same as type.',
      narrow: (filter, value) => ({ ...filter, types: both(filter.types, typesIn(value)) }),
    },
    {
      name: 'outcome',
      type: 'token',
      documentation: '0 = done, 4 = refused, 8 = failed; comma = or.',
      narrow: (filter, value) => {
        const outcomes = codes(value, OUTCOME_CODES).flatMap((code) => auditOutcomeOf(code) ?? []);
        return { ...filter, outcomes: both(filter.outcomes, outcomes) };
      },
    },
    {
      name: 'entity',
      type: 'reference',
      documentation: `What it was done to: ${ENTITIES.map((type) => `${type}/<id>`).join(', ')}; comma = or; once.`,
      narrow: (filter, value, context) => {
        if (filter.entities) throw new Unusable(ONCE);
        return { ...filter, entities: pathsIn(value, ENTITIES, context) };
      },
    },
    {
      name: 'patient',
      type: 'reference',
      documentation: 'Whom it was about: Patient/<id> or <id>; comma = or; once.',
      narrow: (filter, value, context) => {
        if (filter.patients) throw new Unusable(ONCE);
        return { ...filter, patients: pathsIn(value, ['Patient'], context) };
      },
    },
  ],
  sorts: ['date'],
  includes: [],
  revincludes: [],
};

const pathsIn = (value: string, types: readonly string[], context: Context): string[] =>
  references(value, types, context).map(({ type, id }) => `${type}/${id}`);

export function auditEvents(reader: AuditReader): Resource {
  const readParameters = searchReader(TABLE);
  return {
    type: 'AuditEvent',
    documentation:
      'Who did what, when, from where and why, with references only. Written by the gateway, never changed, and not erased; ' +
      'its id is its place in the chain (docs/audit.md).',
    parameters: TABLE.filters,
    includes: TABLE.includes,
    revincludes: TABLE.revincludes,
    versioned: false,
    async read(id, { context }) {
      const query = queryOf({ ...TABLE.everything, ids: [id] }, context);
      const [record] = await reader.auditRecords(query, { after: null, descending: false, limit: 1 });
      if (record) return ok(textOf(record, context), { number: 1, updatedMs: record.at });
      throw new Refused('not-found', {
        diagnostics: {
          fr: 'aucun enregistrement du journal n’a cet id',
          en: 'no record of the audit log has this id',
        },
      });
    },
    async search({ parameters, context, strict }) {
      const { filter, page, ignored, used } = readParameters(parameters, context, strict);
      const query = queryOf(filter, context);
      const wanted = {
        after: afterIn(page),
        descending: page.sort?.descending ?? false,
        limit: page.count + 1,
      };
      const [found, total] = await Promise.all([
        page.onlyTotal ? [] : reader.auditRecords(query, wanted),
        page.onlyTotal || page.total ? reader.countAuditRecords(query) : null,
      ]);
      const records = found.slice(0, page.count);
      const last = records.length < found.length ? records.at(-1) : undefined;
      return ok(
        searchset({
          type: 'AuditEvent',
          context,
          used,
          next: last ? { atMs: last.at, id: auditEventId(last.sequence) } : null,
          total,
          entries: records.map((record) => ({
            path: `AuditEvent/${auditEventId(record.sequence)}`,
            resource: textOf(record, context),
            mode: 'match',
          })),
          warnings: ignored.map((issue) => ({ ...issue, code: 'not-supported' as const })),
        }),
      );
    },
  };
}

const textOf = (record: AuditRecord, { base }: Context): string =>
  JSON.stringify(auditEventResource(record, base));

function queryOf({ ids, at, ...filter }: Filter, { caller }: Context): AuditQuery {
  return {
    ...filter,
    sequences: ids?.flatMap((id) => sequenceIn(id) ?? []) ?? null,
    at: at === ALWAYS ? null : at,
    organizationId: caller.organizationId,
  };
}

/** @throws Refused on a cursor that no search of these has written. */
function afterIn({ after }: Page): number | null {
  if (after === null) return null;
  const sequence = sequenceIn(after.id);
  if (sequence === null) throw foreignPage();
  return sequence;
}
