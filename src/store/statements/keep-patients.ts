import type { Instant } from '../../domain/instant.ts';
import type { AppointmentWrite, PatientWrite } from '../../engine/ports/appointments.ts';
import type { Queryable } from '../database.ts';

/**
 * $1 rows as JSON, each with the appointment that it is of, $2 at. The same patient twice is one patient; one without details
 * is known, or is erased by now.
 */
const KEEP = `
with wanted as (
  select appointment_id, wanted.id, decode(hash, 'hex') as hash, decode(sealed, 'hex') as sealed, organization_id,
    concat_ws('/', organization_id, coalesce(hash, wanted.id::text)) as name
  from jsonb_to_recordset($1::jsonb) as wanted(appointment_id uuid, id uuid, hash text, sealed text)
  join appointment on appointment.id = appointment_id join schedule on schedule.id = schedule_id
),
known as (
  insert into patient (id, hash, sealed, updated_ms, over_ms, organization_id)
  select distinct on (name) id, hash, sealed, $2::bigint, $2::bigint, organization_id from wanted where sealed is not null order by name
  on conflict (organization_id, hash) do update set
    sealed = excluded.sealed, version = patient.version + 1, updated_ms = excluded.updated_ms
  returning id, hash, organization_id
),
reserved as (
  select id, hash, organization_id from patient where id in (select id from wanted where sealed is null) for key share
)
update appointment set patient_id = known.id from wanted join (select * from known union all select * from reserved) as known
  on known.id = wanted.id or (known.hash = wanted.hash and known.organization_id = wanted.organization_id)
where appointment.id = wanted.appointment_id`;

/** $1 ids of appointments. */
const UNLINK = `
with former as (
  select id, patient_id from appointment where id = any($1::uuid[]) and patient_id is not null for update
),
unlinked as (
  update appointment set patient_id = null from former where appointment.id = former.id
)
select distinct patient_id as id from former`;

/** $1 ids. Who books for one of them waits, or was waited for, so that what comes next sees what it booked. */
const RESERVE = 'select from patient where id = any($1::uuid[]) order by id for update';

/** $1 ids. */
const ERASE_UNUSED = `
delete from patient where id = any($1::uuid[]) and not exists (select from appointment where patient_id = patient.id)`;

/** $1 ids. */
const RETIME = 'update patient set over_ms = patient_over(id) where id = any($1::uuid[])';

/** $1 before, null = all, $2 how many at the most. The links to them go with them. */
const FORGET = `
with erased as (
  delete from patient where id in (
    select id from patient where $1::bigint is null or over_ms <= $1 order by over_ms limit $2 for update skip locked
  )
  returning 1
)
select count(*)::integer as forgotten from erased`;

/** Of one who is known only the id. */
export function patientRow(patient: PatientWrite | null | undefined): Record<string, unknown> {
  if (!patient) return {};
  const { id } = patient;
  return patient.isKnown
    ? { id }
    : { id, hash: patient.hash && hex(patient.hash), sealed: hex(patient.sealed) };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Who comes to these appointments, of those that say something of it. */
export async function keepPatients(
  on: Queryable,
  appointments: readonly AppointmentWrite[],
  at: Instant,
): Promise<void> {
  const rows = appointments.flatMap(({ id, patient }) =>
    patient ? [{ ...patientRow(patient), appointment_id: id }] : [],
  );
  if (rows.length > 0) await on.query(KEEP, [JSON.stringify(rows), at]);
  await unlinkPatients(
    on,
    appointments.flatMap(({ id, patient }) => (patient === null ? [id] : [])),
  );
}

/** Whoever was to come to these appointments; who has no other is erased. */
export async function unlinkPatients(on: Queryable, appointmentIds: readonly string[]): Promise<void> {
  if (appointmentIds.length === 0) return;
  const former = (await on.query<{ id: string }>(UNLINK, [appointmentIds])).map(({ id }) => id);
  if (former.length === 0) return;
  await on.query(RESERVE, [former]);
  await on.query(ERASE_UNUSED, [former]);
  await on.query(RETIME, [former]);
}

/** @param before of those whose last appointment was over by then; null = of all. @returns how many. */
export async function forgetPatients(on: Queryable, before: Instant | null, limit: number): Promise<number> {
  const [row] = await on.query<{ forgotten: number }>(FORGET, [before, limit]);
  return row?.forgotten ?? 0;
}
