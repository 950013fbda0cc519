import type { After } from '../engine/ports/front.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { Language } from './language.ts';
import { type Issue, Refused } from './outcomes.ts';
import { Unusable } from './unusable.ts';

/**
 * Search parameters as tables: the same rows read a request and write the capability statement, so that it can't
 * promise what is not there.
 */

export type ParameterType = 'date' | 'number' | 'reference' | 'special' | 'string' | 'token';

export type Context = {
  /** Base URL of this front, without a slash at its end. */
  readonly base: string;
  /** IANA zone in which dates without an offset are read. */
  readonly zone: string;
  /** Of the caller. */
  readonly language: Language;
};

export type Parameter<Query> = {
  readonly name: string;
  readonly type: ParameterType;
  readonly documentation: string;
  /** What is left of the query with one more occurrence of it: repeats are AND. @throws Unusable. */
  readonly narrow: (query: Query, value: string, context: Context) => Query;
};

/** How the results are given. */
export type Page = {
  readonly count: number;
  readonly total: boolean;
  readonly onlyTotal: boolean;
  readonly after: After | null;
};

export type SearchTable<Filter> = {
  readonly everything: Filter;
  readonly filters: readonly Parameter<Filter>[];
  /** The one element that results can be sorted by, as they always are; null = by id. */
  readonly sort: string | null;
  readonly includes: readonly string[];
};

export type Search<Filter> = {
  readonly filter: Filter;
  readonly page: Page;
  readonly includes: ReadonlySet<string>;
  /** What was ignored, for clients that do not ask for strict handling. */
  readonly ignored: readonly Issue[];
  /** The parameters that were used, in order, for Bundle.link. */
  readonly used: readonly (readonly [string, string])[];
};

export const COUNT_DEFAULT = 50;
export const COUNT_MAX = 1_000;
/** Of the rim, not of the search: they change how the answer is written. */
export const PRESENTATION = new Set(['_format', '_pretty']);

/** How many in a page. @throws Unusable */
export function countIn(value: string): number {
  if (!/^\d{1,9}$/.test(value)) {
    throw new Unusable({
      fr: 'il faut un nombre entier, de 0 en montant',
      en: 'must be a whole number from 0 up',
    });
  }
  return Math.min(Number(value), COUNT_MAX);
}

export const foreignPage = (): Refused =>
  new Refused('invalid-cursor', {
    diagnostics: {
      fr: '_after n’est pas un lien de page de ce serveur : suivez le lien next tel quel',
      en: '_after is not a page link of this server: follow the next link as it is',
    },
    expression: 'http._after',
  });

const resultParameters = (sort: string | null): readonly Parameter<Page>[] => [
  {
    name: '_count',
    type: 'number',
    documentation: `Results in a page, ${COUNT_DEFAULT} when left out, at most ${COUNT_MAX}; 0 = only the total.`,
    narrow: (page, value) => {
      const count = countIn(value);
      return { ...page, count, onlyTotal: page.onlyTotal || count === 0 };
    },
  },
  {
    name: '_total',
    type: 'token',
    documentation: 'none (the default) or accurate; estimate is answered accurately.',
    narrow: (page, value) => ({ ...page, total: oneOf(value, ['none', 'accurate', 'estimate']) !== 'none' }),
  },
  {
    name: '_summary',
    type: 'token',
    documentation: 'count = only the total; false = everything.',
    narrow: (page, value) => ({ ...page, onlyTotal: oneOf(value, ['count', 'false']) === 'count' }),
  },
  {
    name: '_after',
    type: 'special',
    documentation: 'Where the page before ended, as the next link has it. Opaque.',
    narrow: (page, value) => {
      const after = readCursor(value);
      if (after) return { ...page, after };
      throw foreignPage();
    },
  },
  ...(sort === null
    ? []
    : [
        {
          name: '_sort',
          type: 'special' as const,
          documentation: `${sort}: results always come in this order.`,
          narrow: (page: Page, value: string) => {
            oneOf(value, [sort]);
            return page;
          },
        },
      ]),
];

