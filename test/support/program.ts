import { join } from 'node:path';
import { packageRoot } from '../../src/system/package-root.ts';

/**
 * What Node is given to run the program, for tests that start processes. `npm test` builds it first and says so: from source
 * each start takes some seconds of a processor, and there are a hundred of them.
 */
export const PROGRAM: readonly string[] =
  process.env['PASSERELLE_TEST_BUILT'] === 'true'
    ? [join(packageRoot, 'dist', 'src', 'main.js')]
    : ['--import', 'tsx', join(packageRoot, 'src', 'main.ts')];
