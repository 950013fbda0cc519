import { connect, type Socket } from 'node:net';

/** The load: as many callers as connections, each with one request under way, and a client that costs little itself. */

export type Reply = { readonly status: number; readonly body: Buffer };

const HEAD_END = Buffer.from('\r\n\r\n');

/** One kept connection of HTTP/1.1. Answers must say their content-length, as those of both servers do. */
export class Caller {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #bodyStart = -1;
  #length = 0;
  #status = 0;
  #waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | null = null;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#waiting?.reject(error));
    this.#socket.on('close', () => this.#waiting?.reject(new Error('the server hung up')));
  }

  /** @param request the whole text of it. */
  call(request: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    if (this.#bodyStart < 0) {
      const end = this.#received.indexOf(HEAD_END);
      if (end < 0) return;
      const head = this.#received.toString('latin1', 0, end);
      this.#status = Number(head.slice(9, 12));
      this.#length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      this.#bodyStart = end + HEAD_END.length;
    }
    if (this.#received.length < this.#bodyStart + this.#length) return;
    const body = this.#received.subarray(this.#bodyStart);
    const waiting = this.#waiting;
    this.#received = Buffer.alloc(0);
    this.#bodyStart = -1;
    this.#waiting = null;
    waiting?.resolve({ status: this.#status, body });
  }
}

export type Bounds = { readonly callers: number; readonly requests: number; readonly milliseconds: number };
export type Run = { readonly perSecond: number; readonly requests: number; readonly milliseconds: number };

/**
 * Sends requests until so many are answered or so much time is over.
 * @param next the text of the request of that number. @throws Error on an answer of another status.
 */
export async function run(
  url: string,
  { callers, requests, milliseconds }: Bounds,
  status: number,
  next: (number: number) => string,
): Promise<Run> {
  let sent = 0;
  const connections = Array.from({ length: callers }, () => new Caller(url));
  const began = performance.now();
  const work = async (caller: Caller): Promise<void> => {
    while (sent < requests && performance.now() - began < milliseconds) {
      const number = sent;
      sent += 1;
      const reply = await caller.call(next(number));
      if (reply.status !== status)
        throw new Error(`answered ${reply.status}: ${reply.body.toString().slice(0, 300)}`);
    }
  };
  try {
    await Promise.all(connections.map(work));
  } finally {
    for (const caller of connections) caller.close();
  }
  const took = performance.now() - began;
  return { perSecond: (sent / took) * 1000, requests: sent, milliseconds: took };
}
