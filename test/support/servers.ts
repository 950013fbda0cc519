import type { Context } from 'mocha';

export { freePort, hasBinary, until } from '../../src/conformance/real-server.ts';

/** What tests need that is not in node_modules: server binaries, browsers, published samples. */

/**
 * A `before` hook: `before(requireServer('Radicale', hasBinary('radicale')))`. Where the thing is missing the suite is
 * skipped with a line that nobody overlooks; under CI=true it fails instead, so that CI can't pass by testing nothing.
 * @param prepare what to do where it is present: start the server.
 */
export function requireServer(
  name: string,
  present: boolean | Promise<boolean>,
  prepare: () => Promise<void> = async () => undefined,
): (this: Context) => Promise<void> {
  return async function requirePresent(this: Context) {
    if (await present) return prepare();
    if (process.env['CI'] === 'true') throw new Error(`${name} is missing, and CI=true: run npm run setup`);
    console.warn(`\n  !!! SKIPPED: ${name} is missing, so what follows is NOT tested (npm run setup)\n`);
    this.skip();
  };
}
