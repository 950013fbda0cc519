import { createServer } from 'node:net';

/**
 * A port of which the next two are free too, out of reach of those that the system hands out. Each process looks elsewhere
 * first, since what was found is only taken some seconds later.
 */
export async function threePorts(): Promise<number> {
  for (let port = 20_011 + (process.pid % 1_000) * 7; port < 32_000; port += 7) {
    const free = await Promise.all([port, port + 1, port + 2].map(isFree));
    if (free.every(Boolean)) return port;
  }
  throw new Error('no three free ports in a row');
}

export function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
