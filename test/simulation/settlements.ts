import { type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps, sameInterval } from '../../src/domain/interval.ts';
import { type Evidence, isOurBlock, MARK, records, when } from './checker.ts';
import { CONNECTIONS, lanesOf, scheduleOf, whoseTime } from './clinic.ts';
import { DESK } from './desk.ts';
import { crowding, mostAtOnce } from './lanes.ts';
import { movedOf } from './moves.ts';
import { isList, type Site } from './site.ts';
import type { Visit } from './visits.ts';

/** Conflicts as they are shown and settled, checked like all the rest against what the platforms have and had. */

export type Party = { readonly id: string; readonly originId: string | null; readonly interval: Interval };

export type Settled = {
  readonly conflictId: string;
  readonly actor: string;
  readonly a: Party;
  readonly b: Party;
  readonly resolution: 'keep-a' | 'keep-b' | 'keep-both' | 'move' | null;
  readonly by: string | null;
  readonly at: Instant | null;
  readonly movedSide: 'a' | 'b' | null;
  readonly movedTo: string | null;
  readonly hasEnded: boolean;
};

export async function conflictRows({ database }: Evidence): Promise<Settled[]> {
  const rows = await database.query<{
    id: string;
    actor_id: string;
    a_id: string;
    b_id: string;
    a_origin: string | null;
    b_origin: string | null;
    a_start_ms: Instant;
    a_end_ms: Instant;
    b_start_ms: Instant;
    b_end_ms: Instant;
    resolution: Settled['resolution'];
    resolved_by: string | null;
    resolved_ms: Instant | null;
    moved_side: Settled['movedSide'];
    moved_to_id: string | null;
    ended_ms: Instant | null;
  }>(
    `select conflict.*, a.actor_id, a.origin_id as a_origin, b.origin_id as b_origin
     from conflict join busy_period a on a.id = a_id join busy_period b on b.id = b_id`,
  );
  return rows.map((row) => ({
    conflictId: row.id,
    actor: row.actor_id,
    a: { id: row.a_id, originId: row.a_origin, interval: { start: row.a_start_ms, end: row.a_end_ms } },
    b: { id: row.b_id, originId: row.b_origin, interval: { start: row.b_start_ms, end: row.b_end_ms } },
    resolution: row.resolution,
    by: row.resolved_by,
    at: row.resolved_ms,
    movedSide: row.moved_side,
    movedTo: row.moved_to_id,
    hasEnded: row.ended_ms !== null,
  }));
}

const loserOf = (row: Settled): Party | null => {
  const { resolution, movedSide, a, b } = row;
  if (resolution === 'keep-a') return b;
  if (resolution === 'keep-b') return a;
  if (resolution !== 'move' || movedOf(row)) return null;
  return movedSide === 'a' ? a : b;
};

/** Whose booking was taken away, or booked anew at another time, to settle a conflict. */
export const givenUp = (rows: readonly Settled[]): ReadonlySet<string> =>
  new Set(rows.flatMap((row) => loserOf(row)?.id ?? []));

/** Visits of one actor for whom there is no room are in a conflict that is shown, or that somebody settled so. */
export function pairs(
  { now }: Evidence,
  rows: readonly Settled[],
  visits: readonly { readonly actor: string; readonly interval: Interval }[],
): string[] {
  const ahead = plus(now, MINUTE);
  const shown = rows.filter(
    ({ a, b, resolution, hasEnded }) =>
      a.interval.start > ahead &&
      b.interval.start > ahead &&
      !hasEnded &&
      (resolution === null || resolution === 'keep-both'),
  );
  const actors = [...new Set([...shown, ...visits].map(({ actor }) => actor))];
  return actors.flatMap((actor) => {
    const theirs = visits.filter((visit) => visit.actor === actor).map(({ interval }) => interval);
    const between = shown
      .filter((row) => row.actor === actor)
      .map(({ a, b }) => ({ a: a.interval, b: b.interval }));
    return lanesOf(actor) === 1 ? twoByTwo(actor, theirs, between) : crowded(actor, theirs, between);
  });
}

