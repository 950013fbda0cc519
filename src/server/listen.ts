import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { MINUTE, SECOND } from '../domain/instant.ts';
import { type IsProxy, networkOf } from './client-address.ts';

export type Listening = {
  /** Without a slash at its end. */
  readonly url: string;
  /**
   * Takes no more connections, lets requests that are under way end for at most `graceMilliseconds`, then cuts them.
   * Resolves when nothing is open any more.
   */
  readonly close: (graceMilliseconds?: number) => Promise<void>;
};

/** What a client may take of the server before it has said who it is. What is over a limit is cut. */
export type ServerLimits = {
  /** Of a connection until its request has all its headers, however steadily they drip in. */
  readonly headersMilliseconds: number;
  /** Of a request until it is here with its body. The answer may take longer. */
  readonly requestMilliseconds: number;
  /** Without a byte in either direction, while a request is answered. Streams send one more often. */
  readonly silentMilliseconds: number;
  /** Of a connection without a request. */
  readonly keepAliveMilliseconds: number;
  /** How often the first two are looked at. */
  readonly checkMilliseconds: number;
  readonly headerBytesMax: number;
  readonly headersMax: number;
  readonly requestsPerConnectionMax: number;
  readonly connectionsMax: number;
  /** Of one client's network. A proxy of ours has as many as it wants. */
  readonly connectionsPerClientMax: number;
};

export const SERVER_LIMITS: ServerLimits = {
  headersMilliseconds: 10 * SECOND,
  requestMilliseconds: 30 * SECOND,
  silentMilliseconds: 5 * MINUTE,
  // Longer than proxies keep an idle connection (60 s is usual), or they would send into one that was just closed.
  keepAliveMilliseconds: 65 * SECOND,
  checkMilliseconds: SECOND,
  headerBytesMax: 16 * 1024,
  headersMax: 100,
  requestsPerConnectionMax: 10_000,
  connectionsMax: 10_000,
  connectionsPerClientMax: 256,
};

export type ListenOptions = {
  readonly host: string;
  readonly port: number;
  readonly limits?: ServerLimits;
  readonly isProxy?: IsProxy;
};

const GRACE_MILLISECONDS = 10_000;
const IDLE_CHECK_MILLISECONDS = 50;
const WILDCARDS = new Set(['0.0.0.0', '::']);

/** @throws Error of listen(2), such as EADDRINUSE. */
export async function listen(app: RequestListener, options: ListenOptions): Promise<Listening> {
  const { limits = SERVER_LIMITS, isProxy = () => false } = options;
  const server = createServer(
    {
      headersTimeout: limits.headersMilliseconds,
      requestTimeout: limits.requestMilliseconds,
      keepAliveTimeout: limits.keepAliveMilliseconds,
      connectionsCheckingInterval: limits.checkMilliseconds,
      maxHeaderSize: limits.headerBytesMax,
    },
    withHeaders(limits.headersMax, app),
  );
  server.timeout = limits.silentMilliseconds;
  // Node leaves out what is more, and says nothing: one more shows that there were too many.
  server.maxHeadersCount = limits.headersMax + 1;
  server.maxRequestsPerSocket = limits.requestsPerConnectionMax;
  server.maxConnections = limits.connectionsMax;
  server.on('connection', connectionsOf(limits.connectionsPerClientMax, isProxy));
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

/**
 * Refuses more headers than `most`. Read only in part they would be those of the client alone: what a proxy adds behind them,
 * as whom it speaks for, would be lost, and what the client says in its place believed.
 */
const withHeaders =
  (most: number, app: RequestListener): RequestListener =>
  (request, response) => {
    if (request.rawHeaders.length <= 2 * most) app(request, response);
    else response.writeHead(431, { connection: 'close' }).end();
  };

/** Counts the connections of each client, and cuts what is over the limit. */
function connectionsOf(most: number, isProxy: IsProxy): (socket: Socket) => void {
  const open = new Map<string, number>();
  return (socket) => {
    const address = socket.remoteAddress ?? '';
    if (isProxy(address)) return;
    const client = networkOf(address);
    const count = open.get(client) ?? 0;
    if (count >= most) {
      socket.destroy();
      return;
    }
    open.set(client, count + 1);
    socket.once('close', () => {
      const left = (open.get(client) ?? 1) - 1;
      if (left > 0) open.set(client, left);
      else open.delete(client);
    });
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
