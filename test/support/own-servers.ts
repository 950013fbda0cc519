import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { freePort, hasBinary, until } from './servers.ts';

/** A Redis and a PostgreSQL of a test's own, to be killed: the shared ones belong to other tests too. */

export type OwnServer = {
  readonly url: string;
  /** Ends it without a chance to put anything in order. */
  readonly kill: () => Promise<void>;
  /** On the same port, with what it kept; resolves when it answers. */
  readonly start: () => Promise<void>;
  /** Ends it and removes its folder. */
  readonly remove: () => Promise<void>;
};

/** It keeps nothing on disk, so one that was killed comes back empty. */
export async function ownRedis(): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  return ownServer({
    name: 'Redis',
    url,
    folder,
    spawn: () => spawn('redis-server', options),
    signal: 'SIGKILL',
    answers: () => redisDo(url, async (client) => (await client.ping()) === 'PONG'),
  });
}

export async function redisDo<T>(url: string, command: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await command(client);
  } finally {
    client.disconnect();
  }
}

/** Distributions keep the server's programs off the PATH, by version. */
const POSTGRES_FOLDERS = '/usr/lib/postgresql';

const postgresFolder = ((): string | null => {
  if (hasBinary('initdb') && hasBinary('postgres')) return '';
  if (!existsSync(POSTGRES_FOLDERS)) return null;
  const folders = readdirSync(POSTGRES_FOLDERS)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(POSTGRES_FOLDERS, version, 'bin'));
  // A version may be there as a client only.
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
})();

export const hasOwnPostgres = postgresFolder !== null;
export const hasOwnRedis = hasBinary('redis-server');

/** A cluster with one database; what is committed survives `kill`, as it would with any. */
export async function ownPostgres(): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-postgres-'));
  const data = join(folder, 'data');
  const owner = unprivileged();
  if (owner !== null) chownSync(folder, owner.uid, owner.gid);
  const program = (name: string): string => join(postgresFolder ?? '', name);
  const initdb = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
  execFileSync(program('initdb'), initdb, { ...owner, cwd: folder, stdio: 'pipe' });
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const options = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', ''];
  return ownServer({
    name: 'PostgreSQL',
    url,
    folder,
    // The machine stays up, so what was written need not be on its disk.
    spawn: () => spawn(program('postgres'), [...options, '-c', 'fsync=off'], { ...owner, cwd: folder }),
    // Its «immediate shutdown», as `pg_ctl stop -m immediate`: SIGKILL would leave shared memory behind.
    signal: 'SIGQUIT',
    answers: async () => {
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.query('select 1')).rowCount === 1;
      } finally {
        await client.end();
      }
    },
  });
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (option: string, user: string) =>
    Number(execFileSync('id', [option, user], { encoding: 'utf8', stdio: 'pipe' }));
  try {
    return { uid: idOf('-u', 'postgres'), gid: idOf('-g', 'postgres') };
  } catch {
    return { uid: idOf('-u', 'nobody'), gid: idOf('-g', 'nobody') };
  }
}

async function ownServer(server: {
  readonly name: string;
  readonly url: string;
  readonly folder: string;
  readonly spawn: () => ChildProcess;
  readonly signal: NodeJS.Signals;
  readonly answers: () => Promise<boolean>;
}): Promise<OwnServer> {
  const { name, url, folder } = server;
  let child: ChildProcess | null = null;
  const kill = async (): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(server.signal);
    await exited;
  };
  const remove = async (): Promise<void> => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  const start = async (): Promise<void> => {
    const started = server.spawn();
    child = started;
    let said = '';
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-2_000);
      });
    }
    await until(`${name} answers`, server.answers).catch((error: unknown) => {
      throw new Error(`${name} did not start: ${said}`, { cause: error });
    });
  };
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return { url, kill, start, remove };
}
