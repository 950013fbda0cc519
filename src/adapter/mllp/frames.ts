/**
 * The Minimal Lower Layer Protocol: `VT message FS CR` (HL7 v2 Transport Specification: MLLP, release 1, section 2.2).
 * Between two messages nothing but line ends may stand.
 */

const VT = 0x0b;
const FS = 0x1c;
const CR = 0x0d;
const LF = 0x0a;

export const framed = (message: Buffer): Buffer => Buffer.concat([Buffer.of(VT), message, Buffer.of(FS, CR)]);

/** What stands on the connection is no MLLP, or too long to be read. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
  /** How the message began that is too long, so that it can be refused by its id; empty of what is none. */
  readonly begun: Buffer;

  constructor(message: string, begun = Buffer.alloc(0)) {
    super(message);
    this.begun = begun;
  }
}

const BEGUN_BYTES = 1_024;

/** Cuts a stream of bytes into messages, however it was cut on its way. */
export class Frames {
  readonly #bytesMax: number;
  #chunks: Buffer[] = [];
  #length = 0;
  #state: 'between' | 'inside' | 'ending' = 'between';

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether a message has begun and not ended. */
  get isOpen(): boolean {
    return this.#state !== 'between';
  }

  /** The messages that end in this chunk. @throws FramingError */
  push(chunk: Buffer): Buffer[] {
    const messages: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      const byte = chunk[at];
      if (this.#state === 'between') {
        at += 1;
        if (byte === VT) this.#state = 'inside';
        else if (byte !== CR && byte !== LF) throw new FramingError('bytes outside of a message');
      } else if (this.#state === 'ending') {
        at += 1;
        if (byte !== CR) throw new FramingError('no CR after FS');
        messages.push(Buffer.concat(this.#chunks));
        this.#chunks = [];
        this.#length = 0;
        this.#state = 'between';
      } else {
        const end = chunk.indexOf(FS, at);
        this.#keep(chunk.subarray(at, end < 0 ? chunk.length : end));
        at = end < 0 ? chunk.length : end + 1;
        if (end >= 0) this.#state = 'ending';
      }
    }
    return messages;
  }

  #keep(part: Buffer): void {
    this.#chunks.push(part);
    this.#length += part.length;
    if (this.#length <= this.#bytesMax) return;
    const begun = Buffer.concat(this.#chunks).subarray(0, BEGUN_BYTES);
    throw new FramingError(`a message of more than ${this.#bytesMax} bytes`, begun);
  }
}
