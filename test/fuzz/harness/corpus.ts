import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Inputs that broke a target once: `corpus/<target>/<what-it-was>.json`, `{ why, input }`. */

const FOLDER = join(import.meta.dirname, '..', 'corpus');

export const targetsInCorpus = (): readonly string[] => (existsSync(FOLDER) ? readdirSync(FOLDER) : []);

export function corpusOf(target: string): readonly unknown[] {
  const folder = join(FOLDER, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { input: unknown }).input);
}
