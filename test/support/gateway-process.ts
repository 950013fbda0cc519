import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import type { Gateway } from '../../src/gateway.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import { type Listener, listenForPatients } from './leaks.ts';
import type { GatewayPlan } from './mirrored-clinic.ts';
import { childOf } from './program.ts';

/**
 * A gateway in a process of its own, which dies without a chance to put anything in order. All that it logs is listened to,
 * at the finest level; TEST_LOG shows it.
 */

export type GatewayProcess = Gateway & {
  readonly pid: number;
  readonly isRunning: () => boolean;
  /** What it did, as it happens. */
  readonly events: readonly EngineEvent[];
  readonly calls: readonly PlatformCall[];
};

/** A request that the process began to make to a platform. */
export type PlatformCall = { readonly method: string; readonly url: string };

/** A line of the child's standard output. */
export type ChildLine =
  | { readonly ready: string | null }
  | { readonly event: EngineEvent }
  | { readonly call: PlatformCall };

const CHILD = childOf('test/support/gateway-child.ts');

/**
 * @param aheadMilliseconds how far the clock of its machine is ahead of this one's.
 * @throws Error with what the process said when it ends before it is ready.
 */
export async function spawnGateway(plan: GatewayPlan, aheadMilliseconds = 0): Promise<GatewayProcess> {
  const clock = `data:text/javascript,const now=Date.now;Date.now=()=>now()+${aheadMilliseconds}`;
  const child = spawn(
    process.execPath,
    ['--import', clock, ...CHILD.execArgv, CHILD.file, JSON.stringify(plan)],
    {
      cwd: packageRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const listener = listenForPatients('a gateway in a process of its own');
  const events: EngineEvent[] = [];
  const calls: PlatformCall[] = [];
  const url = await ready(child, listener, (line) => {
    if ('event' in line) events.push(line.event);
    else if ('call' in line) calls.push(line.call);
  });
  if (child.pid === undefined) throw new Error('a process without an id');
  return {
    url,
    pid: child.pid,
    isRunning: () => isRunning(child),
    events,
    calls,
    close: () => kill(child).then(listener.expectNobody),
  };
}

/** Its address, null when it is ready and does not listen. */
function ready(
  child: ChildProcess,
  listener: Listener,
  hear: (line: ChildLine) => void,
): Promise<string | null> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('its output is not piped');
  let said = '';
  createInterface({ input: stderr }).on('line', listener.hear);
  stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
    if (process.env['TEST_LOG']) process.stderr.write(chunk);
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).on('line', (text) => {
      listener.hear(text);
      const line = JSON.parse(text) as ChildLine;
      if ('ready' in line) resolve(line.ready);
      else hear(line);
    });
    child.once('exit', () => reject(new Error(`the gateway did not start: ${said}`)));
  });
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;

/** SIGKILL, and the end of the process awaited. */
async function kill(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
