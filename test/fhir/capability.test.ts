import { expect } from 'chai';
import type { Bundle, CapabilityStatement } from 'fhir/r4.js';
import { uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

/** A value that each type of parameter takes. */
const VALUES: Readonly<Record<string, string>> = {
  _id: 'x',
  schedule: 'Schedule/x',
  start: '2026',
  date: '2026',
  'Slot.status': 'busy',
  'Appointment.status': 'booked',
  status: 'active',
  type: 'rest-hook',
  'AuditEvent.type': 'rest',
  subtype: 'ITI-117',
  agent: 'administrator',
  'agent-name': 'a',
  outcome: '0',
  entity: 'Slot/x',
  payload: 'application/json',
  criteria: 'Slot',
  stale: 'exclude',
  actor: 'Practitioner/x',
  practitioner: 'x',
  location: 'x',
  patient: 'x',
  name: 'x',
  identifier: 'x',
  active: 'true',
  url: 'x',
  version: 'x',
  title: 'x',
  _lastUpdated: 'ge2026-01-01',
  slot: 'Slot/x',
  near: '45.5|-73.6|10|km',
  organization: 'x',
  service: 'x',
  'service-type': 'x',
  specialty: 'x',
  'appointment-type': 'urgent',
  family: 'x',
  given: 'x',
  address: 'x',
  'address-city': 'x',
  'address-postalcode': 'x',
};

/** What has no place in an address. */
const IN_BODY = new Set(['Patient.identifier']);

describe('fhir: the capability statement', () => {
  let served: Served;
  let statement: CapabilityStatement;
  before(async () => {
    served = await serve();
    served.world.keepsPatients = true;
    statement = (await served.request('GET', '/fhir/metadata')).json<CapabilityStatement>();
  });
  after(() => served.close());

  const resources = () => statement.rest?.[0]?.resource ?? [];

  it('is valid R4 and public', async () => {
    // The JSON schema is that of 4.0.0 and has not heard of 4.0.1, which differs from it by errata only.
    expect(faultsOf({ ...statement, fhirVersion: '4.0.0' })).to.deep.equal([]);
    const { status } = await served.request('GET', '/fhir/metadata', { headers: { authorization: '' } });
    expect(status).to.equal(200);
    expect(statement).to.include({ fhirVersion: '4.0.1', date: '2026-11-23T13:00:00.000Z' });
    expect(statement.implementation?.url).to.equal(`${served.url}/fhir`);
    expect(statement.implementation?.description).to.contain('America/Toronto');
  });

  it('names every type that a scheduling client asks for', () => {
    expect(resources().map((each) => each.type)).to.include.members([
      'Schedule',
      'Slot',
      'Appointment',
      'Location',
      'Practitioner',
      'HealthcareService',
      'Organization',
      'Patient',
      'Subscription',
    ]);
  });

  it('promises no parameter that is ignored: each is taken under strict handling', async () => {
    for (const { type, searchParam = [] } of resources()) {
      expect(searchParam, type).to.not.be.empty;
      for (const { name } of searchParam) {
        const value = VALUES[`${type}.${name}`] ?? VALUES[name] ?? '';
        const prefer = 'handling=strict';
        const query = `${name}=${value}`;
        const { status } = IN_BODY.has(`${type}.${name}`)
          ? await served.request('POST', `/fhir/${type}/_search`, {
              body: query,
              headers: { prefer, 'content-type': 'application/x-www-form-urlencoded' },
            })
          : await served.request('GET', `/fhir/${type}?${query}`, { headers: { prefer } });
        expect(status, `${type}?${name}`).to.equal(200);
      }
    }
  });

  it('keeps no parameter to itself: what one type has and another does not is ignored there', async () => {
    const all = new Set(resources().flatMap(({ searchParam = [] }) => searchParam.map((each) => each.name)));
    for (const { type, searchParam = [] } of resources()) {
      const promised = searchParam.map((each) => each.name);
      for (const name of [...all].filter((each) => !promised.includes(each))) {
        const path = `/fhir/${type}?${name}=${VALUES[name] ?? ''}`;
        const bundle = (await served.request('GET', path)).json<Bundle>();
        expect(resourcesOf(bundle, 'outcome'), path).to.have.length(1);
      }
    }
  });

  it('tells interactions and includes as they are', async () => {
    const codes = Object.fromEntries(
      resources().map(({ type, interaction = [] }) => [type, interaction.map((each) => each.code).join()]),
    );
    const history = 'vread,history-instance,history-type';
    expect(codes).to.include({
      Slot: `read,search-type,${history},create,update,patch,delete`,
      Appointment: `read,search-type,${history},create,update,patch`,
      Schedule: `read,search-type,${history},update,patch`,
      Subscription: 'read,search-type,create,update,delete',
    });
    expect(resources().find(({ type }) => type === 'Slot')?.searchInclude).to.include('Slot:schedule');
    for (const { type, interaction = [] } of resources()) {
      const allowed = interaction.map((each) => each.code);
      const created = await served.request('POST', `/fhir/${type}`, { body: {} });
      expect(created.status === 405, `POST ${type}`).to.equal(!allowed.includes('create'));
      const updated = await served.request('PUT', `/fhir/${type}/${uuid(1)}`, { body: {} });
      expect(updated.status === 405, `PUT ${type}`).to.equal(!allowed.includes('update'));
      const history = await served.request('GET', `/fhir/${type}/_history`);
      expect(history.status === 200, `${type}/_history`).to.equal(allowed.includes('history-type'));
      const patched = await served.request('PATCH', `/fhir/${type}/${uuid(1)}`, { body: [] });
      expect(patched.status === 405, `PATCH ${type}`).to.equal(!allowed.includes('patch'));
      const deleted = await served.request('DELETE', `/fhir/${type}/${uuid(1)}`);
      expect(deleted.status === 405, `DELETE ${type}`).to.equal(!allowed.includes('delete'));
    }
  });
});
