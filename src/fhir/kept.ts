import type { Identifier } from '../domain/schedule.ts';
import { ok } from './answer.ts';
import { searchset } from './bundle.ts';
import { keptVersions, type Past } from './kept-versions.ts';
import type { Resource } from './resource.ts';
import { type Parameter, type SearchTable, searchReader } from './search.ts';
import { alternatives, both, codes, idParameter, references } from './values.ts';

/** A resource type whose few resources are kept in memory, as text, in the order of their ids. */

/** A resource and what it is found by. */
export type Item = {
  readonly resource: { readonly resourceType: string; readonly id: string };
  readonly names?: readonly string[];
  readonly identifiers?: readonly Identifier[];
  /** References, as `Practitioner/x`. */
  readonly actors?: readonly string[];
  readonly url?: string | undefined;
  readonly version?: string | undefined;
  readonly title?: string | undefined;
  readonly status?: string | undefined;
};

type Filter = {
  readonly ids: readonly string[] | null;
  readonly tests: readonly ((item: Item) => boolean)[];
};

const and = (filter: Filter, test: (item: Item) => boolean): Filter => ({
  ...filter,
  tests: [...filter.tests, test],
});

/** Without case and accents, as R4 wants of strings (search.html, 3.1.1.5.7). */
const folded = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

const beginsWith = (texts: readonly string[], beginnings: readonly string[]): boolean =>
  texts.some((text) => beginnings.some((beginning) => folded(text).startsWith(beginning)));

const ACTOR_TYPES = ['Practitioner', 'Location', 'HealthcareService'];

/** R4 value set publication-status. */
const PUBLICATION_STATUSES = ['draft', 'active', 'retired', 'unknown'] as const;

const PARAMETERS = {
  name: {
    name: 'name',
    type: 'string',
    documentation: 'How a name begins, without case and accents; comma = or.',
    narrow: (filter, value) => {
      const beginnings = alternatives(value).map(folded);
      return and(filter, ({ names = [] }) => beginsWith(names, beginnings));
    },
  },
  title: {
    name: 'title',
    type: 'string',
    documentation: 'How the title begins, without case and accents; comma = or.',
    narrow: (filter, value) => {
      const beginnings = alternatives(value).map(folded);
      return and(filter, ({ title }) => title !== undefined && beginsWith([title], beginnings));
    },
  },
  identifier: {
    name: 'identifier',
    type: 'token',
    documentation: 'system|value, system| or value; comma = or.',
    narrow: (filter, value) => {
      const wanted = alternatives(value).map((each) => {
        const bar = each.lastIndexOf('|');
        return { system: bar < 0 ? null : each.slice(0, bar), value: each.slice(bar + 1) };
      });
      return and(filter, ({ identifiers = [] }) =>
        identifiers.some((has) =>
          wanted.some(
            (want) =>
              (want.system === null || has.system === want.system) &&
              (want.value === '' ? want.system !== null : has.value === want.value),
          ),
        ),
      );
    },
  },
  actor: {
    name: 'actor',
    type: 'reference',
    documentation: `${ACTOR_TYPES.map((type) => `${type}/<id>`).join(' or ')}; comma = or, repeated = and.`,
    narrow: (filter, value, context) => {
      const wanted = references(value, ACTOR_TYPES, context).map(({ type, id }) => `${type}/${id}`);
      return and(filter, ({ actors = [] }) => actors.some((actor) => wanted.includes(actor)));
    },
  },
  active: {
    name: 'active',
    type: 'token',
    documentation: 'true or false; everything that is configured is active.',
    narrow: (filter, value) => {
      const wanted = codes(value, ['true', 'false']);
      return and(filter, () => wanted.includes('true'));
    },
  },
  url: {
    name: 'url',
    // Not `uri`: no part of it is matched.
    type: 'token',
    documentation: 'The canonical URL; comma = or.',
    narrow: (filter, value) => {
      const wanted = alternatives(value);
      return and(filter, ({ url }) => url !== undefined && wanted.includes(url));
    },
  },
  version: {
    name: 'version',
    type: 'token',
    documentation: 'The version of its content; comma = or.',
    narrow: (filter, value) => {
      const wanted = alternatives(value);
      return and(filter, ({ version }) => version !== undefined && wanted.includes(version));
    },
  },
  status: {
    name: 'status',
    type: 'token',
    documentation: 'draft, active, retired or unknown; comma = or.',
    narrow: (filter, value) => {
      const wanted: readonly string[] = codes(value, PUBLICATION_STATUSES);
      return and(filter, ({ status }) => status !== undefined && wanted.includes(status));
    },
  },
} as const satisfies Record<string, Parameter<Filter>>;

/** By what is known of its versions. */
export type Kept = (past: Past) => {
  readonly resource: Resource;
  readonly textOf: (id: string) => string | undefined;
};

export function kept(
  type: Resource['type'],
  documentation: string,
  parameters: readonly (keyof typeof PARAMETERS)[],
  items: readonly Item[],
): Kept {
  const ordered = [...items].sort((a, b) => (a.resource.id < b.resource.id ? -1 : 1));
  const table: SearchTable<Filter> = {
    everything: { ids: null, tests: [] },
    filters: [idParameter(), ...parameters.map((name) => PARAMETERS[name])],
    sort: null,
    includes: [],
  };
  const readParameters = searchReader(table);

  return (past) => {
    const { configured, textOf, read, history } = keptVersions(
      type,
      ordered.map(({ resource }) => resource),
      past,
    );
    const resource: Resource = {
      type,
      documentation,
      parameters: table.filters,
      includes: [],
      versioned: true,
      versions: history,
      configured,
      read,
      async search({ parameters, context, strict }) {
        const { filter, page, ignored, used } = readParameters(parameters, context, strict);
        const matching = ordered
          .filter((item) => filter.tests.every((test) => test(item)))
          .map((item) => item.resource.id);
        const ids = filter.ids === null ? matching : both(matching, filter.ids);
        const after = page.after?.id ?? '';
        const rest = page.onlyTotal ? [] : ids.filter((id) => id > after);
        const shown = rest.slice(0, page.count);
        const last = shown.length < rest.length ? shown.at(-1) : undefined;
        return ok(
          searchset({
            type,
            context,
            used,
            next: last === undefined ? null : { startMs: 0, id: last },
            // Known without counting, so it is always told.
            total: ids.length,
            entries: shown.map((id) => ({
              path: `${type}/${id}`,
              resource: textOf(id) ?? '',
              mode: 'match',
            })),
            warnings: ignored.map((issue) => ({ ...issue, code: 'not-supported' })),
          }),
        );
      },
    };
    return { resource, textOf };
  };
}
