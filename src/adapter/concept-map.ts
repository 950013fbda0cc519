import { z } from 'zod';

/**
 * Codes of a platform to ours and back, by the FHIR R4 ConceptMaps of mappings/<platform>/: an integrator changes a
 * code there without touching TypeScript. An unmapped code is reported, never guessed.
 */

/** R4 value set concept-map-equivalence: any of them makes a valid ConceptMap. */
const EQUIVALENCES = [
  'relatedto',
  'equivalent',
  'equal',
  'wider',
  'subsumes',
  'narrower',
  'specializes',
  'inexact',
  'unmatched',
  'disjoint',
] as const;
export type Equivalence = (typeof EQUIVALENCES)[number];

/** Those by which a code may be put in place of another; the rest say that it may not. */
const MAPPED = new Set<string>(['equal', 'equivalent', 'wider', 'narrower', 'subsumes', 'specializes']);

export const isMapped = (equivalence: Equivalence): boolean => MAPPED.has(equivalence);

const ConceptMap = z.object({
  resourceType: z.literal('ConceptMap'),
  id: z.string(),
  group: z.array(
    z.object({
      source: z.string(),
      target: z.string(),
      element: z.array(
        z.object({
          code: z.string(),
          target: z
            .array(
              z.object({
                // Absent where the equivalence is `unmatched`.
                code: z.string().optional(),
                equivalence: z.enum(EQUIVALENCES),
              }),
            )
            .optional(),
        }),
      ),
    }),
  ),
});

export type ConceptMap = z.output<typeof ConceptMap>;

export type CodeMap = {
  /** The code of ours, or null: unmapped. */
  readonly toOurs: (code: string) => string | null;
  /** The platform's code: the first whose target is ours, or null. */
  readonly toTheirs: (code: string) => string | null;
};

/** A table that cannot be used, or is not there. Its message says which and why. */
export class ConceptMapError extends Error {
  override readonly name = 'ConceptMapError';
}

export type CodeMaps = {
  /** @throws ConceptMapError when mappings/<platform>/ has none of that id: an adapter and its tables ship together. */
  readonly map: (id: string) => CodeMap;
};

/** @param resources parsed ConceptMap files. @throws ConceptMapError when one is not a ConceptMap that we can read. */
export function codeMaps(resources: readonly unknown[]): CodeMaps {
  const maps = new Map<string, CodeMap>();
  for (const resource of resources) {
    const parsed = conceptMapOf(resource);
    const ours = new Map<string, string>();
    const theirs = new Map<string, string>();
    for (const element of parsed.group.flatMap((group) => group.element)) {
      const target = element.target?.find(({ equivalence }) => isMapped(equivalence))?.code;
      if (target === undefined) continue;
      ours.set(element.code, target);
      if (!theirs.has(target)) theirs.set(target, element.code);
    }
    maps.set(parsed.id, {
      toOurs: (code) => ours.get(code) ?? null,
      toTheirs: (code) => theirs.get(code) ?? null,
    });
  }
  return {
    map: (id) => {
      const found = maps.get(id);
      if (!found) throw new ConceptMapError(`no ConceptMap with id ${id}`);
      return found;
    },
  };
}

/** @throws ConceptMapError */
export function conceptMapOf(resource: unknown): ConceptMap {
  const parsed = ConceptMap.safeParse(resource);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  throw new ConceptMapError(`not a ConceptMap that can be read: ${why.join('; ')}`);
}

/**
 * A list of the platform's codes as ours. Null when the platform said nothing, and when one of them is unmapped: part
 * of the list would be taken for the whole of it.
 * @param allowed the values that ours may have; a map that leads elsewhere counts as unmapped.
 * @param unmapped told of each code that has no equivalent.
 */
export function translate<Ours extends string>(
  codes: readonly string[] | null,
  map: CodeMap,
  allowed: readonly Ours[],
  unmapped: (code: string) => void,
): Ours[] | null {
  if (codes === null) return null;
  const ours = new Set<Ours>();
  let whole = true;
  for (const code of codes) {
    const target = map.toOurs(code);
    const value = allowed.find((each) => each === target);
    if (value !== undefined) ours.add(value);
    else {
      whole = false;
      unmapped(code);
    }
  }
  return whole ? [...ours] : null;
}
