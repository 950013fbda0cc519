import { dateRanges, PREFIXES } from './dates.ts';
import { inBoth, type Ranges } from './ranges.ts';
import type { Context, Parameter, Reference } from './search.ts';
import { oneOf } from './search.ts';
import { Unusable } from './unusable.ts';

/** What a search parameter's value says (R4, search.html, 3.1.1.4): commas are OR, repeats are AND. */

export const alternatives = (value: string): string[] => value.split(',');

/** A and B, where null is anything. */
export const both = <T>(a: readonly T[] | null, b: readonly T[]): readonly T[] =>
  a === null ? b : a.filter((each) => b.includes(each));

/** Codes, with or without the system in front. @throws Unusable on one that the element can't have. */
export const codes = <Code extends string>(value: string, allowed: readonly Code[]): Code[] =>
  alternatives(value).map((each) => oneOf(each.slice(each.lastIndexOf('|') + 1), allowed));

const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/**
 * References to resources here: `Schedule/x`, `x` where only one type is meant, or this server's own URL of it.
 * What is elsewhere matches nothing, so it is left out. @throws Unusable on what is not a reference to these types.
 */
export function references(value: string, types: readonly string[], { base }: Context): Reference[] {
  const found: Reference[] = [];
  for (const each of alternatives(value)) {
    const local = each.startsWith(`${base}/`) ? each.slice(base.length + 1) : each;
    if (/^[a-z][a-z0-9+.-]*:/i.test(local)) continue;
    const [id = '', type = types.length === 1 ? types[0] : undefined, ...more] = local.split('/').reverse();
    if (type === undefined || !types.includes(type) || more.length > 0 || !ID.test(id)) {
      const forms = types.map((name) => `${name}/<id>`);
      throw new Unusable({
        fr: `il faut une référence comme ${forms.join(' ou ')}`,
        en: `must be a reference as ${forms.join(' or ')}`,
      });
    }
    found.push({ type, id });
  }
  return found;
}

/** A code or an identifier: of any system where that is null; of none where it is ''. Any code of it where that is ''. */
export type Token = { readonly system: string | null; readonly code: string };

/** `system|code`, `system|`, `|code` or `code`; comma = or. @throws Unusable */
export const tokens = (value: string): Token[] =>
  alternatives(value).map((each) => {
    const bar = each.indexOf('|');
    const token = { system: bar < 0 ? null : each.slice(0, bar), code: each.slice(bar + 1) };
    if (token.code !== '' || token.system) return token;
    throw new Unusable({
      fr: 'il faut system|code, system| ou code',
      en: 'must be system|code, system| or code',
    });
  });

export const isToken = (has: { readonly system: string; readonly code: string }, want: Token): boolean =>
  (want.system === null || want.system === has.system) && (want.code === '' || want.code === has.code);

/** A reference as a parameter. @param refer keeps what refers to one of these. */
export const referenceParameter = <Query>(
  name: string,
  targets: readonly string[],
  refer: (query: Query, references: readonly Reference[]) => Query,
): Parameter<Query> => ({
  name,
  type: 'reference',
  documentation:
    `${targets.map((type) => `${type}/<id>`).join(' or ')}; comma = or, repeated = and; ` +
    'a parameter of what is referred to can follow by a dot.',
  targets,
  refer,
  narrow: (query, value, context, modifier) =>
    refer(query, references(value, modifier === null ? targets : [modifier], context)),
});

/** When the latest version was made. */
export const lastUpdatedParameter = <Filter extends { readonly updated: Ranges }>(): Parameter<Filter> => ({
  name: '_lastUpdated',
  type: 'date',
  documentation: `When its latest version was made. Prefixes ${PREFIXES.join(', ')}; repeated = and; comma = or.`,
  narrow: (filter, value, { zone, now }) => ({
    ...filter,
    updated: inBoth(filter.updated, dateRanges(value, zone, now)),
  }),
});

/** `_id` of rows of the database, whose ids are all UUIDs: nothing else is asked for there. */
export const uuids = (ids: readonly string[]): string[] => ids.filter(isUuid);

export const isUuid = (id: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id);

/** `_id` as a parameter of any search that keeps the wanted ids. */
export const idParameter = <
  Filter extends { readonly ids: readonly string[] | null },
>(): Parameter<Filter> => ({
  name: '_id',
  type: 'token',
  documentation: 'The id; comma = or.',
  narrow: (filter, value) => ({ ...filter, ids: both(filter.ids, alternatives(value)) }),
});
