import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A real mail server, which keeps what it was given. */

export type Mail = {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly raw: string;
};

export type MailServer = {
  readonly port: number;
  readonly mails: Mail[];
  /** The next so many messages are refused with 451, as of a server that is busy. */
  refuse: number;
  /** Users who logged in, in order. */
  readonly logins: string[];
  readonly close: () => Promise<void>;
};

export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: Mail[] = [];
  const logins: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.key ? [] : ['STARTTLS'],
    logger: false,
    onAuth: ({ username, password }, _session, callback) => {
      if (password !== 'un-mot-de-passe') return callback(new Error('no'));
      logins.push(username ?? '');
      callback(null, { user: username });
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (kept.refuse > 0) {
          kept.refuse -= 1;
          return callback(Object.assign(new Error('come back later'), { responseCode: 451 }));
        }
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push(mailOf(Buffer.concat(chunks).toString('utf8'), to));
        callback();
      });
    },
    ...options,
  });
  // A client that goes away is its own business.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kept = {
    port: (server.server.address() as AddressInfo).port,
    mails,
    logins,
    refuse: 0,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
  return kept;
}

/** RFC 5322, as far as ours go: one text, in base64 or quoted-printable. */
function mailOf(raw: string, to: readonly string[]): Mail {
  const [head = '', ...body] = raw.split('\r\n\r\n');
  const headers = head.replaceAll(/\r\n[ \t]+/g, ' ');
  const text = body.join('\r\n\r\n');
  const isBase64 = /^content-transfer-encoding: base64/im.test(headers);
  return {
    to,
    subject: decodeWords(/^subject: (.*)$/im.exec(headers)?.[1] ?? ''),
    text: isBase64 ? Buffer.from(text, 'base64').toString('utf8') : quoted(text.replaceAll('=\r\n', '')),
    raw,
  };
}

/** RFC 2047. */
const decodeWords = (text: string): string =>
  text
    .replaceAll(/\?= =\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : quoted(word.replaceAll('_', ' ')),
    );

const quoted = (text: string): string =>
  Buffer.from(
    text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
