import { instant } from '../../domain/instant.ts';
import type { SlotAttributes } from '../../domain/slot.ts';
import type { AppointmentStatus } from '../../engine/ports/appointments.ts';
import type { FreeRow, Stretched, TakenRow } from '../../engine/ports/contingency.ts';
import type { Queryable } from '../database.ts';
import { instantOrNull } from './rows.ts';

/** What stands on the days of a contingency sheet. */

/**
 * $1 schedules, $2 and $3 the window of each. By their actors, as the index is. A document is JSON without its closing brace.
 */
const TAKEN = `
select busy_period.id, busy_period.schedule_id, busy_period.kind, busy_period.start_ms, busy_period.end_ms,
  busy_period.expires_ms, busy_period.origin_id, appointment.status,
  (appointment.document || '}')::json ->> 'comment' as comment,
  home.external_id, coalesce(home.known is null and home.desired is not null, false) as is_awaited,
  exists (
    select from conflict
    where busy_period.id in (a_id, b_id) and resolved_ms is null and ended_ms is null
  ) as in_conflict,
  slot.attributes, appointment.patient_id, patient.sealed as sealed_patient, appointment.sealed_patient as sealed_booking
from unnest($1::text[], $2::bigint[], $3::bigint[]) as wanted(schedule_id, from_ms, until_ms)
join schedule on schedule.id = wanted.schedule_id
join busy_period on busy_period.actor_id = schedule.actor_id and busy_period.schedule_id = schedule.id
  and busy_period.ended_ms is null and period && int8range(from_ms, until_ms) and busy_period.kind <> 'block'
left join appointment on appointment.id = busy_period.id
left join patient on patient.id = appointment.patient_id
left join slot on slot.id = appointment.slot_id
left join lateral (
  select external_id, known, desired from listing
  where subject_id = busy_period.id and listing.kind = 'booking'
  order by connection_id = busy_period.origin_id desc nulls last, connection_id limit 1
) as home on true
order by busy_period.start_ms, busy_period.end_ms, busy_period.id`;

type Row = {
  id: string;
  schedule_id: string;
  kind: 'appointment' | 'hold';
  start_ms: number;
  end_ms: number;
  expires_ms: number | null;
  origin_id: string | null;
  status: AppointmentStatus | null;
  comment: string | null;
  external_id: string | null;
  is_awaited: boolean;
  in_conflict: boolean;
  attributes: string | null;
  patient_id: string | null;
  sealed_patient: Uint8Array | null;
  sealed_booking: Uint8Array | null;
};

/** $1 to $3 as above. */
const FREE = `
select slot.id, connection_id, calendar, slot.schedule_id, start_ms, end_ms, withheld
from unnest($1::text[], $2::bigint[], $3::bigint[]) as wanted(schedule_id, from_ms, until_ms)
join slot on slot.schedule_id = wanted.schedule_id and start_ms >= from_ms and start_ms < until_ms
  and status = 'free' and is_offered(slot.schedule_id, start_ms, end_ms)
order by start_ms, end_ms, slot.id`;

type Free = {
  id: string;
  connection_id: string;
  calendar: string;
  schedule_id: string;
  start_ms: number;
  end_ms: number;
  withheld: boolean;
};

const parametersOf = (stretches: readonly Stretched[]): unknown[] => [
  stretches.map(({ scheduleId }) => scheduleId),
  stretches.map(({ window }) => window.start),
  stretches.map(({ window }) => window.end),
];

export async function takenTime(on: Queryable, stretches: readonly Stretched[]): Promise<TakenRow[]> {
  const rows = await on.query<Row>(TAKEN, parametersOf(stretches));
  return rows.map((row) => ({
    id: row.id,
    scheduleId: row.schedule_id,
    kind: row.kind,
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
    expiresAt: instantOrNull(row.expires_ms),
    connectionId: row.origin_id,
    status: row.status,
    comment: row.comment,
    externalId: row.external_id,
    isAwaited: row.is_awaited,
    inConflict: row.in_conflict,
    attributes: row.attributes === null ? null : (JSON.parse(row.attributes) as SlotAttributes),
    patientId: row.patient_id,
    sealedPatient: row.sealed_patient,
    sealedBooking: row.sealed_booking,
  }));
}

export async function freeTime(on: Queryable, stretches: readonly Stretched[]): Promise<FreeRow[]> {
  const rows = await on.query<Free>(FREE, parametersOf(stretches));
  return rows.map((row) => ({
    slotId: row.id,
    connectionId: row.connection_id,
    calendar: row.calendar,
    scheduleId: row.schedule_id,
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
    withheld: row.withheld,
  }));
}
