import type { StartRange } from '../engine/ports/front.ts';
import type { VersionKey } from '../engine/ports/versions.ts';
import { dateRange } from './dates.ts';
import { type Issue, Refused } from './outcomes.ts';
import {
  COUNT_DEFAULT,
  type Context,
  countIn,
  foreignPage,
  narrowed,
  oneOf,
  type Parameter,
  PRESENTATION,
} from './search.ts';
import { Unusable } from './unusable.ts';

/** Parameters of a history (R4, http.html#history). */

export type HistoryPage = {
  readonly sinceMs: number | null;
  readonly at: StartRange;
  readonly count: number;
  readonly total: boolean;
  readonly after: VersionKey | null;
};

type Used = readonly (readonly [string, string])[];

export const ALWAYS: StartRange = { fromMs: null, beforeMs: null };

const FIRST: HistoryPage = { sinceMs: null, at: ALWAYS, count: COUNT_DEFAULT, total: false, after: null };

/** Without a prefix: the parameter says already what is meant. @throws Unusable */
function moment(value: string, zone: string): StartRange {
  if (!/^\d/.test(value)) {
    throw new Unusable({ fr: 'doit être une date, sans préfixe', en: 'must be a date, without a prefix' });
  }
  return dateRange(value, zone);
}

type HistoryParameter = Pick<Parameter<HistoryPage>, 'name' | 'narrow'>;

/** No versions that are older. */
const SINCE: HistoryParameter = {
  name: '_since',
  narrow: (page, value, { zone }) => ({ ...page, sinceMs: moment(value, zone).fromMs }),
};

/** Those that were the latest then, or at some moment of that day, month or year. */
const AT: HistoryParameter = {
  name: '_at',
  narrow: (page, value, { zone }) => ({ ...page, at: moment(value, zone) }),
};

/** Versions in a page; 0 = only the total. */
const COUNT: HistoryParameter = {
  name: '_count',
  narrow: (page, value) => ({ ...page, count: countIn(value) }),
};

/** Of one resource it is always told. */
const TOTAL: HistoryParameter = {
  name: '_total',
  narrow: (page, value) => ({ ...page, total: oneOf(value, ['none', 'accurate', 'estimate']) !== 'none' }),
};

/** Where the page before ended, as the next link has it. */
const afterOf = (isId: (id: string) => boolean): HistoryParameter => ({
  name: '_after',
  narrow: (page, value) => {
    const after = readCursor(value);
    if (after && isId(after.id)) return { ...page, after };
    throw foreignPage();
  },
});

/** @returns a function that throws Refused. A history has no place to tell what was ignored: its self link has the rest. */
export function historyReader(of: 'one' | 'all', isId: (id: string) => boolean) {
  // At a moment nearly all of a type is the latest.
  const offered = [SINCE, ...(of === 'one' ? [AT] : []), COUNT, TOTAL, afterOf(isId)];
  const known = new Map(offered.map((parameter) => [parameter.name, parameter]));
  return (parameters: Used, context: Context, strict: boolean): HistoryPage & { readonly used: Used } => {
    let page = FIRST;
    const ignored: Issue[] = [];
    const used: (readonly [string, string])[] = [];
    for (const pair of parameters) {
      const [name, value] = pair;
      const parameter = known.get(name);
      if (parameter) page = narrowed(parameter, page, value, context);
      else if (!PRESENTATION.has(name)) {
        ignored.push(unknown(name, [...known.keys()]));
        continue;
      }
      used.push(pair);
    }
    if (strict && ignored.length > 0) throw new Refused('unknown-parameter', ignored);
    return { ...page, used };
  };
}

function unknown(name: string, known: readonly string[]): Issue {
  const shown = name.slice(0, 64);
  return {
    diagnostics: {
      fr: `${shown} : ce n’est pas un paramètre de cet historique; il y a ${known.join(', ')}`,
      en: `${shown}: not a parameter of this history; there are ${known.join(', ')}`,
    },
    expression: `http.${shown}`,
  };
}

export const nextHistoryPage = (used: Used, after: VersionKey): Used => [
  ...used.filter(([name]) => name !== '_after'),
  ['_after', writeCursor(after)],
];

/** As src/fhir/cursor.ts, of the order of versions. */
const CURSOR = /^(\d{1,15})\|(\d{1,9})\|([A-Za-z0-9\-.]{1,64})$/;

const writeCursor = ({ updatedMs, version, id }: VersionKey): string =>
  Buffer.from(`${updatedMs}|${version}|${id}`, 'latin1').toString('base64url');

function readCursor(text: string): VersionKey | null {
  const match = CURSOR.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (!match) return null;
  const after = { updatedMs: Number(match[1]), version: Number(match[2]), id: String(match[3]) };
  return writeCursor(after) === text ? after : null;
}
