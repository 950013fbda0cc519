import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { BODY_BYTES_MAX } from '../../src/fhir/body.ts';
import { uuid } from '../support/fake-ports.ts';
import { type Served, serve, TOKEN } from '../support/served-front.ts';

/** Every door that takes a body: what is too long, or packed, is refused at each. */

const WEBHOOK_BYTES_MAX = 1024 * 1024;

const DOORS = [
  { method: 'POST', path: '/fhir/Appointment', most: BODY_BYTES_MAX },
  { method: 'POST', path: '/fhir', most: BODY_BYTES_MAX },
  { method: 'PUT', path: `/fhir/Appointment/${uuid(500)}`, most: BODY_BYTES_MAX },
  {
    method: 'POST',
    path: '/fhir/Slot/_search',
    most: BODY_BYTES_MAX,
    type: 'application/x-www-form-urlencoded',
  },
  { method: 'POST', path: '/fhir/Appointment/$find', most: BODY_BYTES_MAX },
  {
    method: 'PATCH',
    path: `/fhir/Appointment/${uuid(500)}`,
    most: BODY_BYTES_MAX,
    type: 'application/json-patch+json',
  },
  { method: 'POST', path: `/api/conflicts/${uuid(500)}/resolve`, most: BODY_BYTES_MAX },
  { method: 'POST', path: '/webhooks/vendor', most: WEBHOOK_BYTES_MAX, refusesPacked: true },
];

describe('server: bodies', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  for (const { method, path, most, type = 'application/fhir+json', refusesPacked = false } of DOORS) {
    const statusOf = async (body: string | Uint8Array<ArrayBuffer>, coding?: string): Promise<number> => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': type };
      const response = await fetch(served.url + path, {
        method,
        headers: coding === undefined ? headers : { ...headers, 'content-encoding': coding },
        body,
      });
      await response.arrayBuffer();
      return response.status;
    };

    describe(`${method} ${path}`, () => {
      it('refuses what is too long, said or not', async () => {
        expect(await statusOf('a'.repeat(most + 1))).to.equal(413);
        expect(await statusOf('a'.repeat(100))).to.not.equal(413);
      });

      it('refuses what is packed, but for gzip that is short enough once it is unpacked', async () => {
        for (const coding of ['br', 'deflate', 'zstd', 'gzip, gzip', 'x']) {
          expect(await statusOf('abc', coding), coding).to.equal(415);
        }
        const bomb = new Uint8Array(gzipSync(Buffer.alloc(20 * 1024 * 1024, ' ')));
        expect(await statusOf(bomb, 'gzip')).to.equal(refusesPacked ? 415 : 413);
      });
    });
  }
});
