import type { Instant } from '../../domain/instant.ts';
import type { Changes } from '../../engine/ports/store.ts';
import type { Queryable } from '../database.ts';
import { appendEvents } from './append-events.ts';
import { unlinkPatients } from './keep-patients.ts';
import { busyRow, listingRow } from './rows.ts';
import { forgetIdentifiers, writeAppointments } from './write-appointments.ts';
import { writeConflicts } from './write-conflicts.ts';

/** $1 ids, $2 at. First of all: what ends makes room in the lock for what comes. */
const END_BUSY = `
update busy_period set ended_ms = $2, changed_ms = $2, recorded_ms = $2
where id = any($1::uuid[]) and ended_ms is null`;

/**
 * $1 rows as JSON, each with when it ended, or null, $2 at. In one statement, so that bookings can pass a lane on or
 * change places: the lock is checked at its end, and a batch that would break it fails as a whole.
 */
const WRITE_BUSY = `
insert into busy_period (id, actor_id, schedule_id, kind, start_ms, end_ms, lane, origin_id, expires_ms, changed_ms,
  ended_ms, recorded_ms)
select id, actor_id, schedule_id, kind, start_ms, end_ms, lane, origin_id, expires_ms, changed_ms, ended_ms, $2
from jsonb_to_recordset($1::jsonb) as wanted(id uuid, actor_id text, schedule_id text, kind text, start_ms bigint,
  end_ms bigint, lane integer, origin_id text, expires_ms bigint, changed_ms bigint,
  ended_ms bigint)
on conflict (id) do update set
  actor_id = excluded.actor_id, schedule_id = excluded.schedule_id, kind = excluded.kind, start_ms = excluded.start_ms,
  end_ms = excluded.end_ms, lane = excluded.lane, origin_id = excluded.origin_id, expires_ms = excluded.expires_ms,
  changed_ms = excluded.changed_ms, ended_ms = excluded.ended_ms, recorded_ms = excluded.recorded_ms`;

/** $1 rows as JSON, $2 at. since_ms = when it began to differ: kept while it goes on differing in the same way. */
const WRITE_LISTINGS = `
insert into listing (connection_id, calendar, subject_id, kind, home, schedule_id, start_ms, end_ms, desired, known, unsure,
  external_id, revision, sequence, known_ms, since_ms)
select connection_id, calendar, subject_id, kind, home, schedule_id, start_ms, end_ms, desired, known, unsure,
  external_id, revision, sequence, known_ms, $2
from jsonb_to_recordset($1::jsonb) as wanted(connection_id text, calendar text, subject_id uuid, kind text, home text,
  schedule_id text, start_ms bigint, end_ms bigint, desired text, known text, unsure boolean, external_id text,
  revision text, sequence bigint, known_ms bigint)
on conflict (connection_id, calendar, subject_id) do update set
  kind = excluded.kind, home = excluded.home, schedule_id = excluded.schedule_id, start_ms = excluded.start_ms, end_ms = excluded.end_ms,
  desired = excluded.desired, known = excluded.known, unsure = excluded.unsure, external_id = excluded.external_id,
  revision = excluded.revision, sequence = excluded.sequence, known_ms = excluded.known_ms,
  since_ms = case when listing.desired is distinct from excluded.desired or not listing.differs
    then excluded.since_ms else listing.since_ms end,
  attempts = case when listing.desired is distinct from excluded.desired then 0 else listing.attempts end,
  refusals = case when listing.desired is distinct from excluded.desired then 0 else listing.refusals end,
  next_attempt_ms = case when listing.desired is distinct from excluded.desired then 0
    else listing.next_attempt_ms end`;

/** $1 rows as JSON, $2 at. Before they are written: until when it is held is served with the appointment of a hold. */
const RETIME_HELD = `
update appointment set version = version + 1, updated_ms = $2
from busy_period join jsonb_to_recordset($1::jsonb) as wanted(id uuid, expires_ms bigint) on wanted.id = busy_period.id
where appointment.id = busy_period.id and busy_period.kind = 'hold' and busy_period.expires_ms <> wanted.expires_ms`;

/**
 * $1 rows as JSON, $2 at. The patient is kept only for a booking that is still to be written to its platform, as one is
 * that was accepted while it was down. What is over keeps no comment either: whoever wrote it may have said who comes.
 * No text of JSON has an unescaped quote, so what looks like the element is the element.
 */
const SET_APPOINTMENT_STATUS = `
update appointment set status = wanted.status, version = version + 1, updated_ms = $2,
  document = case when wanted.status = 'cancelled' then without_comment(document) else document end,
  sealed_patient = case when exists (
    select from listing
    where listing.subject_id = wanted.id and kind = 'booking' and desired is not null and desired is distinct from known
  ) then sealed_patient end
from jsonb_to_recordset($1::jsonb) as wanted(id uuid, status text)
where appointment.id = wanted.id and (appointment.status <> wanted.status or sealed_patient is not null)`;

export async function applyChanges(on: Queryable, changes: Changes, at: Instant): Promise<void> {
  if (changes.ended.length > 0) await on.query(END_BUSY, [changes.ended, at]);
  const busy = [
    ...changes.busy.map((each) => ({ ...busyRow(each), ended_ms: null })),
    ...changes.passed.map((each) => ({ ...busyRow(each), ended_ms: at })),
  ];
  const holds = busy.filter(({ kind }) => kind === 'hold');
  if (holds.length > 0) await on.query(RETIME_HELD, [JSON.stringify(holds), at]);
  if (busy.length > 0) await on.query(WRITE_BUSY, [JSON.stringify(busy), at]);
  if (changes.listings.length > 0) {
    await on.query(WRITE_LISTINGS, [JSON.stringify(changes.listings.map(listingRow)), at]);
  }
  await writeAppointments(on, changes.appointments, at);
  if (changes.appointmentStatuses.length > 0) {
    await on.query(SET_APPOINTMENT_STATUS, [JSON.stringify(changes.appointmentStatuses), at]);
  }
  // What its platform refused was never booked: whoever tries again is not to find it in place of a booking.
  const refused = changes.events.flatMap((event) =>
    event.type === 'appointment.refused' ? [event.busyId] : [],
  );
  await forgetIdentifiers(on, refused);
  await unlinkPatients(on, refused);
  await writeConflicts(on, changes.conflicts);
  await appendEvents(on, changes.events);
}
