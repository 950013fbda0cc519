import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Gateway } from '../../src/gateway.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import type { GatewayPlan } from './mirrored-clinic.ts';

/** A gateway in a process of its own, which dies without a chance to put anything in order. */

export type GatewayProcess = Gateway & { readonly pid: number };

const CHILD = join(packageRoot, 'test/support/gateway-child.ts');

/** @throws Error with what the process said when it ends before it listens. */
export async function spawnGateway(plan: GatewayPlan): Promise<GatewayProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(plan)], {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await listening(child);
  if (child.pid === undefined) throw new Error('a process without an id');
  return { url, pid: child.pid, close: () => kill(child) };
}

async function listening(child: ChildProcess): Promise<string> {
  if (!child.stdout || !child.stderr) throw new Error('its output is not piped');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
    if (process.env['TEST_LOG']) process.stderr.write(chunk);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /^listening (\S+)$/.exec(line)?.[1];
    if (found) return found;
  }
  throw new Error(`the gateway did not start: ${said}`);
}

/** SIGKILL, and the end of the process awaited. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
