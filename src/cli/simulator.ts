import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFailure } from './dependencies.ts';

/** Simulators run as processes of their own, as the platforms that they stand for do. */

const START_MILLISECONDS = 20_000;
const END_MILLISECONDS = 5_000;

/** The module beside this one in the tree, which is .ts from source and .js once built. */
function moduleOf(platform: string): string {
  const file = `../../adapters/${platform}/simulator/main${extname(import.meta.url)}`;
  return fileURLToPath(new URL(file, import.meta.url));
}

export const hasSimulator = (platform: string): boolean => existsSync(moduleOf(platform));

export type SimulatorProcess = {
  readonly url: string;
  /** Resolves when it has saved its state and ended. */
  readonly close: () => Promise<void>;
};

/**
 * Starts one that ends with this process, however that ends: the channel between them closes.
 * @param died hears when it ends by itself.
 * @throws CommandFailure when it does not come up; what it has to say is on standard error.
 */
export async function startSimulator(
  platform: string,
  options: readonly string[],
  died: (code: number | null) => void,
): Promise<SimulatorProcess> {
  const child = fork(moduleOf(platform), options, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Out of the terminal's group: on Ctrl-C it serves until the gateway has ended and lets go of it.
    detached: true,
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
  const url = await ready(platform, child, ended);
  let closing = false;
  ended.then((code) => {
    if (!closing) died(code);
  });
  return {
    url,
    close: async () => {
      closing = true;
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MILLISECONDS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function ready(platform: string, child: ChildProcess, ended: Promise<number | null>): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (message: string) => {
      clearTimeout(timer);
      reject(new CommandFailure(message));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`the simulator of ${platform} is not ready after ${START_MILLISECONDS / 1_000} s`);
    }, START_MILLISECONDS);
    child.once('error', (error) => fail(`the simulator of ${platform}: ${error.message}`));
    ended.then((code) => fail(`the simulator of ${platform} ended (code ${code}) before it was ready`));
    child.on('message', (message) => {
      if (!isReady(message)) return;
      clearTimeout(timer);
      resolve(message.url);
    });
  });
}

const isReady = (message: unknown): message is { readonly ready: true; readonly url: string } =>
  typeof message === 'object' &&
  message !== null &&
  'url' in message &&
  typeof message.url === 'string' &&
  'ready' in message &&
  message.ready === true;

/** `passerelle simulator <platform> …`: in the foreground, with its own options; it ends on Ctrl-C or SIGTERM. */
export async function simulator(
  platform: string,
  options: readonly string[],
  known: Iterable<string>,
): Promise<void> {
  const simulated = [...known].filter(hasSimulator);
  if (!simulated.includes(platform)) {
    throw new CommandFailure(`no simulator "${platform}"; there is ${simulated.join(', ')}`);
  }
  const child = fork(moduleOf(platform), options, { stdio: 'inherit' });
  // A terminal's Ctrl-C reaches the child by itself; a signal to this process alone has to be passed on.
  const pass = () => child.kill('SIGTERM');
  const wait = () => undefined;
  process.on('SIGTERM', pass);
  process.on('SIGINT', wait);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  process.off('SIGTERM', pass);
  process.off('SIGINT', wait);
  if (code !== 0) throw new CommandFailure(`the simulator of ${platform} ended with code ${code}`);
}
