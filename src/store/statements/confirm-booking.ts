import type { Instant } from '../../domain/instant.ts';
import type { Confirmation, Confirmed } from '../../engine/ports/confirmation.ts';
import type { Queryable } from '../database.ts';
import { eventRows } from './append-events.ts';
import { listingRow } from './rows.ts';

/**
 * $1 connection, $2 calendar, $3 subject, $4 known, $5 external id, $6 revision, $7 sequence, $8 mirrors, $9 events,
 * $10 at. Nothing happens if the booking was ended or confirmed meanwhile by another way.
 */
const TEXT = `
with booked as (
  update appointment set status = 'booked', sealed_patient = null, version = version + 1, updated_ms = $10
  from busy_period
  where appointment.id = $3 and appointment.status = 'pending' and busy_period.id = appointment.id
    and busy_period.ended_ms is null
  returning appointment.id, appointment.version, appointment.patient_id
),
known as (
  update listing set known = $4, home = 'stands', external_id = $5, revision = $6, sequence = $7, unsure = false, known_ms = $10,
    attempts = 0, refusals = 0, next_attempt_ms = 0, lease_until_ms = 0, last_error = null
  from booked
  where listing.connection_id = $1 and listing.calendar = $2 and listing.subject_id = booked.id
),
mirrored as (
  insert into listing (connection_id, calendar, subject_id, kind, schedule_id, start_ms, end_ms, desired, known_ms,
    since_ms)
  select connection_id, calendar, subject_id, kind, schedule_id, start_ms, end_ms, desired, $10, $10
  from booked, jsonb_to_recordset($8::jsonb) as wanted(connection_id text, calendar text, subject_id uuid, kind text,
    schedule_id text, start_ms bigint, end_ms bigint, desired text)
  on conflict (connection_id, calendar, subject_id) do update set
    kind = excluded.kind, desired = excluded.desired, since_ms = excluded.since_ms, attempts = 0, next_attempt_ms = 0
  where listing.desired is distinct from excluded.desired
),
logged as (
  insert into event (at_ms, type, connection_id, subject_id, data)
  select at_ms, type, connection_id, subject_id, data
  from booked, jsonb_to_recordset($9::jsonb) as happened(at_ms bigint, type text, connection_id text, subject_id uuid,
    data jsonb)
)
select version, patient_id as "patientId" from booked`;

export async function confirmBooking(
  on: Queryable,
  confirmation: Confirmation,
  at: Instant,
): Promise<Confirmed | null> {
  const { key, recorded } = confirmation;
  const rows = await on.query<Confirmed>(TEXT, [
    key.connectionId,
    key.calendar,
    key.subjectId,
    recorded.known,
    recorded.externalId,
    recorded.revision,
    recorded.sequence,
    JSON.stringify(confirmation.mirrors.map(listingRow)),
    eventRows(confirmation.events),
    at,
  ]);
  return rows[0] ?? null;
}
