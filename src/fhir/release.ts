import { EXTENSION } from '../../mappings/fhir/canonical.ts';
import type { Directory } from '../domain/directory.ts';
import { groupBy } from '../domain/group-by.ts';
import { formatInstant, type Instant, instant } from '../domain/instant.ts';
import { isOffered, ON_OFFER } from '../domain/offering.ts';
import type { Operations, SlotQuery, SlotRow, StartRange } from '../engine/ports/front.ts';
import type { OfferedSchedules } from '../engine/ports/offerings.ts';
import { intersectRanges } from './ranges.ts';

/**
 * What is not released yet, or is another platform's to sell, is not served as free, and tells from when it may be booked.
 * Neither is what its schedule has not on offer; that tells nothing, since nobody knows when it will be.
 */

type Query = Pick<SlotQuery, 'start' | 'unreleased'>;

/** Of a free slot: null = it may be booked. */
export type BookableFrom = (
  row: Pick<SlotRow, 'scheduleId' | 'startMs' | 'endMs' | 'withheld'>,
) => NotYet | null;

export type NotYet = {
  /** From when on, as an extension of meta in JSON text; null = nobody knows. */
  readonly extension: string | null;
};

const NOBODY_KNOWS: NotYet = { extension: null };

export type Releases = {
  /** Narrows a search for free slots of these schedules (null = of all) to those that are released. */
  readonly narrow: (query: {
    readonly scheduleIds: readonly string[] | null;
    readonly start: StartRange;
    /** No other status is asked for. */
    readonly onlyFree: boolean;
  }) => Query;
  /** As things stand now, for the rows of one answer. */
  readonly now: () => BookableFrom;
};

export function releases(
  directory: Directory,
  operations: Pick<Operations, 'releasedUntil' | 'bookableFrom'>,
  offered: Pick<OfferedSchedules, 'of'>,
): Releases {
  const { schedules } = directory.entries;
  const ruled = schedules.filter(({ policy }) => policy.release.kind !== 'always').map(({ id }) => id);
  /** The bound is the same for all schedules of one rule and zone. */
  const ruleOf = new Map(
    ruled.map((id) => [id, JSON.stringify([directory.policyOf(id).release, directory.zoneOf(id)])]),
  );
  const byRule = (scheduleIds: readonly string[]) => [
    ...groupBy(scheduleIds, (id) => ruleOf.get(id) ?? '').values(),
  ];
  // A province has thousands: not grouped again for each search.
  const everyRule = byRule(ruled);

  return {
    narrow({ scheduleIds, start, onlyFree }) {
      const known = scheduleIds?.filter((id) => ruleOf.has(id)) ?? ruled;
      if (known.length === 0) return { start, unreleased: [] };
      const groups = scheduleIds === null ? everyRule : byRule(known);
      const unreleased = groups.flatMap((ids) => {
        const [example] = ids;
        const fromMs = example === undefined ? null : operations.releasedUntil(example);
        return fromMs === null ? [] : [{ scheduleIds: ids, fromMs }];
      });
      const all = known.length === (scheduleIds ?? schedules).length;
      // Where every schedule has a bound the search ends at the last of them, by its index.
      const last = Math.max(...unreleased.map(({ fromMs }) => fromMs));
      const bounded =
        onlyFree && all && unreleased.length > 0
          ? intersectRanges(start, { fromMs: null, beforeMs: last })
          : start;
      const { beforeMs } = bounded;
      return {
        start: bounded,
        unreleased: unreleased.filter(({ fromMs }) => beforeMs === null || fromMs < beforeMs),
      };
    },
    now() {
      const bounds = new Map<string, Instant | null>();
      const isUnreleased = (scheduleId: string, startMs: number): boolean => {
        const rule = ruleOf.get(scheduleId);
        if (rule === undefined) return false;
        let until = bounds.get(rule);
        if (until === undefined) {
          until = operations.releasedUntil(scheduleId);
          bounds.set(rule, until);
        }
        return until !== null && startMs >= until;
      };
      return ({ scheduleId, startMs, endMs, withheld }) => {
        if (!withheld && !isUnreleased(scheduleId, startMs)) return null;
        const interval = { start: instant(startMs), end: instant(endMs) };
        // Only what is dealt comes back by the clock: a schedule, or a roster that has no shift then, by somebody's word.
        const isDealt = directory.policyOf(scheduleId).sharing.mode === 'allotted';
        const isOpen = isDealt && isOffered(offered.of(scheduleId) ?? ON_OFFER, interval, []);
        if (withheld && !isOpen) return NOBODY_KNOWS;
        const from = operations.bookableFrom({ scheduleId, interval, withheld });
        return from === null
          ? null
          : { extension: `{"url":"${EXTENSION.bookableFrom}","valueInstant":"${formatInstant(from)}"}` };
      };
    },
  };
}
