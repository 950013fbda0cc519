import { type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps, sameInterval } from '../../src/domain/interval.ts';
import { type Evidence, isOurBlock, MARK, records, when } from './checker.ts';
import { CONNECTIONS } from './clinic.ts';
import { DESK } from './desk.ts';

/** Conflicts as they are shown and settled, checked like all the rest against what the platforms have and had. */

type Party = { readonly id: string; readonly originId: string | null; readonly interval: Interval };

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

const loserOf = ({ resolution, movedSide, a, b }: Settled): Party | null => {
  if (resolution === 'keep-a') return b;
  if (resolution === 'keep-b') return a;
  return resolution === 'move' ? (movedSide === 'a' ? a : b) : null;
};

/** Whose booking was taken away, or given another time, to settle a conflict. */
export const givenUp = (rows: readonly Settled[]): ReadonlySet<string> =>
  new Set(rows.flatMap((row) => loserOf(row)?.id ?? []));

/** Every two visits of one actor that overlap are in a conflict that is shown, or that somebody settled so. */
export function pairs(
  { now }: Evidence,
  rows: readonly Settled[],
  visits: readonly { readonly actor: string; readonly interval: Interval }[],
): string[] {
  const ahead = plus(now, MINUTE);
  const left = new Map<string, number>();
  const add = (actor: string, one: Interval, other: Interval, by: number): void => {
    const key = [when(actor, one), when(actor, other)].sort().join(' and ');
    left.set(key, (left.get(key) ?? 0) + by);
  };
  for (const { actor, a, b, resolution, hasEnded } of rows) {
    const isAhead = a.interval.start > ahead && b.interval.start > ahead;
    if (isAhead && !hasEnded && (resolution === null || resolution === 'keep-both'))
      add(actor, a.interval, b.interval, -1);
  }
  for (const [actor, intervals] of byActor(visits)) {
    for (const [index, one] of intervals.entries()) {
      for (const other of intervals.slice(index + 1)) if (overlaps(other, one)) add(actor, one, other, 1);
    }
  }
  return [...left].flatMap(([key, balance]) =>
    balance === 0
      ? []
      : [`the conflict of ${key} is ${balance > 0 ? 'not shown' : 'shown, and there is none'}`],
  );
}

function byActor(
  visits: readonly { readonly actor: string; readonly interval: Interval }[],
): Map<string, Interval[]> {
  const found = new Map<string, Interval[]>();
  for (const { actor, interval } of visits) found.set(actor, [...(found.get(actor) ?? []), interval]);
  return found;
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
  return first <= second + tolerance ? [] : [`whoever came first was cancelled: ${what}`];
}

/** Since when somebody has had that time: by their own platform, or since they asked for it through our API. */
function times(evidence: Evidence, actor: string, { id, interval }: Party): number[] {
  const asked = evidence.requests.filter(({ appointmentId }) => appointmentId === id);
  const had = CONNECTIONS.flatMap((connectionId) => {
    const { agenda, visits } = evidence.sites[connectionId];
    return agenda.calendars
      .filter((calendar) => calendar.actor === actor)
      .flatMap((calendar) => visits.at(calendar.id, interval));
  });
  return [...asked.map(({ askedAt }) => askedAt), ...had.map(({ since }) => since)];
}

/** Patients move their visits while the clinic settles a conflict of the time that they had. */
const HEARD_MILLISECONDS = 5 * MINUTE;

/** Cancelled by us, though it came from the platform's own site, and no conflict was settled so. */
async function unexplained({ sites, database }: Evidence, rows: readonly Settled[]): Promise<string[]> {
  const known = await database.query<{ connection_id: string; external_id: string; subject_id: string }>(
    `select connection_id, external_id, subject_id from listing where kind = 'booking' and external_id is not null`,
  );
  const subjects = new Map(known.map((row) => [`${row.connection_id} ${row.external_id}`, row.subject_id]));
  return CONNECTIONS.flatMap((connectionId) =>
    sites[connectionId].visits.cancelled
      .filter(({ reference }) => reference === null)
      .filter(({ id, interval, since }) => {
        const settled = rows.find((row) => loserOf(row)?.id === subjects.get(`${connectionId} ${id}`));
        const lost = settled && loserOf(settled);
        if (!lost || settled.at === null) return true;
        return !sameInterval(lost.interval, interval) && since < plus(settled.at, -HEARD_MILLISECONDS);
      })
      .map(
        ({ calendar, interval }) =>
          `cancelled by us, for nobody: ${connectionId} ${when(calendar, interval)}`,
      ),
  );
}

/** Whoever was given another time has it, unless that was cancelled in its turn. */
function lostOnTheWay(
  evidence: Evidence,
  rows: readonly Settled[],
  { resolution, movedTo }: Settled,
): string[] {
  if (resolution !== 'move' || movedTo === null) return [];
  const isOver = givenUp(rows).has(movedTo) || evidence.cancelledReferences.has(`${MARK}${movedTo}`);
  const there = CONNECTIONS.flatMap((id) => records(evidence.sites[id], movedTo)).filter(
    (record) => !isOurBlock(record),
  );
  return isOver || there.length === 1 ? [] : [`moved to ${movedTo}, and there ${there.length} times`];
}
