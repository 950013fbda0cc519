import { patientResource } from '../../mappings/fhir/patient.ts';
import type { PatientDetails } from '../adapter/contract.ts';
import type { PatientReader, PatientRow } from '../engine/ports/patients.ts';
import type { Seal } from '../engine/ports/seal.ts';
import { type Answer, metaHead, ok } from './answer.ts';
import { searchset } from './bundle.ts';
import { historyOf } from './history.ts';
import { included, type Node, type Source, type Sources } from './include.ts';
import type { Issue, IssueCode } from './outcomes.ts';
import { byIds, ONLY_IN_BODY } from './patient-numbers.ts';
import { ALWAYS, type Ranges } from './ranges.ts';
import type { Resource } from './resource.ts';
import { type Context, type Search, type SearchTable, searchReader } from './search.ts';
import { afterIn } from './stored-search.ts';
import { Unusable } from './unusable.ts';
import { idParameter, isUuid, lastUpdatedParameter, uuids } from './values.ts';

/** Patient: who comes, as a booking said it, for as long as the clinic keeps that. It is written by bookings only. */

export type PatientDependencies = {
  readonly reader: PatientReader;
  readonly seal: Pick<Seal, 'open' | 'hashes'>;
  /** Whether the clinic keeps any. */
  readonly isKept: boolean;
  /** Whether a booking is refused for the check digit of its number; $validate warns of it either way. */
  readonly namCheckDigit: 'warn' | 'refuse';
  /** Told whose details are given to somebody. */
  readonly onRead: (ids: readonly string[]) => void;
};

type PatientFilter = { readonly ids: readonly string[] | null; readonly updated: Ranges };

const TABLE: SearchTable<PatientFilter> = {
  everything: { ids: null, updated: ALWAYS },
  filters: [
    idParameter(),
    lastUpdatedParameter(),
    {
      name: 'identifier',
      type: 'token',
      documentation: 'The health insurance number, whole; comma = or. Only by POST _search, in the body.',
      // One that is in the body is among the ids by now.
      narrow: () => {
        throw new Unusable(ONLY_IN_BODY);
      },
    },
  ],
  sorts: ['_id'],
  includes: [],
  revincludes: ['Appointment:patient'],
};

/** A warning to whoever searches by a patient where none are kept. */
export const NONE_KEPT: Issue & { readonly code: IssueCode } = {
  code: 'not-supported',
  diagnostics: {
    fr: 'aucun patient n’est gardé ici (patients.keepDays vaut 0 dans la configuration) : une recherche par patient ne trouve rien',
    en: 'no patient is kept here (patients.keepDays is 0 in the configuration): a search by patient finds nothing',
  },
};

/** Ids of those who have one of these numbers. */
export const withNumbers =
  ({ reader, seal, isKept }: PatientDependencies) =>
  async (nams: readonly string[]): Promise<readonly string[]> =>
    isKept && nams.length > 0 ? reader.patientsByHash(nams.flatMap(seal.hashes)) : [];

/** What is known of one, for the platform that is to honour a booking; null = it is not kept here. */
export async function detailsOf(
  { reader, seal, isKept }: PatientDependencies,
  id: string,
): Promise<PatientDetails | null> {
  if (!isKept || !isUuid(id)) return null;
  const [row] = await reader.searchPatients({ ids: [id], anyUpdated: null }, { ...FIRST, limit: 1 });
  return row ? opened(seal, row) : null;
}

