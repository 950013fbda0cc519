import type { Instant } from '../../../src/domain/instant.ts';
import type { Interval } from '../../../src/domain/interval.ts';
import type { Database } from '../../../src/store/database.ts';
import type { DoubleSale, Visit } from './crowd.ts';

/** What patients were sold against what stands in the database, for visits of all times: past ones as well. */

const keyOf = (home: string | null, actor: string, { start, end }: Interval): string =>
  `${home} ${actor} ${start} ${end}`;

export type Ledger = {
  /** Neither known nor begun, or known and otherwise than the patient knows it. */
  readonly wrong: readonly string[];
  /** Sold, and over before the vendor's word of it came: nobody read it in time. */
  readonly neverHeardOf: number;
  /** Shown as a conflict, and nobody was sold that time twice. */
  readonly groundless: readonly string[];
  /** Sold twice, both known, both standing, and not shown. */
  readonly hidden: readonly string[];
};

export async function ledger(
  database: Database,
  visits: readonly Visit[],
  doubleSales: readonly DoubleSale[],
  now: Instant,
): Promise<Ledger> {
  const rows = await database.query<{
    id: string;
    origin_id: string | null;
    actor_id: string;
    start_ms: Instant;
    end_ms: Instant;
    ended_ms: number | null;
  }>(
    `select id, origin_id, actor_id, start_ms, end_ms, ended_ms from busy_period where kind = 'appointment'
     order by ended_ms nulls last`,
  );
  const kept = new Map<string, 'standing' | 'over'>();
  const byId = new Map<string, { actor: string; interval: Interval }>();
  for (const { id, origin_id, actor_id, start_ms, end_ms, ended_ms } of rows) {
    const interval = { start: start_ms, end: end_ms };
    byId.set(id, { actor: actor_id, interval });
    const key = keyOf(origin_id, actor_id, interval);
    if (kept.get(key) !== 'standing') kept.set(key, ended_ms === null ? 'standing' : 'over');
  }
  const stateOf = (visit: Visit) => kept.get(keyOf(visit.home, visit.actor, visit.interval)) ?? null;
  const ahead = visits.filter(({ interval }) => interval.start > now);
  const standing = visits.filter(({ cancelledAt }) => cancelledAt === null);
  const wrong = [
    ...ahead.filter((visit) => visit.cancelledAt === null && stateOf(visit) === null),
    ...standing.filter((visit) => stateOf(visit) === 'over'),
  ].map(({ home, actor, interval }) => keyOf(home, actor, interval));

  const conflicts = await database.query<{ busy_id: string; with_busy_id: string }>(
    'select busy_id, with_busy_id from conflict',
  );
  const shown = conflicts.flatMap(({ busy_id, with_busy_id }) => {
    const one = byId.get(busy_id);
    const other = byId.get(with_busy_id);
    return one && other ? [{ one, other }] : [];
  });
  const isOf = ({ first, second }: DoubleSale, { one, other }: (typeof shown)[number]): boolean =>
    first.actor === one.actor &&
    ((same(first.interval, one.interval) && same(second.interval, other.interval)) ||
      (same(first.interval, other.interval) && same(second.interval, one.interval)));
  return {
    wrong,
    neverHeardOf: standing.filter((visit) => stateOf(visit) === null && visit.interval.start <= now).length,
    groundless: shown
      .filter((conflict) => !doubleSales.some((sale) => isOf(sale, conflict)))
      .map(({ one }) => keyOf(null, one.actor, one.interval)),
    hidden: doubleSales
      .filter(({ first, second }) => [first, second].every((visit) => isStanding(visit) && stateOf(visit)))
      .filter((sale) => !shown.some((conflict) => isOf(sale, conflict)))
      .map(({ first }) => keyOf(null, first.actor, first.interval)),
  };
}

const isStanding = ({ cancelledAt }: Visit): boolean => cancelledAt === null;

const same = (a: Interval, b: Interval): boolean => a.start === b.start && a.end === b.end;
