import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Command, end, ready } from './command-process.ts';
import { copyMigratedPglite } from './pglite-copies.ts';
import { PROGRAM } from './program.ts';
import { until } from './servers.ts';
import { isFree, threePorts } from './three-ports.ts';

/** The program itself as `serve --from-nothing` starts it: the simulators, and a clinic that has nothing. */
export type FromNothing = {
  readonly url: string;
  readonly port: number;
  /** PASSERELLE_DATA. */
  readonly folder: string;
  /** Of the configuration, which the first change makes. */
  readonly file: string;
  readonly run: Command;
  /** Of the administrator, and of JSON. */
  readonly headers: Readonly<Record<string, string>>;
  /** It ends well, and its simulators with it. */
  readonly close: () => Promise<void>;
};

export async function startFromNothing(): Promise<FromNothing> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-nothing-'));
  const port = await threePorts();
  await copyMigratedPglite(join(folder, 'database'));
  const child = spawn(process.execPath, [...PROGRAM, 'serve', '--from-nothing', '--lang', 'fr'], {
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port), PASSERELLE_DATA: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const run: Command = { child, output: () => output };
  const url = await ready(run);
  const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
  return {
    ...{ url, port, folder, run },
    file: join(folder, 'passerelle.yaml'),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    async close() {
      const code = await end(run, 'SIGTERM');
      await until(
        'the simulators have ended',
        async () => (await isFree(port + 1)) && (await isFree(port + 2)),
      );
      await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 100 });
      expect(code).to.equal(0);
    },
  };
}
