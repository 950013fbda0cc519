import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a server, so that it can be out of reach for one test and not for the others. */
export type TcpProxy = {
  /** The server's address, by way of the proxy. */
  readonly url: string;
  /** Every connection is closed and none is accepted, as if the server were down. */
  readonly cut: () => Promise<void>;
  readonly restore: () => Promise<void>;
  /** Nothing gets through and nothing is closed, as if the network were parted or the host had lost its power. */
  readonly freeze: () => void;
  /** New connections get through; those that were frozen stay silent for ever. */
  readonly thaw: () => void;
};

export async function tcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [incoming: Socket, outgoing: Socket]>();
  let isFrozen = false;
  const silence = ([incoming, outgoing]: readonly [Socket, Socket]): void => {
    // What comes is taken and lost, so that neither side is told of anything.
    incoming.unpipe(outgoing).resume();
    outgoing.unpipe(incoming).resume();
  };
  const server = createServer({ allowHalfOpen: true }, (incoming) => {
    const outgoing = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    const pair = [incoming, outgoing] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        pairs.delete(pair);
        incoming.destroy();
        outgoing.destroy();
      });
    }
    incoming.pipe(outgoing).pipe(incoming);
    if (isFrozen) silence(pair);
  });
  const listen = (at: number) =>
    new Promise<void>((resolve) => {
      server.listen(at, '127.0.0.1', resolve);
    });
  await listen(0);
  const address = server.address() as AddressInfo;
  const proxied = new URL(target);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(address.port);
  return {
    url: proxied.href,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const pair of pairs) for (const socket of pair) socket.destroy();
      }),
    restore: () => listen(address.port),
    freeze: () => {
      isFrozen = true;
      for (const pair of pairs) silence(pair);
    },
    thaw: () => {
      isFrozen = false;
    },
  };
}
