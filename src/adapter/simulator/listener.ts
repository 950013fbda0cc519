import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Outcome } from './gate.ts';
import type { SimReply, SimRequest } from './router.ts';

/** The socket side of a simulator: bytes to requests, replies to bytes. */

const BODY_BYTES_MAX = 1024 * 1024;
/** Longer than any caller waits between two calls, so that no call meets a connection that is being closed. */
const KEEP_ALIVE_MILLISECONDS = 75_000;
const FORM = 'application/x-www-form-urlencoded';

export type Listener = { readonly url: string; readonly close: () => Promise<void> };

/** @param answer gets the path with its query too, for the log. @throws Error when the port is taken. */
export async function listen(
  port: number,
  host: string,
  answer: (request: SimRequest, target: string) => Promise<Outcome>,
): Promise<Listener> {
  const server = createServer((incoming, response) => {
    serve(incoming, response, answer).catch((error: Error) => {
      console.error(`simulator: ${error.message}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server), close: () => closed(server) };
}

function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: (request: SimRequest, target: string) => Promise<Outcome>,
): Promise<void> {
  const body = await readBody(incoming);
  const target = incoming.url ?? '/';
  const [path = '/', query = ''] = target.split('?', 2);
  const outcome = body.ok
    ? await answer(
        {
          method: incoming.method ?? 'GET',
          path,
          query: new URLSearchParams(query),
          headers: flat(incoming.headers),
          body: body.value,
        },
        target,
      )
    : body.refusal;
  if (outcome === 'lost') incoming.socket.destroy();
  else write(response, outcome);
}

const flat = (headers: IncomingMessage['headers']): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );

function write(response: ServerResponse, reply: SimReply): void {
  const payload = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  response.writeHead(reply.status, {
    ...(payload === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...(reply.status === 204 || reply.status === 304 ? {} : { 'content-length': Buffer.byteLength(payload) }),
    ...reply.headers,
  });
  response.end(payload);
}

type Body =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: SimReply };

async function readBody(incoming: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  if (size > BODY_BYTES_MAX) return { ok: false, refusal: { status: 413 } };
  if (size === 0) return { ok: true, value: undefined };
  const text = Buffer.concat(chunks).toString('utf8');
  if (incoming.headers['content-type']?.startsWith(FORM)) return { ok: true, value: text };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, refusal: { status: 400, body: { error: 'the body is not JSON' } } };
  }
}
