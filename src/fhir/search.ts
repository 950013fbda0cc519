import type { Principal } from '../domain/access.ts';
import type { Instant } from '../domain/instant.ts';
import type { After } from '../engine/ports/front.ts';
import { readCursor, writeCursor } from './cursor.ts';
import {
  type Directive,
  includeNames,
  isInclude,
  isOffered,
  isReverseChain,
  readDirective,
} from './directive.ts';
import type { Language } from './language.ts';
import { type Issue, Refused } from './outcomes.ts';
import { SUMMARIES } from './subset.ts';
import { Unusable } from './unusable.ts';

/**
 * Search parameters as tables: the same rows read a request and write the capability statement, so that it can't
 * promise what is not there.
 */

export type ParameterType = 'date' | 'number' | 'reference' | 'special' | 'string' | 'token' | 'uri';

export type Context = {
  /** Base URL of this front, without a slash at its end. */
  readonly base: string;
  /** IANA zone in which dates without an offset are read. */
  readonly zone: string;
  /** Of the caller. */
  readonly language: Language;
  readonly caller: Principal;
  readonly now: Instant;
};

/** `Type/id`, taken apart. */
export type Reference = { readonly type: string; readonly id: string };

export type Parameter<Query> = {
  readonly name: string;
  readonly type: ParameterType;
  readonly documentation: string;
  /** Of a reference: the types that it can name. Their own parameters can follow by a dot (R4, search.html, 3.1.1.4.15). */
  readonly targets?: readonly string[];
  /** What may follow by a colon, besides a type of `targets`. */
  readonly modifiers?: readonly string[];
  /**
   * What is left of the query with one more occurrence of it: repeats are AND.
   * @param modifier null = none. @throws Unusable.
   */
  readonly narrow: (query: Query, value: string, context: Context, modifier: string | null) => Query;
  /** The same of a reference, where what is meant was found by a chain. */
  readonly refer?: (query: Query, references: readonly Reference[]) => Query;
};

/** Finds what a chain leads to. @throws Unusable */
export type Chain = (types: readonly string[], path: string, value: string, context: Context) => Reference[];

/** How the results are given. */
export type Page = {
  readonly count: number;
  readonly total: boolean;
  readonly onlyTotal: boolean;
  readonly sort: Sort | null;
  readonly after: After | null;
};

/** By which element; null = as results come by themselves. */
export type Sort = { readonly by: string; readonly descending: boolean };

export type SearchTable<Filter> = {
  readonly everything: Filter;
  readonly filters: readonly Parameter<Filter>[];
  /** What results can be sorted by; the first is how they are sorted by themselves. */
  readonly sorts: readonly string[];
  /** References of this type and of others that can be followed, as `Slot:schedule`. */
  readonly includes: readonly string[];
  /** References to this type that can be followed back, as `Appointment:slot`. */
  readonly revincludes: readonly string[];
};

export type Search<Filter> = {
  readonly filter: Filter;
  readonly page: Page;
  readonly includes: readonly Directive[];
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

/** What every search has. */
export const COMMON_PARAMETERS: readonly Parameter<Page>[] = [
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
    documentation:
      'true = what R4 marks as summary, text, data = all but the text, each with what must be there; count = only the total; ' +
      'false = everything.',
    narrow: (page, value) => ({ ...page, onlyTotal: oneOf(value, SUMMARIES) === 'count' }),
  },
  {
    name: '_elements',
    type: 'special',
    documentation: 'Only these elements of the results, and those that must be there; comma = and.',
    // Of the answer, not of the search: it changes how what is found is written.
    narrow: (page) => page,
  },
];

const resultParameters = (sorts: readonly string[]): readonly Parameter<Page>[] => [
  ...COMMON_PARAMETERS,
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
  {
    name: '_sort',
    type: 'special',
    documentation: `${sorts.join(', ')}: the first is how results come by themselves; - in front = the other way round.`,
    narrow: (page, value) => {
      const descending = value.startsWith('-');
      return { ...page, sort: { by: oneOf(descending ? value.slice(1) : value, sorts), descending } };
    },
  },
];

/**
 * Reads the parameters of searches of one type.
 * @param chain finds what a chain leads to; null = there are none.
 * @returns a function that throws Refused.
 */
