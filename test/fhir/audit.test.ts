import { expect } from 'chai';
import type { AuditEvent, Bundle, OperationOutcome, Patient } from 'fhir/r4.js';
import { hashOfToken } from '../../src/access/api-token.ts';
import { verify } from '../../src/audit/verify.ts';
import { DAY, plus } from '../../src/domain/instant.ts';
import type { AuditRecord } from '../../src/engine/ports/audit.ts';
import { AUDIT_KEY } from '../support/fake-audit.ts';
import { madeUp, patientRow } from '../support/fake-patients.ts';
import { appointmentRow, NOW, slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

const ANNE = uuid(901);
const LUC = uuid(902);
/** Made up, and nowhere to be found. */
const CANARY = {
  nam: madeUp().nam ?? '',
  names: ['Fictif', 'Anne', '555-0199', '2001-01-01', 'anne.fictif'],
};
const REQUEST = '0a0b0c0d-0000-4000-8000-0123456789ab';
const PAGE_TOKEN = `passerelle_${'p'.repeat(43)}`;
const PAGE_ID = uuid(77);

describe('fhir: the audit log', () => {
  let served: Served;
  before(async () => {
    served = await serve();
    await served.ports.access.addApiToken(
      {
        id: PAGE_ID,
        name: 'page',
        scopes: 'system/Slot.rs system/Appointment.cru',
        organizationId: null,
        createdAt: NOW,
        createdBy: 'administrator',
        expiresAt: plus(NOW, DAY),
      },
      hashOfToken(PAGE_TOKEN),
    );
  });
  after(() => served.close());
  beforeEach(() => {
    const { world } = served;
    world.keepsPatients = true;
    world.patients = [
      patientRow(ANNE, madeUp(), NOW - DAY),
      patientRow(LUC, madeUp({ given: 'Luc', nam: null }), NOW),
    ];
    world.slots = Array.from({ length: 12 }, (_, index) => slotRow(index + 1));
    const [one, two] = [7, 8].map((n) => appointmentRow(n, slotRow(n), null));
    if (!one || !two) throw new Error('two');
    world.appointments = [
      { ...one, patientId: ANNE },
      { ...two, patientId: LUC },
    ];
    world.audited.length = 0;
    world.auditFailure = null;
  });

  const appointment = (index: number): string => {
    const { id } = served.world.appointments[index] ?? {};
    if (!id) throw new Error('no such appointment');
    return `Appointment/${id}`;
  };
  const ask = (method: string, path: string, init: Parameters<Served['request']>[2] = {}) =>
    served.request(method, `/fhir/${path}`, init);
  const asPage = { authorization: `Bearer ${PAGE_TOKEN}` };
  const brief = ({ type, action, outcome, agent, entities }: AuditRecord) => ({
    type,
    action,
    outcome,
    agent,
    entities,
  });
  const audited = () => served.world.audited.map(brief);
  const only = (): AuditRecord => {
    const [record, ...more] = served.world.audited;
    if (!record || more.length > 0) throw new Error(JSON.stringify(served.world.audited));
    return record;
  };

  it('has who, what, when, from where and why of a read', async () => {
    const headers = { 'x-request-id': REQUEST, 'x-purpose-of-use': 'PATADMIN' };
    await ask('GET', `Patient/${ANNE}`, { headers });
    const { keyId, previous, hash, ...record } = only();
    expect(record).to.deep.equal({
      sequence: 1,
      at: NOW,
      type: 'rest.read',
      action: 'R',
      outcome: 'done',
      agent: 'administrator',
      name: 'administrator',
      organizationId: null,
      address: '127.0.0.1',
      requestId: REQUEST,
      purpose: 'PATADMIN',
      entities: [`Patient/${ANNE}`],
      detail: { resource: 'Patient' },
    });
    expect(hash).to.match(/^[0-9a-f]{64}$/);
  });

  it('believes nothing that a request says of where it is from, and keeps no id or purpose that is none', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.5',
      forwarded: 'for=203.0.113.5',
      'x-request-id': CANARY.nam,
      'x-purpose-of-use': 'Fictif',
    };
    await ask('GET', `Patient/${ANNE}`, { headers });
    const { address, requestId, purpose } = only();
    expect([address, purpose]).to.deep.equal(['127.0.0.1', null]);
    expect(requestId).to.match(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(served.world.audited)).to.not.contain('203.0.113.5').and.not.contain(CANARY.nam);
  });

  /** Whatever leads to a patient. */
  const ways: readonly (readonly [method: string, path: string, body: string | null, about: string[]])[] = [
    ['GET', `Patient/${ANNE}/_history`, null, [ANNE]],
    ['GET', `Patient/${ANNE}/_history/2`, null, [ANNE]],
    ['GET', 'Patient', null, [ANNE, LUC]],
    ['GET', `Patient?_id=${ANNE}&_elements=birthDate`, null, [ANNE]],
    ['GET', 'Patient/_history', null, [LUC, ANNE]],
    ['POST', 'Patient/_search', `identifier=${CANARY.nam}`, [ANNE]],
    ['GET', 'Appointment', null, [ANNE, LUC]],
    ['GET', `Appointment?patient=Patient/${LUC}&_summary=count`, null, [LUC]],
    ['GET', `Appointment?patient=${uuid(998)},${uuid(999)}`, null, [uuid(998), uuid(999)]],
    ['GET', `Patient?_id=${uuid(999)}`, null, [uuid(999)]],
    ['POST', 'Appointment/_search', `patient.identifier=${CANARY.nam}`, [ANNE]],
    ['GET', 'Appointment?_include=Appointment:patient', null, [ANNE, LUC]],
    ['GET', `Patient?_id=${LUC}&_revinclude=Appointment:patient`, null, [LUC]],
  ];
  for (const [method, path, body, about] of ways) {
    it(`has each patient who is shown, or searched by: ${method} ${path}`, async () => {
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const init = body === null ? {} : { body, headers: form };
      const { status } = await ask(method, path, init);
      expect(status).to.equal(200);
      const patients = only().entities.filter((entity) => entity.startsWith('Patient/'));
      expect(patients).to.have.members(about.map((id) => `Patient/${id}`));
    });
  }

  it('has an appointment with its patient, and none where who asks may not know', async () => {
    await ask('GET', appointment(0));
    expect(only().entities).to.have.members([appointment(0), `Patient/${ANNE}`]);
    served.world.audited.length = 0;
    await ask('GET', appointment(0), { headers: asPage });
    expect(served.world.audited).to.deep.equal([]);
  });

  it('has nothing of searches of slots and of the directory', async () => {
    for (const path of ['Slot', 'Slot?_include=Slot:schedule', 'Schedule', 'Practitioner', 'metadata']) {
      expect((await ask('GET', path)).status).to.equal(200);
    }
    expect(served.world.audited).to.deep.equal([]);
  });

  it('has $find, with the period and no criteria; $hold and $book, with what they took', async () => {
    const found = await ask('POST', 'Appointment/$find', {
      headers: asPage,
      body: {
        resourceType: 'Parameters',
        parameter: [
          { name: 'start', valueDateTime: '2026-11-24' },
          { name: 'end', valueDateTime: '2026-11-30' },
          { name: 'location-string', valueString: 'chez Anne Fictif' },
        ],
      },
    });
    expect(found.status, found.text).to.equal(200);
    const { type, detail, agent, name } = only();
    expect([type, agent, name]).to.deep.equal(['appointment.find', `token:${PAGE_ID}`, 'page']);
    expect(detail).to.deep.equal({ resource: 'Appointment', start: '2026-11-24', end: '2026-11-30' });
    served.world.audited.length = 0;

    const all = await ask('GET', 'Appointment/$find', { headers: asPage });
    const [proposal] = resourcesOf(all.json<Bundle>());
    served.world.audited.length = 0;
    const reference = { reference: `Appointment/${proposal?.id}` };
    const parameters = (...more: object[]) => ({
      resourceType: 'Parameters',
      parameter: [{ name: 'appointment-reference', valueReference: reference }, ...more],
    });
    const held = await ask('POST', 'Appointment/$hold', { headers: asPage, body: parameters() });
    expect(held.status, held.text).to.equal(200);
    const hold = only();
    expect(hold.type).to.equal('appointment.hold');
    expect(hold.entities.map((path) => path.split('/')[0])).to.deep.equal(['Appointment', 'Slot']);
    expect(hold.detail).to.deep.equal({ resource: 'Appointment', status: 'pending' });
    served.world.audited.length = 0;

    const patient = {
      resourceType: 'Patient',
      identifier: [
        {
          system: 'https://fhir.infoway-inforoute.ca/NamingSystem/ca-qc-patient-healthcare-id',
          value: CANARY.nam,
        },
      ],
      name: [{ family: 'Fictif', given: ['Anne'] }],
    };
    const booked = await ask('POST', 'Appointment/$book', {
      headers: asPage,
      body: parameters({ name: 'patient-resource', resource: patient }),
    });
    expect(booked.status, booked.text).to.be.oneOf([200, 409]);
    expect(only().type).to.equal('appointment.book');
    for (const secret of [CANARY.nam, ...CANARY.names]) {
      expect(JSON.stringify(served.world.audited)).to.not.contain(secret);
    }
  });

  it('has a booking, by who may not know for whom, with the patient', async () => {
    const { status, text } = await ask('POST', 'Appointment', { headers: asPage, body: bookingOf(uuid(1)) });
    expect(status, text).to.equal(201);
    const { id } = JSON.parse(text) as { id: string };
    const { type, entities, detail } = only();
    expect(type).to.equal('rest.create');
    expect(entities).to.include.members([`Appointment/${id}`, `Slot/${uuid(1)}`]);
    expect(detail).to.deep.equal({ resource: 'Appointment', status: 'booked' });
    const kept = served.world.appointments.find((each) => each.id === id)?.patientId ?? null;
    expect(kept).to.not.equal(null);
    expect(entities).to.include(`Patient/${kept}`);
    expect(text).to.not.contain(`Patient/${kept}`);
    for (const secret of [CANARY.nam, ...CANARY.names]) {
      expect(JSON.stringify(served.world.audited)).to.not.contain(secret);
    }
  });

  it('has what was refused of a change, and never an id that somebody made up', async () => {
    const { status } = await ask('PUT', `Appointment/${CANARY.nam}`, {
      body: { resourceType: 'Appointment' },
    });
    expect(status).to.be.within(400, 499);
    await ask('GET', `Patient/${CANARY.nam}`);
    await ask('GET', `Patient/${uuid(7)}`);
    await ask('GET', `Patient/${ANNE}`, { headers: asPage });
    await new Promise(setImmediate);
    expect(JSON.stringify(served.world.audited)).to.not.contain(CANARY.nam);
    expect(audited().map(({ type, outcome, entities }) => [type, outcome, entities])).to.deep.equal([
      ['rest.update', 'refused', []],
      ['rest.read', 'refused', []],
      ['rest.read', 'refused', [`Patient/${uuid(7)}`]],
      ['access.forbidden', 'refused', [`Patient/${ANNE}`]],
    ]);
  });

  it('has each entry of a batch, of one request', async () => {
    const entry = (url: string, method = 'GET', resource?: object) => ({
      request: { method, url },
      ...(resource ? { resource } : {}),
    });
    const body = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [entry(`Patient/${ANNE}`), entry('Slot'), entry(`Patient/${LUC}`), entry('Patient/none')],
    };
    expect((await ask('POST', '', { body })).status).to.equal(200);
    await new Promise(setImmediate);
    expect(audited().map(({ outcome, entities }) => [outcome, entities])).to.deep.equal([
      ['done', [`Patient/${ANNE}`]],
      ['done', [`Patient/${LUC}`]],
      ['refused', []],
    ]);
    expect(new Set(served.world.audited.map(({ requestId }) => requestId))).to.have.property('size', 1);
  });

  it('has what is refused within a batch or a transaction, though the answer to the whole may be 200', async () => {
    const create = { request: { method: 'POST', url: 'Slot' }, resource: { resourceType: 'Slot' } };
    const remove = { request: { method: 'DELETE', url: `Slot/${uuid(1)}` } };
    const send = async (type: string, entry: object[], headers: Record<string, string> = asPage) => {
      const { status } = await ask('POST', '', { headers, body: { resourceType: 'Bundle', type, entry } });
      await new Promise(setImmediate);
      const told = served.world.audited.map(({ type: kind, outcome, entities }) => [
        kind,
        outcome,
        ...entities,
      ]);
      served.world.audited.length = 0;
      return [status, told];
    };
    const forbidden = [['access.forbidden', 'refused', `Slot/${uuid(1)}`]];
    expect(await send('batch', [remove])).to.deep.equal([200, forbidden]);
    expect(await send('transaction', [remove])).to.deep.equal([403, forbidden]);
    const asAdministrator = await send('transaction', [remove, create], {});
    expect(asAdministrator).to.deep.equal([
      422,
      [
        ['rest.delete', 'refused', `Slot/${uuid(1)}`],
        ['rest.create', 'refused'],
      ],
    ]);
  });

  it('has who is not let in, though not by a name', async () => {
    for (const authorization of ['', 'Bearer wrong', 'Basic QW5uZTpGaWN0aWY=']) {
      expect((await ask('GET', `Patient/${ANNE}`, { headers: { authorization } })).status).to.equal(401);
      expect((await served.request('GET', '/api/status', { headers: { authorization } })).status).to.equal(
        401,
      );
    }
    await new Promise(setImmediate);
    expect(audited()).to.have.length(6);
    for (const record of audited()) {
      expect(record).to.deep.equal({
        type: 'access.unauthenticated',
        action: 'E',
        outcome: 'refused',
        agent: null,
        entities: [],
      });
    }
    expect(served.world.audited.map(({ detail }) => detail['route'])).to.include.members(['/fhir', '*']);
  });

  it('has who got an access token, who did not, and what was done by hand', async () => {
    const post = (path: string, body: object = {}) =>
      served.request('POST', path, { body, headers: { 'content-type': 'application/json' } });
    await served.request('POST', '/oauth/token', {
      body: 'grant_type=password&username=Fictif',
      headers: { authorization: '', 'content-type': 'application/x-www-form-urlencoded' },
    });
    const made = await post('/api/tokens', { name: 'made', scopes: ['system/Slot.rs'], expiresInDays: 1 });
    const { id } = JSON.parse(made.text) as { id: string };
    await post('/api/tokens/made/revoke');
    await post('/api/connections/vendor/sync');
    await post('/api/connections/vendor/confirm');
    await served.request('GET', '/api/connections/vendor/rejected');
    await served.request('GET', '/api/connections/vendor/rejected?raw=true');
    await served.request('POST', '/webhooks/vendor', { body: {}, headers: { authorization: '' } });
    const page = await served.request('GET', '/api/tokens', { headers: asPage });
    expect(page.status).to.equal(403);
    await new Promise(setImmediate);
    const told = served.world.audited.map(({ type, agent, entities }) => [type, agent, ...entities]);
    expect(told).to.deep.equal([
      ['access.token-refused', null],
      ['token.created', 'administrator', `Token/${id}`],
      ['token.revoked', 'administrator', `Token/${id}`],
      ['connection.read', 'administrator', 'Connection/vendor'],
      ['connection.confirmed', 'administrator', 'Connection/vendor'],
      ['rejected.opened', 'administrator', 'Connection/vendor'],
      ['webhook.refused', null, 'Connection/vendor'],
      ['access.forbidden', `token:${PAGE_ID}`],
    ]);
    expect(JSON.stringify(served.world.audited)).to.not.contain('Fictif');
  });

  it('gives no answer about a patient that cannot be recorded, and others all the same', async () => {
    served.world.auditFailure = new Error('the disk is full');
    const entry = { request: { method: 'GET', url: `Patient/${ANNE}` } };
    const batch = { resourceType: 'Bundle', type: 'batch', entry: [entry] };
    for (const [method, path, body] of [
      ['GET', `Patient/${ANNE}`, undefined],
      ['GET', 'Patient', undefined],
      ['GET', appointment(0), undefined],
      ['GET', 'Appointment?_include=Appointment:patient', undefined],
      ['GET', 'AuditEvent', undefined],
      ['POST', 'Appointment', bookingOf(uuid(1))],
    ] as const) {
      const { status, text } = await ask(method, path, body === undefined ? {} : { body });
      expect(status, path).to.equal(503);
      for (const secret of [CANARY.nam, ...CANARY.names]) expect(text).to.not.contain(secret);
    }
    const { status, text } = await ask('POST', '', { body: batch });
    expect(status).to.equal(200);
    expect(text).to.contain('503').and.not.contain('Fictif');
    expect((await ask('GET', 'Slot')).status).to.equal(200);
    expect((await ask('GET', 'Appointment/$find')).status).to.equal(200);
    expect((await served.request('POST', '/api/connections/vendor/sync')).status).to.equal(503);
    expect((await served.request('GET', '/api/connections/vendor/rejected?raw=true')).status).to.equal(503);
  });

  describe('as AuditEvent', () => {
    const search = async (query: string) =>
      resourcesOf<AuditEvent>((await ask('GET', `AuditEvent?${query}`)).json<Bundle>());
    const idsOf = async (query: string) => (await search(query)).map(({ id }) => String(Number(id)));

    beforeEach(async () => {
      await ask('GET', `Patient/${ANNE}`, { headers: { 'x-purpose-of-use': 'TREAT' } });
      await ask('POST', 'Appointment', { headers: asPage, body: bookingOf(uuid(1)) });
      await ask('GET', 'Appointment/$find', { headers: asPage });
      await ask('GET', `Patient/${uuid(7)}`);
      await ask('GET', 'Patient', { headers: { authorization: '' } });
      await served.request('POST', '/api/tokens', {
        headers: { 'content-type': 'application/json' },
        body: { name: `t${Math.random()}`, scopes: ['system/Slot.rs'], expiresInDays: 1 },
      });
    });

    it('is valid R4, by both validators, with the codes of IHE', async () => {
      const events = await search('_count=100');
      expect(events.map(({ id }) => Number(id))).to.deep.equal([1, 2, 3, 4, 5, 6]);
      for (const event of events) expect(faultsOf(event), event.id).to.deep.equal([]);
      const [read, create, find, , refused, token] = events;
      expect(read?.subtype?.map(({ code }) => code)).to.deep.equal(['read', 'rest.read']);
      expect(read?.agent?.[0]).to.deep.include({
        requestor: true,
        purposeOfUse: [
          {
            coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }],
          },
        ],
        network: { address: '127.0.0.1', type: '2' },
      });
      // BALP: of a read the server is the source, of all else the client.
      const typesOf = (event?: AuditEvent) => event?.agent.map(({ type }) => type?.coding?.[0]?.code);
      expect(typesOf(read)).to.deep.equal(['110152', '110153']);
      expect(typesOf(create)).to.deep.equal(['110153', '110152']);
      expect(find?.subtype).to.deep.include({
        system: 'urn:ihe:event-type-code',
        code: 'ITI-115',
        display: 'Find Potential Appointments',
      });
      expect(find?.action).to.equal('C');
      const server = find?.agent.at(-1);
      expect(server?.who).to.deep.equal(find?.source.observer);
      expect([refused?.type.code, refused?.outcome, refused?.agent[0]?.who?.display]).to.deep.equal([
        '110114',
        '4',
        'unknown',
      ]);
      expect(token?.subtype?.map(({ code }) => code)).to.include('token.created');
      expect(create?.entity?.map(({ what }) => what?.reference?.split('/')[0])).to.include('Patient');
    });

    it('has a change of keys as one of security (DICOM PS3.16, CID 401)', async () => {
      await served.request('POST', '/api/keys/rotate');
      const [changed] = await search('type=key.changed');
      expect(changed?.subtype?.[0]).to.include({ code: '110129', display: 'Security Configuration' });
    });

    it('is read by its id, and found', async () => {
      const { status, text } = await ask('GET', 'AuditEvent/000000000001');
      expect(status).to.equal(200);
      expect(faultsOf(JSON.parse(text))).to.deep.equal([]);
      expect((await ask('GET', 'AuditEvent/000000000999')).status).to.equal(404);
      expect((await ask('GET', 'AuditEvent/1')).status).to.equal(404);
      expect(await idsOf('_id=000000000002,000000000003')).to.deep.equal(['2', '3']);
      expect(await idsOf(`patient=${ANNE}`))
        .to.include('1')
        .and.not.include('3');
      expect(await idsOf(`entity=Slot/${uuid(1)}`)).to.deep.equal(['2']);
      expect(await idsOf('type=ITI-115')).to.deep.equal(['3']);
      expect(await idsOf('subtype=http://hl7.org/fhir/restful-interaction|create')).to.deep.equal(['2', '3']);
      expect(await idsOf(`agent=token:${PAGE_ID}`)).to.deep.equal(['2', '3']);
      expect(await idsOf(`agent:identifier=token:${PAGE_ID}&type=rest&outcome=0`)).to.deep.equal(['2', '3']);
      expect(await idsOf('agent-name=PAG')).to.deep.equal(['2', '3']);
      expect(await idsOf('outcome=4&_count=2')).to.deep.equal(['4', '5']);
      expect(await idsOf('date=lt2026')).to.deep.equal([]);
    });

    it('comes page by page, the newest first where that is asked for', async () => {
      const first = (await ask('GET', 'AuditEvent?_count=4&_sort=-date')).json<Bundle>();
      expect(resourcesOf(first).map(({ id }) => Number(id))).to.deep.equal([6, 5, 4, 3]);
      const next = first.link?.find(({ relation }) => relation === 'next')?.url ?? '';
      // What is recorded meanwhile, such as the search itself, moves nothing.
      const second = await served.request('GET', next.slice(served.url.length));
      expect(resourcesOf(second.json<Bundle>()).map(({ id }) => Number(id))).to.deep.equal([2, 1]);
      const foreign = await ask('GET', 'AuditEvent?_after=x');
      expect(foreign.json<OperationOutcome>().issue[0]?.expression).to.deep.equal(['http._after']);
    });

    it('is recorded when it is read', async () => {
      const before = served.world.audited.length;
      await ask('GET', `AuditEvent?patient=${ANNE}`);
      expect(served.world.audited.slice(before).map(({ type, entities }) => [type, entities])).to.deep.equal([
        ['rest.search', [`Patient/${ANNE}`]],
      ]);
    });

    it('is one chain that holds', async () => {
      const store = {
        auditAfter: async (after: number, limit: number) => served.world.audited.slice(after, after + limit),
      };
      expect((await verify(store, [AUDIT_KEY])).fault).to.equal(null);
      const { status, json } = await served.request('GET', '/api/audit/verify');
      expect(status).to.equal(200);
      expect(json<Patient>()).to.deep.include({ records: 6, fault: null });
    });
  });
});
