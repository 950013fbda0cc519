import type { BusyKind, BusyPeriod } from '../../domain/busy.ts';
import { type Instant, instant } from '../../domain/instant.ts';
import type { Fingerprint, Listing, ListingKind } from '../../domain/listing.ts';

/** Rows as the drivers give them, and the domain's types that they stand for. */

export type BusyRow = {
  id: string;
  actor_id: string;
  schedule_id: string;
  kind: BusyKind;
  start_ms: number;
  end_ms: number;
  lane: number | null;
  origin_id: string | null;
  expires_ms: number | null;
  changed_ms: number;
};

export const BUSY_COLUMNS =
  'id, actor_id, schedule_id, kind, start_ms, end_ms, lane, origin_id, expires_ms, changed_ms';

export const busyOf = (row: BusyRow): BusyPeriod => ({
  id: row.id,
  actorId: row.actor_id,
  scheduleId: row.schedule_id,
  kind: row.kind,
  interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
  lane: row.lane,
  originId: row.origin_id,
  expiresAt: instantOrNull(row.expires_ms),
  changedAt: instant(row.changed_ms),
});

export const busyRow = (busy: BusyPeriod): BusyRow => ({
  id: busy.id,
  actor_id: busy.actorId,
  schedule_id: busy.scheduleId,
  kind: busy.kind,
  start_ms: busy.interval.start,
  end_ms: busy.interval.end,
  lane: busy.lane,
  origin_id: busy.originId,
  expires_ms: busy.expiresAt,
  changed_ms: busy.changedAt,
});

export type ListingRow = {
  connection_id: string;
  calendar: string;
  subject_id: string;
  kind: ListingKind;
  schedule_id: string;
  start_ms: number;
  end_ms: number;
  desired: Fingerprint | null;
  known: Fingerprint | null;
  unsure: boolean;
  external_id: string | null;
  revision: string | null;
  sequence: number | null;
  known_ms: number;
};

export const LISTING_COLUMNS = `connection_id, calendar, subject_id, kind, schedule_id, start_ms, end_ms, desired, known,
  unsure, external_id, revision, sequence, known_ms`;

export const listingOf = (row: ListingRow): Listing => ({
  connectionId: row.connection_id,
  calendar: row.calendar,
  subjectId: row.subject_id,
  kind: row.kind,
  scheduleId: row.schedule_id,
  interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
  desired: row.desired,
  known: row.known,
  unsure: row.unsure,
  externalId: row.external_id,
  revision: row.revision,
  sequence: row.sequence,
  knownAt: instant(row.known_ms),
});

export const listingRow = (listing: Listing): ListingRow => ({
  connection_id: listing.connectionId,
  calendar: listing.calendar,
  subject_id: listing.subjectId,
  kind: listing.kind,
  schedule_id: listing.scheduleId,
  start_ms: listing.interval.start,
  end_ms: listing.interval.end,
  desired: listing.desired,
  known: listing.known,
  unsure: listing.unsure,
  external_id: listing.externalId,
  revision: listing.revision,
  sequence: listing.sequence,
  known_ms: listing.knownAt,
});

export const instantOrNull = (milliseconds: number | null): Instant | null =>
  milliseconds === null ? null : instant(milliseconds);