type Pair = { readonly a: Interval; readonly b: Interval };

/** Of one who sees one at a time: every two visits that overlap. */
function twoByTwo(actor: string, visits: readonly Interval[], shown: readonly Pair[]): string[] {
  const left = new Map<string, number>();
  const add = (one: Interval, other: Interval, by: number): void => {
    const key = [when(actor, one), when(actor, other)].sort().join(' and ');
    left.set(key, (left.get(key) ?? 0) + by);
  };
  for (const { a, b } of shown) add(a, b, -1);
  for (const [index, one] of visits.entries()) {
    for (const other of visits.slice(index + 1)) if (overlaps(other, one)) add(one, other, 1);
  }
  return [...left].flatMap(([key, balance]) =>
    balance === 0
      ? []
      : [`the conflict of ${key} is ${balance > 0 ? 'not shown' : 'shown, and there is none'}`],
  );
}

function crowded(actor: string, visits: readonly Interval[], shown: readonly Pair[]): string[] {
  const { hidden, groundless } = crowding(lanesOf(actor), visits, shown);
  return [
    ...hidden.map((visit) => `not all conflicts are shown at ${when(actor, visit)}`),
    ...groundless.map(
      ({ a, b }) =>
        `the conflict of ${when(actor, a)} and ${when(actor, b)} is shown, and there is room for both`,
    ),
  ];
}

/** No patient is cancelled by a machine, but by what the clinic said: a person, or the policy that it chose. */
export async function settlements(evidence: Evidence, rows: readonly Settled[]): Promise<string[]> {
  return [
    ...rows.flatMap((row) => unasked(evidence, row)),
    ...(await unexplained(evidence, rows)),
    ...rows.flatMap((row) => lostOnTheWay(evidence, rows, row)),
  ];
}

function unasked(evidence: Evidence, row: Settled): string[] {
  const { resolution, by, conflictId, actor } = row;
  if (resolution === null) return [];
  const what = `${resolution} of ${when(actor, row.a.interval)} and ${when(actor, row.b.interval)}`;
  if (by === DESK) {
    const isAsked = evidence.orders.some(
      (order) => order.conflictId === conflictId && order.resolution === resolution,
    );
    return isAsked ? [] : [`nobody asked for ${what}`];
  }
  if (by !== 'policy' || evidence.policy !== 'keep-first') return [`${by} had no right to ${what}`];
  const lost = loserOf(row);
  if (!lost) return [`the policy said ${what}`];
  const kept = lost === row.a ? row.b : row.a;
  const tolerance = CONNECTIONS.reduce((sum, id) => sum + Math.abs(evidence.sites[id].skewMilliseconds), 0);
  const [first, second] = [
    Math.min(...times(evidence, actor, kept)),
    Math.max(...times(evidence, actor, lost)),
  ];
  if (first > second + tolerance) return [`whoever came first was cancelled: ${what}`];
  // With the one that was cancelled: it must have been one too many.
  const before = ever(evidence, actor).filter(({ since }) => since <= second + tolerance);
  const most = mostAtOnce(
    lost.interval,
    before.map(({ interval }) => interval),
  );
  return most <= lanesOf(actor) ? [`there was room for whoever was cancelled: ${what}`] : [];
}

type Had = { readonly interval: Interval; readonly since: Instant };

