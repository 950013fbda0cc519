import { PROFILE } from '../../mappings/fhir/canonical.ts';
import type { Directory } from '../domain/directory.ts';
import type { SlotStatus } from '../domain/slot.ts';
import type { Bookings, Reader, SlotQuery, SlotRow, StartRange } from '../engine/ports/front.ts';
import type { VersionReader } from '../engine/ports/versions.ts';
import { type Answer, metaHead, ok } from './answer.ts';
import { type Entry, searchset } from './bundle.ts';
import { dateRange, intersectRanges, PREFIXES } from './dates.ts';
import type { Confirmation, Confirmations } from './freshness.ts';
import { holdOperation } from './hold.ts';
import type { BookableFrom, Releases } from './release.ts';
import type { Resource, SearchRequest } from './resource.ts';
import { slotsById } from './rows.ts';
import { type Context, oneOf, type Search, type SearchTable, searchReader } from './search.ts';
import { slotHistory } from './slot-history.ts';
import { both, codes, idParameter, references, uuids } from './values.ts';

/** Slot: the hot path. A slot is served as the text that was written when it was read from its platform. */

export type SlotDependencies = {
  readonly reader: Reader;
  readonly versions: VersionReader;
  readonly directory: Directory;
  readonly bookings: Bookings;
  readonly confirmations: Confirmations;
  readonly releases: Releases;
  /** A schedule's JSON text, for _include; undefined = it is not configured any more. */
  readonly scheduleText: (id: string) => string | undefined;
};

type SlotFilter = {
  readonly ids: readonly string[] | null;
  readonly scheduleIds: readonly string[] | null;
  readonly statuses: readonly SlotStatus[] | null;
  readonly start: StartRange;
  readonly staleIncluded: boolean;
};

const STATUSES: readonly SlotStatus[] = ['free', 'busy', 'busy-unavailable', 'busy-tentative'];

const TABLE: SearchTable<SlotFilter> = {
  everything: {
    ids: null,
    scheduleIds: null,
    statuses: null,
    start: { fromMs: null, beforeMs: null },
    staleIncluded: false,
  },
  filters: [
    idParameter(),
    {
      name: 'schedule',
      type: 'reference',
      documentation: 'Schedule/<id> or <id>; comma = or, repeated = and.',
      narrow: (filter, value, context) => {
        const ids = references(value, ['Schedule'], context).map((reference) => reference.id);
        return { ...filter, scheduleIds: both(filter.scheduleIds, ids) };
      },
    },
    {
      name: 'start',
      type: 'date',
      documentation:
        `Prefixes ${PREFIXES.join(', ')}; partial dates; repeated = and, for a range. ` +
        'Without an offset it is read in the zone of the first location (implementation.description).',
      narrow: (filter, value, { zone }) => ({
        ...filter,
        start: intersectRanges(filter.start, dateRange(value, zone)),
      }),
    },
    {
      name: 'status',
      type: 'token',
      documentation:
        'Comma = or. A free slot whose source is stale, or that may not be booked yet (extension bookable-from), is left ' +
        'out when free is asked for, else busy-unavailable.',
      narrow: (filter, value) => ({ ...filter, statuses: both(filter.statuses, codes(value, STATUSES)) }),
    },
    {
      name: 'stale',
      type: 'token',
      documentation:
        'include = serve slots of stale sources as they were last known (extension stale = true).',
      narrow: (filter, value) => ({
        ...filter,
        staleIncluded: oneOf(value, ['include', 'exclude']) === 'include',
      }),
    },
  ],
  sort: 'start',
  includes: ['Slot:schedule'],
};

const readParameters = searchReader(TABLE);

export function slots(dependencies: SlotDependencies): Resource {
  const { reader, confirmations, releases } = dependencies;
  const find = slotsById(reader);
  const history = slotHistory(dependencies.versions, () => {
    const [confirmationOf, bookableFrom] = [confirmations.now(), releases.now()];
    return (row) => serve(row, confirmationOf(row.connectionId, row.calendar), bookableFrom, false).text;
  });
  return {
    type: 'Slot',
    documentation: 'Time on offer. Sorted by start; a search that names no status gives every status.',
    parameters: TABLE.filters,
    includes: TABLE.includes,
    versioned: true,
    // Said here and not in meta.profile of each: that would be a tenth of every slot, and there are millions of them.
    profile: PROFILE.Slot,
    operations: { hold: holdOperation(dependencies) },
    versions: history,
    async read(id, request) {
      const row = await find(id);
      if (!row) {
        throw await history.missing(id, { fr: 'aucune plage n’a cet id', en: 'no slot has this id' });
      }
      return readSlot(row, request, dependencies);
    },
    search: ({ parameters, context, strict }) =>
      searchSlots(dependencies, readParameters(parameters, context, strict), context),
  };
}

