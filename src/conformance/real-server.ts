import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

/** For targets that start a real server of their platform. */

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
