import type { FhirResource } from 'fhir/r4.js';
import { baseDefinitions } from './base.ts';
import { extensionProfiles } from './extensions.ts';
import { resourceProfiles } from './resources.ts';
import { codeSystems, valueSets } from './terminology.ts';

/** What `npm run profiles` writes, by file names below mappings/. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const base = baseDefinitions();
  const extensions = extensionProfiles(base);
  const definitions: FhirResource[] = [
    ...extensions,
    ...resourceProfiles(base, extensions),
    ...codeSystems(),
    ...valueSets(),
  ];
  return new Map(
    definitions.map((each) => [
      `profiles/${each.resourceType}-${each.id}.json`,
      `${JSON.stringify(each, null, 2)}\n`,
    ]),
  );
}
