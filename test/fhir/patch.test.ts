import { expect } from 'chai';
import type { Appointment, Bundle, BundleEntry, CapabilityStatement, OperationOutcome } from 'fhir/r4.js';
import { Refused } from '../../src/fhir/outcomes.ts';
import { patched } from '../../src/fhir/patch.ts';
import { uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { bookingOf, PATIENT } from '../support/incoming-appointment.ts';
import { type Served, serve } from '../support/served-front.ts';

const JSON_PATCH = 'application/json-patch+json';

describe('fhir: JSON Patch on a resource', () => {
  const refusal = (body: unknown): string => {
    try {
      patched({ status: 'booked', list: ['a', 'b'] }, body);
      return 'done';
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return `${error.outcome} ${error.issues.map(({ expression }) => expression).join()}`;
    }
  };

  it('heeds no member that the operation does not have (RFC 6902, section 4)', () => {
    for (const from of ['/nowhere', { toString: 1 }])
      expect(patched({ a: 1 }, [{ op: 'add', path: '/b', value: 2, from }])).to.deep.equal({ a: 1, b: 2 });
  });

  it('does the operations of RFC 6902 in their order, and leaves the resource as it was', () => {
    const resource = { status: 'booked', list: ['a', 'b'], 'a/b': { '~': 1 } };
    const after = patched(resource, [
      { op: 'test', path: '/list', value: ['a', 'b'] },
      { op: 'add', path: '/list/1', value: 'x' },
      { op: 'add', path: '/list/-', value: 'z' },
      { op: 'remove', path: '/list/0' },
      { op: 'replace', path: '/status', value: 'cancelled' },
      { op: 'copy', from: '/a~1b/~0', path: '/copied' },
      { op: 'move', from: '/a~1b', path: '/moved', more: 'is ignored' },
    ]);
    expect(after).to.deep.equal({ status: 'cancelled', list: ['x', 'b', 'z'], copied: 1, moved: { '~': 1 } });
    expect(resource).to.deep.equal({ status: 'booked', list: ['a', 'b'], 'a/b': { '~': 1 } });
    expect(patched(resource, [{ op: 'replace', path: '', value: { a: 1 } }])).to.deep.equal({ a: 1 });
  });

  const long = Array.from({ length: 51 }, () => ({ op: 'remove', path: '/x' }));
  let deep: unknown = 1;
  for (let level = 0; level < 10_000; level += 1) deep = [deep];
  const doubling = Array.from({ length: 49 }, (_, index) => ({ op: 'copy', from: '', path: `/x${index}` }));
  const rows: Record<string, [body: unknown, refusal: string]> = {
    'no list': [{ op: 'remove', path: '/status' }, 'bad-request patch'],
    nothing: [[], 'bad-request patch'],
    'too many operations': [long, 'bad-request patch'],
    'an operation that is none': [[{ op: 'delete', path: '/status' }], 'bad-request patch[0].op'],
    'no value': [[{ op: 'add', path: '/status' }], 'bad-request patch[0].value'],
    'a value that is too deep': [[{ op: 'add', path: '/status', value: deep }], 'bad-request patch[0]'],
    'no path': [[{ op: 'remove' }], 'bad-request patch[0].path'],
    'a path that is none': [[{ op: 'remove', path: 'status' }], 'bad-request patch[0].path'],
    'a path that is too long': [[{ op: 'remove', path: `/${'x'.repeat(300)}` }], 'bad-request patch[0].path'],
    'a prototype': [[{ op: 'add', path: '/__proto__/x', value: 1 }], 'bad-request patch[0].path'],
    'no from': [[{ op: 'copy', path: '/x' }], 'bad-request patch[0].from'],
    'what is not there': [[{ op: 'remove', path: '/x' }], 'patch-conflict patch[0]'],
    'below what is not there': [[{ op: 'add', path: '/x/y', value: 1 }], 'patch-conflict patch[0]'],
    'an index that is none': [[{ op: 'replace', path: '/list/-', value: 1 }], 'patch-conflict patch[0]'],
    'an index beyond the list': [[{ op: 'add', path: '/list/3', value: 1 }], 'patch-conflict patch[0]'],
    'into itself': [[{ op: 'move', from: '/list', path: '/list/0' }], 'patch-conflict patch[0]'],
    'another value': [[{ op: 'test', path: '/status', value: 'free' }], 'patch-conflict patch[0]'],
    'the whole': [[{ op: 'remove', path: '' }], 'patch-conflict '],
    'copies of copies': [doubling, 'patch-conflict patch[12]'],
  };
  for (const [name, [body, expected]] of Object.entries(rows)) {
    it(`refuses ${name}`, () => {
      expect(refusal(body)).to.equal(expected);
    });
  }
});

describe('fhir: PATCH Appointment', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());

  const book = async () =>
    (await served.request('POST', '/fhir/Appointment', { body: bookingOf(uuid(1)) })).json<Appointment>();
  const patch = (id: string | undefined, body: unknown, headers: Record<string, string> = {}) =>
    served.request('PATCH', `/fhir/Appointment/${id}`, {
      body,
      headers: { 'content-type': JSON_PATCH, ...headers },
    });
  const placesIn = (text: string): unknown[] =>
    (JSON.parse(text) as OperationOutcome).issue.flatMap((issue) => issue.expression ?? []);
  const CANCEL = [
    { op: 'test', path: '/status', value: 'booked' },
    { op: 'replace', path: '/status', value: 'cancelled' },
    { op: 'add', path: '/cancelationReason', value: { text: 'Empêchement' } },
  ];

  it('cancels', async () => {
    const { id } = await book();
    const { status, json, headers } = await patch(id, CANCEL);
    expect(status).to.equal(200);
    expect(faultsOf(json())).to.deep.equal([]);
    expect(json()).to.include({ id, status: 'cancelled' });
    expect(headers.get('etag')).to.match(/^W\/"\d+"$/);
    expect(served.world.cancelled).to.deep.equal([id]);
  });

  it('books what is held, for the patient that is added', async () => {
    const slot = served.world.slots[0];
    const held = await served.request('POST', `/fhir/Slot/${slot?.id}/$hold`);
    expect(held.status, held.text).to.equal(201);
    const [appointment] = served.world.appointments;
    const { status, text, json } = await patch(appointment?.id, [
      { op: 'replace', path: '/status', value: 'booked' },
      { op: 'add', path: '/contained', value: [PATIENT] },
      {
        op: 'add',
        path: '/participant/-',
        value: { actor: { reference: '#patient' }, status: 'accepted' },
      },
    ]);
    expect(status, text).to.equal(200);
    expect(json()).to.include({ status: 'booked' });
    expect(served.world.booked.at(-1)).to.deep.include({ holdId: appointment?.id });
    expect(served.world.booked.at(-1)?.patient).to.include({ family: 'Fictif' });
  });

  it('has the rules of PUT', async () => {
    const { id } = await book();
    const { status, text } = await patch(id, [{ op: 'replace', path: '/status', value: 'fulfilled' }]);
    expect([status, placesIn(text)]).to.deep.equal([422, ['Appointment.status']]);
    const broken = await patch(id, [{ op: 'replace', path: '/start', value: 'soon' }]);
    expect([broken.status, placesIn(broken.text)]).to.deep.equal([422, ['Appointment.start']]);
  });

  for (const [element, operation] of [
    ['id', { op: 'replace', path: '/id', value: uuid(5) }],
    ['meta', { op: 'add', path: '/meta/profile', value: ['urn:x'] }],
    ['resourceType', { op: 'replace', path: '/resourceType', value: 'Slot' }],
    ['slots', { op: 'add', path: '/slots', value: [] }],
    ['description', { op: 'add', path: '/description', value: 'x' }],
    ['slot', { op: 'remove', path: '/slot' }],
    ['participant', { op: 'remove', path: '/participant/0' }],
  ] as const) {
    it(`refuses to change ${element} (${operation.op}), and changes nothing`, async () => {
      const { id } = await book();
      const { status, text } = await patch(id, [...CANCEL, operation]);
      expect([status, placesIn(text)]).to.deep.equal([422, [`Appointment.${element}`]]);
      expect(served.world.cancelled).to.deep.equal([]);
    });
  }

  it('honours If-Match, before it looks whether the patch fits', async () => {
    const { id } = await book();
    const wrong = [{ op: 'test', path: '/status', value: 'cancelled' }];
    expect((await patch(id, wrong, { 'if-match': 'W/"7"' })).status).to.equal(412);
    expect((await patch(id, wrong, { 'if-match': 'W/"1"' })).status).to.equal(409);
    expect((await patch(id, CANCEL, { 'if-match': 'W/"1"' })).status).to.equal(200);
  });

  it('does no other kind of patch', async () => {
    const { id } = await book();
    for (const type of [
      'application/xml-patch+xml',
      'application/fhir+json',
      'application/merge-patch+json',
    ]) {
      const { status, headers, text } = await patch(id, CANCEL, { 'content-type': type });
      expect(status, type).to.equal(415);
      expect(headers.get('accept-patch')).to.equal(JSON_PATCH);
      expect(text).to.contain('FHIRPath Patch');
    }
  });

  it('is done in a batch, as a Binary', async () => {
    const { id } = await book();
    const data = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
    const entry = (resource: object, more: object = {}): BundleEntry =>
      ({ request: { method: 'PATCH', url: `Appointment/${id}`, ...more }, resource }) as BundleEntry;
    const binary = { resourceType: 'Binary', contentType: JSON_PATCH, data: data(CANCEL) };
    const body = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        entry({ resourceType: 'Parameters' }),
        entry({ ...binary, contentType: 'application/fhir+json' }),
        entry({ ...binary, data: 'é' }),
        entry({ ...binary, data: Buffer.from('[').toString('base64') }),
        entry(binary, { ifMatch: 'W/"7"' }),
        entry(binary, { ifMatch: 'W/"1"' }),
      ],
    };
    const answer = await served.request('POST', '/fhir', { body });
    const bundle = answer.json<Bundle>();
    expect(faultsOf(bundle)).to.deep.equal([]);
    expect(bundle.entry?.map(({ response }) => response?.status)).to.deep.equal([
      '415 Unsupported Media Type',
      '415 Unsupported Media Type',
      '422 Unprocessable Entity',
      '400 Bad Request',
      '412 Precondition Failed',
      '200 OK',
    ]);
    expect(served.world.cancelled).to.deep.equal([id]);
  });

  it('is declared', async () => {
    const statement = (await served.request('GET', '/fhir/metadata')).json<CapabilityStatement>();
    expect(statement.patchFormat).to.deep.equal([JSON_PATCH]);
  });
});