function readSlot(
  row: SlotRow,
  request: SearchRequest,
  { confirmations, releases }: SlotDependencies,
): Answer {
  const staleIncluded = request.parameters.some(([name, value]) => name === 'stale' && value === 'include');
  const confirmation = confirmations.now()(row.connectionId, row.calendar);
  const { text } = serve(row, confirmation, releases.now(), staleIncluded);
  return ok(text, { number: row.version, updatedMs: row.updatedMs });
}

async function searchSlots(
  { reader, confirmations, releases, scheduleText }: SlotDependencies,
  { filter, page, includes, ignored, used }: Search<SlotFilter>,
  context: Context,
): Promise<Answer> {
  const { statuses, staleIncluded } = filter;
  const freeWanted = statuses === null || statuses.includes('free');
  const stale = freeWanted && !staleIncluded ? confirmations.stale(filter.scheduleIds) : [];
  // Where busy-unavailable is asked for too, a stale free slot is served, as that.
  const leftOut = statuses !== null && !statuses.includes('busy-unavailable');
  const { scheduleIds, start } = filter;
  const released =
    freeWanted && leftOut
      ? releases.narrow({ scheduleIds, start, onlyFree: statuses.every((status) => status === 'free') })
      : { start, unreleased: [] };
  const query: SlotQuery = {
    ids: filter.ids === null ? null : uuids(filter.ids),
    scheduleIds,
    statuses,
    ...released,
    staleCalendars: leftOut ? stale : [],
    onlySellable: freeWanted && leftOut,
    after: null,
    limit: page.count + 1,
  };
  const [found, total] = await Promise.all([
    page.onlyTotal ? [] : reader.searchSlots({ ...query, after: page.after }),
    page.onlyTotal || page.total ? reader.countSlots(query) : null,
  ]);
  const rows = found.length > page.count ? found.slice(0, page.count) : found;
  const last = rows.length < found.length ? rows.at(-1) : undefined;
  const confirmationOf = confirmations.now();
  const bookableFrom = releases.now();
  const entries: Entry[] = [];
  for (const row of rows) {
    const served = serve(row, confirmationOf(row.connectionId, row.calendar), bookableFrom, staleIncluded);
    // Gone stale since the query was put, or of a calendar that is not configured any more.
    if (served.closed && leftOut) continue;
    entries.push({ path: `Slot/${row.id}`, resource: served.text, mode: 'match' });
  }
  if (includes.has('Slot:schedule')) entries.push(...schedulesOf(rows, scheduleText));
  return ok(
    searchset({
      type: 'Slot',
      context,
      used,
      next: last ? { startMs: last.startMs, id: last.id } : null,
      total,
      entries,
      warnings: [
        ...ignored.map((issue) => ({ ...issue, code: 'not-supported' as const })),
        ...(stale.length > 0 ? confirmations.warnings(stale) : []),
      ],
    }),
  );
}

/** The slot as JSON text: what was written, completed by concatenation. `closed` = free, but not served as free. */
function serve(
  row: SlotRow,
  { stale, tail, tailWith }: Confirmation,
  bookableFrom: BookableFrom,
  staleIncluded: boolean,
): { text: string; closed: boolean } {
  const unreleased = row.status === 'free' ? bookableFrom(row) : null;
  const closed = (stale && !staleIncluded && row.status === 'free') || unreleased !== null;
  const status = closed ? 'busy-unavailable' : row.status;
  const text = `${row.document},"status":"${status}",${metaHead(row.version, row.updatedMs)}${unreleased === null ? tail : tailWith(unreleased)}`;
  return { text, closed };
}

function schedulesOf(rows: readonly SlotRow[], scheduleText: SlotDependencies['scheduleText']): Entry[] {
  const entries: Entry[] = [];
  for (const id of new Set(rows.map((row) => row.scheduleId))) {
    const resource = scheduleText(id);
    if (resource !== undefined) entries.push({ path: `Schedule/${id}`, resource, mode: 'include' });
  }
  return entries;
}
