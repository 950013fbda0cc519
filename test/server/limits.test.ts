import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { readBody } from '../../src/fhir/body.ts';
import { type Listening, listen, SERVER_LIMITS, type ServerLimits } from '../../src/server/listen.ts';

/** Clients that take the server's time without a word of use, on real sockets. */

const SHORT: ServerLimits = {
  ...SERVER_LIMITS,
  headersMilliseconds: 200,
  requestMilliseconds: 500,
  keepAliveMilliseconds: 400,
  checkMilliseconds: 20,
};
const DRIP_MILLISECONDS = 20;

describe('server: limits', () => {
  let server: Listening;
  const sockets: Socket[] = [];
  /** Whether the server came to see a request. */
  let seen: number;

  async function start(limits: ServerLimits): Promise<void> {
    seen = 0;
    server = await listen(
      async (request, response) => {
        seen += 1;
        if (request.url !== '/stream') {
          const body = await readBody(request).catch(() => 'too long, or cut');
          if (!response.destroyed) response.end(`${request.method} ${body}`);
          return;
        }
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const beat = setInterval(() => response.write(': still here\n\n'), 50);
        response.on('close', () => clearInterval(beat));
      },
      { host: '127.0.0.1', port: 0, limits },
    );
  }
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close(0);
  });

  /** A connection, what it was told, and when it ended. */
  function open(): { socket: Socket; told: () => string; ended: Promise<number> } {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const began = performance.now();
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('error', () => undefined);
    sockets.push(socket);
    return { socket, told: () => text, ended: once(socket, 'close').then(() => performance.now() - began) };
  }

  /** A byte after the other, until it is cut off. */
  async function drip(socket: Socket, text: string): Promise<void> {
    for (const letter of text) {
      if (socket.destroyed) return;
      socket.write(letter);
      await wait(DRIP_MILLISECONDS);
    }
  }

  it('cuts who sends headers byte by byte, and serves others meanwhile', async () => {
    await start(SHORT);
    const slow = Array.from({ length: 20 }, open);
    const dripping = slow.map(({ socket }) =>
      drip(socket, `GET / HTTP/1.1\r\nX-Slow: ${'a'.repeat(10_000)}`),
    );
    expect(await (await fetch(server.url)).text()).to.equal('GET ');
    for (const { ended } of slow) expect(await ended).to.be.within(150, 5_000);
    expect(await (await fetch(server.url)).text()).to.equal('GET ');
    expect(slow.map(({ told }) => told().split('\r\n')[0])).to.deep.equal(
      slow.map(() => 'HTTP/1.1 408 Request Timeout'),
    );
    expect(seen).to.equal(2);
    await Promise.all(dripping);
  });

  it('cuts who says nothing at all', async () => {
    await start(SHORT);
    expect(await open().ended).to.be.within(150, 5_000);
  });

  it('cuts who sends a body byte by byte, however long it said it was', async () => {
    await start(SHORT);
    const announced = open();
    const chunked = open();
    const head = 'POST / HTTP/1.1\r\nHost: x\r\n';
    announced.socket.write(`${head}Content-Length: 100000\r\n\r\n`);
    chunked.socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    const dripping = [
      drip(announced.socket, 'a'.repeat(10_000)),
      drip(chunked.socket, '1\r\na\r\n'.repeat(2_000)),
    ];
    expect(await (await fetch(server.url, { method: 'POST', body: 'a word' })).text()).to.equal(
      'POST a word',
    );
    for (const { ended } of [announced, chunked]) expect(await ended).to.be.within(400, 5_000);
    await Promise.all(dripping);
  });

  it('lets a stream live for longer than a request may take to come', async () => {
    await start(SHORT);
    const { socket, told, ended } = open();
    socket.write('GET /stream HTTP/1.1\r\nHost: x\r\n\r\n');
    let over = false;
    void ended.then(() => (over = true));
    await wait(4 * SHORT.requestMilliseconds);
    expect(over).to.equal(false);
    expect(told().match(/still here/g)?.length).to.be.above(10);
  });

  it('cuts an answer that nothing passes of', async () => {
    await start({ ...SHORT, silentMilliseconds: 20 });
    const { socket, ended } = open();
    socket.write('GET /stream HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await ended).to.be.below(5_000);
  });

  it('ends a connection without a request, and one that has had many', async () => {
    await start({ ...SHORT, requestsPerConnectionMax: 2 });
    const idle = open();
    idle.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await idle.ended).to.be.within(300, 5_000);
    const busy = open();
    busy.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2));
    await busy.ended;
    expect(busy.told()).to.contain('Connection: keep-alive').and.to.contain('Connection: close');
  });

  it('refuses headers that are too long', async () => {
    await start(SHORT);
    const { socket, told, ended } = open();
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(SHORT.headerBytesMax)}\r\n\r\n`);
    await ended;
    expect(told()).to.match(/^HTTP\/1\.1 431 /);
    expect(seen).to.equal(0);
  });

  it('refuses more headers than it reads: a proxy adds whom it speaks for behind all others', async () => {
    await start({ ...SHORT, headersMax: 10 });
    const sent = (count: number): string =>
      `GET / HTTP/1.1\r\nHost: x\r\n${'X-Many: a\r\n'.repeat(count - 2)}X-Forwarded-For: 198.51.100.1\r\n\r\n`;
    const { socket, told } = open();
    socket.write(sent(10));
    while (!told().includes('GET ')) await wait(5);
    expect(seen).to.equal(1);
    const more = open();
    more.socket.write(sent(11));
    await more.ended;
    expect(more.told()).to.match(/^HTTP\/1\.1 431 /);
    expect(seen).to.equal(1);
  });

  it('has so many connections of one client, and takes more once one has gone', async () => {
    await start({ ...SERVER_LIMITS, connectionsPerClientMax: 3 });
    const first = [open(), open(), open()];
    await Promise.all(first.map(({ socket }) => once(socket, 'connect')));
    expect(await open().ended).to.be.below(5_000);
    const [gone, asking] = first;
    gone?.socket.destroy();
    await gone?.ended;
    asking?.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    while (!asking?.told().includes('GET ')) await wait(5);
    expect(await (await fetch(server.url)).text()).to.equal('GET ');
  });
});
