import type { Instant } from '../../domain/instant.ts';
import type { AppointmentWrite } from '../../engine/ports/appointments.ts';
import type { Queryable } from '../database.ts';
import { keepPatients } from './keep-patients.ts';

/**
 * $1 rows as JSON, $2 at. What is written as a platform shows it names no slot, and knows nothing of the comment that came
 * with it here: that stays, until the appointment is cancelled.
 */
const TEXT = `
insert into appointment (id, schedule_id, slot_id, start_ms, status, document, sealed_patient, updated_ms)
select wanted.id, wanted.schedule_id, wanted.slot_id, busy_period.start_ms, wanted.status, wanted.document,
  decode(wanted.sealed_patient, 'hex'), $2
from jsonb_to_recordset($1::jsonb) as wanted(id uuid, schedule_id text, slot_id uuid, status text, document text,
  sealed_patient text)
join busy_period on busy_period.id = wanted.id
on conflict (id) do update set
  schedule_id = excluded.schedule_id, slot_id = excluded.slot_id, start_ms = excluded.start_ms,
  status = excluded.status, document = case when excluded.slot_id is not null then excluded.document
    else replace(excluded.document, ',"participant":', coalesce(
      substring(appointment.document from ',"comment":"(?:\\\\.|[^"\\\\])*"'), '') || ',"participant":') end,
  sealed_patient = excluded.sealed_patient,
  version = appointment.version + 1, updated_ms = excluded.updated_ms`;

/** $1 ids. */
const FORGET_IDENTIFIERS = 'delete from appointment_identifier where appointment_id = any($1::uuid[])';

/** $1 rows as JSON. */
const WRITE_IDENTIFIERS = `
insert into appointment_identifier (appointment_id, place, system, value, sole, organization_id)
select appointment.id, named.place, named.system, named.value, named.sole, coalesce(schedule.organization_id, '')
from jsonb_to_recordset($1::jsonb) as appointment(id uuid, schedule_id text, identifiers jsonb)
left join schedule on schedule.id = appointment.schedule_id,
  jsonb_to_recordset(appointment.identifiers) as named(place smallint, system text, value text, sole boolean)`;

export const appointmentRow = (appointment: AppointmentWrite): Record<string, unknown> => ({
  id: appointment.id,
  schedule_id: appointment.scheduleId,
  slot_id: appointment.slotId,
  status: appointment.status,
  document: appointment.document,
  identifiers: appointment.identifiers?.map(({ system, value, isSole }, place) => ({
    place,
    system: system ?? '',
    value,
    sole: isSole,
  })),
  sealed_patient: appointment.sealedPatient && Buffer.from(appointment.sealedPatient).toString('hex'),
});

export async function writeAppointments(
  on: Queryable,
  appointments: readonly AppointmentWrite[],
  at: Instant,
): Promise<void> {
  if (appointments.length > 0) await on.query(TEXT, [JSON.stringify(appointments.map(appointmentRow)), at]);
  await keepPatients(on, appointments, at);
  const named = appointments.filter(({ identifiers }) => identifiers !== undefined);
  if (named.length === 0) return;
  await forgetIdentifiers(
    on,
    named.map(({ id }) => id),
  );
  await on.query(WRITE_IDENTIFIERS, [JSON.stringify(named.map(appointmentRow))]);
}

/** $1 from, $2 to, $3 at. */
const PASS_IDENTIFIERS = `
with passed as (
  update appointment_identifier set appointment_id = $2 where appointment_id = $1 returning appointment_id
)
update appointment set version = version + 1, updated_ms = greatest(updated_ms, $3)
where id = $2 and exists (select from passed)`;

export async function passIdentifiers(
  on: Queryable,
  fromId: string,
  toId: string,
  at: Instant,
): Promise<void> {
  await on.query(PASS_IDENTIFIERS, [fromId, toId, at]);
}

export async function forgetIdentifiers(on: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await on.query(FORGET_IDENTIFIERS, [ids]);
}
