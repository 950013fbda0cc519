import { setFlagsFromString } from 'node:v8';

/**
 * Lets every object begin in the young generation. V8 learns where long-lived objects are made, and from then on makes
 * them in the old generation at once (`--allocation-site-pretenuring`). A reading of an agenda teaches it that rows of
 * the database live long; a search's rows do not, and each would hold its texts until the next full collection: a
 * quarter of the time of a search went there (docs/performance.md). Call it before anything else runs.
 */
export function keepRowsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
