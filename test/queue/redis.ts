import { connect, createServer, type Socket } from 'node:net';
import { Redis } from 'ioredis';

export const REDIS_URL = process.env['REDIS_URL'] || 'redis://127.0.0.1:6379';

export async function redisAnswers(): Promise<boolean> {
  const client = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

/** Ends, as an operator could, every connection whose name begins so. Returns how many there were. */
export async function killClients(prefix: string): Promise<number> {
  const client = new Redis(REDIS_URL);
  try {
    const list = String(await client.client('LIST')).split('\n');
    const ids = list.flatMap((line) => {
      const name = / name=(\S*)/.exec(line)?.[1] ?? '';
      const id = /^id=(\d+)/.exec(line)?.[1];
      return name.startsWith(prefix) && id !== undefined ? [id] : [];
    });
    for (const id of ids) await client.client('KILL', 'ID', id);
    return ids.length;
  } finally {
    client.disconnect();
  }
}

export async function keysOf(prefix: string): Promise<string[]> {
  const client = new Redis(REDIS_URL);
  try {
    return await client.keys(`${prefix}:*`);
  } finally {
    client.disconnect();
  }
}

export async function removeKeys(prefix: string): Promise<void> {
  const client = new Redis(REDIS_URL);
  try {
    const keys = await client.keys(`${prefix}:*`);
    if (keys.length > 0) await client.del(...keys);
  } finally {
    client.disconnect();
  }
}

export type Proxy = {
  readonly url: string;
  /** From now on nobody gets through, as if Redis were down. */
  readonly cut: () => Promise<void>;
  readonly restore: () => Promise<void>;
};

/** Stands before Redis, so that it can be out of reach for one test and not for the others. */
export async function createProxy(): Promise<Proxy> {
  const target = new URL(REDIS_URL);
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port || 6379), target.hostname);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        incoming.destroy();
        outgoing.destroy();
      });
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const proxied = new URL(REDIS_URL);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(address.port);
  return {
    url: proxied.href,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    restore: () => listen(address.port),
  };
}
