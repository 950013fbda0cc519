import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { Fault } from '../faults.ts';
import { forbidden } from '../network-faults.ts';
import { isRefusal, type Targets } from '../targets.ts';
import { Frames, framed } from './frames.ts';
import type { MllpTls } from './server.ts';

/** Sends a message over MLLP and waits for what is answered: a connection for each, which no idle peer ends behind our back. */

export type MllpClient = {
  /** @throws Fault `unavailable` where nothing was sent, `unsure` where no answer came. */
  readonly send: (message: Buffer) => Promise<Buffer>;
  /** Connects, and that is all. @throws Fault */
  readonly check: (signal: AbortSignal) => Promise<void>;
};

export type MllpClientOptions = {
  /** `mllp://host:port`, or `mllps://host:port` by TLS. */
  readonly url: string;
  /** What a client shows, and whom it trusts; null = what the system trusts. */
  readonly tls: { readonly [Part in keyof MllpTls]?: string | undefined } | null;
  readonly targets: Targets;
  readonly timeoutMilliseconds: number;
  readonly bytesMax: number;
};

export function createMllpClient(options: MllpClientOptions): MllpClient {
  const { url, timeoutMilliseconds, bytesMax } = options;
  const where = new URL(url).host;

  async function connected(): Promise<Socket> {
    const socket = await open(options);
    const isSecure = url.startsWith('mllps:');
    try {
      await settled(socket, timeoutMilliseconds, (resolve) =>
        socket.once(isSecure ? 'secureConnect' : 'connect', resolve),
      );
      return socket;
    } catch (error) {
      socket.destroy();
      const code = (error as NodeJS.ErrnoException).code ?? 'no code';
      if (isRefusal(code)) throw forbidden(code, { where: 'MLLP', host: where });
      throw new Fault('unavailable', `MLLP: ${where} is not reached (${code})`);
    }
  }

  return {
    async check() {
      (await connected()).destroy();
    },
    async send(message) {
      const socket = await connected();
      const frames = new Frames(bytesMax);
      try {
        return await settled<Buffer>(socket, timeoutMilliseconds, (resolve, reject) => {
          socket.on('data', (chunk: Buffer) => {
            try {
              const [answer] = frames.push(chunk);
              if (answer) resolve(answer);
            } catch (error) {
              reject(error as Error);
            }
          });
          socket.write(framed(message));
        });
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
        throw new Fault('unsure', `MLLP: no acknowledgement from ${where} (${code})`);
      } finally {
        socket.destroy();
      }
    },
  };
}

/** What `wait` gives, unless the socket ends, fails or stays silent for too long first. */
function settled<Value = void>(
  socket: Socket,
  timeoutMilliseconds: number,
  wait: (resolve: (value: Value) => void, reject: (error: Error) => void) => void,
): Promise<Value> {
  return new Promise<Value>((resolve, reject) => {
    const failed = (error: Error): void => reject(error);
    const ended = (): void => reject(new Error('the connection ended'));
    const timer = setTimeout(() => reject(new Error('no answer in time')), timeoutMilliseconds);
    const done = (value: Value): void => resolve(value);
    socket.on('error', failed);
    socket.on('close', ended);
    wait(done, failed);
    const clear = (): void => clearTimeout(timer);
    socket.once('close', clear);
  });
}

async function open({ url, tls, targets }: MllpClientOptions): Promise<Socket> {
  const { hostname, port, protocol } = new URL(url);
  const isSecure = protocol === 'mllps:';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const scheme = isSecure ? 'https:' : 'http:';
  // A connection to an address asks for no name.
  const problem = targets.problemOfAddress(`${scheme}//${hostname}:${port}`);
  if (problem !== null) throw forbidden(problem, { where: 'MLLP', host: hostname });
  const at = { host, port: Number(port), lookup: targets.lookup(scheme) };
  return isSecure
    ? connectSecurely({
        ...at,
        ...tls,
        ...(isIP(host) === 0 ? { servername: host } : {}),
        // Said, so that NODE_TLS_REJECT_UNAUTHORIZED cannot unsay it.
        rejectUnauthorized: true,
        minVersion: 'TLSv1.2',
      })
    : connect(at);
}
