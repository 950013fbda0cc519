import type { FhirResource } from 'fhir/r4.js';
import { baseDefinitions } from './base.ts';
import { extensionProfiles } from './extensions.ts';
import { r4Codes, r4Types } from './r4.ts';
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
  const contents: [name: string, content: unknown][] = [
    ...definitions.map((each): [string, unknown] => [`profiles/${each.resourceType}-${each.id}.json`, each]),
    ['r4/types.json', r4Types(base)],
    ['r4/codes.json', r4Codes(base)],
  ];
  return new Map(contents.map(([name, content]) => [name, `${JSON.stringify(content, null, 2)}\n`]));
}
