import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

const MAPPINGS = join(packageRoot, 'mappings');

/** The ConceptMaps of a platform, from mappings/<platform>/; none if it maps no codes. @throws Error naming a bad file. */
export const codeTables = (platform: string, root = MAPPINGS): readonly unknown[] =>
  resourcesOf(join(root, platform));

/** What is served as it is: our StructureDefinitions, CodeSystems and ValueSets. @throws Error naming a bad file. */
export const profiles = (): readonly unknown[] => resourcesOf(join(MAPPINGS, 'profiles'));

/** R4 in short, for validation (scripts/profiles/r4.ts). */
export const r4Tables = (): { readonly types: unknown; readonly codes: unknown } => ({
  types: read(join(MAPPINGS, 'r4', 'types.json')),
  codes: read(join(MAPPINGS, 'r4', 'codes.json')),
});

/** The same as long as the tables say the same, however they are laid out. */
export const contentOf = (tables: readonly unknown[]): string =>
  hash('sha256', JSON.stringify(tables), 'base64');

function resourcesOf(folder: string): unknown[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return files.sort().map((name) => read(join(folder, name)));
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is no JSON`, { cause: error });
  }
}
