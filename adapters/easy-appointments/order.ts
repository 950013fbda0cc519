import { z } from 'zod';
import { toLocal } from '../../src/adapter/zone.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { LocalTime } from './wire.ts';

/** Latest end first: so the rows of a window come before all that is long past, and a list need not be read whole. */
export const BY_END = { sort: '-end' } as const;

const Ends = z.object({ end: LocalTime });

/**
 * Whether rows that were asked for by their end, latest first, go back beyond the window. Not where they came in another
 * order, or one of them has no end: then it takes all of them. Two days: no zone is further from UTC.
 */
export function backBeyond(window: Interval): (rows: readonly unknown[]) => boolean {
  const before = toLocal(plus(window.start, -2 * DAY), 'UTC').replace('T', ' ');
  return (rows) => {
    const ends = rows.map((row) => Ends.safeParse(row).data?.end);
    const isSorted = ends.every((end, index) => end !== undefined && end <= (ends[index - 1] ?? end));
    return isSorted && (ends.at(-1) ?? before) < before;
  };
}
