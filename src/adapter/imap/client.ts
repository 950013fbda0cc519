import { connect, isIP } from 'node:net';
import { type ConnectionOptions, connect as connectSecurely } from 'node:tls';
import type { ImapFlow, ImapTransport } from 'imapflow';
import { MINUTE, SECOND } from '../../domain/instant.ts';
import { Fault } from '../faults.ts';
import { forbidden } from '../network-faults.ts';
import { isRefusal, type Targets } from '../targets.ts';

/**
 * A connection to an IMAP server (RFC 3501, RFC 9051): by TLS from its first byte or by STARTTLS before any credential, to an
 * address that is judged as the connection is made, with a limit on whatever comes.
 */

export type ImapOptions = {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls';
  /** PEM of an authority that is trusted in place of the system's; null = those of the system. */
  readonly ca: string | null;
  readonly targets: Targets;
  readonly timeoutMilliseconds: number;
  /** Of one message or part; a server that sends a longer one loses the connection. */
  readonly literalBytesMax: number;
};

export type ImapCredentials =
  | { readonly user: string; readonly pass: string }
  | { readonly user: string; readonly accessToken: string };

const LINE_BYTES_MAX = 4 * 1024 * 1024;
const TOKENS_MAX = 200_000;
/** A server ends an idle session after half an hour (RFC 2177), and a firewall sooner. */
const IDLE_MILLISECONDS = 4 * MINUTE;
/** From the last command until the server is asked to tell by itself. */
const BEFORE_IDLE_MILLISECONDS = 100;

/** @returns a client that is logged in. @throws Fault `forbidden`, `unauthorized` or `unavailable`. */
export async function connectImap(
  options: ImapOptions,
  credentials: ImapCredentials,
  signal: AbortSignal,
): Promise<ImapFlow> {
  const { host, port, security, timeoutMilliseconds, literalBytesMax } = options;
  // Where no mailbox is heard, nobody waits for it to be loaded.
  const imapflow = await import('imapflow');
  const client = new imapflow.ImapFlow({
    host,
    port,
    secure: security === 'tls',
    ...(security === 'starttls' ? { doSTARTTLS: true } : {}),
    transport: judged(options),
    auth: credentials,
    clientInfo: { name: 'Passerelle' },
    // It would quote what it reads.
    logger: false,
    connectionTimeout: timeoutMilliseconds,
    greetingTimeout: timeoutMilliseconds,
    socketTimeout: IDLE_MILLISECONDS + MINUTE,
    maxIdleTime: IDLE_MILLISECONDS,
    autoIdleDelay: BEFORE_IDLE_MILLISECONDS,
    // What it unpacks to would have no limit.
    disableCompression: true,
    maxLineLength: LINE_BYTES_MAX,
    maxLiteralSize: literalBytesMax,
    maxResponseSize: literalBytesMax + LINE_BYTES_MAX,
    maxResponseTokens: TOKENS_MAX,
  });
  // It is told by a call that rejects, too; unheard it would end the process.
  client.on('error', () => undefined);
  const giveUp = (): void => client.close();
  const late = setTimeout(giveUp, timeoutMilliseconds + 5 * SECOND);
  signal.addEventListener('abort', giveUp);
  try {
    signal.throwIfAborted();
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    throw faultOfImap(error, host);
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', giveUp);
  }
}

/** What a call that failed stands for. The client's error may quote the server, and so a subject: only its code goes on. */
export function faultOfImap(error: unknown, host: string): Fault {
  if (error instanceof Fault) return error;
  const { code, authenticationFailed } = error as { code?: unknown; authenticationFailed?: unknown };
  const word = typeof code === 'string' && /^[\w-]{1,60}$/.test(code) ? code : 'no code';
  if (isRefusal(word)) return forbidden(word, { where: 'IMAP', host });
  if (authenticationFailed === true)
    return new Fault('unauthorized', `IMAP: ${host} refuses the credentials`);
  return new Fault('unavailable', `IMAP: ${host}: ${word}`);
}

/** Sockets to where calls may go. Both ways end in TLS before anything is said, so both are judged as such. */
function judged({ targets, ca }: ImapOptions): ImapTransport {
  const trust = (host: string): ConnectionOptions => ({
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === null ? {} : { ca }),
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED cannot unsay it.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  });
  return {
    connect({ host, port, secure }, onConnect) {
      // A connection to an address asks for no name.
      const problem = targets.problemOfAddress(`https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
      if (problem !== null) throw Object.assign(new Error('the target may not be called'), { code: problem });
      const at = { host, port, lookup: targets.lookup('https:') };
      return secure ? connectSecurely({ ...trust(host), ...at }, onConnect) : connect(at, onConnect);
    },
    upgrade(socket, { host }, onSecure) {
      return connectSecurely({ ...trust(host), socket }, onSecure);
    },
  };
}
