import { expect } from 'chai';
import type { Bundle, CapabilityStatement, FhirResource, OperationOutcome } from 'fhir/r4.js';
import { appointmentRow, slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

describe('fhir: _elements and _summary', () => {
  let served: Served;
  const appointment = appointmentRow(900, slotRow(3), null);
  before(async () => {
    // Loading the validators takes longer than a server keeps an idle connection.
    faultsOf({ resourceType: 'Slot' });
    served = await serve({ slots: 12 });
    served.world.appointments.push(appointment);
  });
  after(() => served.close());

  const get = (path: string, headers: Record<string, string> = {}) =>
    served.request('GET', `/fhir/${path}`, { headers });
  const found = async (path: string): Promise<Bundle> => {
    const { status, text, json } = await get(path);
    expect(status, text).to.equal(200);
    // The JSON schema is that of 4.0.0 and has not heard of 4.0.1, which differs from it by errata only.
    expect(faultsOf(JSON.parse(text.replaceAll('"4.0.1"', '"4.0.0"')))).to.deep.equal([]);
    return json<Bundle>();
  };
  const keysOf = (resource: FhirResource | undefined): string[] => Object.keys(resource ?? {}).sort();
  const said = (text: string): unknown =>
    (JSON.parse(text) as OperationOutcome).issue.map(({ expression }) => expression?.[0]);

  it('gives the elements that are named, and those that must be there, marked as a part', async () => {
    const bundle = await found('Slot?_count=3&_elements=serviceType');
    const slots = resourcesOf(bundle);
    expect(slots).to.have.length(3);
    for (const slot of slots) {
      expect(keysOf(slot)).to.deep.equal(
        ['end', 'id', 'meta', 'resourceType', 'schedule', 'serviceType', 'start', 'status'].sort(),
      );
      expect(slot.meta).to.include({ versionId: '1' });
      expect(slot.meta?.tag).to.deep.equal([SUBSETTED]);
    }
    expect(bundle.link?.find(({ relation }) => relation === 'next')?.url).to.contain('_elements=serviceType');
  });

  it('does so for one resource, for a version of it, and of every type', async () => {
    const metadata = (await get('metadata')).json<CapabilityStatement>();
    for (const { type, interaction = [] } of metadata.rest?.[0]?.resource ?? []) {
      const [first] = resourcesOf(await found(`${type}?_count=1&_elements=id`));
      if (!first) continue;
      const one = await get(`${type}/${first.id}?_elements=id`);
      expect(faultsOf(JSON.parse(one.text.replaceAll('"4.0.1"', '"4.0.0"'))), type).to.deep.equal([]);
      expect(one.json(), type).to.deep.equal(first);
      expect(first.meta?.tag, type).to.deep.equal([SUBSETTED]);
      expect(keysOf((await get(`${type}/${first.id}`)).json()).length, type).to.be.greaterThan(
        keysOf(first).length,
      );
      if (!interaction.some(({ code }) => code === 'vread') || !first.meta?.versionId) continue;
      const version = await get(`${type}/${first.id}/_history/${first.meta.versionId}?_elements=id`);
      if (version.status === 200) expect(keysOf(version.json()), type).to.deep.equal(keysOf(first));
    }
  });

  it('takes away nothing where all is named, and leaves the rest of the page as it is', async () => {
    const whole = (await get(`Appointment/${appointment.id}`)).json<FhirResource>();
    const names = keysOf(whole).filter((key) => key !== 'resourceType');
    const same = await get(`Appointment/${appointment.id}?_elements=${names.join(',')}`);
    expect(same.json()).to.deep.equal(whole);
    expect(same.headers.get('etag')).to.equal('W/"1"');
    const bundle = await found(`Appointment?_id=${appointment.id}&_elements=start&_include=Appointment:slot`);
    expect(keysOf(resourcesOf(bundle)[0])).to.deep.equal(
      // app-2 wants both ends or none.
      ['end', 'id', 'meta', 'participant', 'resourceType', 'start', 'status'].sort(),
    );
    expect(resourcesOf(bundle, 'include')[0]).to.deep.equal((await get(`Slot/${uuid(3)}`)).json());
  });

  it('has for a part a tag of its own, which stands for the version all the same', async () => {
    const path = `Appointment/${appointment.id}`;
    const tagOf = async (query: string) => (await get(path + query)).headers.get('etag') ?? '';
    const [whole, part, other] = [
      await tagOf(''),
      await tagOf('?_elements=start'),
      await tagOf('?_summary=text'),
    ];
    expect(new Set([whole, part, other]).size).to.equal(3);
    expect(await tagOf('?_elements=id,start')).to.not.equal(part);
    const status = async (query: string, tag: string) =>
      (await get(path + query, { 'if-none-match': tag })).status;
    expect(await status('?_elements=start', part)).to.equal(304);
    expect(await status('', part)).to.equal(200);
    expect(await status('?_elements=start', whole)).to.equal(200);
    const body = { ...JSON.parse(`${appointment.document}}`), status: 'booked' };
    const put = (tag: string) =>
      served.request('PUT', `/fhir/${path}`, { body, headers: { 'if-match': tag } });
    expect((await put(part)).status).to.equal(200);
    expect((await put(part.replace('1-', '2-'))).status).to.equal(412);
    expect((await put(part.replace('1-', '1--'))).status).to.equal(400);
  });

  it('refuses an element that the type does not have, and says which', async () => {
    for (const path of ['Slot?_elements=start,begin', `Slot/${uuid(1)}?_elements=colour`]) {
      const { status, text } = await get(path);
      expect([status, said(text)], path).to.deep.equal([400, ['http._elements']]);
    }
    const { text } = await get('Slot?_elements=start,begin');
    expect(text).to.contain('Slot has no element begin');
  });

  it('summarizes as R4 marks it, with what must be there', async () => {
    const slot = resourcesOf(await found('Slot?_count=1&_summary=true'))[0];
    expect(keysOf(slot))
      .to.include.members(['schedule', 'serviceType', 'start'])
      .and.not.include('extension');
    expect(slot?.meta?.tag).to.deep.equal([SUBSETTED]);
    const [booked] = resourcesOf(await found('Appointment?_summary=true'));
    expect(keysOf(booked)).to.include('participant').and.not.include('slot');
    const [text] = resourcesOf(await found('Slot?_count=1&_summary=text'));
    expect(keysOf(text)).to.deep.equal(
      ['end', 'id', 'meta', 'resourceType', 'schedule', 'start', 'status'].sort(),
    );
    const profile = resourcesOf(await found('StructureDefinition?_count=1&_summary=true'))[0];
    expect(keysOf(profile)).to.include.members(['url', '_title']).and.not.include('snapshot');
  });

  it('summarizes what comes with the results too', async () => {
    const bundle = await found('Slot?_count=1&_summary=true&_include=Slot:schedule');
    const [schedule] = resourcesOf(bundle, 'include');
    expect(schedule?.meta?.tag).to.deep.equal([SUBSETTED]);
    expect(keysOf(schedule)).to.include('actor').and.not.include('extension');
  });

  it('gives all of it for false, and for data where there is no text to leave out', async () => {
    const whole = (await get(`Slot/${uuid(1)}`)).json();
    for (const form of ['false', 'data']) {
      expect((await get(`Slot/${uuid(1)}?_summary=${form}`)).json(), form).to.deep.equal(whole);
    }
  });

  for (const [path, expression] of [
    ['Slot?_summary=some', 'http._summary'],
    [`Slot/${uuid(1)}?_summary=count`, 'http._summary'],
    ['Slot?_summary=text&_include=Slot:schedule', 'http._summary'],
    ['Slot?_summary=true&_elements=start', 'http._elements'],
    ['Slot?_elements=', 'http._elements'],
  ] as const) {
    it(`refuses ${path}`, async () => {
      const { status, text } = await get(path);
      expect([status, said(text)]).to.deep.equal([400, [expression]]);
    });
  }

  it('takes them from a form, and in a batch', async () => {
    const form = await served.request('POST', '/fhir/Slot/_search', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: '_count=1&_elements=start',
    });
    expect(keysOf(resourcesOf(form.json<Bundle>())[0])).to.not.include('serviceType');
    const batch = await served.request('POST', '/fhir', {
      body: {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [{ request: { method: 'GET', url: `Slot/${uuid(1)}?_elements=start` } }],
      },
    });
    const [entry] = batch.json<Bundle>().entry ?? [];
    expect(Object.keys(entry?.resource ?? {})).to.not.include('serviceType');
    expect(entry?.response?.etag).to.match(/^W\/"1-[0-9a-f]{8}"$/);
  });

  it('declares what every search takes', async () => {
    const statement = (await get('metadata')).json<CapabilityStatement>();
    const names = (statement.rest?.[0]?.searchParam ?? []).map(({ name }) => name);
    expect(names).to.include.members(['_count', '_total', '_summary', '_elements']);
  });
});
