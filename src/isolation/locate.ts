import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { DESCRIPTION_BYTES_MAX, entryOfText, isDescriptionFile } from './entry.ts';

/** Where an adapter of another package is, or a description. */
export type Located = {
  /** URL of its main module, or the description itself (entry.ts). */
  readonly entry: string;
  /** Its folder. */
  readonly folder: string;
  /** As people name it: name and version, or its path. */
  readonly source: string;
};

/** Why there is none, to be read after the text that was written. */
export type NotLocated = { readonly problem: string };

const Package = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  main: z.string().optional(),
  exports: z.unknown().optional(),
});

/** Name of a package (docs.npmjs.com, package.json, name), with a scope or without. */
const NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/**
 * Not by Node's own resolution, which knows the module that asks and not a folder, and which takes for granted that the
 * package may be required.
 * @param written a package's name, or a path relative to the folder, which begins with `.` or `/`, of a folder, a module or a
 * description.
 */
export function locate(written: string, folder: string): Located | NotLocated {
  if (written.startsWith('.') || isAbsolute(written)) {
    const path = resolve(folder, written);
    if (!existsSync(path)) return { problem: `is not there: there is no ${path}` };
    if (statSync(path).isDirectory()) return packageAt(realpathSync(path));
    return isDescriptionFile(path) ? descriptionAt(path, written) : moduleAt(realpathSync(path), written);
  }
  if (isDescriptionFile(written)) return { problem: `is no path: write ./${written}` };
  if (!NAME.test(written)) {
    return { problem: 'is no name of a package, and no path: a path begins with ./ or /' };
  }
  for (let above = resolve(folder); ; above = dirname(above)) {
    const path = join(above, 'node_modules', written);
    if (existsSync(join(path, 'package.json'))) return packageAt(realpathSync(path));
    if (above === dirname(above)) break;
  }
  return {
    problem: `is not installed: no node_modules of ${resolve(folder)} or above has it; install it there with npm install`,
  };
}

const moduleAt = (path: string, written: string): Located => ({
  entry: pathToFileURL(path).href,
  folder: dirname(path),
  source: written,
});

/** Its text goes along, so that what runs is what was checked, whatever becomes of the file. */
function descriptionAt(path: string, written: string): Located | NotLocated {
  const { size } = statSync(path);
  if (size > DESCRIPTION_BYTES_MAX)
    return { problem: `is larger than a description may be: ${DESCRIPTION_BYTES_MAX / 1024} KiB` };
  return { entry: entryOfText(readFileSync(path, 'utf8')), folder: dirname(path), source: written };
}

function packageAt(folder: string): Located | NotLocated {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return { problem: `is no package: there is no ${file}` };
  const described = Package.safeParse(jsonOf(file));
  if (!described.success) return { problem: `is no package: ${file} cannot be read` };
  const { name, version, main, exports } = described.data;
  const target = exports === undefined ? (main ?? 'index.js') : targetOf(exports);
  if (target === null) return { problem: `has no main module: exports of ${file} names none for "."` };
  const path = join(folder, target);
  if (!existsSync(path)) return { problem: `has no main module: there is no ${path}; is it built?` };
  return {
    entry: pathToFileURL(realpathSync(path)).href,
    folder,
    source: name === undefined ? folder : [name, version].filter(Boolean).join(' '),
  };
}

/** What we are, of the conditions that exports may depend on (nodejs.org, packages, conditional exports). */
const CONDITIONS = new Set(['node', 'import', 'module-sync', 'default']);

/** The module of ".", by the first condition that holds. */
function targetOf(exports: unknown): string | null {
  if (typeof exports === 'string') return exports;
  if (Array.isArray(exports)) return exports.map(targetOf).find((each) => each !== null) ?? null;
  if (typeof exports !== 'object' || exports === null) return null;
  const entries: [string, unknown][] = Object.entries(exports);
  const main = entries.find(([key]) => key === '.');
  if (main) return targetOf(main[1]);
  for (const [condition, inner] of entries) {
    const target = CONDITIONS.has(condition) ? targetOf(inner) : null;
    if (target !== null) return target;
  }
  return null;
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
