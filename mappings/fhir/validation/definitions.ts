import { z } from 'zod';
import { type Codes, type Row, type Shape, shapeOf } from './shape.ts';

/** What validation goes by: R4 in short (mappings/r4) and the profiles of ours (mappings/profiles). */

export type R4Definitions = {
  /** Of a datatype or a resource; null = R4 has none of this name. */
  readonly type: (name: string) => Shape | null;
  readonly isResource: (name: string) => boolean;
  /** Of an extension of ours, by its URL. */
  readonly extension: (url: string) => Shape | null;
  /** Of a resource, by its URL without version. */
  readonly profile: (url: string) => Profile | null;
};

export type Profile = { readonly type: string; readonly version: string; readonly shape: Shape };

const Types = z.record(z.string(), z.record(z.string(), z.string()));
const CodesBySystem = z.record(z.string(), z.array(z.string()));

const Element = z.looseObject({
  id: z.string(),
  path: z.string(),
  min: z.int(),
  max: z.string(),
  base: z.looseObject({ max: z.string() }),
  isSummary: z.boolean().default(false),
  type: z
    .array(
      z.looseObject({
        code: z.string(),
        extension: z.array(z.looseObject({ url: z.string(), valueUrl: z.string().optional() })).default([]),
      }),
    )
    .default([]),
  binding: z.looseObject({ strength: z.string(), valueSet: z.string().optional() }).optional(),
  fixedUri: z.string().optional(),
});
const StructureDefinition = z.looseObject({
  resourceType: z.literal('StructureDefinition'),
  url: z.string(),
  version: z.string(),
  type: z.string(),
  snapshot: z.looseObject({ element: z.array(Element) }),
});
const ValueSet = z.looseObject({
  resourceType: z.literal('ValueSet'),
  url: z.string(),
  compose: z.looseObject({ include: z.array(z.looseObject({ system: z.string() })) }),
});
const CodeSystem = z.looseObject({
  resourceType: z.literal('CodeSystem'),
  url: z.string(),
  concept: z.array(z.looseObject({ code: z.string() })).default([]),
});

type Sources = {
  /** mappings/r4/types.json and codes.json. */
  readonly types: unknown;
  readonly codes: unknown;
  /** StructureDefinitions, ValueSets and CodeSystems of ours; others among them are passed over. */
  readonly ours: readonly unknown[];
};

const HL7 = 'http://hl7.org/fhir/ValueSet/';

/** @throws ZodError when a file is not what `npm run profiles` writes. */
export function r4Definitions({ types, codes, ours }: Sources): R4Definitions {
  const elements = new Map(Object.entries(Types.parse(types)));
  const valueSets = valueSetsOf(z.record(z.string(), CodesBySystem).parse(codes), ours);
  const structures = new Map(
    ours.flatMap((each) => {
      const { data } = StructureDefinition.safeParse(each);
      return data ? [[data.url, data] as const] : [];
    }),
  );
  const shapes = new Map<string, Shape>();
  const shaped = (key: string, make: () => Shape): Shape => {
    const shape = shapes.get(key) ?? make();
    shapes.set(key, shape);
    return shape;
  };
  const structure = (url: string, isExtension: boolean): Profile | null => {
    const found = structures.get(url);
    if (!found || (found.type === 'Extension') !== isExtension) return null;
    const { type, version, snapshot } = found;
    return { type, version, shape: shaped(url, () => shapeOf(rowsOfSnapshot(snapshot.element, valueSets))) };
  };
  return {
    type: (name) => {
      const found = elements.get(name);
      return found ? shaped(name, () => shapeOf(rowsOfType(found, valueSets))) : null;
    },
    // Of all types only resources have an id that is more than a string.
    isResource: (name) => elements.get(name)?.['id'] === '0..1 Σ id',
    extension: (url) => structure(url, true)?.shape ?? null,
    profile: (url) => structure(url, false),
  };
}

type ValueSets = (canonical: string) => Codes | null;

function valueSetsOf(
  r4: Readonly<Record<string, Record<string, string[]>>>,
  ours: readonly unknown[],
): ValueSets {
  const all = new Map<string, Codes>();
  for (const [name, systems] of Object.entries(r4)) {
    const codes = Object.entries(systems).map(([system, list]) => [system, new Set(list)] as const);
    all.set(name, new Map(codes));
  }
  const systems = new Map(
    ours.flatMap((each) => {
      const { data } = CodeSystem.safeParse(each);
      return data ? [[data.url, new Set(data.concept.map(({ code }) => code))] as const] : [];
    }),
  );
  for (const each of ours) {
    const { data } = ValueSet.safeParse(each);
    const codes = (data?.compose.include ?? []).flatMap(({ system }) => {
      const list = systems.get(system);
      return list ? [[system, list] as const] : [];
    });
    // Of a system that nobody brought it is not known which codes it has.
    if (!data || codes.length < data.compose.include.length) continue;
    all.set(data.url, new Map(codes));
  }
  return (canonical) => all.get((canonical.split('|')[0] ?? '').replace(HL7, '')) ?? null;
}

const ELEMENT = /^(?<min>\d+)\.\.(?<max>\d+|\*) (?<summary>Σ )?(?<type>\S+)(?: (?<codes>\S+))?$/;

/** @param elements as scripts/profiles/r4.ts writes them: `1..1 Σ code slotstatus`, `0..* #item`. */
const rowsOfType = (elements: Readonly<Record<string, string>>, valueSets: ValueSets): Row[] =>
  Object.entries(elements).map(([path, text]) => {
    const { min, max = '', summary, type = '', codes } = ELEMENT.exec(text)?.groups ?? {};
    return {
      path,
      min: Number(min),
      max: countOf(max),
      isList: max !== '1',
      isSummary: summary !== undefined,
      types: type.startsWith('#') ? ['BackboneElement'] : type.split('|'),
      codes: codes === undefined ? null : valueSets(codes),
      fixed: null,
      like: type.startsWith('#') ? type.slice(1) : null,
    };
  });

const FHIR_TYPE = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';

/** The first element is the whole, of which nothing is asked here. */
const rowsOfSnapshot = (elements: readonly z.output<typeof Element>[], valueSets: ValueSets): Row[] =>
  elements.slice(1).map(({ id, min, max, base, isSummary, type, binding, fixedUri }) => ({
    path: id.slice(id.indexOf('.') + 1),
    min,
    max: countOf(max),
    isList: base.max !== '1',
    isSummary,
    types: type.map(
      ({ code, extension }) => extension.find(({ url }) => url === FHIR_TYPE)?.valueUrl ?? code,
    ),
    codes: binding?.strength === 'required' && binding.valueSet ? valueSets(binding.valueSet) : null,
    fixed: fixedUri ?? null,
    like: null,
  }));

const countOf = (max: string): number => (max === '*' ? Number.POSITIVE_INFINITY : Number(max));
