import { createHash } from 'node:crypto';
import type { Bundle, Coding, Meta } from 'fhir/r4.js';
import type { R4Definitions } from '../../mappings/fhir/validation/definitions.ts';
import type { ElementShape } from '../../mappings/fhir/validation/shape.ts';
import type { Answer } from './answer.ts';
import { isInclude } from './directive.ts';
import { type Issue, Refused } from './outcomes.ts';

/**
 * Some elements of a resource in place of all: `_elements` and `_summary` (R4, search.html, 3.1.1.5.8 and 3.1.1.5.9).
 * Resources are served as the texts that they were stored as: one is taken apart only when this is asked for.
 */

export type Subset = {
  /** Which elements of the type that it is asked of are kept. */
  readonly names: ReadonlySet<string>;
  /** Stands for these elements in an ETag, so that no part is taken for the whole. */
  readonly part: string;
  /** The same of another type that comes with the results; null = it comes whole. */
  readonly namesOf: ((type: string) => ReadonlySet<string>) | null;
};

export type Subsets = {
  /** Null = whole. @throws Refused on an element that the type does not have. */
  readonly wanted: (type: string, parameters: Parameters, of: 'one' | 'search') => Subset | null;
  readonly ofOne: (answer: Answer, subset: Subset | null) => Answer;
  /** @param answer a searchset. */
  readonly ofSearch: (answer: Answer, subset: Subset | null) => Answer;
};

type Parameters = readonly (readonly [string, string])[];
type Element = Pick<ElementShape, 'name' | 'isSummary' | 'spellings'> & { readonly isNeeded: boolean };
type Summary = 'true' | 'text' | 'data';

/** The values of `_summary`; `count` is of searches only, and is theirs to read. */
export const SUMMARIES = ['true', 'text', 'data', 'count', 'false'] as const;

/** Who a resource is, and which version of it: in every part. */
const ALWAYS = ['resourceType', 'id', 'meta'];

/**
 * What must be there although R4 has it as optional: else the part would be no valid resource (invariants app-2 and app-3,
 * sdf-4 to sdf-6).
 */
const BY_INVARIANT: Readonly<Record<string, readonly string[]>> = {
  Appointment: ['start', 'end'],
  StructureDefinition: ['baseDefinition', 'context', 'differential'],
};

/** R4, search.html, 3.1.1.5.8: so that nobody stores a part as the whole. */
const SUBSETTED: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
};

/** @param r4 read when a part is first asked for. */
export function subsets(r4: () => R4Definitions): Subsets {
  const elementsOf = (type: string): readonly Element[] =>
    [...(r4().type(type)?.values() ?? [])].map(({ name, min, isSummary, spellings }) => ({
      name,
      isNeeded: min > 0 || (BY_INVARIANT[type]?.includes(name) ?? false),
      isSummary,
      spellings,
    }));

  const summarized = (type: string, form: Summary): ReadonlySet<string> =>
    new Set([
      ...ALWAYS,
      ...elementsOf(type)
        .filter(({ name, isNeeded, isSummary }) => {
          if (form === 'data') return name !== 'text';
          return isNeeded || (form === 'text' ? name === 'text' : isSummary);
        })
        .flatMap(keysOf),
    ]);

  function picked(type: string, asked: readonly string[]): ReadonlySet<string> {
    const elements = elementsOf(type);
    const offered = new Set([...ALWAYS, ...elements.map(({ name }) => name)]);
    const unknown = asked.filter((name) => !offered.has(name));
    if (unknown.length > 0) throw new Refused('invalid-parameter', unknown.map(noSuchElement(type)));
    const kept = elements.filter(({ name, isNeeded }) => isNeeded || asked.includes(name));
    return new Set([...ALWAYS, ...kept.flatMap(keysOf)]);
  }

  return {
    wanted(type, parameters, of) {
      const asked = valuesOf(parameters, '_elements').flatMap((value) => value.split(','));
      const form = summaryIn(parameters, of);
      if (form === null && asked.length === 0) return null;
      if (form === null) return { names: picked(type, asked), part: hash(asked), namesOf: null };
      if (asked.length > 0) throw notBoth();
      if (form === 'text' && parameters.some(([name]) => isInclude(name))) throw noIncludes();
      return {
        names: summarized(type, form),
        part: hash([`_summary=${form}`]),
        namesOf: (other) => summarized(other, form),
      };
    },

    ofOne(answer, subset) {
      if (!subset) return answer;
      const { resource, isPart } = cut(JSON.parse(answer.text), subset.names);
      if (!isPart) return answer;
      const version = answer.version && { ...answer.version, part: subset.part };
      return { ...answer, text: JSON.stringify(resource), version };
    },

    ofSearch(answer, subset) {
      if (!subset) return answer;
      const bundle: Bundle = JSON.parse(answer.text);
      const entry = bundle.entry?.map((each) => {
        const { resource, search } = each;
        const names =
          search?.mode === 'match'
            ? subset.names
            : search?.mode === 'include' && resource
              ? subset.namesOf?.(resource.resourceType)
              : undefined;
        return resource && names ? { ...each, resource: cut(resource, names).resource } : each;
      });
      return { ...answer, text: JSON.stringify(entry ? { ...bundle, entry } : bundle) };
    },
  };
}