export function searchReader<Filter>(table: SearchTable<Filter>, chain: Chain | null = null) {
  const filters = new Map(table.filters.map((parameter) => [parameter.name, parameter]));
  const results = new Map(resultParameters(table.sorts).map((parameter) => [parameter.name, parameter]));
  const known = [...filters.keys(), ...results.keys(), ...includeNames(table)];

  return (parameters: Iterable<readonly [string, string]>, context: Context, strict: boolean) => {
    let { everything: filter } = table;
    let page: Page = { count: COUNT_DEFAULT, total: false, onlyTotal: false, sort: null, after: null };
    const includes: Directive[] = [];
    const ignored: Issue[] = [];
    const used: (readonly [string, string])[] = [];
    for (const pair of parameters) {
      const [name, value] = pair;
      const shaping = results.get(name);
      const filtering = shaping ? null : filteringOf(filters, chain, name);
      const directive = readDirective(name, value);
      if (filtering) filter = narrowed(filtering, filter, value, context);
      else if (shaping) page = narrowed(shaping, page, value, context);
      else if (directive && isOffered(directive, table)) includes.push(directive);
      else if (!PRESENTATION.has(name) && !isReverseChain(name)) {
        ignored.push(unknown(name, known, table));
        continue;
      }
      used.push(pair);
    }
    if (strict && ignored.length > 0) throw new Refused('unknown-parameter', ignored);
    return { filter, page, includes, ignored, used } satisfies Search<Filter>;
  };
}

/** The parameter by its name in a request, with its modifier or its chain; null = there is none. @throws Refused */
function filteringOf<Filter>(
  filters: ReadonlyMap<string, Parameter<Filter>>,
  chain: Chain | null,
  name: string,
): Parameter<Filter> | null {
  const plain = filters.get(name);
  if (plain) return plain;
  const [, stem = '', modifier = null, path = null] = NAME.exec(name) ?? [];
  const parameter = filters.get(stem);
  if (!parameter) return null;
  const { targets = [], modifiers = [], refer } = parameter;
  if (modifier !== null && !targets.includes(modifier) && !modifiers.includes(modifier)) {
    throw refusedModifier(stem, [...targets, ...modifiers]);
  }
  if (path === null) {
    return {
      ...parameter,
      name,
      narrow: (query, value, context) => parameter.narrow(query, value, context, modifier),
    };
  }
  if (!refer || !chain || (modifier !== null && !targets.includes(modifier)))
    throw refusedModifier(stem, targets);
  const types = modifier === null ? targets : [modifier];
  return {
    ...parameter,
    name,
    narrow: (query, value, context) => refer(query, chain(types, path, value, context)),
  };
}

/** `schedule.actor:Practitioner.identifier`: the parameter, its modifier, and what follows. */
const NAME = /^([^:.]+)(?::([^:.]+))?(?:\.(.+))?$/s;

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
    // No text of PostgreSQL has one, so nothing is found by it, and a statement with it fails.
    if (value.includes('\0')) throw new Unusable({ fr: 'a un caractère nul', en: 'has a NUL in it' });
    return parameter.narrow(query, value, context, null);
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    throw new Refused('invalid-parameter', {
      diagnostics: { fr: `${parameter.name} : ${error.why.fr}`, en: `${parameter.name}: ${error.why.en}` },
      expression: `http.${parameter.name}`,
    });
  }
}

/** A modifier changes what a parameter means, so one that is not known is never ignored (R4, search.html, 3.1.1.5.3). */
function refusedModifier(stem: string, offered: readonly string[]): Refused {
  const list = offered.map((each) => `:${each}`).join(', ');
  return new Refused('invalid-parameter', {
    diagnostics: {
      fr: `${stem} : ce modificateur n’est pas offert; il y a ${list || 'aucun'}`,
      en: `${stem}: this modifier is not offered; there are ${list || 'none'}`,
    },
    expression: `http.${stem}`,
    code: 'not-supported',
  });
}

function unknown(
  name: string,
  known: readonly string[],
  table: Pick<SearchTable<never>, 'includes' | 'revincludes'>,
): Issue {
  const shown = name.slice(0, 64);
  const offered = name.startsWith('_rev') ? table.revincludes : table.includes;
  return {
    diagnostics: isInclude(name)
      ? {
          fr: `${shown} : on ne peut inclure que ${offered.join(', ') || 'rien'}`,
          en: `${shown}: only ${offered.join(', ') || 'nothing'} can be included`,
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
