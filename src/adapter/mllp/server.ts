import { BlockList, createServer, isIP, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { MINUTE, SECOND } from '../../domain/instant.ts';
import type { Listening } from '../contract.ts';
import { Frames, FramingError, framed } from './frames.ts';

/** Takes messages over MLLP: one after the other on each connection, each answered before the next one is read. */

export type MllpTls = {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** PEM. Present: a client has to have a certificate of this authority. */
  readonly ca?: string | undefined;
};

export type MllpServerOptions = {
  readonly host: string;
  /** 0 = any that is free. */
  readonly port: number;
  readonly tls: MllpTls | null;
  /** Addresses (IP) that may connect; empty = every one. */
  readonly peers: readonly string[];
  readonly bytesMax: number;
  /** Answers a message; the answers are sent in order. It does not reject. */
  readonly answer: (message: Buffer) => Promise<readonly Buffer[]>;
  /** What is answered before the connection ends, to what is no MLLP or too long; null = nothing. */
  readonly refuse: (error: FramingError) => Buffer | null;
  /** Called as often while somebody is connected and all that came has been answered. */
  readonly onQuiet: () => Promise<void>;
  /** How often. Default: a minute. */
  readonly quietMilliseconds?: number;
};

const CONNECTIONS_MAX = 32;
/** Of one address, so that one that opens many and says nothing keeps nobody else out. */
const CONNECTIONS_PER_ADDRESS_MAX = 8;
/** Until a client has shown who it is. */
const HANDSHAKE_MILLISECONDS = 10 * SECOND;
/** Between two bytes of one message. */
const STALLED_MILLISECONDS = 30 * SECOND;
const KEEP_ALIVE_MILLISECONDS = 30 * SECOND;
const QUIET_MILLISECONDS = MINUTE;

export async function listenMllp(options: MllpServerOptions): Promise<Listening> {
  const { tls, host, port } = options;
  const open = new Set<Socket>();
  const serving = new Set<Promise<void>>();
  /** Those of whom a message has begun, or is being answered. */
  const busy = new Set<Socket>();
  const allowed = blockListOf(options.peers);

  const take = (socket: Socket): void => {
    if (socket.destroyed) return;
    socket.on('error', () => socket.destroy());
    open.add(socket);
    socket.setKeepAlive(true, KEEP_ALIVE_MILLISECONDS);
    const served = serve(socket, options, busy).finally(() => {
      open.delete(socket);
      busy.delete(socket);
      serving.delete(served);
    });
    serving.add(served);
  };
  const server: Server = tls
    ? createSecureServer(
        {
          ...tls,
          requestCert: tls.ca !== undefined,
          rejectUnauthorized: tls.ca !== undefined,
          minVersion: 'TLSv1.2',
          handshakeTimeout: HANDSHAKE_MILLISECONDS,
        },
        take,
      )
    : createServer(take);
  server.maxConnections = CONNECTIONS_MAX;
  // Before the handshake: who is turned away afterwards has had a place until then.
  server.prependListener('connection', turnAway(allowed));
  // A handshake that fails is the client's affair.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  const quiet = setInterval(() => {
    if (open.size > 0 && busy.size === 0) options.onQuiet().catch(() => undefined);
  }, options.quietMilliseconds ?? QUIET_MILLISECONDS);
  quiet.unref();
  return {
    address: `${host}:${address.port}`,
    async close() {
      clearInterval(quiet);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // What is being answered is answered first.
      for (const socket of open) socket.emit('closing');
      await Promise.all(serving);
      await closed;
    },
  };
}

async function serve(
  socket: Socket,
  { bytesMax, answer, refuse }: MllpServerOptions,
  busy: Set<Socket>,
): Promise<void> {
  const frames = new Frames(bytesMax);
  const closing = new Promise<null>((resolve) => {
    for (const event of ['closing', 'close', 'timeout']) socket.once(event, () => resolve(null));
  });
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      socket.setTimeout(frames.isOpen ? STALLED_MILLISECONDS : 0);
      const next = await Promise.race([chunks.next(), closing]);
      if (next === null || next.done) break;
      socket.setTimeout(0);
      busy.add(socket);
      for (const message of frames.push(next.value)) {
        for (const each of await answer(message)) await write(socket, each);
      }
      if (!frames.isOpen) busy.delete(socket);
    }
  } catch (error) {
    const refusal = error instanceof FramingError ? refuse(error) : null;
    if (refusal) await write(socket, refusal).catch(() => undefined);
  } finally {
    socket.destroySoon();
  }
}

const write = (socket: Socket, message: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.write(framed(message), (error) => (error ? reject(error) : resolve()));
  });

/** Ends the connection of whoever is no peer, or has as many as one address may have. */
function turnAway(allowed: BlockList | null): (socket: Socket) => void {
  const open = new Map<string, number>();
  return (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = open.get(address) ?? 0;
    if ((allowed && !isAllowed(allowed, address)) || count >= CONNECTIONS_PER_ADDRESS_MAX)
      return void socket.on('error', () => undefined).destroy();
    open.set(address, count + 1);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  };
}

function blockListOf(peers: readonly string[]): BlockList | null {
  if (peers.length === 0) return null;
  const list = new BlockList();
  for (const peer of peers) list.addAddress(peer, isIP(peer) === 6 ? 'ipv6' : 'ipv4');
  return list;
}

const isAllowed = (list: BlockList, address: string): boolean =>
  isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
