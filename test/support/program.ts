import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../src/system/package-root.ts';

/**
 * What runs of the program in processes and threads of its own. `npm test` builds it first and says so: from source each
 * start takes some seconds of a processor, and there are hundreds of them.
 */
export const isBuilt =
  process.env['PASSERELLE_TEST_BUILT'] === 'true' || extname(import.meta.filename) === '.js';

const inJavaScript = (source: string): string => `${source.slice(0, -extname(source).length)}.js`;

/** @param source a file of the tree, in TypeScript. @returns what was built of it, or itself where nothing was built. */
export const builtOf = (source: string): string =>
  join(packageRoot, ...(isBuilt ? ['dist', inJavaScript(source)] : [source]));

/** The same as an address to import. */
export const addressOfBuilt = (source: string): string => pathToFileURL(builtOf(source)).href;

/**
 * What Node is given to run a file of the tests in a process of its own.
 * @param source a file of the tree, in TypeScript
 */
export const childOf = (source: string): { readonly file: string; readonly execArgv: readonly string[] } =>
  isBuilt
    ? { file: join(packageRoot, 'build', inJavaScript(source)), execArgv: [] }
    : { file: join(packageRoot, source), execArgv: ['--import', 'tsx'] };

/** What Node is given to run the program. */
export const PROGRAM: readonly string[] = isBuilt
  ? [builtOf('src/main.ts')]
  : ['--import', 'tsx', builtOf('src/main.ts')];
