import {
  createServer,
  request as forward,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { request as forwardSecurely } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Stands between an adapter and its platform, and makes the faults of transport that every platform can have. */

export type ProxyFault =
  /** Answers in the platform's place. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** From what it was told. */
      readonly body?: (told: string) => string;
    }
  /** Breaks the connection before the platform hears of it. */
  | { readonly kind: 'refuse' }
  /** Lets the platform act, then breaks the connection. */
  | { readonly kind: 'lose' }
  /** Never answers. */
  | { readonly kind: 'stall' }
  | { readonly kind: 'tamper'; readonly change: (body: string) => string };

export type Seen = { readonly method: string; readonly path: string; readonly body: string };

export type FaultProxy = {
  readonly url: string;
  /** For every request that `when` picks, until it is set again. */
  readonly set: (fault: ProxyFault | null, when?: (request: Seen) => boolean) => void;
  /** Resolves once a request is left without an answer. */
  readonly stalled: () => Promise<void>;
  /** Why requests could not be passed on. */
  readonly failures: readonly Error[];
  /** All requests that came, in order. */
  readonly seen: readonly Seen[];
  readonly close: () => Promise<void>;
};

export async function startProxy(pass: Pass): Promise<FaultProxy> {
  let fault: ProxyFault | null = null;
  let picks: (request: Seen) => boolean = () => true;
  const seen: Seen[] = [];
  const failures: Error[] = [];
  let hasStalled = (): void => undefined;
  const stalled = new Promise<void>((resolve) => {
    hasStalled = resolve;
  });
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(incoming);
    const request = { method: incoming.method ?? 'GET', path: incoming.url ?? '/', body };
    seen.push(request);
    const active = fault && picks(request) ? fault : null;
    if (active?.kind === 'refuse') return void incoming.socket.destroy();
    if (active?.kind === 'stall') return hasStalled();
    if (active?.kind === 'status') {
      return void response.writeHead(active.status, active.headers).end(active.body?.(body));
    }
    const answer = await pass(request, incoming.headers).catch((error: Error) => {
      failures.push(error);
      throw error;
    });
    if (active?.kind === 'lose') return void incoming.socket.destroy();
    const text = active?.kind === 'tamper' ? active.change(answer.body) : answer.body;
    const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...headers } = answer.headers;
    response.writeHead(answer.status, headers as OutgoingHttpHeaders).end(text);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
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
        server.closeAllConnections();
      }),
  };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
};

/** Has a request answered, by whatever stands behind the proxy. */
export type Pass = (request: Seen, headers: IncomingMessage['headers']) => Promise<Answer>;

/** By the server at that address. */
export const passTo =
  (target: string): Pass =>
  ({ method, path, body }, headers) =>
    new Promise((resolve, reject) => {
      const { host, 'accept-encoding': _, ...rest } = headers;
      // For a platform that names its own address in what it answers.
      const sent = host === undefined ? rest : { ...rest, 'x-forwarded-host': host };
      const url = new URL((target.endsWith('/') ? target.slice(0, -1) : target) + path);
      const send = url.protocol === 'https:' ? forwardSecurely : forward;
      const outgoing = send(url, { method, headers: sent }, (answer) => {
        textOf(answer).then(
          (text) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: text }),
          reject,
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
