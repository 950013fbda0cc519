import { SYSTEM } from '../../../mappings/fhir/canonical.ts';
import type { Directory } from '../../domain/directory.ts';
import { DAY, type Instant, instant, later, plus } from '../../domain/instant.ts';
import type { Schedule } from '../../domain/schedule.ts';
import { REASONS } from '../../domain/slot.ts';
import type { Reader } from '../../engine/ports/front.ts';
import { type Answer, ok } from '../answer.ts';
import { argumentsIn } from '../arguments.ts';
import { type Entry, searchset } from '../bundle.ts';
import { readCursor } from '../cursor.ts';
import { dateRange } from '../dates.ts';
import type { Confirmations } from '../freshness.ts';
import type { Graph } from '../graph.ts';
import type { Operation, OperationInput } from '../operation.ts';
import { type Issue, type IssueCode, Refused } from '../outcomes.ts';
import type { Releases } from '../release.ts';
import { schedulesOfSpecialty } from '../schedule-parameters.ts';
import { COUNT_DEFAULT, COUNT_MAX, type Context, foreignPage, type Page } from '../search.ts';
import { ANY_FILTER, type SlotFilter } from '../slot-parameters.ts';
import { slotSearch } from '../slot-query.ts';
import { afterIn, endOf } from '../stored-search.ts';
import { Unusable } from '../unusable.ts';
import { isToken, tokens } from '../values.ts';
import { readCriteria, writeCriteria } from './criteria.ts';
import { FIND_PARAMETERS } from './parameters.ts';
import { proposalId, proposalWriter } from './proposals.ts';
import { idsOf } from './references.ts';

/** `Appointment/$find` (IHE ITI Scheduling, ITI-115): free slots as proposed appointments. Held time is not free. */

export type FindDependencies = {
  readonly directory: Directory;
  readonly reader: Reader;
  readonly confirmations: Confirmations;
  readonly releases: Releases;
  readonly graph: Graph;
};

/** Where start or end are left out: the text wants both, and says what to do without. */
const PERIOD_MILLISECONDS = 28 * DAY;

type Warning = Issue & { readonly code: IssueCode };

export const findOperation = (dependencies: FindDependencies): Operation => ({
  documentation: {
    fr:
      'Les rendez-vous que l’on pourrait prendre : les plages libres de la période, jamais une heure retenue. Les sortes ' +
      'de critères s’ajoutent; les répétitions d’une sorte sont des choix.',
    en:
      'The appointments that one could have: the free slots of the period, and never held time. Criteria of several kinds ' +
      'are all to be met; repeats of one kind are alternatives.',
  },
  base: 'https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/appointment-find',
  affectsState: false,
  needs: [{ type: 'Slot', permission: 's' }],
  parameters: FIND_PARAMETERS,
  type: (input) => find(dependencies, input),
});

async function find(dependencies: FindDependencies, { body, context }: OperationInput): Promise<Answer> {
  const { reader, confirmations, releases, directory } = dependencies;
  const given = argumentsIn(FIND_PARAMETERS, body);
  const criteria = readCriteria(given);
  const period = periodOf(criteria, context);
  const page = pageOf(given);
  const warnings: Warning[] = [];
  const filter = filterOf(dependencies, criteria, context, warnings);
  const wanted = { ...filter, start: [{ fromMs: period.start, beforeMs: period.end }] };
  const { query } = slotSearch(wanted, page, { confirmations, releases });
  const [found, total] = await Promise.all([
    page.onlyTotal ? [] : reader.searchSlots({ ...query, after: afterIn(page) }),
    reader.countSlots(query),
  ]);
  const rows = found.slice(0, page.count);
  const last = rows.length < found.length ? rows.at(-1) : undefined;
  const [confirmationOf, bookableFrom] = [confirmations.now(), releases.now()];
  const write = proposalWriter(directory);
  const entries: Entry[] = rows.flatMap((row) => {
    // Gone stale, or not released any more, since the query was put.
    if (confirmationOf(row.connectionId, row.calendar).stale || bookableFrom(row) !== null) return [];
    const interval = { start: instant(row.startMs), end: instant(row.endMs) };
    const resource = write({ id: row.id, scheduleId: row.scheduleId, interval }, period);
    const path = `Appointment/${proposalId(row.id, interval.start)}`;
    return resource === null ? [] : [{ path, resource, mode: 'match' as const }];
  });
  if (total === 0) warnings.push(NOTHING_FOUND);
  return ok(
    searchset({
      type: 'Appointment/$find',
      context,
      used: [
        ['_criteria', writeCriteria(criteria)],
        ['_count', String(page.count)],
      ],
      next: last ? endOf(page, last) : null,
      total,
      entries,
      warnings,
    }),
  );
}

const NOTHING_FOUND: Warning = {
  code: 'not-found',
  diagnostics: {
    fr: 'aucun rendez-vous n’est libre ainsi : essayez une autre période, ou moins de critères',
    en: 'no appointment is free like that: try another period, or fewer criteria',
  },
};

type Criteria = ReturnType<typeof readCriteria>;

