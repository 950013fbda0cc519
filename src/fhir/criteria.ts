import type { Bundle } from 'fhir/r4.js';
import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import { commonScopes, type Principal, readScopes, type Scopes } from '../domain/access.ts';
import type { Clock } from '../domain/environment.ts';
import type { ChangedType, Match } from '../engine/ports/subscriptions.ts';
import { require } from './authorize.ts';
import { type Issue, OUTCOMES, Refused } from './outcomes.ts';
import type { Resource, SearchRequest } from './resource.ts';

/**
 * Criteria of subscriptions and of streams: a search without its base, as `Slot?schedule=x` (R4, Subscription.criteria).
 * They are not interpreted here: they are searched, by whoever answers the search.
 */
export type CriteriaReader = {
  /**
   * What they find, or why they are refused. @param base of this server, as whoever sent them calls it. @param caller who sent
   * them: what it may not search for itself it is not told of either. @throws Refused where it may not have any of that type.
   */
  readonly check: (
    criteria: string,
    base: string,
    caller: Principal,
  ) => Promise<{ readonly type: ChangedType } | { readonly refused: readonly Issue[] }>;
  /** As the port says, here. */
  readonly match: (criteria: string, base: string, ids: readonly string[]) => ReturnType<Match>;
};

const CRITERIA = /^(Slot|Appointment)(?:\?(.*))?$/s;
/** An id that nothing has: what is searched with it is checked, and costs nothing. */
const NOTHING = '00000000-0000-0000-0000-000000000000';

/** At an address of its own changes are told to whoever is there, so never who comes. */
const SUBSCRIBER: Principal = {
  kind: 'subscriber',
  id: 'subscriber',
  name: 'subscriber',
  organizationId: null,
  scopes: readScopes(
    ['Slot', 'Appointment', 'Schedule', 'Practitioner', 'PractitionerRole', 'Location', 'HealthcareService']
      .map((type) => `system/${type}.rs`)
      .join(' '),
  ).scopes,
};

type Parameters = SearchRequest['parameters'];

/** @param resources those of the front. @param zone in which dates without an offset are read. */
export function criteriaReader(
  resources: Readonly<Record<ChangedType, Resource>>,
  zone: string,
  clock: Pick<Clock, 'now'>,
): CriteriaReader {
  const search = (
    resource: Resource,
    parameters: Parameters,
    base: string,
    ids: readonly string[],
    scopes: Scopes,
  ) =>
    resource.search({
      parameters: [...parameters, ['_id', ids.join(',')], ['_count', String(ids.length)]],
      context: { base, zone, language: 'en', caller: { ...SUBSCRIBER, scopes }, now: clock.now() },
      strict: true,
    });

  return {
    async check(criteria, base, { scopes }) {
      const read = readCriteria(criteria);
      if (!read) return { refused: [NOT_A_SEARCH] };
      const { type } = read;
      require({ scopes }, [
        { type, permission: 's' },
        { type, permission: 'r' },
      ]);
      const resource = resources[type];
      const refused = read.parameters.flatMap(([name, value]) => issueOf(resource, name, value));
      if (refused.length > 0) return { refused };
      try {
        await search(resource, read.parameters, base, [NOTHING], commonScopes(scopes, SUBSCRIBER.scopes));
        return { type };
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        const { code } = OUTCOMES[error.outcome];
        return { refused: error.issues.map((issue) => ({ code, ...issue })) };
      }
    },

    async match(criteria, base, ids) {
      const read = readCriteria(criteria);
      if (!read) return null;
      try {
        const { text } = await search(resources[read.type], read.parameters, base, ids, SUBSCRIBER.scopes);
        return matchedIn(JSON.parse(text));
      } catch (error) {
        if (error instanceof Refused) return null;
        throw error;
      }
    },
  };
}

function readCriteria(criteria: string): { type: ChangedType; parameters: Parameters } | null {
  const [, type, query = ''] = CRITERIA.exec(criteria) ?? [];
  if (type !== 'Slot' && type !== 'Appointment') return null;
  return { type, parameters: [...new URLSearchParams(query)] };
}

const NOT_A_SEARCH: Issue = {
  code: 'not-supported',
  diagnostics: {
    fr: 'il faut une recherche sans la base, comme Slot?schedule=x ou Appointment?status=booked',
    en: 'must be a search without the base, such as Slot?schedule=x or Appointment?status=booked',
  },
};

/** Only what narrows a search says what matches; and no patient, since criteria are kept and shown as they are. */
function issueOf({ type, parameters }: Resource, name: string, value: string): Issue[] {
  const [stem = ''] = name.split(/[:.]/);
  const shown = stem.slice(0, 64);
  if (/(^|[:.])patient\b/i.test(name) || value.startsWith('Patient/') || value.includes(SYSTEM.nam)) {
    const diagnostics = {
      fr: `${shown} : les critères ne nomment pas de patient`,
      en: `${shown}: criteria do not name a patient`,
    };
    return [{ code: 'not-supported', diagnostics }];
  }
  const offered = parameters.map((parameter) => parameter.name);
  if (offered.includes(stem)) return [];
  const list = offered.join(', ');
  return [
    {
      code: 'not-supported',
      diagnostics: {
        fr: `${shown} : ce n’est pas un critère de ${type}; il y a ${list}`,
        en: `${shown}: not a criterion of ${type}; there are ${list}`,
      },
    },
  ];
}

function matchedIn(bundle: Bundle): Awaited<ReturnType<Match>> {
  return new Map(
    (bundle.entry ?? []).flatMap(({ resource, search }) =>
      search?.mode === 'match' && resource?.id !== undefined
        ? [[resource.id, { version: Number(resource.meta?.versionId), text: JSON.stringify(resource) }]]
        : [],
    ),
  );
}
