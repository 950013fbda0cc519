import { PROFILE } from '../../mappings/fhir/canonical.ts';
import type { R4Definitions } from '../../mappings/fhir/validation/definitions.ts';
import type { Directory } from '../domain/directory.ts';
import type { Bookings, Reader, SlotRow } from '../engine/ports/front.ts';
import type { Offerings } from '../engine/ports/offerings.ts';
import type { VersionReader } from '../engine/ports/versions.ts';
import { type Answer, ok } from './answer.ts';
import { type Entry, searchset } from './bundle.ts';
import type { Confirmations } from './freshness.ts';
import { holdOperation } from './hold.ts';
import { included, type Sources } from './include.ts';
import { patchSlot } from './patch-slot.ts';
import type { Releases } from './release.ts';
import type { Resource } from './resource.ts';
import { slotsById } from './rows.ts';
import { type Context, type Search, searchReader } from './search.ts';
import { slotHistory } from './slot-history.ts';
import { type SlotFilter, slotTable } from './slot-parameters.ts';
import { slotSearch } from './slot-query.ts';
import { slotText } from './slot-text.ts';
import {
  createSlot,
  deleteSlot,
  type SlotWriteDependencies,
  updateSlot,
  wouldCreateSlot,
  wouldDeleteSlot,
  wouldUpdateSlot,
  writeSlots,
} from './slot-writes.ts';
import { afterIn, endOf, slotNode } from './stored-search.ts';
import { validateOperation } from './validate.ts';

/** Slot: the hot path. A slot is served as the text that was written when it was read from its platform. */

export type SlotDependencies = {
  readonly reader: Reader;
  readonly versions: VersionReader;
  readonly directory: Directory;
  readonly bookings: Bookings;
  readonly offerings: Offerings;
  readonly confirmations: Confirmations;
  readonly releases: Releases;
  readonly sources: Sources;
  readonly r4: () => R4Definitions;
};

export function slots(dependencies: SlotDependencies): Resource {
  const { reader, confirmations, releases, directory, sources } = dependencies;
  const table = slotTable(directory);
  const readParameters = searchReader(table, sources.graph.chain);
  const find = slotsById(reader);
  const history = slotHistory(dependencies.versions, () => {
    const [confirmationOf, bookableFrom] = [confirmations.now(), releases.now()];
    return (row) => slotText(row, confirmationOf(row.connectionId, row.calendar), bookableFrom, false).text;
  });
  const served = async (id: string, staleIncluded: boolean): Promise<Answer> => {
    const row = await find(id);
    if (!row) {
      throw await history.missing(id, { fr: 'aucune plage n’a cet id', en: 'no slot has this id' });
    }
    return slotAnswer(row, staleIncluded, dependencies);
  };
  const read: Resource['read'] = (id, { parameters }) =>
    served(
      id,
      parameters.some(([name, value]) => name === 'stale' && value === 'include'),
    );
  const writes: SlotWriteDependencies = {
    directory,
    offerings: dependencies.offerings,
    readSlot: (id) => served(id, false),
  };
  return {
    type: 'Slot',
    documentation:
      'Time on offer. Sorted by start; a search that names no status gives every status. POST, PUT and DELETE publish, ' +
      'change and withdraw slots of an agenda that is edited here; those of a platform are edited there.',
    parameters: table.filters,
    includes: table.includes,
    revincludes: table.revincludes,
    versioned: true,
    // Said here and not in meta.profile of each: that would be a tenth of every slot, and there are millions of them.
    profile: PROFILE.Slot,
    operations: {
      hold: holdOperation(dependencies),
      validate: validateOperation({
        type: 'Slot',
        r4: dependencies.r4,
        read,
        create: (body) => wouldCreateSlot(writes, body),
        update: (id, body) => wouldUpdateSlot(writes, id, body),
        delete: (id) => wouldDeleteSlot(writes, id),
      }),
    },
    versions: history,
    read,
    referring: async (_parameter, { parameters, context, strict }) => {
      const { filter, page } = readParameters(parameters, context, strict);
      const found = await reader.schedulesOfSlots(
        slotSearch(filter, page, { confirmations, releases }).query,
      );
      return found.map((id) => `Schedule/${id}`);
    },
    search: ({ parameters, context, strict }) =>
      searchSlots(dependencies, readParameters(parameters, context, strict), context),
    create: (body) => createSlot(writes, body),
    update: (request) => updateSlot(writes, request),
    patch: (request) => patchSlot(writes, request),
    delete: (id) => deleteSlot(writes, id),
    together: (all) => writeSlots(writes, all),
  };
}

function slotAnswer(
  row: SlotRow,
  staleIncluded: boolean,
  { confirmations, releases }: SlotDependencies,
): Answer {
  const confirmation = confirmations.now()(row.connectionId, row.calendar);
  const { text, closed } = slotText(row, confirmation, releases.now(), staleIncluded);
  // What follows from the clock is no version: who has the version must not take the slot for free.
  return ok(text, closed ? null : { number: row.version, updatedMs: row.updatedMs });
}

async function searchSlots(
  { reader, confirmations, releases, sources }: SlotDependencies,
  { filter, page, includes, ignored, used }: Search<SlotFilter>,
  context: Context,
): Promise<Answer> {
  const { staleIncluded } = filter;
  const { query, stale, leftOut } = slotSearch(filter, page, { confirmations, releases });
  const [found, total] = await Promise.all([
    page.onlyTotal ? [] : reader.searchSlots({ ...query, after: afterIn(page) }),
    page.onlyTotal || page.total ? reader.countSlots(query) : null,
  ]);
  const rows = found.length > page.count ? found.slice(0, page.count) : found;
  const last = rows.length < found.length ? rows.at(-1) : undefined;
  const confirmationOf = confirmations.now();
  const bookableFrom = releases.now();
  const shown: SlotRow[] = [];
  const entries: Entry[] = [];
  for (const row of rows) {
    const served = slotText(row, confirmationOf(row.connectionId, row.calendar), bookableFrom, staleIncluded);
    // Gone stale since the query was put, or of a calendar that is not configured any more.
    if (served.closed && leftOut) continue;
    shown.push(row);
    entries.push({ path: `Slot/${row.id}`, resource: served.text, mode: 'match' });
  }
  if (includes.length > 0) {
    const matches = shown.map((row, index) => slotNode(row, entries[index]?.resource ?? ''));
    entries.push(...(await included(matches, includes, sources, context)));
  }
  return ok(
    searchset({
      type: 'Slot',
      context,
      used,
      next: last ? endOf(page, last) : null,
      total,
      entries,
      warnings: [
        ...ignored.map((issue) => ({ ...issue, code: 'not-supported' as const })),
        ...(stale.length > 0 ? confirmations.warnings(stale) : []),
      ],
    }),
  );
}
