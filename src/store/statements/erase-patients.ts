import type { Instant } from '../../domain/instant.ts';
import type { SealedRow } from '../../engine/ports/keys.ts';
import type { PatientKeeper } from '../../engine/ports/patients.ts';
import type { Database, Queryable } from '../database.ts';

/** What may name somebody, and is to go. None of it is a new version of anything: docs/decisions/0020. */

/** $1 ids of patients. Who books for one of them waits. */
const LOCK = 'select from patient where id = any($1::uuid[]) order by id for update';

/** $1 ids of patients. */
const THEIRS = `
select appointment.id, sealed_patient is not null as waits from appointment where patient_id = any($1::uuid[])`;

/** $1 ids of appointments. */
const COMMENTS = `
update appointment set document = without_comment(document) where id = any($1::uuid[]) and document like '%"comment":%'`;
const FORMER_COMMENTS = `
update appointment_version set document = without_comment(document)
where id = any($1::uuid[]) and document like '%"comment":%'`;

/** $1 ids. Links to them go with them. */
const ERASE = 'delete from patient where id = any($1::uuid[])';

export const erasePatients = (
  database: Database,
  ids: readonly string[],
): Promise<{ appointments: number; waiting: number }> =>
  database.transaction(async (on) => {
    await on.query(LOCK, [ids]);
    const theirs = await on.query<{ id: string; waits: boolean }>(THEIRS, [ids]);
    const appointments = theirs.map(({ id }) => id);
    await on.query(COMMENTS, [appointments]);
    await on.query(FORMER_COMMENTS, [appointments]);
    await on.query(ERASE, [ids]);
    return { appointments: theirs.length, waiting: theirs.filter(({ waits }) => waits).length };
  });

/** $1 before, $2 limit. */
const FORGET_COMMENTS = `
with old as (
  select id from appointment where start_ms <= $1 and document like '%"comment":%' order by start_ms limit $2
  for update skip locked
),
forgotten as (
  update appointment set document = without_comment(document) from old where appointment.id = old.id returning 1
)
select count(*)::integer as count from forgotten`;

const KEY = 'jsonb_build_array(connection_id, feed_id, external_id, reason)';

/** $1 the last key of the page before or null, $2 limit, $3 connections or null. */
const RAW = `
select (${KEY})::text as key, sealed_raw as sealed from rejected
where sealed_raw is not null and ($1::text is null or ${KEY} > $1::jsonb)
  and ($3::text[] is null or connection_id = any($3)) order by ${KEY} limit $2`;

/** $1 keys. */
const ERASE_RAW = `
with erased as (
  update rejected set sealed_raw = null where ${KEY} in (select key::jsonb from unnest($1::text[]) as key)
  and sealed_raw is not null returning 1
)
select count(*)::integer as count from erased`;

/** $1 before, $2 limit. That they could not be read stays known. */
const FORGET_RAW = `
with old as (
  select ${KEY} as key from rejected where sealed_raw is not null and last_ms <= $1 order by last_ms limit $2
  for update skip locked
),
forgotten as (
  update rejected set sealed_raw = null from old where ${KEY} = old.key returning 1
)
select count(*)::integer as count from forgotten`;

export const forgetComments = async (on: Queryable, before: Instant, limit: number): Promise<number> =>
  (await counted(on, FORGET_COMMENTS, [before, limit])) + (await counted(on, FORGET_RAW, [before, limit]));

export const rejectedRaw = (
  on: Queryable,
  { after, limit, connectionIds }: Parameters<PatientKeeper['rejectedRaw']>[0],
): Promise<SealedRow[]> => on.query<SealedRow>(RAW, [after, limit, connectionIds ?? null]);

export const eraseRaw = (on: Queryable, keys: readonly string[]): Promise<number> =>
  counted(on, ERASE_RAW, [keys]);

async function counted(on: Queryable, text: string, parameters: readonly unknown[]): Promise<number> {
  const [row] = await on.query<{ count: number }>(text, parameters);
  return row?.count ?? 0;
}
