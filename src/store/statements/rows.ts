import type { BusyKind, BusyPeriod } from '../../domain/busy.ts';
import type { Conflict, Move, Resolution, Settlement, Side } from '../../domain/conflict.ts';
import { type Instant, instant } from '../../domain/instant.ts';
import type { Fingerprint, Home, Listing, ListingKind } from '../../domain/listing.ts';

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
  home: Home | null;
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

export const LISTING_COLUMNS = `connection_id, calendar, subject_id, kind, home, schedule_id, start_ms, end_ms, desired,
  known,  unsure, external_id, revision, sequence, known_ms`;

export const listingOf = (row: ListingRow): Listing => ({
  connectionId: row.connection_id,
  calendar: row.calendar,
  subjectId: row.subject_id,
  kind: row.kind,
  home: row.home,
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
  home: listing.home,
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

export type ConflictRow = {
  id: string;
  a_id: string;
  b_id: string;
  a_start_ms: number;
  a_end_ms: number;
  b_start_ms: number;
  b_end_ms: number;
  schedule_id: string;
  connection_id: string | null;
  detected_ms: number;
  resolution: Resolution | null;
  resolved_by: string | null;
  resolved_ms: number | null;
  moved_side: Side | null;
  moved_slot_id: string | null;
  moved_to_id: string | null;
  ended_ms: number | null;
};

export const CONFLICT_COLUMNS = `conflict.id, conflict.a_id, conflict.b_id, conflict.a_start_ms, conflict.a_end_ms,
  conflict.b_start_ms, conflict.b_end_ms, conflict.schedule_id, conflict.connection_id, conflict.detected_ms,
  conflict.resolution, conflict.resolved_by, conflict.resolved_ms, conflict.moved_side, conflict.moved_slot_id,
  conflict.moved_to_id, conflict.ended_ms`;

export const conflictOf = (row: ConflictRow): Conflict => ({
  id: row.id,
  a: { busyId: row.a_id, interval: { start: instant(row.a_start_ms), end: instant(row.a_end_ms) } },
  b: { busyId: row.b_id, interval: { start: instant(row.b_start_ms), end: instant(row.b_end_ms) } },
  scheduleId: row.schedule_id,
  connectionId: row.connection_id,
  detectedAt: instant(row.detected_ms),
  settlement: settlementOf(row),
  endedAt: instantOrNull(row.ended_ms),
});

function settlementOf(row: ConflictRow): Settlement | null {
  const { resolution, resolved_by: by, resolved_ms, moved_side: side, moved_slot_id, moved_to_id } = row;
  if (resolution === null || by === null || resolved_ms === null) return null;
  const at = instant(resolved_ms);
  if (resolution !== 'move') return { resolution, by, at };
  if (side === null || moved_slot_id === null || moved_to_id === null) return null;
  return { resolution, by, at, side, slotId: moved_slot_id, toBusyId: moved_to_id };
}

const moveOf = ({ settlement }: Conflict): Move | null =>
  settlement?.resolution === 'move' ? settlement : null;

export const conflictRow = (conflict: Conflict): ConflictRow => ({
  id: conflict.id,
  a_id: conflict.a.busyId,
  b_id: conflict.b.busyId,
  a_start_ms: conflict.a.interval.start,
  a_end_ms: conflict.a.interval.end,
  b_start_ms: conflict.b.interval.start,
  b_end_ms: conflict.b.interval.end,
  schedule_id: conflict.scheduleId,
  connection_id: conflict.connectionId,
  detected_ms: conflict.detectedAt,
  resolution: conflict.settlement?.resolution ?? null,
  resolved_by: conflict.settlement?.by ?? null,
  resolved_ms: conflict.settlement?.at ?? null,
  moved_side: moveOf(conflict)?.side ?? null,
  moved_slot_id: moveOf(conflict)?.slotId ?? null,
  moved_to_id: moveOf(conflict)?.toBusyId ?? null,
  ended_ms: conflict.endedAt,
});

export const instantOrNull = (milliseconds: number | null): Instant | null =>
  milliseconds === null ? null : instant(milliseconds);
