import { instant } from '../../domain/instant.ts';
import type {
  AgendaQuery,
  AgendaRows,
  ConflictPair,
  ListingRow,
  PeriodRow,
} from '../../engine/ports/agenda.ts';
import type { Queryable } from '../database.ts';
import { type BusyRow, instantOrNull, type ListingRow as StoredListing } from './rows.ts';

/** All of it in one statement, so that it was so at one instant, whoever writes meanwhile; each list as JSON. */

export const LISTING_SEEN = `connection_id, subject_id, schedule_id, kind, home, desired, known, unsure, external_id, known_ms,
  since_ms, attempts, next_attempt_ms, last_error, task_id is not null as asked`;

const PERIOD = `busy_period.id, actor_id, busy_period.schedule_id, kind, busy_period.start_ms, end_ms, lane, origin_id,
  expires_ms, ended_ms`;

/** @param slots and @param periods the statements that give them. */
const readOf = (slots: string, periods: string): string => `
with slots as (${slots}),
chosen as (${periods}),
periods as (
  select chosen.*, reason, status, version, slot_id, patient_id, document
  from chosen left join appointment on appointment.id = chosen.id left join period_reason on period_id = chosen.id
),
pairs as (
  select id, a_id, b_id, resolved_ms is not null as resolved from conflict
  where ended_ms is null and a_id = any(array(select id from periods))
  union
  select id, a_id, b_id, resolved_ms is not null from conflict
  where ended_ms is null and b_id = any(array(select id from periods))
),
listings as (
  select ${LISTING_SEEN}
  from listing
  where subject_id = any(array(select id from slots union all select id from periods))
    and (kind = 'offer' or desired is not null or known is not null or unsure)
)
select (select coalesce(jsonb_agg(to_jsonb(slots) order by start_ms, id), '[]') from slots) as slots,
  (select coalesce(jsonb_agg(to_jsonb(periods) order by start_ms, id), '[]') from periods) as periods,
  (select coalesce(jsonb_agg(to_jsonb(pairs) order by id), '[]') from pairs) as pairs,
  (select coalesce(jsonb_agg(to_jsonb(listings) order by connection_id, schedule_id), '[]') from listings) as listings`;

/**
 * $1 schedules, $2 actors, $3 schedules that are shown or null, $4 and $5 the window, $6 whether appointments and holds are
 * shown, $7 and $8 how many slots and periods at the most, $9 schedules of the calendars of these actors. A slot lasts a day
 * at the most: schema/0001.
 */
const OF_WINDOW = readOf(
  `select id, connection_id, schedule_id, start_ms, end_ms, status, withheld, version from slot
  where schedule_id = any($1::text[]) and start_ms > $4::bigint - 86400000 and start_ms < $5 and end_ms > $4
  order by start_ms, id limit $7`,
  `(select ${PERIOD} from busy_period
    where actor_id = any($2::text[]) and ended_ms is null and period && int8range($4, $5)
      and ($3::text[] is null or schedule_id = any($3)) and ($6 or kind = 'block')
    limit $8)
  union all
  (select ${PERIOD} from busy_period
    where id in (
      select subject_id from listing
      where differs and schedule_id = any($9::text[]) and start_ms < $5 and end_ms > $4 and kind <> 'offer'
    )
      and ended_ms is not null and actor_id = any($2) and start_ms < $5 and end_ms > $4
      and ($3 is null or schedule_id = any($3)) and ($6 or kind = 'block')
    limit $8)`,
);

/** $1 id, $2 schedules that are shown or null. */
const OF_PERIOD = readOf(
  `select id, connection_id, schedule_id, start_ms, end_ms, status, withheld, version from slot where false`,
  `select ${PERIOD} from busy_period where id = $1::uuid and ($2::text[] is null or schedule_id = any($2))`,
);

type SlotJson = {
  id: string;
  connection_id: string;
  schedule_id: string;
  start_ms: number;
  end_ms: number;
  status: AgendaRows['slots'][number]['status'];
  withheld: boolean;
  version: number;
};
type PeriodJson = Omit<BusyRow, 'changed_ms'> & {
  ended_ms: number | null;
  reason: PeriodRow['reason'];
  status: NonNullable<PeriodRow['appointment']>['status'] | null;
  version: number;
  slot_id: string | null;
  patient_id: string | null;
  document: string;
};
export type SeenRow = StoredListing & {
  since_ms: number;
  attempts: number;
  next_attempt_ms: number;
  last_error: string | null;
  asked: boolean;
};
type Read = {
  slots: SlotJson[];
  periods: PeriodJson[];
  pairs: { id: string; a_id: string; b_id: string; resolved: boolean }[];
  listings: SeenRow[];
};

export async function agenda(on: Queryable, query: AgendaQuery): Promise<AgendaRows> {
  const { scheduleIds, actorIds, within, calendarScheduleIds, window, withAppointments } = query;
  const most = [query.slotsMax + 1, query.periodsMax + 1];
  const parameters = [scheduleIds, actorIds, within, window.start, window.end, withAppointments, ...most];
  return rowsOf(await on.query<Read>(OF_WINDOW, [...parameters, calendarScheduleIds]));
}

export const agendaPeriod = async (
  on: Queryable,
  id: string,
  within: readonly string[] | null,
): Promise<AgendaRows> => rowsOf(await on.query<Read>(OF_PERIOD, [id, within]));

const rowsOf = ([read]: readonly Read[]): AgendaRows => ({
  slots: (read?.slots ?? []).map((row) => ({
    id: row.id,
    connectionId: row.connection_id,
    scheduleId: row.schedule_id,
    interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
    status: row.status,
    withheld: row.withheld,
    version: row.version,
  })),
  periods: (read?.periods ?? []).map(periodOf),
  conflicts: (read?.pairs ?? []).map(
    ({ id, a_id, b_id, resolved }): ConflictPair => ({ id, busyIds: [a_id, b_id], isResolved: resolved }),
  ),
  listings: (read?.listings ?? []).map(seenListingOf),
});

const periodOf = (row: PeriodJson): PeriodRow => ({
  id: row.id,
  actorId: row.actor_id,
  scheduleId: row.schedule_id,
  kind: row.kind,
  interval: { start: instant(row.start_ms), end: instant(row.end_ms) },
  lane: row.lane,
  originId: row.origin_id,
  expiresAt: instantOrNull(row.expires_ms),
  endedAt: instantOrNull(row.ended_ms),
  reason: row.reason,
  appointment: row.status && {
    status: row.status,
    version: row.version,
    slotId: row.slot_id,
    patientId: row.patient_id,
    document: row.document,
  },
});

export const seenListingOf = (row: SeenRow): ListingRow => ({
  connectionId: row.connection_id,
  subjectId: row.subject_id,
  scheduleId: row.schedule_id,
  kind: row.kind,
  home: row.home,
  desired: row.desired,
  known: row.known,
  unsure: row.unsure,
  externalId: row.external_id,
  knownAt: instant(row.known_ms),
  since: instant(row.since_ms),
  attempts: row.attempts,
  nextAttemptAt: instant(row.next_attempt_ms),
  lastError: row.last_error,
  isAsked: row.asked,
});
