import { formatInstant, type Instant } from '../../../src/domain/instant.ts';
import type { Database } from '../../../src/store/database.ts';
import type { DoubleSale, Visit } from './crowd.ts';

/** What patients were sold against what stands in the database, for visits of all times: past ones as well. */

export type Ledger = {
  /** Ahead and not known, or taken for over while it stands. */
  readonly wrong: readonly string[];
  /** Begun before anybody read of it: its platform's word was lost. */
  readonly neverHeardOf: number;
  /** Conflicts with a visit that was cancelled before the other was sold, and of whose cancellation the word was lost. */
  readonly outdated: number;
  /** Shown as a conflict, though nobody was sold that time twice, and nobody cancelled. */
  readonly groundless: readonly string[];
  /** Sold twice, both known, both standing, and not shown. */
  readonly hidden: readonly string[];
};

type Kept = { readonly busyId: string; readonly isOver: boolean };

export async function ledger(
  database: Database,
  visits: readonly Visit[],
  doubleSales: readonly DoubleSale[],
  now: Instant,
): Promise<Ledger> {
  const kept = await keptVisits(database);
  const keptAs = (visit: Visit): Kept | null => kept.get(keyOf(visit.home, visit.reservationId)) ?? null;
  const standing = visits.filter(({ cancelledAt }) => cancelledAt === null);
  const isUnknown = (visit: Visit): boolean => keptAs(visit) === null;
  const hasBegun = ({ interval }: Visit): boolean => interval.start <= now;

  const visitOf = new Map(visits.map((visit) => [keptAs(visit)?.busyId ?? '', visit]));
  const rows = await database.query<{ a_id: string; b_id: string }>('select a_id, b_id from conflict');
  const shown = new Set(rows.map(({ a_id, b_id }) => pairOf(a_id, b_id)));
  const sold = new Set(
    doubleSales.map(({ first, second }) =>
      pairOf(keptAs(first)?.busyId ?? 'unknown', keptAs(second)?.busyId ?? 'unknown'),
    ),
  );
  const doubtful = rows.filter(({ a_id, b_id }) => !sold.has(pairOf(a_id, b_id)));
  const isOutdated = (row: (typeof rows)[number]): boolean =>
    followsCancellation(visitOf.get(row.a_id), visitOf.get(row.b_id));
  return {
    wrong: [
      ...standing.filter((visit) => isUnknown(visit) && !hasBegun(visit)),
      ...standing.filter((visit) => keptAs(visit)?.isOver),
    ].map(textOf),
    neverHeardOf: standing.filter((visit) => isUnknown(visit) && hasBegun(visit)).length,
    outdated: doubtful.filter(isOutdated).length,
    groundless: doubtful.filter((row) => !isOutdated(row)).map(({ a_id, b_id }) => `${a_id} and ${b_id}`),
    hidden: doubleSales
      .filter(({ first, second }) => [first, second].every((visit) => isStanding(visit) && !isUnknown(visit)))
      .filter(
        ({ first, second }) => !shown.has(pairOf(keptAs(first)?.busyId ?? '', keptAs(second)?.busyId ?? '')),
      )
      .map(({ first }) => textOf(first)),
  };
}

/** By platform and its own id of the visit. */
async function keptVisits(database: Database): Promise<ReadonlyMap<string, Kept>> {
  const rows = await database.query<{
    id: string;
    connection_id: string;
    external_id: string;
    ended_ms: number | null;
  }>(
    `select busy_period.id, listing.connection_id, listing.external_id, busy_period.ended_ms
     from busy_period join listing on listing.subject_id = busy_period.id and listing.kind = 'booking'
     where busy_period.kind = 'appointment' and listing.external_id is not null`,
  );
  return new Map(
    rows.map(({ id, connection_id, external_id, ended_ms }) => [
      keyOf(connection_id, external_id),
      { busyId: id, isOver: ended_ms !== null },
    ]),
  );
}

const followsCancellation = (one: Visit | undefined, other: Visit | undefined): boolean => {
  if (!one || !other) return false;
  const [first, second] = one.soldAt <= other.soldAt ? [one, other] : [other, one];
  return first.cancelledAt !== null && first.cancelledAt <= second.soldAt;
};

const isStanding = ({ cancelledAt }: Visit): boolean => cancelledAt === null;

const keyOf = (home: string, id: string): string => `${home} ${id}`;

const pairOf = (one: string, other: string): string => [one, other].sort().join(' ');

const textOf = ({ home, actor, interval }: Visit): string =>
  `${actor} at ${formatInstant(interval.start)}, booked at ${home}`;
