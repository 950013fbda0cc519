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

/** Of every connection whose name begins so. */
export async function clientIds(prefix: string): Promise<string[]> {
  const client = new Redis(REDIS_URL);
  try {
    const list = String(await client.client('LIST')).split('\n');
    const ids = list.flatMap((line) => {
      const name = / name=(\S*)/.exec(line)?.[1] ?? '';
      const id = /^id=(\d+)/.exec(line)?.[1];
      return name.startsWith(prefix) && id !== undefined ? [id] : [];
    });
    return ids.sort();
  } finally {
    client.disconnect();
  }
}

/** Ends them, as an operator could. Returns how many there were. */
export async function killClients(prefix: string): Promise<number> {
  const ids = await clientIds(prefix);
  const client = new Redis(REDIS_URL);
  try {
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