/** In which keys of JSON an element may be. What extends a simple value stands beside it, under an underscore. */
const keysOf = ({ spellings }: Element): string[] => spellings.flatMap(({ key }) => [key, `_${key}`]);

/** @param resource of ours. What has all that it had is no part. */
function cut<R extends { readonly meta?: Meta | undefined }>(
  resource: R,
  names: ReadonlySet<string>,
): { readonly resource: R; readonly isPart: boolean } {
  const all = Object.entries(resource);
  const kept = all.filter(([key]) => names.has(key));
  if (kept.length === all.length) return { resource, isPart: false };
  const meta: Meta = { ...resource.meta, tag: [...(resource.meta?.tag ?? []), SUBSETTED] };
  return { resource: { ...(Object.fromEntries(kept) as R), meta }, isPart: true };
}

const valuesOf = (parameters: Parameters, wanted: string): string[] =>
  parameters.filter(([name]) => name === wanted).map(([, value]) => value);

function summaryIn(parameters: Parameters, of: 'one' | 'search'): Summary | null {
  const value = valuesOf(parameters, '_summary').at(-1);
  const found = SUMMARIES.find((each) => each === value);
  if (value === undefined || found === 'false') return null;
  // Of a search the reader of its parameters says what is wrong with it.
  if (of === 'search' && (found === 'count' || found === undefined)) return null;
  if (found !== undefined && found !== 'count') return found;
  const list = SUMMARIES.filter((each) => each !== 'count').join(', ');
  throw refused('_summary', `il faut l’un de ${list}`, `must be one of ${list}`);
}

const hash = (asked: readonly string[]): string =>
  createHash('sha256')
    .update([...asked].sort().join())
    .digest('hex')
    .slice(0, 8);

const noSuchElement =
  (type: string) =>
  (name: string): Issue => ({
    diagnostics: {
      fr: `_elements : ${type} n’a pas d’élément ${name.slice(0, 64)} au premier niveau`,
      en: `_elements: ${type} has no element ${name.slice(0, 64)} at its first level`,
    },
    expression: 'http._elements',
  });

const notBoth = (): Refused =>
  refused(
    '_elements',
    'donnez _elements ou _summary, pas les deux',
    'give either _elements or _summary, not both',
  );

/** R4, search.html, 3.1.1.5.8. */
const noIncludes = (): Refused =>
  refused(
    '_summary',
    'text ne va pas avec _include et _revinclude',
    'text does not go with _include and _revinclude',
  );

const refused = (name: string, fr: string, en: string): Refused =>
  new Refused('invalid-parameter', {
    diagnostics: { fr: `${name} : ${fr}`, en: `${name}: ${en}` },
    expression: `http.${name}`,
  });
