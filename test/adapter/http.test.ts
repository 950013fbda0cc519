import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { z } from 'zod';
import type { FaultKind } from '../../src/adapter/faults.ts';
import { type Http, retryAfter } from '../../src/adapter/http.ts';
import { faultOf, LIMITS, platformHttp } from '../support/platform-http.ts';

const Any = z.object({ ok: z.boolean() });

describe('http towards a platform', () => {
  let server: Server;
  let http: Http;
  let answer: RequestListener;
  let received: IncomingMessage[];

  beforeEach(async () => {
    received = [];
    server = createServer((request, response) => {
      received.push(request);
      request.resume();
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    http = platformHttp(`http://127.0.0.1:${port}`);
  });
  afterEach(async () => {
    http.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const replies = (status: number, body = '', headers: Record<string, string> = {}) => {
    answer = (_, response) => response.writeHead(status, headers).end(body);
  };
  const read = () => http.request({ method: 'GET', path: '/x' });
  const write = () => http.request({ method: 'POST', path: '/x?q=1', body: { nam: 'FICT00010116' } });

  const statuses: readonly [number, FaultKind, FaultKind][] = [
    [401, 'unauthorized', 'unauthorized'],
    [403, 'unauthorized', 'unauthorized'],
    [429, 'throttled', 'throttled'],
    [500, 'unavailable', 'unsure'],
    [502, 'unavailable', 'unsure'],
    [503, 'unavailable', 'unavailable'],
    [302, 'malformed', 'malformed'],
  ];
  for (const [status, ofReading, ofWrite] of statuses) {
    it(`HTTP ${status}: a reading is ${ofReading}, a write is ${ofWrite}`, async () => {
      replies(status, '', { location: 'http://127.0.0.1:1/elsewhere' });
      expect((await faultOf(read)).kind).to.equal(ofReading);
      expect((await faultOf(write)).kind).to.equal(ofWrite);
    });
  }

  it('answers that are refusals come back as they are', async () => {
    for (const status of [200, 304, 404, 409, 410, 412, 422]) {
      replies(status);
      expect((await read()).status).to.equal(status);
    }
  });

  it('a broken connection: a reading is unavailable, a write is unsure', async () => {
    answer = (request) => request.socket.destroy();
    expect((await faultOf(read)).kind).to.equal('unavailable');
    expect((await faultOf(write)).kind).to.equal('unsure');
  });

  it('nobody listens: the write was never sent, so it is unavailable', async () => {
    const port = (server.address() as AddressInfo).port;
    await new Promise((resolve) => server.close(resolve));
    const nobody = platformHttp(`http://127.0.0.1:${port}`);
    const fault = await faultOf(() => nobody.request({ method: 'POST', path: '/x' }));
    expect(fault.kind).to.equal('unavailable');
    nobody.close();
  });

  it('no answer in time: a reading is unavailable, a write is unsure', async () => {
    answer = () => undefined;
    expect((await faultOf(read)).kind).to.equal('unavailable');
    expect((await faultOf(write)).kind).to.equal('unsure');
  });

  it('an answer that comes drop by drop is cut off at the time limit too', async () => {
    answer = (_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    };
    const began = Date.now();
    expect((await faultOf(read)).kind).to.equal('unavailable');
    expect(Date.now() - began).to.be.lessThan(LIMITS.timeoutMilliseconds * 4);
  });

  it('what the caller aborts is unavailable', async () => {
    answer = () => undefined;
    const abort = new AbortController();
    const call = http.request({ method: 'GET', path: '/x', signal: abort.signal });
    const fault = faultOf(() => call);
    abort.abort();
    expect((await fault).kind).to.equal('unavailable');
  });

  it('tells how long the platform asked us to wait', async () => {
    replies(429, '', { 'retry-after': '7' });
    expect((await faultOf(read)).retryAfterMilliseconds).to.equal(7000);
    replies(503, '', { 'retry-after': '2' });
    expect((await faultOf(read)).retryAfterMilliseconds).to.equal(2000);
  });

  it('reads Retry-After in seconds, as a date, and not at all', () => {
    const now = Date.parse('2026-11-24T10:00:00Z');
    expect(retryAfter('120', now)).to.equal(120_000);
    expect(retryAfter('Tue, 24 Nov 2026 10:00:30 GMT', now)).to.equal(30_000);
    expect(retryAfter('Tue, 24 Nov 2026 09:00:00 GMT', now)).to.equal(0);
    expect(retryAfter('-5', now)).to.equal(0);
    expect(retryAfter('soon', now)).to.equal(null);
    expect(retryAfter('', now)).to.equal(null);
    expect(retryAfter(undefined, now)).to.equal(null);
  });

  it('an answer outside of the contract: malformed for a reading, unsure for a write that has landed', async () => {
    for (const body of ['<html>', '{"ok":"yes"}', '']) {
      replies(200, body);
      const reading = await read();
      expect((await faultOf(async () => reading.json(Any))).kind).to.equal('malformed');
      const writing = await write();
      expect((await faultOf(async () => writing.json(Any))).kind).to.equal('unsure');
    }
  });

  it('no fault repeats what was sent or received', async () => {
    replies(200, '{"ok":"FICT00010116"}');
    const response = await write();
    const malformed = await faultOf(async () => response.json(Any));
    replies(500, 'FICT00010116');
    const refused = await faultOf(write);
    for (const fault of [malformed, refused]) {
      expect(`${fault.message} ${JSON.stringify(fault)} ${fault.cause}`).not.to.contain('FICT00010116');
    }
  });

  it('never follows a path to another host, with the credentials in hand', async () => {
    replies(200, '{"ok":true}');
    const other = createServer((_, response) => response.end('{"ok":false}'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    for (const path of [`//127.0.0.1:${port}/x`, `http://127.0.0.1:${port}/x`]) {
      const response = await http.request({ method: 'GET', path });
      expect(response.json(Any).ok, path).to.equal(true);
    }
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
    expect(received).to.have.length(2);
  });

  it('reads UTF-8, and keeps its connection', async () => {
    replies(200, '{"ok":true,"nom":"Bélanger"}', { 'content-type': 'application/json' });
    const first = await read();
    await read();
    expect(first.text).to.contain('Bélanger');
    expect(new Set(received.map(({ socket }) => socket)).size).to.equal(1);
  });
});
