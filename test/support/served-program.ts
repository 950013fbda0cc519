import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Command, end, ready, watched } from './command-process.ts';
import { copyMigratedPglite } from './pglite-copies.ts';
import { PROGRAM } from './program.ts';
import { until } from './servers.ts';
import { isFree, threePorts } from './three-ports.ts';

/** The program itself, whose configuration is a file that can be changed while it runs. */
export type ServedProgram = {
  readonly url: string;
  readonly port: number;
  /** PASSERELLE_DATA. */
  readonly folder: string;
  /** Of the configuration. */
  readonly file: string;
  readonly run: Command;
  /** Of the administrator, and of JSON. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the link to the console of the demonstration ends with. @throws Error where there is none. */
  readonly entryKey: () => string;
  /** By the administrator; asked again while nobody answers, since it may be starting anew. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** It ends well, and its simulators with it. */
  readonly close: () => Promise<void>;
};

const SOON_MILLISECONDS = 30_000;

/**
 * `demonstration`: a made-up clinic on simulated platforms. `nothing`: the simulators, and a clinic that has nothing; the first change
 * makes the file. `nothing for real`: that clinic without simulators, as where PASSERELLE_CONFIG names no file so far.
 */
export async function serveProgram(
  what: 'demonstration' | 'nothing' | 'nothing for real',
): Promise<ServedProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-served-'));
  const file = join(folder, 'passerelle.yaml');
  const port = await threePorts();
  await copyMigratedPglite(join(folder, 'database'));
  const words = ['serve', '--lang', 'fr', ...(what === 'nothing' ? ['--from-nothing'] : [])];
  const run = watched(
    spawn(process.execPath, [...PROGRAM, ...words], {
      env: {
        PATH: process.env['PATH'] ?? '',
        PORT: String(port),
        PASSERELLE_DATA: folder,
        ...(what === 'nothing for real' ? { PASSERELLE_CONFIG: file } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const url = await ready(run);
  const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    ...{ url, port, folder, file, run, headers },
    entryKey() {
      const [, key] = /auth\/demonstration\?key=(\S+)/.exec(run.output()) ?? [];
      if (key === undefined) throw new Error('it printed no link to its console');
      return key;
    },
    async ask(path, init = {}) {
      let response: Response | null = null;
      await until(
        path,
        async () => {
          response = await fetch(url + path, { ...init, headers: { ...headers, ...init.headers } }).catch(
            () => null,
          );
          return response !== null;
        },
        SOON_MILLISECONDS,
      );
      if (response === null) throw new Error(`${path}: nobody answered`);
      return response;
    },
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
