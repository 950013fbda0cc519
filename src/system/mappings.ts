import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CodeMaps, codeMaps } from '../adapter/concept-map.ts';
import { packageRoot } from './package-root.ts';

/** The ConceptMaps of a platform, from mappings/<platform>/. @throws Error naming the file that is none. */
export async function loadMappings(platform: string): Promise<CodeMaps> {
  const folder = join(packageRoot, 'mappings', platform);
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  const resources = await Promise.all(
    files.map(async (name) => {
      const file = join(folder, name);
      try {
        return JSON.parse(await readFile(file, 'utf8')) as unknown;
      } catch (error) {
        throw new Error(`${file} is no JSON`, { cause: error });
      }
    }),
  );
  return codeMaps(resources);
}
