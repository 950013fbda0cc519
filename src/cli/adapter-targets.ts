import { existsSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Target } from '../conformance/target.ts';
import { packageRoot } from '../system/package-root.ts';
import { CommandFailure } from './dependencies.ts';

/** What is to be verified: the targets that a module named `conformance` of an adapter exports by default. */

export type Found = {
  readonly targets: readonly [Target, ...Target[]];
  /** The adapter's files are in these: its code, its mappings. */
  readonly folders: readonly string[];
  /** Where its report is kept. */
  readonly home: string;
};

const NAMES = [
  'conformance.js',
  'conformance.mjs',
  'conformance.ts',
  'src/conformance.ts',
  'dist/conformance.js',
];

/**
 * @param named the id of one of ours, a folder or file, or a package that exports `./conformance`.
 * @throws CommandFailure when there is none, or it is none.
 */
export async function findTargets(named: string, ours: ReadonlySet<string>): Promise<Found> {
  if (ours.has(named)) return ourTargets(named);
  const path = resolve(named);
  if (existsSync(path)) return strangersTargets(path);
  if (/^[./]/.test(named)) throw new CommandFailure(`there is no ${path}`);
  return strangersTargets(packageModule(named, ours));
}

/** From source, or once built; the report and the mappings are beside the source. */
async function ourTargets(id: string): Promise<Found> {
  const file = fileURLToPath(
    new URL(`../../adapters/${id}/conformance${extname(import.meta.url)}`, import.meta.url),
  );
  if (!existsSync(file))
    throw new CommandFailure(`${id} is not verified: nothing stands behind it but Passerelle`);
  const folders = [dirname(file), join(packageRoot, 'mappings', id)];
  return { targets: await targetsIn(file), folders, home: join(packageRoot, 'adapters', id) };
}

async function strangersTargets(path: string): Promise<Found> {
  const file = /\.[cm]?[jt]s$/.test(path) ? path : NAMES.map((name) => join(path, name)).find(existsSync);
  if (file === undefined) {
    throw new CommandFailure(
      `${path} has no ${NAMES.join(', ')}: write one that exports the targets by default, as docs/adapter-guide.md shows`,
    );
  }
  const home = packageFolder(dirname(file));
  return { targets: await targetsIn(file), folders: [home], home };
}

function packageModule(name: string, ours: ReadonlySet<string>): string {
  try {
    return createRequire(join(process.cwd(), 'index.js')).resolve(`${name}/conformance`);
  } catch {
    throw new CommandFailure(
      `there is no adapter "${name}": name one of ${[...ours].join(', ')}, a folder, or a package that exports ./conformance`,
    );
  }
}

/** The nearest folder with a package.json; else the folder itself. */
function packageFolder(folder: string): string {
  for (let each = folder; ; each = dirname(each)) {
    if (existsSync(join(each, 'package.json'))) return each;
    if (dirname(each) === each) return folder;
  }
}

async function targetsIn(file: string): Promise<Found['targets']> {
  const { default: exported } = await load(file);
  const [first, ...others] = Array.isArray(exported) ? exported : [exported];
  if (!isTarget(first) || !others.every(isTarget)) {
    throw new CommandFailure(
      `${file} must export by default a target, or a list of them (docs/adapter-guide.md)`,
    );
  }
  if (others.some(({ adapter }) => adapter.manifest.id !== first.adapter.manifest.id)) {
    throw new CommandFailure(`${file} exports targets of several adapters: write one file for each`);
  }
  return [first, ...others];
}

/** TypeScript by the Node that can, else by the tsx that the adapter has. */
async function load(file: string): Promise<{ readonly default?: unknown }> {
  const url = pathToFileURL(file).href;
  if (/\.[cm]?ts$/.test(file) && !runsTypeScript()) {
    try {
      // What tsx does itself where Node is started with it.
      register('tsx/esm', { parentURL: url, data: {} });
    } catch {
      throw new CommandFailure(
        `${file} is TypeScript, which this Node does not run: npm install --save-dev tsx, or compile it`,
      );
    }
  }
  return import(url);
}

/** So does a process that runs from source. */
const runsTypeScript = (): boolean =>
  import.meta.url.endsWith('.ts') ||
  ('typescript' in process.features && Boolean(process.features.typescript));

const isTarget = (value: unknown): value is Target =>
  typeof value === 'object' &&
  value !== null &&
  'adapter' in value &&
  'name' in value &&
  'stage' in value &&
  ('open' in value || 'recording' in value);
