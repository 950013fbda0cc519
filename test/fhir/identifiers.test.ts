import { expect } from 'chai';
import type { Appointment, Bundle, BundleEntry, CapabilityStatement, OperationOutcome } from 'fhir/r4.js';
import { uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

const SYSTEM = 'urn:test:portal';
const ONE = { system: SYSTEM, value: 'request-1' };
const CRITERION = `identifier=${SYSTEM}|request-1`;

describe('fhir: the identifiers of an appointment', () => {
  let served: Served;
  before(() => {
    // Loading the validators takes longer than a server keeps an idle connection.
    faultsOf({ resourceType: 'Slot' });
  });
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());

  const bodyOf = (identifier: Appointment['identifier'], slot = 1) => ({
    ...bookingOf(uuid(slot)),
    ...(slot === 1 ? {} : { start: undefined, end: undefined, status: 'proposed', participant: undefined }),
    ...(slot === 1 ? {} : { participant: [{ actor: { reference: '#patient' }, status: 'accepted' }] }),
    identifier,
  });
  const post = (body: unknown, ifNoneExist = '') =>
    served.request('POST', '/fhir/Appointment', { body, headers: { 'if-none-exist': ifNoneExist } });
  const placesIn = (text: string): unknown[] =>
    (JSON.parse(text) as OperationOutcome).issue.flatMap((issue) => issue.expression ?? []);
  const found = async (query: string): Promise<(string | undefined)[]> => {
    const { json } = await served.request('GET', `/fhir/Appointment?${query}`, {
      headers: { prefer: 'handling=strict' },
    });
    return resourcesOf(json<Bundle>()).map(({ id }) => id);
  };

  it('are kept, served and searched', async () => {
    const both = [ONE, { use: 'official' as const, value: 'n° 12' }, { ...ONE }];
    const { status, text, json } = await post(bodyOf(both));
    expect(status, text).to.equal(201);
    const created = json<Appointment>();
    expect(faultsOf(created)).to.deep.equal([]);
    expect(created.identifier).to.deep.equal([ONE, { value: 'n° 12' }]);
    const read = await served.request('GET', `/fhir/Appointment/${created.id}`);
    expect(read.json<Appointment>().identifier).to.deep.equal(created.identifier);
    for (const query of [
      CRITERION,
      'identifier=request-1',
      `identifier=${SYSTEM}|`,
      'identifier=|n%C2%B0 12',
    ]) {
      expect(await found(query), query).to.deep.equal([created.id]);
    }
    expect(await found(`identifier=${SYSTEM}|other`)).to.deep.equal([]);
    expect(await found(`identifier=${SYSTEM}|other,${SYSTEM}|request-1`)).to.deep.equal([created.id]);
    const history = await served.request('GET', `/fhir/Appointment/${created.id}/_history`);
    expect(history.text).to.contain('request-1');
  });

  it('stay on PUT, where they are left out or the same, and are not changed by it', async () => {
    const created = (await post(bodyOf([ONE]))).json<Appointment>();
    const put = (change: object) =>
      served.request('PUT', `/fhir/Appointment/${created.id}`, { body: { ...created, ...change } });
    const other = await put({ identifier: [{ ...ONE, value: 'request-2' }] });
    expect([other.status, placesIn(other.text)]).to.deep.equal([422, ['Appointment.identifier']]);
    expect((await put({ identifier: undefined })).json<Appointment>().identifier).to.deep.equal([ONE]);
    const cancelled = await put({ status: 'cancelled' });
    expect(cancelled.json<Appointment>()).to.deep.include({ status: 'cancelled', identifier: [ONE] });
  });

  for (const [name, identifier, place] of [
    ['no value', [{ system: SYSTEM }], 'Appointment.identifier[0].value'],
    ['an empty value', [{ ...ONE, value: ' ' }], 'Appointment.identifier[0].value'],
    ['a control character', [{ ...ONE, value: 'a\u0000' }], 'Appointment.identifier[0].value'],
    ['a long value', [{ ...ONE, value: 'x'.repeat(256) }], 'Appointment.identifier[0].value'],
    [
      'a control character in the system',
      [{ ...ONE, system: 'urn:\u0000' }],
      'Appointment.identifier[0].system',
    ],
    ['a system that is no URI', [{ ...ONE, system: 'my portal' }], 'Appointment.identifier[0].system'],
    ['none', [], 'Appointment.identifier'],
    ['many', Array.from({ length: 6 }, (_, n) => ({ value: `${n}` })), 'Appointment.identifier'],
  ] as const) {
    it(`are refused: ${name}`, async () => {
      const { status, text } = await post(bodyOf([...identifier] as Appointment['identifier']));
      expect([status, placesIn(text)]).to.deep.equal([422, [place]]);
      expect(served.world.booked).to.deep.equal([]);
    });
  }

  describe('with If-None-Exist', () => {
    it('book once: whoever asks again gets what was booked', async () => {
      const first = await post(bodyOf([ONE]), CRITERION);
      expect(first.status).to.equal(201);
      for (const slot of [1, 2]) {
        const again = await post(bodyOf([ONE], slot), CRITERION);
        expect(again.status, again.text).to.equal(200);
        expect(again.json()).to.deep.equal(first.json());
        expect(again.headers.get('location')).to.equal(first.headers.get('location'));
        expect(again.headers.get('etag')).to.equal(first.headers.get('etag'));
      }
      expect(served.world.booked).to.have.length(1);
      expect(served.world.booked[0]?.identifiers).to.deep.equal([{ ...ONE, isSole: true }]);
    });

    it('book once where both ask at once, by the word of the database', async () => {
      const answers = await Promise.all([1, 2].map((slot) => post(bodyOf([ONE], slot), CRITERION)));
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 201]);
      expect(served.world.appointments).to.have.length(1);
    });

    it('book as ever where the slot is taken by somebody else, or without the header', async () => {
      await post(bodyOf([{ ...ONE, value: 'request-0' }]));
      expect((await post(bodyOf([ONE]), CRITERION)).status).to.equal(409);
      expect((await post(bodyOf([ONE], 2))).status).to.equal(201);
      expect(served.world.booked.at(-1)?.identifiers).to.deep.equal([{ ...ONE, isSole: false }]);
    });

    for (const criterion of [
      'identifier=request-1',
      `identifier=${SYSTEM}|`,
      `identifier=|request-1`,
      `${CRITERION},${SYSTEM}|request-2`,
      `${CRITERION}&status=booked`,
      `identifier:not=${SYSTEM}|request-1`,
      'date=2026',
      '?',
    ]) {
      it(`are refused: ${criterion}`, async () => {
        const { status, text } = await post(bodyOf([ONE]), criterion);
        expect([status, placesIn(text)]).to.deep.equal([400, ['http.If-None-Exist']]);
        expect(served.world.booked).to.deep.equal([]);
      });
    }
  });

  it('hold in a batch, as do ifNoneMatch and ifMatch', async () => {
    const book: BundleEntry = {
      request: { method: 'POST', url: 'Appointment', ifNoneExist: CRITERION },
      resource: bodyOf([ONE]) as unknown as Appointment,
    };
    const send = async (...entry: BundleEntry[]) => {
      const answer = await served.request('POST', '/fhir', {
        body: { resourceType: 'Bundle', type: 'batch', entry },
      });
      const bundle = answer.json<Bundle>();
      expect(faultsOf(bundle)).to.deep.equal([]);
      return bundle.entry ?? [];
    };
    const [first, again] = await send(book, book);
    expect([first, again].map((entry) => entry?.response?.status)).to.deep.equal(['201 Created', '200 OK']);
    expect(again?.response?.location).to.equal(first?.response?.location);
    const created = first?.resource as Appointment;
    const url = `Appointment/${created.id}`;
    const entries = await send(
      { request: { method: 'GET', url, ifNoneMatch: 'W/"1"' } },
      { request: { method: 'GET', url, ifNoneMatch: 'W/"2"' } },
      { request: { method: 'GET', url, ifModifiedSince: created.meta?.lastUpdated ?? '' } },
      { request: { method: 'PUT', url, ifNoneMatch: '*' }, resource: created },
      { request: { method: 'PUT', url, ifMatch: 'W/"1"' }, resource: created },
    );
    expect(entries.map(({ response }) => response?.status)).to.deep.equal([
      '304 Not Modified',
      '200 OK',
      '304 Not Modified',
      '412 Precondition Failed',
      '200 OK',
    ]);
    expect(entries.map(({ resource }) => resource?.resourceType)).to.deep.equal([
      undefined,
      'Appointment',
      undefined,
      undefined,
      'Appointment',
    ]);
  });

  it('answer a PUT with If-None-Match: nothing is made by PUT', async () => {
    const created = (await post(bodyOf([ONE]))).json<Appointment>();
    const put = async (id: string | undefined, tag: string) => {
      const body = { ...created, id, status: 'cancelled' };
      return (
        await served.request('PUT', `/fhir/Appointment/${id}`, { body, headers: { 'if-none-match': tag } })
      ).status;
    };
    expect(await put(uuid(999), '*')).to.equal(404);
    expect(await put(created.id, '*')).to.equal(412);
    expect(await put(created.id, 'W/"1"')).to.equal(412);
    expect(await put(created.id, 'W/"7"')).to.equal(200);
  });

  it('are declared', async () => {
    const statement = (await served.request('GET', '/fhir/metadata')).json<CapabilityStatement>();
    const resources = statement.rest?.[0]?.resource ?? [];
    const conditional = resources
      .filter(({ conditionalCreate }) => conditionalCreate)
      .map(({ type }) => type);
    expect(conditional).to.deep.equal(['Appointment']);
  });
});
