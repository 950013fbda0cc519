import type { PatientQuery, PatientReader, PatientRow } from '../../engine/ports/patients.ts';
import type { VersionQuery } from '../../engine/ports/versions.ts';
import type { Queryable } from '../database.ts';

const COLUMNS = 'id, version, updated_ms as "updatedMs", sealed';

/** $1 ids, $2 and $3 ranges of the instant of its version, $4 organization; null = any. */
const WANTED = `from patient where ($1::uuid[] is null or id = any($1))
  and ($4::text is null or organization_id = $4)
  and ($2::bigint[] is null or exists (
    select from unnest($2::bigint[], $3::bigint[]) as range(from_ms, before_ms)
    where (from_ms is null or updated_ms >= from_ms) and (before_ms is null or updated_ms < before_ms)
  ))`;

/** $5 the last id of the page before, $6 limit. */
const ASCENDING = `select ${COLUMNS} ${WANTED} and ($5::uuid is null or id > $5) order by id limit $6`;
const DESCENDING = `select ${COLUMNS} ${WANTED} and ($5::uuid is null or id < $5) order by id desc limit $6`;
const COUNT = `select count(*)::integer as total ${WANTED}`;

/** $1 hashes in hex, $2 organization or null. */
const BY_HASH = `select id from patient
where hash in (select decode(hash, 'hex') from unnest($1::text[]) as hash) and ($2::text is null or organization_id = $2)`;

/** $1 id, $2 version, $3 until when it may have been made at the latest, $4 since, $5 organizations; null = any. */
const VERSIONS = `from patient where ($1::uuid is null or id = $1) and ($2::integer is null or version = $2)
  and ($3::bigint is null or updated_ms < $3) and ($4::bigint is null or updated_ms >= $4)
  and ($5::text[] is null or organization_id = any($5))`;
/** $6 and $7 the last one of the page before, $8 limit. */
const FIND_VERSIONS = `select ${COLUMNS} ${VERSIONS} and ($6::bigint is null or (updated_ms, id) < ($6, $7::uuid))
order by updated_ms desc, id desc limit $8`;
const COUNT_VERSIONS = `select count(*)::integer as total ${VERSIONS}`;

const parametersOf = ({ ids, anyUpdated, organizationId }: PatientQuery): unknown[] => [
  ids,
  anyUpdated?.map(({ fromMs }) => fromMs) ?? null,
  anyUpdated?.map(({ beforeMs }) => beforeMs) ?? null,
  organizationId ?? null,
];

export function searchPatients(
  on: Queryable,
  query: PatientQuery,
  { after, descending, limit }: Parameters<PatientReader['searchPatients']>[1],
): Promise<PatientRow[]> {
  return on.query<PatientRow>(descending ? DESCENDING : ASCENDING, [...parametersOf(query), after, limit]);
}

export const countPatients = (on: Queryable, query: PatientQuery): Promise<number> =>
  total(on, COUNT, parametersOf(query));

export async function patientsByHash(
  on: Queryable,
  hashes: readonly Uint8Array[],
  organizationId?: string,
): Promise<string[]> {
  const wanted = hashes.map((hash) => Buffer.from(hash).toString('hex'));
  return (await on.query<{ id: string }>(BY_HASH, [wanted, organizationId ?? null])).map(({ id }) => id);
}

const versionParameters = ({ of, sinceMs, within }: VersionQuery): unknown[] => [
  of?.id ?? null,
  of?.version ?? null,
  of?.at.beforeMs ?? null,
  sinceMs,
  within ?? null,
];

export function patientVersions(on: Queryable, query: VersionQuery): Promise<PatientRow[]> {
  const { after, limit } = query;
  const page = [after?.updatedMs ?? null, after?.id ?? null, limit];
  return on.query<PatientRow>(FIND_VERSIONS, [...versionParameters(query), ...page]);
}

export const countPatientVersions = (on: Queryable, query: VersionQuery): Promise<number> =>
  total(on, COUNT_VERSIONS, versionParameters(query));

async function total(on: Queryable, text: string, parameters: readonly unknown[]): Promise<number> {
  const [row] = await on.query<{ total: number }>(text, parameters);
  return row?.total ?? 0;
}
