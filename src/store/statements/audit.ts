import { instant } from '../../domain/instant.ts';
import type { AuditLink, AuditPage, AuditQuery, AuditRecord } from '../../engine/ports/audit.ts';
import { type Queryable, sqlState, UNIQUE_VIOLATION } from '../database.ts';

type Row = {
  sequence: number;
  at_ms: number;
  type: AuditRecord['type'];
  action: AuditRecord['action'];
  outcome: AuditRecord['outcome'];
  agent: string | null;
  agent_name: string | null;
  organization_id: string | null;
  address: string | null;
  request_id: string | null;
  purpose: string | null;
  entities: string[];
  detail: string;
  key_id: string;
  previous: string;
  hash: string;
};

const COLUMNS = `sequence, at_ms, type, action, outcome, agent, agent_name, organization_id, address, request_id, purpose,
  entities, detail, key_id, encode(previous, 'hex') as previous, encode(hash, 'hex') as hash`;

const recordOf = (row: Row): AuditRecord => ({
  sequence: row.sequence,
  at: instant(row.at_ms),
  type: row.type,
  action: row.action,
  outcome: row.outcome,
  agent: row.agent,
  name: row.agent_name,
  organizationId: row.organization_id,
  address: row.address,
  requestId: row.request_id,
  purpose: row.purpose,
  entities: row.entities,
  detail: detailIn(row.detail),
  keyId: row.key_id,
  previous: row.previous,
  hash: row.hash,
});

/** Whoever changes the log may leave there what is no JSON: it is read as what nobody has written, so that the chain says where. */
function detailIn(text: string): AuditRecord['detail'] {
  try {
    const detail = JSON.parse(text);
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return detail;
  } catch {
    // As any other that is none.
  }
  return { unreadable: text };
}

const rowOf = (record: AuditRecord): Row => ({
  sequence: record.sequence,
  at_ms: record.at,
  type: record.type,
  action: record.action,
  outcome: record.outcome,
  agent: record.agent,
  agent_name: record.name,
  organization_id: record.organizationId,
  address: record.address,
  request_id: record.requestId,
  purpose: record.purpose,
  entities: [...record.entities],
  detail: JSON.stringify(record.detail),
  key_id: record.keyId,
  previous: record.previous,
  hash: record.hash,
});

const HEAD = `select sequence, encode(hash, 'hex') as hash from audit_event order by sequence desc limit 1`;

/** $1 records as JSON, $2 and $3 sequence and hash of the one before the first; null = there is none. */
const APPEND = `
insert into audit_event (sequence, at_ms, type, action, outcome, agent, agent_name, organization_id, address, request_id,
  purpose, entities, detail, key_id, previous, hash)
select sequence, at_ms, type, action, outcome, agent, agent_name, organization_id, address, request_id, purpose, entities,
  detail, key_id, decode(previous, 'hex'), decode(hash, 'hex')
from jsonb_to_recordset($1::jsonb) as happened(sequence bigint, at_ms bigint, type text, action text, outcome text, agent text,
  agent_name text, organization_id text, address text, request_id text, purpose text, entities text[], detail text,
  key_id text, previous text, hash text)
where $2::bigint is null or exists (
  select from audit_event as last where last.sequence = $2 and last.hash = decode($3, 'hex')
)
returning sequence`;

/**
 * Of two who write behind the same record one waits for the other, finds its number taken, and has written nothing: the primary key
 * is all the lock that the chain needs. The record before is looked for so that there is no gap where it is gone.
 */
export async function appendAudit(
  on: Queryable,
  records: readonly AuditRecord[],
  last: AuditLink | null,
): Promise<boolean> {
  const values = [JSON.stringify(records.map(rowOf)), last?.sequence ?? null, last?.hash ?? null];
  try {
    return (await on.query(APPEND, values)).length > 0;
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

export async function auditHead(on: Queryable): Promise<AuditLink | null> {
  const [row] = await on.query<{ sequence: number; hash: string }>(HEAD);
  return row ?? null;
}

/** $1 sequence, $2 limit. */
const AFTER = `select ${COLUMNS} from audit_event where sequence > $1 order by sequence limit $2`;

export const auditAfter = async (on: Queryable, after: number, limit: number): Promise<AuditRecord[]> =>
  (await on.query<Row>(AFTER, [after, limit])).map(recordOf);

/** $1 ids of appointments. */
const PATIENTS = `
select distinct patient_id as id from appointment where id = any($1::uuid[]) and patient_id is not null order by 1`;

export const patientsOfAppointments = async (on: Queryable, ids: readonly string[]): Promise<string[]> =>
  (await on.query<{ id: string }>(PATIENTS, [ids])).map(({ id }) => id);

/**
 * $1 sequences, $2 and $3 ranges of time, $4 agents, $5 beginning of the name, $6 types, $7 outcomes, $8 and $9 entities, $10
 * organization; null = any.
 */
const WANTED = `from audit_event where ($1::bigint[] is null or sequence = any($1))
  and ($2::bigint[] is null or exists (
    select from unnest($2::bigint[], $3::bigint[]) as range(from_ms, before_ms)
    where (from_ms is null or at_ms >= from_ms) and (before_ms is null or at_ms < before_ms)
  ))
  and ($4::text[] is null or agent = any($4))
  and ($5::text is null or starts_with(lower(agent_name), lower($5)))
  and ($6::text[] is null or type = any($6))
  and ($7::text[] is null or outcome = any($7))
  and ($8::text[] is null or entities && $8)
  and ($9::text[] is null or entities && $9)
  and ($10::text is null or organization_id = $10)`;

/** $11 the sequence before it, $12 limit. */
const ASCENDING = `select ${COLUMNS} ${WANTED} and ($11::bigint is null or sequence > $11) order by sequence limit $12`;
const DESCENDING = `select ${COLUMNS} ${WANTED} and ($11::bigint is null or sequence < $11)
order by sequence desc limit $12`;
const COUNT = `select count(*)::integer as total ${WANTED}`;

const parametersOf = (query: AuditQuery): unknown[] => [
  query.sequences,
  query.at?.map(({ fromMs }) => fromMs) ?? null,
  query.at?.map(({ beforeMs }) => beforeMs) ?? null,
  query.agents,
  query.name,
  query.types,
  query.outcomes,
  query.entities,
  query.patients,
  query.organizationId,
];

export async function auditRecords(
  on: Queryable,
  query: AuditQuery,
  page: AuditPage,
): Promise<AuditRecord[]> {
  const text = page.descending ? DESCENDING : ASCENDING;
  return (await on.query<Row>(text, [...parametersOf(query), page.after, page.limit])).map(recordOf);
}

export async function countAuditRecords(on: Queryable, query: AuditQuery): Promise<number> {
  const [row] = await on.query<{ total: number }>(COUNT, parametersOf(query));
  return row?.total ?? 0;
}
