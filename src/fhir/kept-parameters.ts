import type { VersionKey } from '../engine/ports/versions.ts';
import { PREFIXES } from './dates.ts';
import { type Period, periodTest } from './periods.ts';
import type { Ranges } from './ranges.ts';
import { oneOf, type Parameter } from './search.ts';
import { Unusable } from './unusable.ts';
import { alternatives, isToken, referenceParameter, tokens } from './values.ts';

/** By what resources that are kept in memory are found: each kind of parameter looks at what an item has under its name. */

export type Coded = { readonly system: string; readonly code: string };
export type Position = { readonly latitude: number; readonly longitude: number };

export type Item = {
  readonly resource: { readonly resourceType: string; readonly id: string };
  readonly strings?: Readonly<Record<string, readonly string[]>>;
  readonly tokens?: Readonly<Record<string, readonly Coded[]>>;
  readonly uris?: Readonly<Record<string, readonly string[]>>;
  /** As `Practitioner/x`. */
  readonly references?: Readonly<Record<string, readonly string[]>>;
  readonly position?: Position | null;
  readonly periods?: Readonly<Record<string, Period>>;
  /** The version of what was last written of it; left out or null = nothing was, besides what is configured. */
  readonly written?: VersionKey | null;
};

export type Filter = {
  readonly ids: readonly string[] | null;
  readonly updated: Ranges;
  readonly tests: readonly ((item: Item) => boolean)[];
};

const and = (filter: Filter, test: (item: Item) => boolean): Filter => ({
  ...filter,
  tests: [...filter.tests, test],
});

/** Without case and accents, as R4 wants of strings (search.html, 3.1.1.5.7). */
const folded = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

const COMPARISONS: Readonly<Record<string, (text: string, wanted: string) => boolean>> = {
  begins: (text, wanted) => folded(text).startsWith(folded(wanted)),
  contains: (text, wanted) => folded(text).includes(folded(wanted)),
  exact: (text, wanted) => text === wanted,
};

export const string = (name: string): Parameter<Filter> => ({
  name,
  type: 'string',
  documentation: 'How it begins, without case and accents; comma = or.',
  modifiers: ['contains', 'exact'],
  narrow: (filter, value, _, modifier) => {
    const compare = COMPARISONS[modifier ?? 'begins'];
    const wanted = alternatives(value);
    return and(filter, ({ strings }) =>
      (strings?.[name] ?? []).some((text) => wanted.some((each) => compare?.(text, each))),
    );
  },
});

/** @param allowed where the codes are known: another is refused, since it would never be found. */
export const token = (name: string, allowed: readonly string[] | null = null): Parameter<Filter> => ({
  name,
  type: 'token',
  documentation: 'system|code, system| or code; comma = or.',
  modifiers: ['not'],
  narrow: (filter, value, _, modifier) => {
    const wanted = tokens(value);
    if (allowed !== null) for (const { code } of wanted) oneOf(code, allowed);
    return and(filter, (item) => {
      const has = (item.tokens?.[name] ?? []).some((each) => wanted.some((want) => isToken(each, want)));
      return has !== (modifier === 'not');
    });
  },
});

export const ACTIVE_PARAMETER = token('active', ['true', 'false']);

/** What it looks at. */
export const activeTokens = (active: boolean): { readonly active: readonly Coded[] } => ({
  active: [{ system: 'http://hl7.org/fhir/special-values', code: String(active) }],
});

export const uri = (name: string): Parameter<Filter> => ({
  name,
  type: 'uri',
  documentation: 'The whole of it; comma = or.',
  narrow: (filter, value) => {
    const wanted = alternatives(value);
    return and(filter, ({ uris }) => (uris?.[name] ?? []).some((each) => wanted.includes(each)));
  },
});

export const reference = (name: string, targets: readonly string[]): Parameter<Filter> =>
  referenceParameter(name, targets, (filter, wanted) => {
    const paths = new Set(wanted.map(({ type, id }) => `${type}/${id}`));
    return and(filter, ({ references }) => (references?.[name] ?? []).some((path) => paths.has(path)));
  });

/** @param what whose period it is, and what it means that it has none. */
export const period = (name: string, what: string): Parameter<Filter> => ({
  name,
  type: 'date',
  documentation: `${what} Prefixes ${PREFIXES.join(', ')}; partial dates; comma = or, repeated = and.`,
  narrow: (filter, value, { zone, now }) => {
    const test = periodTest(value, zone, now);
    return and(filter, ({ periods }) => {
      const found = periods?.[name];
      return found !== undefined && test(found);
    });
  },
});

const NEAR =
  /^(-?\d{1,3}(?:\.\d+)?)\|(-?\d{1,3}(?:\.\d+)?)(?:\|(\d{1,5}(?:\.\d+)?)(?:\|(km|\[mi_i\]|m)?)?)?$/;
/** Of a distance that nobody says. */
const NEAR_KILOMETRES = 25;
const KILOMETRES: Readonly<Record<string, number>> = { km: 1, m: 0.001, '[mi_i]': 1.609344 };

/** R4, location.html: latitude, longitude, distance and UCUM unit. */
export const near = (name: string): Parameter<Filter> => ({
  name,
  type: 'special',
  documentation: `latitude|longitude|distance|unit, as 45.5|-73.6|10|km; ${NEAR_KILOMETRES} km when left out; units km, m, [mi_i].`,
  narrow: (filter, value) => {
    const [, latitude, longitude, distance, unit = 'km'] = NEAR.exec(value) ?? [];
    const from = { latitude: Number(latitude), longitude: Number(longitude) };
    if (latitude === undefined || Math.abs(from.latitude) > 90 || Math.abs(from.longitude) > 180) {
      throw new Unusable({
        fr: 'il faut latitude|longitude|distance|unité, comme 45.5|-73.6|10|km',
        en: 'must be latitude|longitude|distance|unit, as 45.5|-73.6|10|km',
      });
    }
    const most = distance === undefined ? NEAR_KILOMETRES : Number(distance) * (KILOMETRES[unit] ?? 1);
    return and(filter, ({ position }) => !!position && kilometresBetween(from, position) <= most);
  },
});

const EARTH_KILOMETRES = 6_371;

/** Along a great circle (haversine): right to half a percent, since the earth is no sphere. */
function kilometresBetween(a: Position, b: Position): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const across = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2;
  const along = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  const share = across + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * along;
  return 2 * EARTH_KILOMETRES * Math.asin(Math.sqrt(share));
}
