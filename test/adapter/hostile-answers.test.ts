import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Http } from '../../src/adapter/http.ts';
import { faultOf, LIMITS, platformHttp } from '../support/platform-http.ts';
import { type Subscriber, startSubscriber } from '../support/subscriber.ts';

const LIMIT_BYTES = 64 * 1024 * 1024;
const MEBIBYTE = Buffer.alloc(1024 * 1024, ' ');

/** What a platform may answer, or whoever sits in its place. */
describe('an answer without measure', function () {
  this.timeout(60_000);
  let server: Subscriber;
  let http: Http;

  beforeEach(async () => {
    server = await startSubscriber();
    http = platformHttp(`http://127.0.0.1:${server.port}`, { timeoutMilliseconds: 30_000 });
  });
  afterEach(async () => {
    http.close();
    await server.close();
  });
  const read = (by = http) => by.request({ method: 'GET', path: '/x' });
  const write = (by = http) => by.request({ method: 'POST', path: '/x' });

  it('is read up to 64 MiB, and cut off beyond', async () => {
    let sent = 0;
    server.answer = (request, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (response.destroyed || (request.url === '/fits' && sent === LIMIT_BYTES))
          return void response.end();
        sent += MEBIBYTE.length;
        if (response.write(MEBIBYTE)) setImmediate(more);
        else response.once('drain', more);
      };
      response.on('close', more);
      more();
    };
    const fits = await http.request({ method: 'GET', path: '/fits' });
    expect(fits.text.length).to.equal(LIMIT_BYTES);
    sent = 0;
    const ofReading = await faultOf(read);
    expect([ofReading.kind, ofReading.message]).to.deep.equal([
      'malformed',
      'GET /x: the answer is too long',
    ]);
    // What is under way in sockets, and no more of it.
    expect(sent).to.be.lessThan(LIMIT_BYTES + 32 * MEBIBYTE.length);
    expect((await faultOf(write)).kind).to.equal('unsure');
  });

  it('is not let in by its small size on the wire', async () => {
    const bomb = gzipSync(Buffer.alloc(LIMIT_BYTES + 1));
    expect(bomb.length).to.be.lessThan(LIMIT_BYTES / 900);
    server.answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    expect((await faultOf(read)).message).to.equal('GET /x: the answer is too long');
    // Small ones are inflated as ever.
    const small = gzipSync('{"ok":true}');
    server.answer = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(small);
    expect((await read()).text).to.equal('{"ok":true}');
  });

  it('may not say so much before it begins', async () => {
    server.answer = (_request, response) => response.writeHead(200, { 'x-long': 'a'.repeat(20_000) }).end();
    expect((await faultOf(read)).message).to.equal('GET /x: HPE_HEADER_OVERFLOW');
    expect((await faultOf(write)).kind).to.equal('unsure');
  });

  it('is given up in time, whatever it drips: headers, or 1xx answers before the answer', async () => {
    for (const [first, drop] of [
      ['HTTP/1.1 200 OK\r\n', 'x-more: 1\r\n'],
      ['', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ] as const) {
      const dripping = createServer((socket) => {
        socket.write(first);
        const drip = setInterval(() => socket.write(drop), 20);
        socket.on('error', () => undefined).on('close', () => clearInterval(drip));
      });
      await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve));
      const slow = platformHttp(`http://127.0.0.1:${(dripping.address() as AddressInfo).port}`);
      const began = Date.now();
      expect((await faultOf(() => read(slow))).kind).to.equal('unavailable');
      expect(Date.now() - began).to.be.lessThan(LIMITS.timeoutMilliseconds * 4);
      slow.close();
      await new Promise((resolve) => dripping.close(resolve));
    }
  });
});
