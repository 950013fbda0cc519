import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { connectImap } from '../../src/adapter/imap/client.ts';
import { loopback } from '../support/loopback.ts';
import { faultOf } from '../support/platform-http.ts';

/** Servers that are not what they should be. The real one: test/adapters/mailbox-dovecot.test.ts. */

describe('a connection to a mail server', () => {
  let server: Server;
  const sockets = new Set<Socket>();
  let said = '';

  const serve = async (greeting: string, answer: (line: string, socket: Socket) => void): Promise<number> => {
    said = '';
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        for (const line of chunk.toString().split('\r\n')) if (line !== '') answer(line, socket);
      });
      if (greeting !== '') socket.write(greeting);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await new Promise((resolve) => server.close(resolve));
  });

  const connect = (port: number) =>
    connectImap(
      {
        ...{ host: '127.0.0.1', port, security: 'starttls', ca: null, targets: loopback },
        ...{ timeoutMilliseconds: 500, literalBytesMax: 1_000 },
      },
      { user: 'boite', pass: 'secret-fictif' },
      AbortSignal.timeout(2_000),
    );
  const answered =
    (capability: string) =>
    (line: string, socket: Socket): void => {
      const [tag = '', command = ''] = line.split(' ');
      if (command.toUpperCase() === 'CAPABILITY')
        socket.write(`* CAPABILITY ${capability}\r\n${tag} OK done\r\n`);
      else socket.write(`${tag} OK done\r\n`);
    };

  it('says no password before TLS: not where there is none, nor where it is let in without one', async () => {
    for (const greeting of ['* OK hello\r\n', '* PREAUTH hello\r\n']) {
      const port = await serve(greeting, answered('IMAP4rev1 AUTH=PLAIN'));
      expect((await faultOf(() => connect(port))).kind, greeting).to.equal('unavailable');
      expect(said, greeting).to.not.match(/LOGIN|AUTHENTICATE|secret/i);
      server.close();
    }
    // It says that it goes on by TLS, and does not.
    const port = await serve('* OK hello\r\n', answered('IMAP4rev1 STARTTLS'));
    expect((await faultOf(() => connect(port))).kind).to.equal('unavailable');
    expect(said).to.not.match(/LOGIN|AUTHENTICATE|secret/i);
  }).timeout(10_000);

  it('ends where nothing comes, and where what comes has no end', async () => {
    const silent = await serve('', () => undefined);
    expect((await faultOf(() => connect(silent))).kind).to.equal('unavailable');
    server.close();
    const endless = await serve('', () => undefined);
    server.on('connection', (socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write('* OK '.padEnd(65_536, 'x')));
      };
      socket.on('drain', more);
      more();
    });
    const before = process.memoryUsage().rss;
    expect((await faultOf(() => connect(endless))).kind).to.equal('unavailable');
    expect(process.memoryUsage().rss - before).to.be.lessThan(200 * 1024 * 1024);
  }).timeout(10_000);

  it('is tried no longer than somebody waits for it', async () => {
    const port = await serve('', () => undefined);
    const stopping = new AbortController();
    const attempt = faultOf(() =>
      connectImap(
        {
          ...{ host: '127.0.0.1', port, security: 'tls', ca: null, targets: loopback },
          ...{ timeoutMilliseconds: 60_000, literalBytesMax: 1_000 },
        },
        { user: 'boite', pass: 'secret-fictif' },
        stopping.signal,
      ),
    );
    stopping.abort();
    expect((await attempt).kind).to.equal('unavailable');
  });
});
