import type { Connection, Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import type { Bilingual, Failover } from '../domain/schedule.ts';
import type { FreeCount, QueuedRow, WaitingRow } from '../engine/ports/contingency.ts';
import type { Operations } from '../engine/ports/front.ts';
import type { ConnectionSummary } from '../engine/ports/store.ts';
import { earliest, type OutageState, sinceOf, stateOf } from './connection-state.ts';
import { FAULT_MEANINGS, type FaultMeaning, kindOfError, type MeantKind } from './fault-meanings.ts';

/** What is down, since when, what waits for it, and what still works. Pure. No patient is in it. */

/** What is to be done at a platform, by what it means for the time there. */
export const QUEUED_OPERATIONS = ['close', 'open', 'book', 'cancel', 'change', 'verify'] as const;
export type QueuedOperation = (typeof QUEUED_OPERATIONS)[number];

export type Queued = Readonly<Record<QueuedOperation, number>> & {
  readonly total: number;
  readonly oldestSince: Instant | null;
};

export type Outage = {
  readonly connectionId: string;
  readonly title: Bilingual;
  readonly state: OutageState;
  /** Null = it is not written down: of a pause, and of what was never read. */
  readonly since: Instant | null;
  readonly lastSuccessAt: Instant | null;
  readonly confirmedAt: Instant | null;
  readonly nextAttemptAt: Instant | null;
  readonly error: (FaultMeaning & { readonly kind: MeantKind }) | null;
  readonly queued: Queued;
  /** Bookings that were accepted on its behalf and wait for it, the soonest first. */
  readonly waiting: { readonly count: number; readonly bookings: readonly WaitingRow[] };
  /** Whose time it shows, and where else that can still be booked. */
  readonly schedules: readonly AffectedSchedule[];
};

export type AffectedSchedule = {
  readonly scheduleId: string;
  readonly practitioner: string;
  readonly locationId: string;
  /** Whether a booking of its slots is accepted on its behalf meanwhile. */
  readonly failover: Failover['mode'];
  /** Connections that show the time of this schedule and work; none = nobody can book it anywhere. */
  readonly stillAt: readonly string[];
};

export type Working = {
  readonly connectionId: string;
  readonly title: Bilingual;
  /** Free slots that are served, from now on. */
  readonly free: { readonly today: number; readonly tomorrow: number };
};

export type OutageReport = {
  readonly at: Instant;
  readonly down: readonly Outage[];
  readonly working: readonly Working[];
};

export type OutageInputs = {
  readonly directory: Directory;
  readonly summaries: readonly ConnectionSummary[];
  readonly queued: readonly QueuedRow[];
  readonly waiting: readonly WaitingRow[];
  readonly free: readonly FreeCount[];
  readonly freshness: Operations['freshness'];
  readonly now: Instant;
};

export function outageReport(inputs: OutageInputs): OutageReport {
  const { directory, now } = inputs;
  const summaries = new Map(inputs.summaries.map((summary) => [summary.id, summary]));
  const judged = directory.entries.connections.map((connection) => {
    const summary = summaries.get(connection.id);
    return { connection, summary, state: stateOf(connection, summary, now) };
  });
  const works = new Set(judged.filter(({ state }) => state === null).map(({ connection }) => connection.id));
  return {
    at: now,
    down: judged.flatMap(({ connection, summary, state }) =>
      state === null ? [] : [outageOf(inputs, connection, summary, state, works)],
    ),
    working: judged.flatMap(({ connection, state }) =>
      state === null ? [workingOf(inputs, connection)] : [],
    ),
  };
}

function outageOf(
  inputs: OutageInputs,
  connection: Connection,
  summary: ConnectionSummary | undefined,
  state: OutageState,
  works: ReadonlySet<string>,
): Outage {
  const { id, title } = connection;
  const kind = kindOfError(summary?.lastError ?? null);
  const waiting = inputs.waiting.filter(({ connectionId }) => connectionId === id);
  const queued = queuedOf(inputs.queued.filter(({ connectionId }) => connectionId === id));
  return {
    connectionId: id,
    title,
    state,
    since: summary ? sinceOf(connection, summary, state) : null,
    lastSuccessAt: summary?.lastSuccessAt ?? null,
    confirmedAt: summary?.confirmedAt ?? null,
    nextAttemptAt: summary?.openUntil ?? null,
    error: kind && { kind, ...FAULT_MEANINGS[kind] },
    queued,
    waiting: { count: queued.book, bookings: waiting },
    schedules: affectedBy(inputs, id, works),
  };
}

function queuedOf(rows: readonly QueuedRow[]): Queued {
  const counts = { close: 0, open: 0, book: 0, cancel: 0, change: 0, verify: 0 };
  for (const row of rows) counts[operationOf(row)] += row.count;
  return {
    ...counts,
    total: rows.reduce((sum, { count }) => sum + count, 0),
    oldestSince: earliest(rows.map(({ since }) => since)),
  };
}

/** An offer that is withdrawn closes its time, as a block does. What is in neither state was begun, and is looked at. */
function operationOf({ kind, isWanted, isThere }: QueuedRow): QueuedOperation {
  if (isWanted && isThere) return 'change';
  if (!isWanted && !isThere) return 'verify';
  if (kind === 'booking') return isWanted ? 'book' : 'cancel';
  return (kind === 'block') === isWanted ? 'close' : 'open';
}

function affectedBy({ directory }: OutageInputs, id: string, works: ReadonlySet<string>): AffectedSchedule[] {
  const { schedules, practitioners, calendars } = directory.entries;
  const showing = (connectionId: string): Set<string> =>
    new Set(
      calendars
        .filter((each) => each.connectionId === connectionId && each.topology !== 'shifts')
        .map(({ scheduleId }) => scheduleId),
    );
  const own = showing(id);
  const others = [...works].map((each) => ({ id: each, shows: showing(each) }));
  return schedules
    .filter((schedule) => own.has(schedule.id))
    .map(({ id: scheduleId, practitionerId, locationId, policy }) => {
      const person = practitioners.find((each) => each.id === practitionerId);
      return {
        scheduleId,
        practitioner: person
          ? [person.prefix, person.given, person.family].filter(Boolean).join(' ')
          : practitionerId,
        locationId,
        failover: policy.failover.mode,
        stillAt: others.filter(({ shows }) => shows.has(scheduleId)).map((each) => each.id),
      };
    });
}

function workingOf({ free, freshness }: OutageInputs, { id, title }: Connection): Working {
  const served = free.filter(
    ({ connectionId, calendar }) => connectionId === id && !freshness(connectionId, calendar).stale,
  );
  return {
    connectionId: id,
    title,
    free: {
      today: served.reduce((sum, { today }) => sum + today, 0),
      tomorrow: served.reduce((sum, { tomorrow }) => sum + tomorrow, 0),
    },
  };
}
