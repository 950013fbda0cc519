import type { ElementDefinition, ElementDefinitionType, StructureDefinition, ValueSet } from 'fhir/r4.js';
import type { BaseDefinitions } from './base.ts';

/**
 * R4 in short, for validation (mappings/r4): of each datatype and resource which elements it has, how often and of which
 * type, and of each code that is bound to a value set which codes there are. Read by mappings/fhir/validation/shape.ts.
 */

/** `identifier` → `0..* Σ Identifier`; `status` → `1..1 Σ code slotstatus`; `item.item` → `0..* #item`. Σ = of the summary. */
type Elements = Record<string, string>;

const HL7 = 'http://hl7.org/fhir/ValueSet/';
const FHIR_TYPE = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';

export function r4Types(base: BaseDefinitions): Record<string, Elements> {
  const types: Record<string, Elements> = {};
  for (const structure of base.structures) {
    if (structure.kind === 'primitive-type' || structure.kind === 'logical') continue;
    // Profiles of Quantity under names of their own: no element has one of them as its type.
    if (structure.derivation === 'constraint') continue;
    // Nothing is just a Resource or a DomainResource.
    if (structure.kind === 'resource' && structure.abstract) continue;
    types[structure.name] = elementsOf(structure, base);
  }
  return types;
}

function elementsOf(structure: StructureDefinition, base: BaseDefinitions): Elements {
  const elements: Elements = {};
  for (const element of base.elements(structure.name)) {
    const name = below(element.path);
    if (name === '') continue;
    const { binding, isSummary } = element;
    const codes =
      binding?.strength === 'required' && binding.valueSet && codesOf(base, binding.valueSet)
        ? ` ${shortOf(binding.valueSet)}`
        : '';
    elements[name] =
      `${element.min}..${element.max} ${isSummary ? 'Σ ' : ''}${typesOf(structure, element)}${codes}`;
  }
  return elements;
}

/** The path without its type: `Slot.meta` → `meta`. */
const below = (path: string): string => path.slice(`${path}.`.indexOf('.') + 1);

function typesOf(
  { kind }: StructureDefinition,
  { path, type = [], contentReference }: ElementDefinition,
): string {
  if (contentReference) return `#${below(contentReference)}`;
  // R4 gives the id of a resource the type string, and says in resource.html that it is an id.
  if (kind === 'resource' && below(path) === 'id') return 'id';
  return [...new Set(type.map(codeOf))].join('|');
}

const codeOf = ({ code, extension = [] }: ElementDefinitionType): string =>
  extension.find(({ url }) => url === FHIR_TYPE)?.valueUrl ?? code;

/** The codes by system of every value set that a code is bound to; those that cannot be listed are not looked at. */
export function r4Codes(base: BaseDefinitions): Record<string, Record<string, string[]>> {
  const bound = new Set<string>();
  for (const { name } of base.structures) {
    for (const { binding } of base.elements(name)) {
      if (binding?.strength === 'required' && binding.valueSet) bound.add(binding.valueSet);
    }
  }
  const all: Record<string, Record<string, string[]>> = {};
  for (const canonical of [...bound].sort()) {
    const codes = codesOf(base, canonical);
    if (codes) all[shortOf(canonical)] = codes;
  }
  return all;
}

const shortOf = (canonical: string): string => (canonical.split('|')[0] ?? '').replace(HL7, '');

/** Null where some of it is not listed: by a filter, or by a system that R4 does not define itself. */
function codesOf(base: BaseDefinitions, canonical: string): Record<string, string[]> | null {
  const { include, exclude } = base.valueSet(canonical)?.compose ?? {};
  if (!include || exclude) return null;
  const codes: Record<string, string[]> = {};
  for (const part of include) {
    const listed = codesOfPart(base, part);
    if (!listed || part.system === undefined) return null;
    codes[part.system] = [...(codes[part.system] ?? []), ...listed];
  }
  return codes;
}

type Part = NonNullable<ValueSet['compose']>['include'][number];

function codesOfPart(base: BaseDefinitions, { system, concept, filter, valueSet }: Part): string[] | null {
  if (filter || valueSet || system === undefined) return null;
  if (concept) return concept.map(({ code }) => code);
  const found = base.codeSystem(system);
  return found?.concept && found.content === 'complete' ? all(found.concept) : null;
}

type Concepts = NonNullable<NonNullable<ReturnType<BaseDefinitions['codeSystem']>>['concept']>;

const all = (concepts: Concepts): string[] =>
  concepts.flatMap(({ code, concept = [] }) => [code, ...all(concept)]);
