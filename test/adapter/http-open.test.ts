import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Http, HttpDownload } from '../../src/adapter/http.ts';
import { faultOf, LIMITS, platformHttp } from '../support/platform-http.ts';

const MEBIBYTE = 1024 * 1024;

/** A body that is taken bit by bit (http.ts, `open`). */
describe('http towards a platform, bit by bit', () => {
  let server: Server;
  let http: Http;
  let answer: RequestListener;
  let closed: Promise<void>;

  beforeEach(async () => {
    server = createServer((request, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    http = platformHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    http.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = (more: Partial<HttpDownload> = {}) =>
    http.open({ path: '/x?token=1', bytesMax: MEBIBYTE, ...more });
  const take = async (more: Partial<HttpDownload> = {}): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const part of (await open(more)).chunks) parts.push(part);
    return Buffer.concat(parts);
  };

  it('gives bytes as they are, decompressed', async () => {
    const body = Buffer.from([0xff, 0x00, 0xe9]);
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body));
    expect(await take()).to.deep.equal(body);
  });

  it('ends where it is too long, and lets the connection go', async () => {
    answer = (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
        response.once('drain', more);
      };
      more();
    };
    const fault = await faultOf(() => take());
    expect([fault.kind, fault.message]).to.deep.equal(['malformed', 'GET /x: the answer is too long']);
    await closed;
  });

  it('lets the connection go where its taker has enough', async () => {
    answer = (_, response) => response.writeHead(200).write('BEGIN');
    for await (const part of (await open()).chunks) {
      expect(Buffer.from(part).toString()).to.equal('BEGIN');
      break;
    }
    await closed;
  });

  it('lets the connection go where nobody begins to take it', async () => {
    answer = (_, response) => response.writeHead(200).write('BEGIN');
    (await open()).close();
    await closed;
  });

  it('is unavailable where it breaks off, stalls or is stopped', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy());
    };
    expect((await faultOf(() => take())).kind).to.equal('unavailable');
    answer = (_, response) => response.writeHead(200).write('half');
    const stalled = await faultOf(() => take());
    expect([stalled.kind, stalled.message]).to.deep.equal(['unavailable', 'GET /x: the answer stalls']);
    const stopping = new AbortController();
    const body = await open({ signal: stopping.signal });
    stopping.abort();
    const stopped = await faultOf(async () => {
      for await (const _ of body.chunks);
    });
    expect(stopped.message).to.equal('GET /x: stopped');
  });

  it('does not hurry who takes it slowly', async () => {
    answer = (_, response) => response.writeHead(200).end(Buffer.alloc(512 * 1024));
    let bytes = 0;
    let waits = 0;
    for await (const part of (await open()).chunks) {
      bytes += part.length;
      // Longer than the platform may take, once.
      if (waits++ === 0)
        await new Promise((resolve) => setTimeout(resolve, LIMITS.timeoutMilliseconds * 1.5));
    }
    expect(bytes).to.equal(512 * 1024);
  });

  it('has the same faults for a status, and says nothing of a secret address', async () => {
    const label = 'the feed';
    for (const [status, kind] of [
      [401, 'unauthorized'],
      [429, 'throttled'],
      [500, 'unavailable'],
      [302, 'malformed'],
    ] as const) {
      answer = (_, response) =>
        response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('x'.repeat(1_000));
      const fault = await faultOf(() => open({ label }));
      expect(fault.kind).to.equal(kind);
      expect(fault.message).to.match(/^GET the feed: HTTP/);
    }
    answer = (request) => request.socket.destroy();
    expect((await faultOf(() => open({ label }))).message).to.match(/^GET the feed: /);
    answer = (_, response) => response.writeHead(304).end();
    expect((await open()).status).to.equal(304);
  });
});
