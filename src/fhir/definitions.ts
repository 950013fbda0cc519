import { z } from 'zod';
import { serviceCodes } from '../../mappings/fhir/directory.ts';
import type { Directory } from '../domain/directory.ts';
import { ConceptMap } from './concept-maps.ts';
import type { Graph } from './graph.ts';
import { kept } from './kept.ts';
import { string, token, uri } from './kept-parameters.ts';
import type { Past } from './kept-versions.ts';
import type { Resource } from './resource.ts';
import { translateOperation } from './translate.ts';

/** What the resources here are made by: profiles, codes, and the tables between our codes and those of platforms. */

/** As they were read from files; whoever reads them knows no FHIR. */
export type Definitions = {
  /** Of mappings/profiles: StructureDefinitions, CodeSystems and ValueSets. */
  readonly profiles: readonly unknown[];
  /** Of the platforms that are connected, as they are in use. */
  readonly conceptMaps: readonly unknown[];
  /** Of mappings/r4: R4 itself. */
  readonly r4: { readonly types: unknown; readonly codes: unknown };
};

const DOCUMENTATION = {
  StructureDefinition: 'What the resources of this server and their extensions are, with snapshots.',
  ValueSet: 'Of which codes these may be.',
  CodeSystem: 'The codes of A-2.2, r. 1, s. 4, and those of the services here, in French and English.',
  ConceptMap: 'The tables between these codes and those of the platforms, as they are in use.',
} as const;

type DefinitionType = keyof typeof DOCUMENTATION;
const TYPES = Object.keys(DOCUMENTATION) as DefinitionType[];

const Definition = z.looseObject({
  resourceType: z.enum(TYPES),
  id: z.string(),
  url: z.string().optional(),
  version: z.string().optional(),
  name: z.string().optional(),
  title: z.string().optional(),
  status: z.string(),
});

/** By what definitions are found. */
export const CANONICAL_PARAMETERS = [
  uri('url'),
  token('version'),
  string('name'),
  string('title'),
  // R4 value set publication-status.
  token('status', ['draft', 'active', 'retired', 'unknown']),
];

type Canonical = Partial<Record<'url' | 'version' | 'name' | 'title', string | undefined>> & {
  readonly status: string;
};

const listOf = (text: string | undefined): string[] => (text === undefined ? [] : [text]);

/** What they look at. */
export const canonicalValues = ({ url, version, name, title, status }: Canonical) => ({
  uris: { url: listOf(url) },
  strings: { name: listOf(name), title: listOf(title) },
  tokens: {
    version: listOf(version).map((code) => ({ system: '', code })),
    status: [{ system: 'http://hl7.org/fhir/publication-status', code: status }],
  },
});

/** Those of files, and the codes of what is configured. */
export const ourDefinitions = ({ entries }: Directory, { profiles }: Definitions): readonly unknown[] => [
  ...profiles,
  serviceCodes(entries.services),
];

/** Whether a table that an operator edited can be served. @throws Error saying what is wrong with it. */
export function checkTable(table: unknown): void {
  for (const schema of [Definition, ConceptMap]) {
    const parsed = schema.safeParse(table);
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  }
}

/** @throws ZodError when a file is none of these: they ship with the program. */
export function definitionResources(
  directory: Directory,
  definitions: Definitions,
  past: Past,
  graph: Graph,
): Resource[] {
  const { conceptMaps } = definitions;
  const all = z.array(Definition).parse([...ourDefinitions(directory, definitions), ...conceptMaps]);
  return TYPES.map((type) => {
    const items = all
      .filter(({ resourceType }) => resourceType === type)
      .map((resource) => ({ resource, ...canonicalValues(resource) }));
    const documentation = DOCUMENTATION[type];
    const resource = {
      ...kept({ type, documentation, parameters: CANONICAL_PARAMETERS, items }, past, graph),
      isDescription: true,
    } as const;
    if (type !== 'ConceptMap') return resource;
    return { ...resource, operations: { translate: translateOperation(conceptMaps) } };
  });
}
