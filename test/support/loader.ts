import { addressOfBuilt } from './program.ts';

/** Adapters of other packages, in threads that start from what was built where it was. */
const module = (await import(
  addressOfBuilt('src/isolation/load.ts')
)) as typeof import('../../src/isolation/load.ts');

export const { createLoader } = module;
