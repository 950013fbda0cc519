import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import type { Context } from 'mocha';

/** What tests need that is not in node_modules: server binaries, browsers, published samples. */

/**
 * A `before` hook: `before(requireServer('Radicale', hasBinary('radicale')))`. Where the thing is missing the suite is
 * skipped with a line that nobody overlooks; under CI=true it fails instead, so that CI can't pass by testing nothing.
 * @param prepare what to do where it is present: start the server.
 */
export function requireServer(
  name: string,
  present: boolean,
  prepare: () => Promise<void> = async () => undefined,
): (this: Context) => Promise<void> {
  return async function requirePresent(this: Context) {
    if (present) return prepare();
    if (process.env['CI'] === 'true') throw new Error(`${name} is missing, and CI=true: run npm run setup`);
    console.warn(`\n  !!! SKIPPED: ${name} is missing, so what follows is NOT tested (npm run setup)\n`);
    this.skip();
  };
}

/** Whether a program is on the PATH. */
export const hasBinary = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** Of what takes milliseconds on a machine that does nothing else. */
const DEADLINE_MILLISECONDS = 40_000;

/** Polls until the condition holds. @throws Error after `deadlineMilliseconds`, with the last fault as its cause. */
export async function until(
  what: string,
  condition: () => Promise<boolean>,
  deadlineMilliseconds = DEADLINE_MILLISECONDS,
): Promise<void> {
  const end = performance.now() + deadlineMilliseconds;
  let cause: unknown;
  while (performance.now() < end) {
    try {
      if (await condition()) return;
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${what}: not within ${deadlineMilliseconds} ms`, { cause });
}