/** Reads the parameters of searches of one type. @returns a function that throws Refused. */
export function searchReader<Filter>(table: SearchTable<Filter>) {
  const filters = new Map(table.filters.map((parameter) => [parameter.name, parameter]));
  const results = new Map(resultParameters(table.sort).map((parameter) => [parameter.name, parameter]));
  const known = [...filters.keys(), ...results.keys(), ...(table.includes.length > 0 ? ['_include'] : [])];

  return (parameters: Iterable<readonly [string, string]>, context: Context, strict: boolean) => {
    let { everything: filter } = table;
    let page: Page = { count: COUNT_DEFAULT, total: false, onlyTotal: false, after: null };
    const includes = new Set<string>();
    const ignored: Issue[] = [];
    const used: (readonly [string, string])[] = [];
    for (const pair of parameters) {
      const [name, value] = pair;
      const filtering = filters.get(name);
      const shaping = results.get(name);
      if (filtering) filter = narrowed(filtering, filter, value, context);
      else if (shaping) page = narrowed(shaping, page, value, context);
      else if (isInclude(name) && table.includes.includes(value)) includes.add(value);
      else if (!PRESENTATION.has(name)) {
        refuseModifier(name, known);
        ignored.push(unknown(name, known, table.includes));
        continue;
      }
      used.push(pair);
    }
    if (strict && ignored.length > 0) throw new Refused('unknown-parameter', ignored);
    return { filter, page, includes, ignored, used } satisfies Search<Filter>;
  };
}

export function narrowed<Query>(
  parameter: Pick<Parameter<Query>, 'name' | 'narrow'>,
  query: Query,
  value: string,
  context: Context,
): Query {
  try {
    if (value === '')
      throw new Unusable({
        fr: 'n’a pas de valeur : omettez-le plutôt',
        en: 'has no value: leave it out instead',
      });
    return parameter.narrow(query, value, context);
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    throw new Refused('invalid-parameter', {
      diagnostics: { fr: `${parameter.name} : ${error.why.fr}`, en: `${parameter.name}: ${error.why.en}` },
      expression: `http.${parameter.name}`,
    });
  }
}

const isInclude = (name: string): boolean => name === '_include' || name === '_include:iterate';

/** A modifier changes what a parameter means, so one that is not known is never ignored (R4, search.html, 3.1.1.5.3). */
function refuseModifier(name: string, known: readonly string[]): void {
  const [stem = ''] = name.split(':');
  if (stem === name || isInclude(name) || !known.includes(stem)) return;
  throw new Refused('invalid-parameter', {
    diagnostics: {
      fr: `${stem} : ce modificateur n’est pas offert`,
      en: `${stem}: this modifier is not offered`,
    },
    expression: `http.${stem}`,
    code: 'not-supported',
  });
}

function unknown(name: string, known: readonly string[], includes: readonly string[]): Issue {
  const shown = name.slice(0, 64);
  return {
    diagnostics: isInclude(name)
      ? {
          fr: `${shown} : on ne peut inclure que ${includes.join(', ') || 'rien'}`,
          en: `${shown}: only ${includes.join(', ') || 'nothing'} can be included`,
        }
      : {
          fr: `${shown} : ignoré, ce n’est pas un paramètre de cette recherche; il y a ${known.join(', ')}`,
          en: `${shown}: ignored, it is not a parameter of this search; there are ${known.join(', ')}`,
        },
    expression: `http.${shown}`,
  };
}

/** The parameters of the page that follows. */
export const nextPage = (used: Search<unknown>['used'], after: After): Search<unknown>['used'] => [
  ...used.filter(([name]) => name !== '_after'),
  ['_after', writeCursor(after)],
];

/** @throws Unusable when the value is none of them. */
export function oneOf<Value extends string>(value: string, allowed: readonly Value[]): Value {
  const found = allowed.find((each) => each === value);
  if (found === undefined) {
    const list = allowed.join(', ');
    throw new Unusable({ fr: `il faut l’un de ${list}`, en: `must be one of ${list}` });
  }
  return found;
}
