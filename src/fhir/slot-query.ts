import type { SlotQuery } from '../engine/ports/front.ts';
import type { Confirmations, StaleCalendar } from './freshness.ts';
import { ALWAYS, around } from './ranges.ts';
import type { Releases } from './release.ts';
import type { Page } from './search.ts';
import type { SlotFilter } from './slot-parameters.ts';
import { orderOf } from './stored-search.ts';
import { uuids } from './values.ts';

/** What is asked of the store for a search of slots: what is stale, or may not be booked yet, is not free. */
export type SlotSearch = {
  readonly query: SlotQuery;
  readonly stale: readonly StaleCalendar[];
  /** A free slot that is not served as free is not served at all. */
  readonly leftOut: boolean;
};

export function slotSearch(
  filter: SlotFilter,
  page: Page,
  { confirmations, releases }: { readonly confirmations: Confirmations; readonly releases: Releases },
): SlotSearch {
  const { statuses, staleIncluded, scheduleIds, externalIds, onlyReasons, anyReasons } = filter;
  const freeWanted = statuses === null || statuses.includes('free');
  const stale = freeWanted && !staleIncluded ? confirmations.stale(scheduleIds) : [];
  // Where busy-unavailable is asked for too, a stale free slot is served, as that.
  const leftOut = statuses !== null && !statuses.includes('busy-unavailable');
  const start = around(filter.start);
  const released =
    freeWanted && leftOut
      ? releases.narrow({ scheduleIds, start, onlyFree: statuses.every((status) => status === 'free') })
      : { start, unreleased: [] };
  const query: SlotQuery = {
    ids: filter.ids === null ? null : uuids(filter.ids),
    scheduleIds,
    statuses,
    ...released,
    ...(filter.start.length === 1 ? {} : { anyStart: filter.start }),
    ...(filter.updated === ALWAYS ? {} : { anyUpdated: filter.updated }),
    externalIds,
    onlyReasons,
    anyReasons,
    staleCalendars: leftOut ? stale : [],
    onlySellable: freeWanted && leftOut,
    order: orderOf(page),
    after: null,
    limit: page.count + 1,
  };
  return { query, stale, leftOut };
}
