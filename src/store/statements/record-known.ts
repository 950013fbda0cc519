import type { Instant } from '../../domain/instant.ts';
import type { ListingKey } from '../../domain/listing.ts';
import type { Recorded } from '../../engine/ports/store.ts';
import type { Queryable } from '../database.ts';

/**
 * $1 connection, $2 calendar, $3 subject, $4 known, $5 external id, $6 revision, $7 sequence, $8 at. A booking that its
 * platform has needs its patient here no longer; a hold that has landed while it became one is not that booking.
 */
const KNOWN = `
with written as (
  update listing set known = $4, external_id = coalesce($5, external_id), revision = $6, sequence = coalesce($7, sequence),
    unsure = false, known_ms = $8, attempts = 0, refusals = 0, next_attempt_ms = 0, lease_until_ms = 0, last_error = null
  where connection_id = $1 and calendar = $2 and subject_id = $3
    and ($7::bigint is null or coalesce(sequence <= $7, true))
  returning subject_id, kind, known, desired
)
update appointment set sealed_patient = null from written
where appointment.id = written.subject_id and written.kind = 'booking' and written.known = written.desired
  and sealed_patient is not null`;

/** $1 connection, $2 calendar, $3 subject, $4 next attempt, $5 error, $6 unsure, $7 at, $8 whether it was refused. */
const FAILED = `
update listing set next_attempt_ms = $4, lease_until_ms = 0, last_error = $5, unsure = $6, known_ms = greatest(known_ms, $7),
  refusals = refusals + $8::boolean::integer
where connection_id = $1 and calendar = $2 and subject_id = $3`;

/** $1 connection, $2 calendar, $3 subject, $4 until. */
const LEASED = `
update listing set lease_until_ms = $4 where connection_id = $1 and calendar = $2 and subject_id = $3`;

/** $1 connection, $2 calendar, $3 subject. */
const RELEASED = `
update listing set lease_until_ms = 0 where connection_id = $1 and calendar = $2 and subject_id = $3`;

/** $1 connections, $2 calendars, $3 subjects, $4 now, $5 until. */
const RENEWED = `
update listing set lease_until_ms = $5
from unnest($1::text[], $2::text[], $3::uuid[]) as ours(connection_id, calendar, subject_id)
where listing.connection_id = ours.connection_id and listing.calendar = ours.calendar
  and listing.subject_id = ours.subject_id and listing.lease_until_ms > $4`;

export async function renewListings(
  on: Queryable,
  keys: readonly ListingKey[],
  now: Instant,
  leaseUntil: Instant,
): Promise<void> {
  await on.query(RENEWED, [
    keys.map(({ connectionId }) => connectionId),
    keys.map(({ calendar }) => calendar),
    keys.map(({ subjectId }) => subjectId),
    now,
    leaseUntil,
  ]);
}

export async function leaseListing(on: Queryable, key: ListingKey, until: Instant): Promise<void> {
  await on.query(LEASED, [key.connectionId, key.calendar, key.subjectId, until]);
}

export async function releaseListing(on: Queryable, key: ListingKey): Promise<void> {
  await on.query(RELEASED, [key.connectionId, key.calendar, key.subjectId]);
}

export async function recordKnown(
  on: Queryable,
  key: ListingKey,
  recorded: Recorded,
  at: Instant,
): Promise<void> {
  const { known, externalId, revision, sequence } = recorded;
  await on.query(KNOWN, [
    key.connectionId,
    key.calendar,
    key.subjectId,
    known,
    externalId,
    revision,
    sequence,
    at,
  ]);
}

export async function recordFailure(
  on: Queryable,
  key: ListingKey,
  failure: { nextAttemptAt: Instant; error: string; unsure: boolean; refused?: boolean },
  at: Instant,
): Promise<void> {
  const { nextAttemptAt, error, unsure, refused = false } = failure;
  await on.query(FAILED, [
    key.connectionId,
    key.calendar,
    key.subjectId,
    nextAttemptAt,
    error,
    unsure,
    at,
    refused,
  ]);
}
