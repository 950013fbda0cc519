import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../../src/system/package-root.ts';

/** What others published (shared/fixtures, SOURCES.md there): more samples where the folder is, none where it is not. */
export function published(folder: string, ending: string): string[] {
  const path = resolve(packageRoot, process.env['PASSERELLE_FIXTURES'] ?? '../shared/fixtures', folder);
  return existsSync(path) ? textsIn(path, ending) : [];
}

/** Files of the project. @param folder from its root. */
export const ours = (folder: string, ending: string): string[] => textsIn(join(packageRoot, folder), ending);

const textsIn = (folder: string, ending: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