/** From now on at the earliest. @throws Refused */
function periodOf({ start, end }: Criteria, { zone, now }: Context): { start: Instant; end: Instant } {
  const from = start === undefined ? now : later(moment('start', start, zone).from, now);
  const until = end === undefined ? plus(from, PERIOD_MILLISECONDS) : moment('end', end, zone).before;
  if (from < until) return { start: from, end: until };
  throw new Refused('invalid-parameter', {
    diagnostics: {
      fr: 'end doit suivre start, et être à venir',
      en: 'end must be after start, and still to come',
    },
    expression: "Parameters.parameter.where(name='end').value",
  });
}

/** A dateTime: a day, month or year is all of it, and what has a time is that instant. */
function moment(name: string, value: string, zone: string): { from: Instant; before: Instant } {
  try {
    if (!/^\d/.test(value)) {
      throw new Unusable({ fr: 'il faut une date ou un dateTime', en: 'must be a date or a dateTime' });
    }
    const { fromMs, beforeMs } = dateRange(value, zone);
    const from = instant(fromMs ?? 0);
    return { from, before: value.includes('T') ? from : instant(beforeMs ?? 0) };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    throw new Refused('invalid-parameter', {
      diagnostics: error.why,
      expression: `Parameters.parameter.where(name='${name}').value`,
    });
  }
}

function pageOf(given: Readonly<Record<string, unknown>>): Page {
  const asked = given['_count'];
  const count = typeof asked === 'number' && asked >= 0 ? Math.min(asked, COUNT_MAX) : COUNT_DEFAULT;
  const cursor = given['_after'];
  const after = typeof cursor === 'string' ? readCursor(cursor) : null;
  if (cursor !== undefined && after === null) throw foreignPage();
  return { count, total: true, onlyTotal: count === 0, sort: null, after };
}

function filterOf(
  { directory, graph }: FindDependencies,
  criteria: Criteria,
  context: Context,
  warnings: Warning[],
): SlotFilter {
  const isMet = (has: (schedule: Schedule) => string, wanted: readonly unknown[], type: string) => {
    if (wanted.length === 0) return () => true;
    const ids = new Set(wanted.flatMap((value) => idsOf(value, type, graph, context)));
    return (schedule: Schedule) => ids.has(has(schedule));
  };
  const { practitioner, organization, specialty } = criteria;
  const places = criteria['location-string'].flatMap(
    (text) => graph.kind('Location')?.find('address:contains', text.replaceAll(',', ''), context) ?? [],
  );
  const visits = criteria['visit-type'].flatMap((code) => pairs('visit-type', code));
  const specialties = specialty.flatMap((code) => pairs('specialty', code));
  const ofSpecialty = new Set(schedulesOfSpecialty(directory, specialties));
  const tests = [
    isMet(({ practitionerId }) => practitionerId, practitioner, 'Practitioner'),
    isMet(({ locationId }) => locationId, criteria['location-reference'], 'Location'),
    isMet(({ id }) => directory.organizationOf(id).id, organization, 'Organization'),
    ({ locationId }: Schedule) => criteria['location-string'].length === 0 || places.includes(locationId),
    ({ serviceId }: Schedule) =>
      visits.length === 0 ||
      visits.some((want) => isToken({ system: SYSTEM.service, code: serviceId }, want)),
    ({ id }: Schedule) => specialty.length === 0 || ofSpecialty.has(id),
    () => criteria.patients <= 1,
  ];
  if (criteria.patients > 1) warnings.push(NO_GROUPS);
  if (criteria.hasTiming) warnings.push(NO_TIMING);
  const wanted = criteria.reason.flatMap((code) => pairs('reason', code));
  const reasons = REASONS.filter((code) =>
    wanted.some((want) => isToken({ system: SYSTEM.reason, code }, want)),
  );
  return {
    ...ANY_FILTER,
    statuses: ['free'],
    scheduleIds: directory.entries.schedules
      .filter((schedule) => tests.every((test) => test(schedule)))
      .map(({ id }) => id),
    anyReasons: wanted.length === 0 ? null : reasons,
  };
}

/** The text wants the system and the code, both. @throws Refused */
function pairs(name: string, value: string) {
  const [token] = value.includes('|') ? tokens(value.replaceAll(',', '')) : [];
  if (token?.system && token.code !== '') return [token];
  throw new Refused('invalid-parameter', {
    diagnostics: { fr: 'il faut system|code', en: 'must be system|code' },
    expression: `Parameters.parameter.where(name='${name}').value`,
  });
}

const NO_GROUPS: Warning = {
  code: 'not-supported',
  diagnostics: {
    fr: 'plusieurs patients : les rendez-vous de groupe ne sont pas offerts',
    en: 'several patients: group appointments are not offered',
  },
};
const NO_TIMING: Warning = {
  code: 'not-supported',
  diagnostics: {
    fr: 'timing : les préférences ne sont pas utilisées; tout ce qui est libre est donné',
    en: 'timing: preferences are not used; all that is free is given',
  },
};
