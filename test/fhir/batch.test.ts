import { expect } from 'chai';
import type { Appointment, Bundle, BundleEntry, CapabilityStatement, OperationOutcome } from 'fhir/r4.js';
import { appointmentRow, slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { type Served, serve } from '../support/served-front.ts';

describe('fhir: a batch', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve({ slots: 12 });
  });
  afterEach(() => served.close());

  const send = (entry: readonly BundleEntry[], more: object = {}, headers: Record<string, string> = {}) =>
    served.request('POST', '/fhir', {
      headers,
      body: { resourceType: 'Bundle', type: 'batch', ...(entry.length > 0 ? { entry } : {}), ...more },
    });
  const get = (url: string): BundleEntry => ({ request: { method: 'GET', url } });
  const done = async (...entry: BundleEntry[]): Promise<BundleEntry[]> => {
    const { status, json, text } = await send(entry);
    expect(status, text).to.equal(200);
    const bundle = json<Bundle>();
    expect(faultsOf(bundle)).to.deep.equal([]);
    expect(bundle.type).to.equal('batch-response');
    return bundle.entry ?? [];
  };
  const statuses = (entries: readonly BundleEntry[]) => entries.map(({ response }) => response?.status);

  it('does each entry for itself, in its order, and says what became of it', async () => {
    const booked = appointmentRow(900, slotRow(3), null);
    served.world.appointments.push(booked);
    const cancelled = { ...JSON.parse(`${booked.document}}`), status: 'cancelled' } as Appointment;
    const entries = await done(
      get(`Slot/${uuid(2)}`),
      get('/Slot?schedule=agenda-gagnon&_count=1'),
      get(`${served.url}/fhir/Organization/clinique`),
      { request: { method: 'POST', url: 'Appointment' }, resource: bookingOf(uuid(1)) },
      { request: { method: 'POST', url: 'Appointment' }, resource: bookingOf(uuid(1)) },
      { request: { method: 'PUT', url: `Appointment/${booked.id}`, ifMatch: 'W/"1"' }, resource: cancelled },
      get('Slot/nothing'),
      get('Slot?start=tomorrow'),
      { request: { method: 'POST', url: 'Appointment/$find' } },
    );
    expect(statuses(entries)).to.deep.equal([
      '200 OK',
      '200 OK',
      '200 OK',
      '201 Created',
      '409 Conflict',
      '200 OK',
      '404 Not Found',
      '400 Bad Request',
      '200 OK',
    ]);
    expect(entries[0]?.response?.etag).to.equal('W/"1"');
    expect((entries[1]?.resource as Bundle | undefined)?.entry).to.have.length(1);
    expect(entries[3]?.response?.location).to.match(new RegExp(`^${served.url}/fhir/Appointment/`));
    expect((entries[4]?.response?.outcome as OperationOutcome | undefined)?.issue[0]?.code).to.equal(
      'conflict',
    );
    expect(entries[4]).to.not.have.property('resource');
    expect(served.world.booked).to.have.length(2);
    expect(served.world.cancelled).to.deep.equal([booked.id]);
  });

  it('speaks the language of its caller, and is strict where that asks for it', async () => {
    const french = (await send([get('Slot/nothing')], {}, { 'accept-language': 'fr' })).text;
    expect(french).to.contain('Introuvable').and.contain('"language":"fr"');
    const strict = await send([get('Slot?colour=red')], {}, { prefer: 'handling=strict' });
    expect(statuses(strict.json<Bundle>().entry ?? [])).to.deep.equal(['400 Bad Request']);
  });

  it('may ask for the capability statement', async () => {
    const { json } = await send([get('metadata')]);
    expect(json<Bundle>().entry?.[0]?.resource?.resourceType).to.equal('CapabilityStatement');
  });

  it('may have no entries', async () => {
    expect(await done()).to.deep.equal([]);
  });

  for (const [title, entry, more, status] of [
    ['a transaction that reads', [get('Slot')], { type: 'transaction' }, 422],
    [
      'a transaction that books',
      [{ request: { method: 'POST', url: 'Appointment' }, resource: bookingOf(uuid(1)) }],
      { type: 'transaction' },
      422,
    ],
    ['a collection', [get('Slot')], { type: 'collection' }, 422],
    ['another resource', [], { resourceType: 'Slot' }, 400],
    ['too many entries', Array.from({ length: 51 }, () => get('Slot?_count=0')), {}, 422],
    ['an entry that asks for nothing', [{}], {}, 422],
    ['a method that is none', [{ request: { method: 'LOOK', url: 'Slot' } }], {}, 422],
  ] as const) {
    it(`refuses ${title}, and does none of it`, async () => {
      const answer = await send(entry as readonly BundleEntry[], more);
      expect(answer.status, answer.text).to.equal(status);
      expect(faultsOf(answer.json())).to.deep.equal([]);
    });
  }

  it('has no batch inside of it, and keeps to itself what failed', async () => {
    const inner = {
      request: { method: 'POST' as const, url: '' },
      resource: { resourceType: 'Bundle' as const, type: 'batch' as const },
    };
    expect((await send([inner])).status).to.equal(422);
    expect(statuses(await done({ ...inner, request: { method: 'POST', url: '/' } }))).to.deep.equal([
      '404 Not Found',
    ]);
    served.world.failure = new Error('duplicate key value: (SECRET PATIENT)');
    const { text } = await send([get('Slot')]);
    expect(text).to.contain('500 Internal Server Error').and.not.contain('SECRET');
  });

  it('is declared', async () => {
    const statement = (await served.request('GET', '/fhir/metadata')).json<CapabilityStatement>();
    expect(statement.rest?.[0]?.interaction).to.deep.equal([{ code: 'transaction' }, { code: 'batch' }]);
  });
});
