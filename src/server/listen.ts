import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Listening = {
  /** Without a slash at its end. */
  readonly url: string;
  /**
   * Takes no more connections, lets requests that are under way end for at most `graceMilliseconds`, then cuts them.
   * Resolves when nothing is open any more.
   */
  readonly close: (graceMilliseconds?: number) => Promise<void>;
};

const REQUEST_TIMEOUT_MILLISECONDS = 30_000;
/** Longer than proxies keep an idle connection (60 s is usual), or they would send into one that was just closed. */
const KEEP_ALIVE_MILLISECONDS = 65_000;
const GRACE_MILLISECONDS = 10_000;
const IDLE_CHECK_MILLISECONDS = 50;
const WILDCARDS = new Set(['0.0.0.0', '::']);

/** @throws Error of listen(2), such as EADDRINUSE. */
export async function listen(
  app: RequestListener,
  options: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MILLISECONDS, keepAliveTimeout: KEEP_ALIVE_MILLISECONDS },
    app,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = WILDCARDS.has(options.host) ? 'localhost' : options.host;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: (graceMilliseconds = GRACE_MILLISECONDS) => close(server, graceMilliseconds),
  };
}

function close(server: Server, graceMilliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    // A kept-alive connection becomes idle only when its request ends, so idleness is looked at again and again.
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MILLISECONDS);
    const grace = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(grace);
      resolve();
    });
  });
}
