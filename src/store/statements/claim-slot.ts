import type { Instant } from '../../domain/instant.ts';
import type { Claim } from '../../engine/ports/store.ts';
import type { Queryable } from '../database.ts';
import { eventRows } from './append-events.ts';
import { patientRow } from './keep-patients.ts';
import { listingRow } from './rows.ts';
import { appointmentRow } from './write-appointments.ts';

/**
 * $1 slot, $2 actor, $3 capacity, $4 busy id, $5 schedule, $6 origin, $7 at, $8 appointment, $9 listing or null, $10 events,
 * $11 kind, $12 when a hold ends.
 * Callers for one actor queue on the lock instead of colliding in the constraint, and whoever waited looks at the slot
 * again (READ COMMITTED rechecks a row that it waited for): of many callers one wins and the rest get nothing. Who brings a
 * sole identifier at the same moment as another fails on its index, and finds it there the next time. Who brings the same
 * patient waits for the other, and knows the one that it made.
 */
const TEXT = `
with reserved as materialized (select lock_actor($2)),
organization as (select coalesce((select organization_id from schedule where id = $5), '') as id),
guard as (
  select id, start_ms, end_ms from slot
  where id = $1 and status = 'free' and not withheld and end_ms > $7 and (select count(*) from reserved) = 1
    and not exists (
      select from jsonb_to_recordset($8::jsonb -> 'identifiers') as wanted(system text, value text, sole boolean)
      join appointment_identifier as named using (system, value)
      where wanted.sole and named.organization_id = (select id from organization)
    )
  for update
),
claimed as (
  insert into busy_period (id, actor_id, schedule_id, kind, start_ms, end_ms, lane, origin_id, changed_ms, expires_ms)
  select $4, $2, $5, $11, start_ms, end_ms, room.lane, $6, $7, $12
  from guard, lateral (
    select min(lane) as lane from generate_series(0, $3::integer - 1) as lane
    where not exists (
      select from busy_period as other
      where other.actor_id = $2 and other.lane = lane.lane and other.ended_ms is null
        and other.period && int8range(guard.start_ms, guard.end_ms)
    )
  ) as room
  where room.lane is not null
  returning id, start_ms
),
known as (
  insert into patient (id, hash, sealed, updated_ms, over_ms, organization_id)
  select wanted.id, decode(wanted.hash, 'hex'), decode(wanted.sealed, 'hex'), $7, $7,
    (select id from organization)
  from claimed, jsonb_to_record($8::jsonb -> 'patient') as wanted(id uuid, hash text, sealed text)
  where wanted.sealed is not null
  on conflict (organization_id, hash) do update set
    sealed = excluded.sealed, version = patient.version + 1, updated_ms = excluded.updated_ms
  returning id
),
appointed as (
  insert into appointment (id, schedule_id, slot_id, start_ms, status, document, sealed_patient, updated_ms, patient_id)
  select claimed.id, wanted.schedule_id, wanted.slot_id, claimed.start_ms, wanted.status, wanted.document,
    decode(wanted.sealed_patient, 'hex'), $7, coalesce(
      (select id from known),
      (select patient.id from patient where patient.id = ($8::jsonb -> 'patient' ->> 'id')::uuid for key share)
    )
  from claimed, jsonb_to_record($8::jsonb) as wanted(schedule_id text, slot_id uuid, status text, document text,
    sealed_patient text)
),
identified as (
  insert into appointment_identifier (appointment_id, place, system, value, sole, organization_id)
  select claimed.id, wanted.place, wanted.system, wanted.value, wanted.sole, (select id from organization)
  from claimed, jsonb_to_recordset($8::jsonb -> 'identifiers') as wanted(place smallint, system text, value text, sole boolean)
),
listed as (
  insert into listing (connection_id, calendar, subject_id, kind, home, schedule_id, start_ms, end_ms, desired, known,
    unsure, known_ms, since_ms, attempts, lease_until_ms)
  select wanted.connection_id, wanted.calendar, claimed.id, wanted.kind, wanted.home, wanted.schedule_id, wanted.start_ms,
    wanted.end_ms, wanted.desired, null, true, $7, $7, 1, wanted.lease_until_ms
  from claimed, jsonb_to_record($9::jsonb) as wanted(connection_id text, calendar text, kind text, home text, schedule_id text,
    start_ms bigint, end_ms bigint, desired text, lease_until_ms bigint)
  where wanted.connection_id is not null
),
logged as (
  insert into event (at_ms, type, connection_id, subject_id, data)
  select at_ms, type, connection_id, subject_id, data
  from claimed, jsonb_to_recordset($10::jsonb) as happened(at_ms bigint, type text, connection_id text,
    subject_id uuid, data jsonb)
)
select id from claimed`;

/**
 * The claim's own attempt at the platform is under way, so its listing begins as `unsure` and is left alone by
 * delivery until `leaseUntil`: should this process die now, delivery looks there before it writes.
 */
export async function claimSlot(on: Queryable, claim: Claim, at: Instant): Promise<boolean> {
  const { busy, listing } = claim;
  const rows = await on.query(TEXT, [
    claim.slotId,
    busy.actorId,
    claim.capacity,
    busy.id,
    busy.scheduleId,
    busy.originId,
    at,
    JSON.stringify({ ...appointmentRow(claim.appointment), patient: patientRow(claim.appointment.patient) }),
    JSON.stringify(listing ? { ...listingRow(listing), lease_until_ms: claim.leaseUntil } : {}),
    eventRows(claim.events),
    busy.kind,
    busy.expiresAt,
  ]);
  return rows.length === 1;
}
