import { existsSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CodeMaps } from '../adapter/concept-map.ts';
import type { Adapter } from '../adapter/contract.ts';
import { mapsOf } from '../conformance/simulator-target.ts';
import { SECRET, type Target } from '../conformance/target.ts';
import { describedAdapter } from '../described/index.ts';
import { packageRoot } from '../system/package-root.ts';
import { CommandFailure } from './dependencies.ts';

/**
 * What is to be verified: the targets that a module named `conformance` of an adapter exports by default, or that of a
 * description by its own name, `acme.conformance.mjs` beside `acme.yaml`.
 */

export type Found = {
  readonly targets: readonly [Target, ...Target[]];
  /** The adapter's files are in these, or are these: its code or its description, its mappings. */
  readonly places: readonly string[];
  /** The file in which its report is kept. */
  readonly report: string;
};

/** The report of an adapter, in its own folder. */
export const REPORT_FILE = 'conformance.json';

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
  if (existsSync(path)) return isDescription(path) ? describedTargets(path) : strangersTargets(path);
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
  const places = [dirname(file), join(packageRoot, 'mappings', id)];
  return { targets: await targetsIn(file), places, report: join(packageRoot, 'adapters', id, REPORT_FILE) };
}

async function strangersTargets(path: string): Promise<Found> {
  const file = /\.[cm]?[jt]s$/.test(path) ? path : NAMES.map((name) => join(path, name)).find(existsSync);
  if (file === undefined) {
    throw new CommandFailure(
      `${path} has no ${NAMES.join(', ')}: write one that exports the targets by default, as docs/adapter-guide.md shows`,
    );
  }
  const home = packageFolder(dirname(file));
  return { targets: await targetsIn(file), places: [home], report: join(home, REPORT_FILE) };
}

export const isDescription = (path: string): boolean => /\.ya?ml$/.test(path);

/** Beside `acme.yaml`, what is told of it: `acme.conformance.json`. */
export const besideDescription = (path: string, ending: string): string =>
  `${path.replace(/\.ya?ml$/, '')}.conformance.${ending}`;

/** What the module of a description may be given, so that it has to import nothing. */
export type Described = {
  readonly adapter: Adapter;
  readonly maps: CodeMaps;
  readonly emptyMaps: CodeMaps | null;
  /** The folder of its tables, `<id>/*.json` below it. */
  readonly mappings: string;
  /** Stands in the field of a malformed record. */
  readonly SECRET: string;
};

/** @throws ConfigurationError where the description is wrong. */
async function describedTargets(path: string): Promise<Found> {
  const adapter = describedAdapter(path);
  const { id } = adapter.manifest;
  const file = ['mjs', 'js', 'ts'].map((ending) => besideDescription(path, ending)).find(existsSync);
  if (file === undefined) {
    throw new CommandFailure(
      `${besideDescription(path, 'mjs')} is not there: write one that exports the targets by default, as docs/low-code.md shows`,
    );
  }
  const mappings = join(dirname(path), 'mappings');
  const targets = await targetsIn(file, { adapter, ...(await mapsOf(id, mappings)), mappings, SECRET });
  const other = targets.find((target) => target.adapter.manifest.id !== id);
  if (other)
    throw new CommandFailure(`${file} has targets of ${other.adapter.manifest.id}, and this is ${id}`);
  return { targets, places: [path, join(mappings, id)], report: besideDescription(path, 'json') };
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

async function targetsIn(file: string, described?: Described): Promise<Found['targets']> {
  const { default: given } = await load(file);
  const exported: unknown = described && typeof given === 'function' ? await given(described) : given;
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