/** All that the actor's platforms ever had, and what was asked of us. */
function ever({ sites, requests, moves }: Evidence, actor: string): Had[] {
  const there = CONNECTIONS.flatMap((id) => {
    const { agenda, visits } = sites[id];
    return agenda.calendars
      .filter((calendar) => whoseTime(calendar.actor) === actor)
      .flatMap((calendar) => visits.ever(calendar.id));
  });
  const ours = requests
    .filter(({ scheduleId, appointmentId }) => scheduleId === scheduleOf(actor) && appointmentId !== null)
    .map(({ interval, askedAt, appointmentId }) => ({ interval, since: askedAt, appointmentId }));
  const isAsked = (reference: string | null): boolean =>
    ours.some(({ appointmentId }) => reference === `${MARK}${appointmentId}`);
  const movedTo = moves
    .filter(({ scheduleId }) => scheduleId === scheduleOf(actor))
    .map(({ interval, from }) => ({ interval, since: from }));
  return [...there.filter(({ reference }) => !isAsked(reference)), ...ours, ...movedTo];
}

/** Since when somebody has had that time: by their own platform, or since they asked for it through our API. */
function times(evidence: Evidence, actor: string, { id, interval }: Party): number[] {
  const asked = evidence.requests.filter(({ appointmentId }) => appointmentId === id);
  const had = CONNECTIONS.flatMap((connectionId) => {
    const { agenda, visits } = evidence.sites[connectionId];
    return agenda.calendars
      .filter((calendar) => whoseTime(calendar.actor) === actor)
      .flatMap((calendar) => visits.at(calendar.id, interval));
  });
  return [...asked.map(({ askedAt }) => askedAt), ...had.map(({ since }) => since)];
}

/** A platform's list lags, and the move may have been on its way when it was read. */
const HEARD_MILLISECONDS = 5 * MINUTE;

/**
 * Patients move their visits while the clinic settles a conflict of the time that they had. We have heard of it a while
 * after the platform's list was read again, and that may be hours later when it was down.
 */
function isHeard({ log }: Site, { since }: Visit, at: Instant): boolean {
  const reading = log.find((each) => each.at > since && each.status === 200 && isList(each));
  return reading !== undefined && plus(reading.at, HEARD_MILLISECONDS) < at;
}

/** Cancelled by us, though it came from the platform's own site, and no conflict was settled so. */
async function unexplained({ sites, database }: Evidence, rows: readonly Settled[]): Promise<string[]> {
  const known = await database.query<{ connection_id: string; external_id: string; subject_id: string }>(
    `select connection_id, external_id, subject_id from listing where kind = 'booking' and external_id is not null`,
  );
  const subjects = new Map(known.map((row) => [`${row.connection_id} ${row.external_id}`, row.subject_id]));
  return CONNECTIONS.flatMap((connectionId) => {
    const { visits } = sites[connectionId];
    const isOrdered = (visit: Visit): boolean => {
      const subject = subjects.get(`${connectionId} ${visit.id}`);
      const had = visits.ever(visit.calendar).filter(({ id }) => id === visit.id);
      // It may have been in conflict with several, and lost to one of them only.
      return rows.some((row) => {
        const lost = loserOf(row);
        if (lost === null || lost.id !== subject || row.at === null) return false;
        if (had.every(({ interval }) => !sameInterval(lost.interval, interval))) return false;
        return sameInterval(lost.interval, visit.interval) || !isHeard(sites[connectionId], visit, row.at);
      });
    };
    return visits.cancelled
      .filter((visit) => visit.reference === null && !isOrdered(visit))
      .map(
        ({ calendar, interval }) =>
          `cancelled by us, for nobody: ${connectionId} ${when(calendar, interval)}`,
      );
  });
}

/** Whoever was booked anew at another time has it, unless that was cancelled in its turn. */
function lostOnTheWay(evidence: Evidence, rows: readonly Settled[], row: Settled): string[] {
  const { resolution, movedTo } = row;
  if (resolution !== 'move' || movedTo === null || movedOf(row)) return [];
  const isOver = givenUp(rows).has(movedTo) || evidence.cancelledReferences.has(`${MARK}${movedTo}`);
  const there = CONNECTIONS.flatMap((id) => records(evidence.sites[id], movedTo)).filter(
    (record) => !isOurBlock(record),
  );
  return isOver || there.length === 1 ? [] : [`moved to ${movedTo}, and there ${there.length} times`];
}
