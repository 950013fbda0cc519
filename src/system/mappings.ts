import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeMaps, codeMaps } from '../adapter/concept-map.ts';
import { packageRoot } from './package-root.ts';

/** The ConceptMaps of a platform, from mappings/<platform>/; none if it maps no codes. @throws Error naming a bad file. */
export function loadMappings(platform: string): CodeMaps {
  return codeMaps(resourcesOf(join(packageRoot, 'mappings', platform)));
}

/** The same as long as the ConceptMaps of a platform say the same, however they are laid out. */
export function mappingContent(platform: string, root = join(packageRoot, 'mappings')): string {
  return hash('sha256', JSON.stringify(resourcesOf(join(root, platform))), 'base64');
}

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
