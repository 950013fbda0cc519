import { z } from 'zod';

/** What a ConceptMap makes of a code (R4 4.0.1, ConceptMap): the tables themselves, without how they are asked for. */

/** R4 value set concept-map-equivalence, each as the target says of the source; read backwards it is the second. */
const BACKWARDS = {
  relatedto: 'relatedto',
  equivalent: 'equivalent',
  equal: 'equal',
  wider: 'narrower',
  subsumes: 'specializes',
  narrower: 'wider',
  specializes: 'subsumes',
  inexact: 'inexact',
  unmatched: 'unmatched',
  disjoint: 'disjoint',
} as const;
export type Equivalence = keyof typeof BACKWARDS;

const text = z.string();
const Product = z.looseObject({
  property: text,
  system: text.optional(),
  value: text,
  display: text.optional(),
});
const Target = z.looseObject({
  code: text.optional(),
  display: text.optional(),
  equivalence: z.enum(Object.keys(BACKWARDS) as Equivalence[]),
  dependsOn: z.array(z.unknown()).default([]),
  product: z.array(Product).default([]),
});
const Group = z.looseObject({
  source: text.optional(),
  sourceVersion: text.optional(),
  target: text.optional(),
  targetVersion: text.optional(),
  element: z.array(
    z.looseObject({
      code: text.optional(),
      display: text.optional(),
      target: z.array(Target).default([]),
    }),
  ),
});
export const ConceptMap = z.looseObject({
  resourceType: z.literal('ConceptMap'),
  id: text.optional(),
  url: text.optional(),
  version: text.optional(),
  sourceUri: text.optional(),
  sourceCanonical: text.optional(),
  targetUri: text.optional(),
  targetCanonical: text.optional(),
  group: z.array(Group).default([]),
});
export type ConceptMap = z.output<typeof ConceptMap>;

export type Coded = {
  readonly system: string;
  readonly version?: string | undefined;
  readonly code: string;
};

/** The code system on the other side, and whether the map is read from its target to its source. Null = any. */
export type Direction = { readonly system: string | null; readonly reverse: boolean };

export type Translation = {
  readonly equivalence: Equivalence;
  /** Null where the map says that there is none. */
  readonly concept: (Coded & { readonly display?: string | undefined }) | null;
  readonly products: readonly z.output<typeof Product>[];
};

/** Whether any group leads from the code's system, and what the map has of the code. */
export type Found = { readonly isCovered: boolean; readonly translations: readonly Translation[] };

/**
 * A target that depends on something else is left out: nobody says what that is. So is what a group says of unmapped
 * codes: here these are unknown and never guessed (src/adapter/concept-map.ts), and this is what is asked about.
 */
export function translationsOf({ group }: ConceptMap, coded: Coded, direction: Direction): Found {
  const groups = group
    .map((each) => (direction.reverse ? backwards(each) : each))
    .filter(
      ({ source, sourceVersion, target }) =>
        source === coded.system &&
        (direction.system === null || target === direction.system) &&
        (sourceVersion === undefined || coded.version === undefined || sourceVersion === coded.version),
    );
  return {
    isCovered: groups.length > 0,
    translations: groups.flatMap(({ element, target: system, targetVersion: version }) =>
      element
        .filter(({ code }) => code === coded.code)
        .flatMap((each) => each.target)
        .filter(({ dependsOn }) => dependsOn.length === 0)
        .map(({ equivalence, code, display, product }) => ({
          equivalence,
          concept: code === undefined || system === undefined ? null : { system, version, code, display },
          products: product,
        })),
    ),
  };
}

type Group = z.output<typeof Group>;

/** From its target to its source. A product is made on the way there only. */
const backwards = ({ source, sourceVersion, target, targetVersion, element }: Group): Group => ({
  source: target,
  sourceVersion: targetVersion,
  target: source,
  targetVersion: sourceVersion,
  element: element.flatMap(({ code, display, target: targets }) =>
    targets
      .filter((each) => each.code !== undefined)
      .map((each) => ({
        code: each.code,
        display: each.display,
        target: [{ ...each, code, display, equivalence: BACKWARDS[each.equivalence], product: [] }],
      })),
  ),
});
