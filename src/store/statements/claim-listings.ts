import type { BusyKind } from '../../domain/busy.ts';
import { instant } from '../../domain/instant.ts';
import type { ListingKey } from '../../domain/listing.ts';
import { type SlotAttributes, UNKNOWN_ATTRIBUTES } from '../../domain/slot.ts';
import type { AppointmentStatus } from '../../engine/ports/appointments.ts';
import type { DueListing, Store } from '../../engine/ports/store.ts';
import type { Queryable } from '../database.ts';
import { instantOrNull, LISTING_COLUMNS, type ListingRow, listingOf } from './rows.ts';

type DueRow = ListingRow & {
  attempts: number;
  refusals: number;
  since_ms: number;
  changed_ms: number | null;
  origin_id: string | null;
  busy_kind: BusyKind | null;
  busy_expires_ms: number | null;
  slot_id: string | null;
  slot_external_id: string | null;
  slot_attributes: string | null;
  sealed_patient: Uint8Array | null;
  appointment_status: AppointmentStatus | null;
};

const DETAILS = `
select due.*, busy_period.changed_ms, busy_period.origin_id, busy_period.kind as busy_kind,
  busy_period.expires_ms as busy_expires_ms, slot.id as slot_id, slot.external_id as slot_external_id,
  slot.attributes as slot_attributes, appointment.sealed_patient,
  appointment.status as appointment_status
from due
left join busy_period on busy_period.id = due.subject_id
left join appointment on appointment.id = due.subject_id
left join slot on slot.id = coalesce(appointment.slot_id, due.subject_id)
order by due.start_ms, due.calendar, due.subject_id`;

/**
 * $1 connection, $2 now, $3 lease until, $4 limit, $5 write ahead. What a person was asked for is theirs. A worker that dies loses its lease by itself. `unsure` is given as it was before, and stored as true where a lost answer must be looked up; at home always,
 * so that whoever makes a booking of a hold knows whether that is being written.
 */
const claim = (which: string): string => `
with chosen as (
  select connection_id, calendar, subject_id, unsure from listing
  where connection_id = $1 and differs and task_id is null and next_attempt_ms <= $2 and lease_until_ms <= $2 ${which}
  order by start_ms, calendar, subject_id limit $4 for update skip locked
),
due as (
  update listing set attempts = listing.attempts + 1, lease_until_ms = $3, known_ms = $2,
    unsure = listing.unsure or $5 or listing.home is not null
  from chosen
  where listing.connection_id = chosen.connection_id and listing.calendar = chosen.calendar
    and listing.subject_id = chosen.subject_id
  returning ${LISTING_COLUMNS.replace(/\b(\w+)\b/g, 'listing.$1').replace('listing.unsure', 'chosen.unsure')},
    listing.attempts, listing.refusals, listing.since_ms
)
${DETAILS}`;

const CLAIM = claim('');
/** $6 subjects. */
const CLAIM_OF = claim('and subject_id = any($6::uuid[])');

/** $1 connection, $2 calendar, $3 subject. */
const ONE = `
with due as (
  select ${LISTING_COLUMNS}, attempts, refusals, since_ms from listing
  where connection_id = $1 and calendar = $2 and subject_id = $3
)
${DETAILS}`;

export async function claimListings(
  on: Queryable,
  connectionId: string,
  { now, leaseUntil, limit, writeAhead, subjectIds }: Parameters<Store['claimListings']>[1],
): Promise<DueListing[]> {
  const parameters = [connectionId, now, leaseUntil, limit, writeAhead];
  const rows = subjectIds
    ? await on.query<DueRow>(CLAIM_OF, [...parameters, subjectIds])
    : await on.query<DueRow>(CLAIM, parameters);
  return rows.map(dueOf);
}

export async function findListing(on: Queryable, key: ListingKey): Promise<DueListing | null> {
  const rows = await on.query<DueRow>(ONE, [key.connectionId, key.calendar, key.subjectId]);
  return rows[0] ? dueOf(rows[0]) : null;
}

const dueOf = (row: DueRow): DueListing => ({
  ...listingOf(row),
  attempts: row.attempts,
  refusals: row.refusals,
  since: instant(row.since_ms),
  changedAt: instantOrNull(row.changed_ms),
  originId: row.origin_id,
  busyKind: row.busy_kind,
  busyExpiresAt: instantOrNull(row.busy_expires_ms),
  slot:
    row.slot_id === null || row.slot_external_id === null
      ? null
      : { id: row.slot_id, externalId: row.slot_external_id, attributes: attributesOf(row.slot_attributes) },
  sealedPatient: row.sealed_patient,
  appointmentStatus: row.appointment_status,
});

const attributesOf = (text: string | null): SlotAttributes =>
  text === null ? UNKNOWN_ATTRIBUTES : (JSON.parse(text) as SlotAttributes);
