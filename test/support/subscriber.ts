import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from './servers.ts';

/** Somebody who is told: a real HTTP server that answers as the test says. */

export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
};

/** What it does with a request that it has received; by default it answers 200. */
export type Answering = (request: IncomingMessage, response: ServerResponse, received: Received) => void;

export type Subscriber = {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** `webhook-id` of each, in order. */
  readonly ids: () => (string | undefined)[];
  answer: Answering;
  readonly close: () => Promise<void>;
};

export const status =
  (code: number, headers: Record<string, string> = {}): Answering =>
  (_request, response) =>
    response.writeHead(code, headers).end('what it says is of no interest');

export async function startSubscriber(): Promise<Subscriber> {
  const received: Received[] = [];
  const subscriber = { answer: status(200) as Answering };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers as Record<string, string | undefined>,
        body: Buffer.concat(chunks).toString(),
      };
      received.push(one);
      subscriber.answer(request, response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(subscriber, {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received,
    ids: () => received.map(({ headers }) => headers['webhook-id']),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

export const receives = (subscriber: Subscriber, count: number): Promise<void> =>
  until(`${count} notifications`, async () => subscriber.received.length >= count);
