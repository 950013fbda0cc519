import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Bundle } from 'fhir/r4.js';
import { BODY_BYTES_MAX } from '../../src/fhir/body.ts';
import { slotRow, uuid } from '../support/fake-ports.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { type Served, serve, TOKEN } from '../support/served-front.ts';

type Raw = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

describe('fhir: HTTP', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve({ slots: 12 });
  });
  afterEach(() => served.close());

  /** As it goes over the wire: fetch unpacks what it gets. */
  const raw = (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: Buffer,
  ): Promise<Raw> =>
    new Promise((resolve, reject) => {
      const sent = { authorization: `Bearer ${TOKEN}`, ...headers };
      const asked = httpRequest(served.url + path, { method, headers: sent, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      asked.on('error', reject);
      asked.end(body);
    });

  it('packs what is long for who takes it, and nothing else', async () => {
    const plain = await raw('GET', '/fhir/Slot');
    expect(plain.headers).to.not.have.property('content-encoding');
    const packed = await raw('GET', '/fhir/Slot', { 'accept-encoding': 'br;q=1, gzip;q=0.5' });
    expect(packed.headers['content-encoding']).to.equal('gzip');
    expect(packed.headers['vary']).to.contain('Accept-Encoding');
    expect(gunzipSync(packed.body)).to.deep.equal(plain.body);
    expect(packed.body.length).to.be.below(plain.body.length / 4);
    const refused = await raw('GET', '/fhir/Slot', { 'accept-encoding': 'gzip;q=0' });
    expect(refused.headers).to.not.have.property('content-encoding');
    const short = await raw('GET', '/fhir/Organization/clinique', { 'accept-encoding': 'gzip' });
    expect(short.headers).to.not.have.property('content-encoding');
  });

  it('takes a body that is packed, and unpacks no more than its limit', async () => {
    const { id } = slotRow(1);
    const body = (text: string) => gzipSync(Buffer.from(text));
    const headers = { 'content-type': 'application/fhir+json', 'content-encoding': 'gzip' };
    const booked = await raw('POST', '/fhir/Appointment', headers, body(JSON.stringify(bookingOf(id))));
    expect(booked.status, booked.body.toString()).to.equal(201);
    const bomb = await raw('POST', '/fhir/Appointment', headers, body(' '.repeat(BODY_BYTES_MAX + 1)));
    expect(bomb.status).to.equal(413);
  });

  it('answers HEAD as GET, without the body', async () => {
    const got = await raw('GET', '/fhir/Slot');
    const head = await raw('HEAD', '/fhir/Slot');
    expect(head.status).to.equal(200);
    expect(head.body).to.have.length(0);
    expect(head.headers['content-length']).to.equal(got.headers['content-length']);
    expect((await raw('HEAD', '/fhir/Slot/nothing')).status).to.equal(404);
  });

  it('is open to pages of any origin, and asks no token before they may ask', async () => {
    const origin = { origin: 'https://portal.example' };
    const preflight = await served.request('OPTIONS', '/fhir/Appointment', {
      headers: { ...origin, authorization: '', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get('access-control-allow-origin')).to.equal('*');
    expect(preflight.headers.get('access-control-allow-methods')).to.contain('POST');
    expect(preflight.headers.get('access-control-allow-headers'))
      .to.contain('Authorization')
      .and.contain('If-None-Exist');
    for (const [headers, status] of [
      [origin, 200],
      [{ ...origin, authorization: '' }, 401],
    ] as const) {
      const answer = await served.request('GET', '/fhir/Slot', { headers });
      expect(answer.status).to.equal(status);
      expect(answer.headers.get('access-control-allow-origin')).to.equal('*');
      expect(answer.headers.get('access-control-expose-headers')).to.contain('ETag');
      expect(answer.headers.get('access-control-allow-credentials')).to.equal(null);
    }
  });

  describe('a version that the client has', () => {
    const path = `/fhir/Slot/${uuid(2)}`;
    const status = async (headers: Record<string, string>, from = path) =>
      (await raw('GET', from, headers)).status;

    it('is not sent again', async () => {
      const { headers } = await raw('GET', path);
      const { etag = '', 'last-modified': modified = '' } = headers;
      expect(etag).to.equal('W/"1"');
      const known = await raw('GET', path, { 'if-none-match': etag });
      expect([known.status, known.body.length, known.headers['etag']]).to.deep.equal([304, 0, etag]);
      expect(await status({ 'if-none-match': '"7", W/"1"' })).to.equal(304);
      expect(await status({ 'if-none-match': '"1"' })).to.equal(304);
      expect(await status({ 'if-none-match': '*' })).to.equal(304);
      expect(await status({ 'if-none-match': 'W/"2"' })).to.equal(200);
      expect(await status({ 'if-modified-since': modified })).to.equal(304);
      expect(await status({ 'if-modified-since': 'Mon, 23 Nov 2026 11:59:59 GMT' })).to.equal(200);
      expect(await status({ 'if-modified-since': 'yesterday' })).to.equal(200);
      expect(await status({ 'if-none-match': 'W/"2"', 'if-modified-since': modified })).to.equal(200);
      expect(await status({ 'if-none-match': etag }, '/fhir/Organization/clinique')).to.equal(304);
      expect(await status({ 'if-none-match': '*' }, '/fhir/Slot')).to.equal(200);
    });

    it('is sent again where a free slot cannot be booked any more by the clock alone', async () => {
      served.world.stale.set('public', null).set('vendor', null);
      const { status: answered, headers, body } = await raw('GET', path, { 'if-none-match': 'W/"1"' });
      expect(answered).to.equal(200);
      expect(headers).to.not.have.property('etag');
      expect(JSON.parse(body.toString())).to.include({ status: 'busy-unavailable' });
    });
  });

  it('is written for people where they ask', async () => {
    const { text, json } = await served.request('GET', '/fhir/Slot?_pretty=true&_count=2');
    expect(text).to.contain('\n  "resourceType": "Bundle"');
    const plain = (await served.request('GET', '/fhir/Slot?_count=2')).json<Bundle>();
    expect(json<Bundle>().entry).to.deep.equal(plain.entry);
  });
});
