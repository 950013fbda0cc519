import { listedId } from '../adapter/asking/ids.ts';
import { markOf, type Observation, subjectOf } from '../adapter/observation.ts';
import { groupBy } from '../domain/group-by.ts';
import { contains, type Interval, sameInterval } from '../domain/interval.ts';
import { type Listing, timeOf } from '../domain/listing.ts';

/**
 * Which of the rows that a person copied are ours. No mark comes with them, so they are told by where they stand: what is
 * closed at just the time that we asked to be closed is that, and so is a slot at the time that we publish. Pure.
 *
 * A person may only be able to close more than was asked, on the platform's grid. Then it is closed by the platform's own
 * doing, and what we asked for is closed with it.
 * @param ours blocks and offers of the connection, as they stand there or are to stand.
 */
export function recognize(rows: readonly Observation[], ours: readonly Listing[]): Observation[] {
  const byCalendar = groupBy(ours, ({ calendar }) => calendar);
  return rows.flatMap((row) => {
    const near = subjectOf(row.mark) === null ? (byCalendar.get(row.calendar) ?? []) : [];
    const alike = near.filter((listing) => isAlike(row, listing));
    const same = alike.filter((listing) => timesOf(listing).some((time) => sameInterval(time, row.interval)));
    if (same.length > 0) return same.map((listing) => markedAs(row, listing, row.externalId));
    const within = alike.filter(
      (listing) => listing.kind === 'block' && contains(row.interval, listing.interval),
    );
    return [
      row,
      ...within.map((listing) => {
        const { calendar, interval } = listing;
        return markedAs({ ...row, interval }, listing, listedId({ calendar, interval, status: 'blocked' }));
      }),
    ];
  });
}

const isAlike = (row: Observation, { kind }: Listing): boolean =>
  row.kind === 'slot' ? kind === 'offer' : row.busyKind === 'block' && kind === 'block';

/** Where it stands, or is to stand. */
const timesOf = ({ desired, known }: Listing): Interval[] =>
  [desired, known].flatMap((fingerprint) => (fingerprint === null ? [] : [timeOf(fingerprint)]));

/** Under the id that it is known by: it is the same thing, whatever a list calls it. */
const markedAs = <Row extends Observation>(row: Row, listing: Listing, externalId: string): Row => ({
  ...row,
  externalId: listing.externalId ?? externalId,
  mark: markOf(listing.subjectId),
});