/** Those of these who are kept; whoever gets them is told of. That who asks may see them has been settled before. */
export async function patientsById(
  { reader, seal, isKept, onRead }: Pick<PatientDependencies, 'reader' | 'seal' | 'isKept' | 'onRead'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PatientDetails>> {
  if (!isKept || ids.length === 0) return new Map();
  const rows = await reader.searchPatients({ ids, anyUpdated: null }, { ...FIRST, limit: ids.length });
  const known = rows.flatMap((row) => {
    const details = opened(seal, row);
    return details ? [[row.id, details] as const] : [];
  });
  if (known.length > 0) onRead(known.map(([id]) => id));
  return new Map(known);
}

/** To be included with what refers to them. */
export const patientSource = (dependencies: PatientDependencies): Source => ({
  async byIds(ids) {
    const query = { ids: uuids(ids), anyUpdated: null };
    const rows = await dependencies.reader.searchPatients(query, { ...FIRST, limit: ids.length });
    return nodesOf(dependencies, rows);
  },
  referringTo: async () => [],
});

const FIRST = { after: null, descending: false };

export function patients(dependencies: PatientDependencies, sources: Sources): Resource {
  const { reader } = dependencies;
  const { filters, includes, revincludes } = TABLE;
  const readParameters = searchReader(TABLE);
  const history = historyOf('Patient', {
    isId: isUuid,
    find: async (query) => {
      const rows = dependencies.isKept ? await reader.patientVersions(query) : [];
      const texts = new Map(nodesOf(dependencies, rows).map(({ path, text }) => [path, text]));
      return rows.map(({ id, version, updatedMs }) => ({
        id,
        version,
        updatedMs,
        text: texts.get(`Patient/${id}`) ?? null,
      }));
    },
    count: async (query) => (dependencies.isKept ? reader.countPatientVersions(query) : 0),
  });
  return {
    type: 'Patient',
    documentation:
      'Who comes, as the latest booking said it, while the clinic keeps that: configuration, patients.keepDays. Only its ' +
      'present version is kept. Found by id, and by health insurance number in the body of POST _search; by no name.',
    parameters: filters,
    includes,
    revincludes,
    versioned: true,
    versions: history,
    async read(id) {
      const query = { ids: uuids([id]), anyUpdated: null };
      const rows = dependencies.isKept ? await reader.searchPatients(query, { ...FIRST, limit: 1 }) : [];
      const [row] = rows;
      const [node] = nodesOf(dependencies, rows);
      if (row && node) return ok(node.text, { number: row.version, updatedMs: row.updatedMs });
      throw await history.missing(id, {
        fr: 'aucun patient n’a cet id, ou il n’est plus gardé',
        en: 'no patient has this id, or it is not kept any more',
      });
    },
    async search({ parameters, context, strict }) {
      const known = await byIds('Patient', parameters, withNumbers(dependencies));
      return searchPatients(dependencies, sources, readParameters(known, context, strict), context);
    },
  };
}

async function searchPatients(
  dependencies: PatientDependencies,
  sources: Sources,
  { filter, page, includes, ignored, used }: Search<PatientFilter>,
  context: Context,
): Promise<Answer> {
  const { reader, isKept } = dependencies;
  const query = {
    ids: filter.ids === null ? null : uuids(filter.ids),
    anyUpdated: filter.updated === ALWAYS ? null : filter.updated,
  };
  const after = afterIn(page)?.id ?? null;
  const wanted = { after, descending: page.sort?.descending ?? false, limit: page.count + 1 };
  const [found, total] = await Promise.all([
    page.onlyTotal || !isKept ? [] : reader.searchPatients(query, wanted),
    isKept ? reader.countPatients(query) : 0,
  ]);
  const rows = found.slice(0, page.count);
  const last = rows.length < found.length ? rows.at(-1) : undefined;
  const matches = nodesOf(dependencies, rows);
  return ok(
    searchset({
      type: 'Patient',
      context,
      used,
      next: last ? { atMs: 0, id: last.id } : null,
      total,
      entries: [
        ...matches.map(({ path, text }) => ({ path, resource: text, mode: 'match' as const })),
        ...(await included(matches, includes, sources, context)),
      ],
      warnings: [
        ...ignored.map((issue) => ({ ...issue, code: 'not-supported' as const })),
        ...(isKept ? [] : [NONE_KEPT]),
      ],
    }),
  );
}

/** As they are served; whoever gets them is told of. */
function nodesOf({ seal, onRead }: PatientDependencies, rows: readonly PatientRow[]): Node[] {
  const readable = rows.flatMap((row) => {
    const details = opened(seal, row);
    return details ? [{ ...row, details }] : [];
  });
  if (readable.length > 0) onRead(readable.map(({ id }) => id));
  return readable.map(({ id, version, updatedMs, details }) => ({
    path: `Patient/${id}`,
    text: `${JSON.stringify(patientResource(id, details)).slice(0, -1)},${metaHead(version, updatedMs)}}}`,
    references: () => [],
  }));
}

/** Null = it cannot be opened, of which who made the seal has heard: it is as good as not kept. */
function opened(seal: Pick<Seal, 'open'>, { sealed }: PatientRow): PatientDetails | null {
  try {
    return seal.open(sealed, 'patient');
  } catch {
    return null;
  }
}
