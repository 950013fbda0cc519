import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { Fault } from '../adapter/faults.ts';
import { isRefusal, type Targets } from '../adapter/targets.ts';
import type { Mailer, Message } from '../engine/ports/mail.ts';

/**
 * Mail by SMTP (RFC 5321), to the one server that the configuration names. A connection for each message: there are few. The
 * socket is opened here, so that its address is judged as of every other call.
 */

export type SmtpOptions = {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly from: string;
  readonly targets: Targets;
  /** PEM of an authority to trust besides the system's; left out = none. */
  readonly ca?: string;
  /** Over the whole of it, as a server that says a word now and then is never silent. Left out = a minute. */
  readonly timeoutMilliseconds?: number;
};

/** Of each thing that is waited for. */
const ANSWER_MILLISECONDS = 20_000;
/** A server that keeps us waiting keeps the next look at tasks waiting too. */
const TIMEOUT_MILLISECONDS = 60_000;

export type Smtp = Mailer & {
  /** Connects and logs in, and sends nothing. @throws Fault */
  readonly check: () => Promise<void>;
};

export function createSmtp(options: SmtpOptions): Smtp {
  const { host, port, security, login, from, targets, ca } = options;
  const { timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    // A server that offers it without a certificate that holds must not stop what goes without.
    ignoreTLS: security === 'none',
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED cannot unsay it.
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    ...(login ? { auth: { user: login.user, pass: login.password } } : {}),
    connectionTimeout: ANSWER_MILLISECONDS,
    greetingTimeout: ANSWER_MILLISECONDS,
    socketTimeout: ANSWER_MILLISECONDS,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_, callback) => {
      open(options, targets).then(
        (connection) => callback(null, { connection }),
        (error: Error) => callback(error),
      );
    },
  });

  return {
    async check() {
      try {
        await within(timeoutMilliseconds, transport.verify());
      } catch (error) {
        throw new Fault('unavailable', `SMTP: ${reasonOf(error)}`);
      }
    },
    async send({ to, subject, text }: Message, signal: AbortSignal) {
      signal.throwIfAborted();
      const late = AbortSignal.timeout(timeoutMilliseconds);
      try {
        const sent = await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          // It answers nobody, and no machine is to answer it (RFC 3834).
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: AbortSignal.any([signal, late]),
        });
        if (sent.rejected.length > 0)
          throw new Error(`the server took it for ${sent.accepted.length} of ${to.length} addresses only`);
      } catch (error) {
        throw new Fault('unavailable', `SMTP: ${late.aborted ? LATE : reasonOf(error)}`);
      }
    },
  };
}

const LATE = 'the server takes too long';

/** What is not over by then is left to itself. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(LATE)), milliseconds);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What the server said may repeat addresses: its code says enough. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed';
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  if (typeof responseCode === 'number') return `the server answers ${responseCode}`;
  if (typeof code === 'string') return isRefusal(code) ? `the server may not be called (${code})` : code;
  return error.message;
}

/** @throws an error with the code of the system, or of the refusal. */
async function open({ host, port, security }: SmtpOptions, targets: Targets): Promise<Socket> {
  // Without TLS it goes only where the configuration allows it, as http does.
  const scheme = security === 'none' ? 'http:' : 'https:';
  const name = host.includes(':') ? `[${host}]` : host;
  const problem = targets.problemOfAddress(`${scheme}//${name}:${port}`);
  if (problem !== null) throw Object.assign(new Error('the target may not be called'), { code: problem });
  const socket = connect({ host, port, lookup: targets.lookup(scheme) });
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
    }, ANSWER_MILLISECONDS);
    socket.once('connect', () => {
      clearTimeout(late);
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
    socket.once('close', () => clearTimeout(late));
  });
}
