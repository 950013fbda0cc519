import { Readable } from 'node:stream';
import { Fault, isFault } from './faults.ts';

/** The body of an answer, bit by bit and within bounds. */

export type BodyBounds = {
  /** Once it is decompressed. */
  readonly bytesMax: number;
  /** How long one wait for more may be; not how long its taker takes. */
  readonly stallMilliseconds: number;
  readonly signal: AbortSignal | undefined;
};

/** @param where method and path. @throws Fault `unavailable` when it breaks off or stalls, `malformed` beyond its bytes. */
export async function* bounded(body: unknown, where: string, bounds: BodyBounds): AsyncGenerator<Uint8Array> {
  const { bytesMax, stallMilliseconds, signal } = bounds;
  const stream = streamOf(body);
  const stop = (): void => void stream.destroy(new Fault('unavailable', `${where}: stopped`));
  signal?.addEventListener('abort', stop, { once: true });
  let bytes = 0;
  try {
    if (signal?.aborted) stop();
    const parts = stream[Symbol.asyncIterator]();
    for (;;) {
      const stall = setTimeout(() => {
        stream.destroy(new Fault('unavailable', `${where}: the answer stalls`));
      }, stallMilliseconds);
      const part = await parts.next().finally(() => clearTimeout(stall));
      if (part.done) {
        // What was torn down before it was taken ends like any other.
        if (!stream.readableEnded) throw new Fault('unavailable', `${where}: stopped`);
        return;
      }
      const chunk = Buffer.from(part.value);
      bytes += chunk.length;
      if (bytes > bytesMax) throw new Fault('malformed', `${where}: the answer is too long`);
      yield chunk;
    }
  } catch (error) {
    if (isFault(error)) throw error;
    throw new Fault('unavailable', `${where}: the answer breaks off`);
  } finally {
    signal?.removeEventListener('abort', stop);
    discard(stream);
  }
}

/** Lets the connection go, of a body that nobody takes. */
export function discard(body: unknown): void {
  if (!(body instanceof Readable)) return;
  // What it says of its end is of no interest any more.
  body.on('error', () => undefined);
  body.destroy();
}

/** Where a simulation stands in for the network, the body is a text. */
const streamOf = (body: unknown): Readable =>
  body instanceof Readable ? body : Readable.from([Buffer.from(typeof body === 'string' ? body : '')]);
