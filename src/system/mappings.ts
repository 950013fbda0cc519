import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeMaps } from '../adapter/concept-map.ts';
import { OperatorError } from './operator-error.ts';
import { packageRoot } from './package-root.ts';

const MAPPINGS = join(packageRoot, 'mappings');

export type TableOptions = {
  readonly root?: string;
  /** What throws where a table cannot be used: by whoever reads it, or serves it. */
  readonly check?: (table: unknown) => unknown;
};

/**
 * The ConceptMaps of a platform, from mappings/<platform>/; none if it maps no codes.
 * @throws OperatorError naming a file that cannot be used: an operator edits them.
 */
export function codeTables(
  platform: string,
  { root = MAPPINGS, check }: TableOptions = {},
): readonly unknown[] {
  return resourcesOf(join(root, platform), (table) => {
    codeMaps([table]);
    check?.(table);
  });
}

/** Of which there are ConceptMaps. */
export const mappedPlatforms = (root = MAPPINGS): string[] =>
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !OURS.has(entry.name))
    .map(({ name }) => name)
    .sort();

/** Folders beside those of platforms. */
const OURS = new Set(['fhir', 'profiles', 'r4']);

/** What is served as it is: our StructureDefinitions, CodeSystems and ValueSets. @throws OperatorError naming a bad file. */
export const profiles = (): readonly unknown[] => resourcesOf(join(MAPPINGS, 'profiles'));

/** R4 in short, for validation (scripts/profiles/r4.ts). */
export const r4Tables = (): { readonly types: unknown; readonly codes: unknown } => ({
  types: read(join(MAPPINGS, 'r4', 'types.json')),
  codes: read(join(MAPPINGS, 'r4', 'codes.json')),
});

/** The same as long as the tables say the same, however they are laid out. */
export const contentOf = (tables: readonly unknown[]): string =>
  hash('sha256', JSON.stringify(tables), 'base64');

function resourcesOf(folder: string, check?: (resource: unknown) => unknown): unknown[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return files.sort().map((name) => checked(join(folder, name), check));
}

function checked(file: string, check: ((resource: unknown) => unknown) | undefined): unknown {
  const resource = read(file);
  try {
    check?.(resource);
    return resource;
  } catch (error) {
    throw new OperatorError(
      `${file} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`${file} cannot be read as JSON: ${why}`);
  }
}
