import { expect } from 'chai';
import { securityHeaders } from '../../src/server/security-headers.ts';
import { uuid } from '../support/fake-ports.ts';
import { type Served, serve } from '../support/served-front.ts';

const POLICY = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'";

/** One of every kind of answer: of /fhir and of Express, given and refused, with a body and without. */
const ANSWERS = [
  ['GET', '/fhir/Slot', 200],
  ['GET', '/fhir/metadata', 200],
  ['HEAD', '/fhir/metadata', 200],
  ['OPTIONS', '/fhir/Slot', 204],
  ['GET', `/fhir/Slot/${uuid(9_999)}`, 404],
  ['GET', '/fhir/Nothing', 404],
  ['POST', '/fhir/Appointment', 415],
  ['GET', '/fhir/$bulk-publish', 200],
  ['GET', '/fhir/Slot', 401],
  ['GET', '/healthz', 200],
  ['GET', '/readyz', 200],
  ['GET', '/metrics', 200],
  ['GET', '/metrics', 401],
  ['GET', '/api/status', 200],
  ['GET', '/api/conflicts', 200],
  ['GET', '/nothing', 404],
  ['POST', '/webhooks/nobody', 401],
] as const;

describe('server: headers of security', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  for (const [method, path, expected] of ANSWERS) {
    it(`are on ${method} ${path}, answered ${expected}`, async () => {
      const init = expected === 401 ? { headers: { authorization: '' } } : {};
      const { status, headers } = await served.request(method, path, init);
      expect(status).to.equal(expected);
      for (const [name, value] of securityHeaders(null)) expect(headers.get(name), name).to.equal(value);
      expect(headers.get('strict-transport-security')).to.equal(null);
      expect(headers.get('x-powered-by')).to.equal(null);
    });
  }

  it('let what is no page load nothing, and be shown in nothing', () => {
    const headers = Object.fromEntries(securityHeaders(null));
    expect(headers).to.include({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('let the pages of others call all the same: it is asked for by fetch, with a token', async () => {
    const { headers } = await served.request('GET', '/fhir/Slot');
    expect(headers.get('access-control-allow-origin')).to.equal('*');
  });

  it('tell clients to stay with https only where they reach us by it', async () => {
    const name = 'strict-transport-security';
    expect(Object.fromEntries(securityHeaders('http://passerelle.example'))).to.not.have.property(name);
    const secure = await serve({ publicUrl: 'https://passerelle.example' });
    for (const path of ['/fhir/metadata', '/healthz']) {
      const { headers } = await secure.request('GET', path);
      expect(headers.get(name)).to.equal('max-age=31536000');
    }
    await secure.close();
  });
});
