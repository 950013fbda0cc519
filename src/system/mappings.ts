import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeMaps, codeMaps } from '../adapter/concept-map.ts';
import { packageRoot } from './package-root.ts';

/** The ConceptMaps of a platform, from mappings/<platform>/; none if it maps no codes. @throws Error naming a bad file. */
export function loadMappings(platform: string): CodeMaps {
  const folder = join(packageRoot, 'mappings', platform);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return codeMaps(files.map((name) => read(join(folder, name))));
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is no JSON`, { cause: error });
  }
}
