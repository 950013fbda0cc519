import type { Context, Parameter } from './search.ts';
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
export function references(
  value: string,
  types: readonly string[],
  { base }: Context,
): { type: string; id: string }[] {
  const found: { type: string; id: string }[] = [];
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
