import { onceFor } from '../domain/once.ts';
import { ok } from './answer.ts';
import { searchset } from './bundle.ts';
import type { Graph } from './graph.ts';
import { included, nodeIn } from './include.ts';
import type { Filter, Item } from './kept-parameters.ts';
import { keptVersions, type Past } from './kept-versions.ts';
import { ALWAYS } from './ranges.ts';
import type { Resource } from './resource.ts';
import { type Parameter, type SearchTable, searchReader } from './search.ts';
import { both, idParameter, lastUpdatedParameter } from './values.ts';

/** A resource type whose few resources are kept in memory, as text, in the order of their ids. */

export type KeptType = {
  readonly type: Resource['type'];
  readonly documentation: string;
  readonly parameters: readonly Parameter<Filter>[];
  /** Of what changes meanwhile a function: another list whenever any of it has changed, with other items for that. */
  readonly items: readonly Item[] | (() => readonly Item[]);
  readonly includes?: readonly string[];
  readonly revincludes?: readonly string[];
  /** Left out = the same as `revincludes`. */
  readonly has?: readonly string[];
};

export function kept(
  { type, documentation, parameters, items, includes = [], revincludes = [], has = revincludes }: KeptType,
  past: Past,
  graph: Graph,
): Resource {
  const ordered = onceFor(typeof items === 'function' ? items : () => items, (all) =>
    [...all].sort((a, b) => (a.resource.id < b.resource.id ? -1 : 1)),
  );
  const byId = onceFor(ordered, (all) => new Map(all.map((item) => [item.resource.id, item])));
  const table: SearchTable<Filter> = {
    everything: { ids: null, updated: ALWAYS, tests: [] },
    filters: [idParameter(), lastUpdatedParameter(), ...parameters],
    sorts: ['_id'],
    includes,
    revincludes,
  };
  const readParameters = searchReader(table, graph.chain);
  const { configured, textOf, updatedMsOf, read, history } = keptVersions(type, ordered, past);

  /** Ids, in order. */
  function found({ ids, updated, tests }: Filter): string[] {
    const wanted = ids === null ? null : new Set(ids);
    return ordered()
      .filter(
        ({ resource: { id } }) =>
          (wanted === null || wanted.has(id)) && isUpdatedIn(updatedMsOf(id), updated),
      )
      .filter((item) => tests.every((test) => test(item)))
      .map(({ resource }) => resource.id);
  }

  graph.add(type, {
    textOf,
    referencesOf: (id, parameter) => byId().get(id)?.references?.[parameter] ?? [],
    referringTo: (parameter, paths) =>
      ordered()
        .filter(({ references }) => references?.[parameter]?.some((path) => paths.has(path)))
        .map(({ resource }) => `${type}/${resource.id}`),
    find(path, value, context) {
      const [stem] = path.split(/[:.]/);
      if (!table.filters.some(({ name }) => name === stem)) return null;
      const { filter, ignored } = readParameters([[path, value]], context, false);
      return ignored.length > 0 ? null : found(filter);
    },
  });

  return {
    type,
    documentation,
    parameters: table.filters,
    includes,
    revincludes,
    versioned: true,
    versions: history,
    configured,
    read,
    has,
    referring: async (parameter, { parameters: asked, ids = null, context, strict }) => {
      const { filter } = readParameters(asked, context, strict);
      return found(among(filter, ids)).flatMap((id) => byId().get(id)?.references?.[parameter] ?? []);
    },
    async search({ parameters: asked, ids: left = null, context, strict }) {
      const search = readParameters(asked, context, strict);
      const { page, ignored, used } = search;
      const ids = found(among(search.filter, left));
      if (page.sort?.descending) ids.reverse();
      const { after } = page;
      const isLater = (id: string): boolean =>
        after === null || (page.sort?.descending ? id < after.id : id > after.id);
      const rest = page.onlyTotal ? [] : ids.filter(isLater);
      const shown = rest.slice(0, page.count);
      const last = shown.length < rest.length ? shown.at(-1) : undefined;
      const matches = shown.flatMap((id) => nodeIn(graph, `${type}/${id}`) ?? []);
      return ok(
        searchset({
          type,
          context,
          used,
          next: last === undefined ? null : { atMs: 0, id: last },
          // Known without counting, so it is always told.
          total: ids.length,
          entries: [
            ...matches.map(({ path, text }) => ({ path, resource: text, mode: 'match' as const })),
            ...(await included(matches, search.includes, { graph, stored: {} }, context)),
          ],
          warnings: ignored.map((issue) => ({ ...issue, code: 'not-supported' })),
        }),
      );
    },
  };
}

const among = (filter: Filter, ids: readonly string[] | null): Filter =>
  ids === null ? filter : { ...filter, ids: both(filter.ids, ids) };

const isUpdatedIn = (at: number | null, ranges: Filter['updated']): boolean =>
  ranges === ALWAYS ||
  (at !== null &&
    ranges.some(
      ({ fromMs, beforeMs }) => (fromMs === null || at >= fromMs) && (beforeMs === null || at < beforeMs),
    ));
