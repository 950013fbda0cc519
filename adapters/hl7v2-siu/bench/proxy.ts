import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Fault } from '../../../src/adapter/faults.ts';
import { createMllpClient } from '../../../src/adapter/mllp/client.ts';
import { Frames, framed } from '../../../src/adapter/mllp/frames.ts';
import { createTargets } from '../../../src/adapter/targets.ts';
import type { FaultProxy, ProxyFault, Seen } from '../../../src/conformance/proxy.ts';

/** The suite's proxy for MLLP: each message is a POST to its trigger event. It has no answers of its own, as HTTP has by status. */
export async function startMllpProxy(url: string): Promise<FaultProxy> {
  let fault: ProxyFault | null = null;
  let picks: (request: Seen) => boolean = () => true;
  const seen: Seen[] = [];
  const failures: Error[] = [];
  const sockets = new Set<Socket>();
  let hasStalled = (): void => undefined;
  const stalled = new Promise<void>((resolve) => {
    hasStalled = resolve;
  });
  const client = createMllpClient({
    url,
    tls: null,
    targets: createTargets(['127.0.0.0/8']),
    timeoutMilliseconds: 5_000,
    bytesMax: 64 * 1024,
  });

  async function pass(socket: Socket, message: Buffer): Promise<void> {
    const body = message.toString('utf8');
    const request = { method: 'POST', path: body.split('|')[8] ?? '', body };
    seen.push(request);
    const active = fault && picks(request) ? fault : null;
    if (active?.kind === 'refuse') return void socket.destroy();
    if (active?.kind === 'stall') return hasStalled();
    const answer = await client.send(message).catch((error: unknown) => {
      failures.push(error instanceof Fault ? error : new Error('not passed on'));
      throw error;
    });
    if (active?.kind === 'lose') return void socket.destroy();
    const text = answer.toString('utf8');
    socket.write(framed(Buffer.from(active?.kind === 'tamper' ? active.change(text) : text)));
  }

  const server = createServer((socket) => {
    const frames = new Frames(64 * 1024);
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      for (const message of frames.push(chunk)) pass(socket, message).catch(() => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `mllp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (next, when = () => true) => {
      fault = next;
      picks = when;
    },
    stalled: () => stalled,
    seen,
    failures,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
