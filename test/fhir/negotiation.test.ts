import { get } from 'node:http';
import { expect } from 'chai';
import { type Served, serve, TOKEN } from '../support/served-front.ts';

describe('fhir: content negotiation', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  const fhir = 'application/fhir+json; charset=utf-8';
  const json = 'application/json; charset=utf-8';
  const rows: [accept: string, query: string, type: string][] = [
    ['*/*', '', fhir],
    ['application/fhir+json', '', fhir],
    ['application/fhir+json; fhirVersion=4.0', '', fhir],
    ['application/json', '', json],
    ['text/html, application/json;q=0.9, */*;q=0.1', '', json],
    ['application/fhir+xml, application/fhir+json;q=0.5', '', fhir],
    ['application/fhir+xml', '?_format=json', fhir],
    ['*/*', '?_format=application/json', json],
    ['*/*', '?_format=application/fhir+json', fhir],
  ];
  for (const [accept, query, type] of rows) {
    it(`${accept} ${query} is answered as ${type}`, async () => {
      const { status, headers } = await served.request('GET', `/fhir/Slot${query}`, { headers: { accept } });
      expect([status, headers.get('content-type')]).to.deep.equal([200, type]);
    });
  }

  it('refuses a Host that is none, since every link would have it', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { host: 'a/b', authorization: `Bearer ${TOKEN}` };
      get(`${served.url}/fhir/Slot`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).to.equal(400);
  });
});
