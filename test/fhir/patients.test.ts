import { expect } from 'chai';
import type { Appointment, Bundle, OperationOutcome, Patient } from 'fhir/r4.js';
import { PROFILE, SYSTEM } from '../../mappings/fhir/canonical.ts';
import { ADMINISTRATOR, type Principal, readScopes } from '../../src/domain/access.ts';
import { DAY } from '../../src/domain/instant.ts';
import type { Answer } from '../../src/fhir/answer.ts';
import { createFront } from '../../src/fhir/front.ts';
import type { Refused } from '../../src/fhir/outcomes.ts';
import { type Call, perform } from '../../src/fhir/perform.ts';
import { createRouter } from '../../src/fhir/router.ts';
import { madeUp, patientRow } from '../support/fake-patients.ts';
import { appointmentRow, NOW, slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

const ANNE = uuid(901);
const LUC = uuid(902);
const NAM = 'FICA01010113';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const SECRETS = [NAM, 'Fictif', 'Anne', '555-0199', '2001-01-01'];

describe('fhir: Patient', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());
  beforeEach(() => {
    const { world } = served;
    world.keepsPatients = true;
    world.patients = [
      patientRow(ANNE, madeUp(), NOW - DAY),
      patientRow(LUC, madeUp({ given: 'Luc', nam: null, phone: null, email: null, birthDate: null }), NOW),
    ];
    const [one, two, three] = [1, 2, 3].map((n) => appointmentRow(n, slotRow(n), null));
    if (!one || !two || !three) throw new Error('three');
    world.appointments = [{ ...one, patientId: ANNE }, { ...two, patientId: LUC }, three];
    world.patientsRead.length = 0;
    world.booked.length = 0;
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    served.request('GET', `/fhir/${path}`, { headers });
  const post = (type: string, form: Record<string, string>) =>
    served.request('POST', `/fhir/${type}/_search`, {
      body: new URLSearchParams(form).toString(),
      headers: FORM,
    });
  const idsIn = (bundle: Bundle, mode = 'match') => resourcesOf(bundle, mode).map(({ id }) => id);
  const selfOf = (bundle: Bundle) => bundle.link?.find(({ relation }) => relation === 'self')?.url;
  const patientsOf = ({ participant }: Appointment) =>
    participant.flatMap(({ actor }) => (actor?.reference?.startsWith('Patient/') ? [actor.reference] : []));
  const issueOf = (text: string) => (JSON.parse(text) as OperationOutcome).issue[0];

  describe('reading', () => {
    it('gives what a booking said, and is told as an access by the id only', async () => {
      const { json, headers } = await get(`Patient/${ANNE}`);
      const patient = json<Patient>();
      expect(faultsOf(patient)).to.deep.equal([]);
      expect(headers.get('etag')).to.equal('W/"2"');
      expect(patient).to.deep.include({
        identifier: [{ system: SYSTEM.nam, value: NAM }],
        name: [{ use: 'official', family: 'Fictif', given: ['Anne Marie'] }],
        birthDate: '2001-01-01',
      });
      expect(patient.telecom?.map(({ system }) => system)).to.deep.equal(['phone', 'email']);
      const sparse = (await get(`Patient/${LUC}`)).json<Patient>();
      expect(faultsOf(sparse)).to.deep.equal([]);
      expect(Object.keys(sparse)).to.deep.equal(['resourceType', 'id', 'name', 'meta']);
      expect(served.world.patientsRead).to.deep.equal([ANNE, LUC]);
      expect((await get(`Patient/${ANNE}`, { 'if-none-match': 'W/"2"' })).status).to.equal(304);
    });

    it('knows the present version, and says why it has no other', async () => {
      expect((await get(`Patient/${ANNE}/_history/2`)).json<Patient>().id).to.equal(ANNE);
      const older = await get(`Patient/${ANNE}/_history/1`);
      expect(older.status).to.equal(404);
      expect(issueOf(older.text)?.diagnostics).to.contain('not kept any more');
      for (const [path, versions] of [
        [`Patient/${ANNE}/_history`, [ANNE]],
        ['Patient/_history', [LUC, ANNE]],
      ] as const) {
        const bundle = (await get(path)).json<Bundle>();
        expect(faultsOf(bundle)).to.deep.equal([]);
        expect(bundle.entry?.map(({ resource }) => resource?.id)).to.deep.equal(versions);
      }
    });

    it('is as of one who is gone, where the key is another by now', async () => {
      const [first] = served.world.patients;
      if (!first) throw new Error('nobody is kept');
      served.world.patients = served.world.patients.map((row) =>
        row === first ? { ...row, sealed: new Uint8Array(40) } : row,
      );
      expect((await get(`Patient/${first.id}`)).status).to.be.oneOf([404, 410]);
      expect((await get('Patient')).json<Bundle>().entry).to.have.length(served.world.patients.length - 1);
      expect((await get('Patient/_history')).status).to.equal(200);
      expect(served.world.patientsRead).to.not.include(first.id);
    });

    it('answers 404 for nobody, with the reason', async () => {
      for (const id of [uuid(7), 'x']) {
        const { status, text } = await get(`Patient/${id}`);
        expect(status).to.equal(404);
        expect(issueOf(text)?.diagnostics).to.contain('not kept any more');
      }
    });

    it('is not for whoever may not know who comes', async () => {
      const front = createFront(served.ports);
      const routeOf = createRouter(front.resources, front.operations);
      const call: Call = {
        method: 'GET',
        parameters: [],
        handling: null,
        ifMatch: undefined,
        ifNoneMatch: undefined,
        ifNoneExist: undefined,
        body: async () => undefined,
        patch: async () => undefined,
        optionalBody: async () => undefined,
        form: async () => [],
      };
      const other = {
        ...ADMINISTRATOR,
        scopes: readScopes('system/Appointment.cruds system/Slot.cruds system/Practitioner.rs').scopes,
      };
      const ask = (path: string, caller: Principal) => {
        const route = routeOf('GET', path);
        if (route.interaction === 'capabilities') throw new Error(path);
        const context = { base: 'http://x/fhir', zone: 'UTC', language: 'fr', now: NOW, caller } as const;
        const means = { ...front, audited: (_: unknown, work: () => Promise<Answer>) => work() };
        return perform(route, call, context, means).then(
          ({ outcome }) => outcome,
          (error: Refused) => error.outcome,
        );
      };
      const one = `/Patient/${ANNE}`;
      for (const path of ['/Patient', '/Patient/_history', one, `${one}/_history`, `${one}/_history/2`]) {
        expect(await ask(path, ADMINISTRATOR), path).to.equal('ok');
        expect(await ask(path, other), path).to.equal('forbidden');
      }
      expect(await ask(`/Appointment/${uuid(1)}`, other)).to.equal('ok');
    });
  });

  describe('searching', () => {
    it('finds by id, page by page', async () => {
      const one = (await get(`Patient?_id=${LUC},${uuid(7)}`)).json<Bundle>();
      expect(faultsOf(one)).to.deep.equal([]);
      expect(idsIn(one)).to.deep.equal([LUC]);
      const first = (await get('Patient?_count=1')).json<Bundle>();
      expect([first.total, idsIn(first)]).to.deep.equal([2, [ANNE]]);
      const next = first.link?.find(({ relation }) => relation === 'next')?.url ?? '';
      const second = (await get(next.split('/fhir/')[1] ?? '')).json<Bundle>();
      expect([idsIn(second), second.link?.length]).to.deep.equal([[LUC], 1]);
      expect(idsIn((await get('Patient?_sort=-_id&_lastUpdated=ge2026-11-23')).json<Bundle>())).to.deep.equal(
        [LUC],
      );
      expect(served.world.patientsRead).to.deep.equal([LUC, ANNE, LUC, LUC]);
    });

    it('finds by number in a body, however it is written, and names it in no link', async () => {
      for (const value of [`${SYSTEM.nam}|${NAM}`, `${SYSTEM.nam}|fica 0101 0113`, NAM]) {
        const bundle = (await post('Patient', { identifier: value })).json<Bundle>();
        expect(idsIn(bundle), value).to.deep.equal([ANNE]);
        expect(selfOf(bundle)).to.equal(`${served.url}/fhir/Patient?_id=${ANNE}`);
      }
      for (const value of [`${SYSTEM.nam}|FICB02020211`, `urn:other|${NAM}`, `|${NAM}`, `${SYSTEM.nam}|`]) {
        const bundle = (await post('Patient', { identifier: value })).json<Bundle>();
        expect(idsIn(bundle), value).to.deep.equal([]);
        expect(JSON.stringify(bundle)).not.to.contain('FIC');
      }
      expect((await post('Patient', { 'identifier:exact': NAM })).status).to.equal(400);
      expect((await post('Patient', { identifier: '' })).status).to.equal(400);
    });

    it('refuses a number in an address, says where it goes, and does not repeat it', async () => {
      const value = encodeURIComponent(`${SYSTEM.nam}|${NAM}`);
      for (const path of [
        `Patient?identifier=${value}`,
        `Patient?identifier=${NAM}`,
        `Appointment?patient.identifier=${value}`,
        `Appointment?patient:Patient.identifier=${NAM}`,
        `Appointment?actor:Patient.identifier=${value}`,
        `Appointment?identifier=${value}`,
        `Slot?nothing=${value}`,
      ]) {
        const { status, text } = await get(path);
        expect(status, path).to.equal(400);
        expect(issueOf(text)?.diagnostics).to.contain('POST _search');
        expect(text).not.to.contain(NAM);
      }
      const batch = {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [{ request: { method: 'GET', url: `Patient?identifier=${NAM}` } }],
      };
      const answered = (await served.request('POST', '/fhir', { body: batch })).json<Bundle>();
      expect(answered.entry?.[0]?.response?.status).to.equal('400 Bad Request');
    });

    it('finds nobody by a name', async () => {
      for (const name of ['name', 'family', 'birthdate', 'phone']) {
        const prefer = 'handling=strict';
        expect((await get(`Patient?${name}=Fictif`, { prefer })).status, name).to.equal(400);
      }
    });
  });

  describe('of an appointment', () => {
    it('is a participant, for as long as it is kept, and of no version', async () => {
      const { json } = await get(`Appointment/${uuid(1)}`);
      const appointment = json<Appointment>();
      expect(faultsOf(appointment)).to.deep.equal([]);
      expect(patientsOf(appointment)).to.deep.equal([`Patient/${ANNE}`]);
      expect(appointment.participant).to.have.length(3);
      const conforms = `$validate?mode=profile&profile=${encodeURIComponent(PROFILE.Appointment)}`;
      expect((await get(`Appointment/${uuid(1)}/${conforms}`)).text).to.contain('All OK');
      expect(patientsOf((await get(`Appointment/${uuid(3)}`)).json<Appointment>())).to.deep.equal([]);
      const history = await get(`Appointment/${uuid(1)}/_history`);
      expect([history.status, history.text.includes('Patient/')]).to.deep.equal([200, false]);
    });

    it('is found by, and included', async () => {
      for (const query of [
        `patient=Patient/${ANNE}`,
        `patient=${ANNE}`,
        `patient=Patient/${ANNE}&date=2026-11-24`,
        `actor=Patient/${ANNE}`,
        `actor:Patient=${ANNE}`,
        `patient=${ANNE}&actor=Practitioner/gagnon`,
        `patient=${served.url}/fhir/Patient/${ANNE}`,
      ]) {
        const bundle = (await get(`Appointment?${query}`)).json<Bundle>();
        expect(idsIn(bundle), query).to.deep.equal([uuid(1)]);
      }
      for (const query of [
        `patient=Patient/${ANNE}&date=2026-11-25`,
        'patient=Patient/x',
        `patient=${uuid(7)}`,
      ]) {
        expect(idsIn((await get(`Appointment?${query}`)).json<Bundle>()), query).to.deep.equal([]);
      }
      for (const include of ['Appointment:patient', 'Appointment:actor']) {
        const bundle = (await get(`Appointment?patient=${ANNE},${LUC}&_include=${include}`)).json<Bundle>();
        expect(faultsOf(bundle)).to.deep.equal([]);
        expect(idsIn(bundle, 'include'), include).to.include.members([ANNE, LUC]);
      }
      const back = (await get(`Patient?_id=${LUC}&_revinclude=Appointment:patient`)).json<Bundle>();
      expect(idsIn(back, 'include')).to.deep.equal([uuid(2)]);
      const mixed = await get(`Appointment?actor=Practitioner/gagnon,Patient/${ANNE}`);
      expect([mixed.status, issueOf(mixed.text)?.expression]).to.deep.equal([400, ['http.actor']]);
      expect((await get('Appointment?patient.name=Fictif')).status).to.equal(400);
    });

    it('is found by number in a body, with the id in the links', async () => {
      for (const name of ['patient.identifier', 'patient:Patient.identifier', 'actor:Patient.identifier']) {
        const bundle = (await post('Appointment', { [name]: `${SYSTEM.nam}|${NAM}` })).json<Bundle>();
        expect(idsIn(bundle), name).to.deep.equal([uuid(1)]);
        expect(selfOf(bundle)).to.equal(
          `${served.url}/fhir/Appointment?patient=${encodeURIComponent(`Patient/${ANNE}`)}`,
        );
        expect(idsIn((await post('Appointment', { [name]: 'FICB02020211' })).json<Bundle>())).to.deep.equal(
          [],
        );
      }
    });

    it('is not told to who is told of changes, nor found for them', async () => {
      const { criteria } = createFront(served.ports);
      const told = await criteria.match('Appointment?status=booked', `${served.url}/fhir`, [uuid(1)]);
      expect([...(told?.keys() ?? [])]).to.deep.equal([uuid(1)]);
      expect(told?.get(uuid(1))?.text).not.to.contain('Patient/');
      for (const query of [
        `actor=Patient/${ANNE}`,
        `actor=${served.url}/fhir/Patient/${ANNE}`,
        `actor:Patient.identifier=${NAM}`,
        `identifier=${SYSTEM.nam}|${NAM}`,
      ]) {
        const check = await criteria.check(`Appointment?${query}`, `${served.url}/fhir`, ADMINISTRATOR);
        expect(check, query).to.have.property('refused');
        expect(JSON.stringify(check)).not.to.contain(NAM);
      }
      expect(
        await criteria.match(`Appointment?actor=Patient/${ANNE}`, `${served.url}/fhir`, [uuid(1)]),
      ).to.equal(null);
    });
  });

  describe('of a booking', () => {
    const forKept = (id: string) => {
      const { contained: _, participant, ...rest } = bookingOf(uuid(5));
      const row = slotRow(5);
      return {
        ...rest,
        start: new Date(row.startMs).toISOString(),
        end: new Date(row.endMs).toISOString(),
        participant: [{ actor: { reference: `Patient/${id}` }, status: 'accepted' }, ...participant.slice(1)],
      };
    };

    it('is kept, and named in the answer', async () => {
      const { status, json } = await served.request('POST', '/fhir/Appointment', {
        body: bookingOf(uuid(1)),
      });
      expect(status).to.equal(201);
      expect(patientsOf(json<Appointment>())).to.deep.equal([`Patient/${ANNE}`]);
    });

    it('may be one who is kept, whose details go to the platform', async () => {
      const { status, json } = await served.request('POST', '/fhir/Appointment', { body: forKept(LUC) });
      expect(status).to.equal(201);
      expect(patientsOf(json<Appointment>())).to.deep.equal([`Patient/${LUC}`]);
      expect(served.world.booked[0]).to.deep.include({
        patientId: LUC,
        patient: madeUp({ given: 'Luc', nam: null, phone: null, email: null, birthDate: null }),
      });
    });

    it('is refused for one who is not kept, and changes nothing', async () => {
      const { status, text } = await served.request('POST', '/fhir/Appointment', { body: forKept(uuid(7)) });
      expect([status, issueOf(text)?.expression]).to.deep.equal([
        422,
        ['Appointment.participant[0].actor.reference'],
      ]);
      expect(served.world.booked).to.deep.equal([]);
    });

    it('goes back as it was read: cancelled by PUT and PATCH, and with another patient refused', async () => {
      const read = (await get(`Appointment/${uuid(1)}`)).json<Appointment>();
      const participant = read.participant.map((each) =>
        each.actor?.reference === `Patient/${ANNE}`
          ? { ...each, actor: { reference: `Patient/${LUC}` } }
          : each,
      );
      const other = await served.request('PUT', `/fhir/Appointment/${uuid(1)}`, {
        body: { ...read, participant, status: 'cancelled' },
      });
      expect([other.status, issueOf(other.text)?.code]).to.deep.equal([422, 'not-supported']);
      const put = await served.request('PUT', `/fhir/Appointment/${uuid(1)}`, {
        body: { ...read, status: 'cancelled' },
      });
      expect(put.status).to.equal(200);
      expect(patientsOf(put.json<Appointment>())).to.deep.equal([`Patient/${ANNE}`]);
      const patch = await served.request('PATCH', `/fhir/Appointment/${uuid(2)}`, {
        body: [{ op: 'replace', path: '/status', value: 'cancelled' }],
        headers: { 'content-type': 'application/json-patch+json' },
      });
      expect(patch.status).to.equal(200);
    });
  });

  it('is none where the clinic keeps none, and a search by one says so', async () => {
    served.world.keepsPatients = false;
    expect((await get(`Patient/${ANNE}`)).status).to.equal(404);
    for (const path of ['Patient', `Patient?_id=${ANNE}`, `Appointment?patient=${uuid(7)}`]) {
      const bundle = (await get(path)).json<Bundle>();
      expect(faultsOf(bundle)).to.deep.equal([]);
      expect(idsIn(bundle), path).to.deep.equal([]);
      const [outcome] = resourcesOf<OperationOutcome>(bundle, 'outcome');
      expect(outcome?.issue[0]?.diagnostics).to.contain('patients.keepDays');
    }
    expect((await get(`Patient/${ANNE}/_history`)).status).to.equal(404);
    expect(served.world.patientsRead).to.deep.equal([]);
  });

  it('is in no log, whatever is asked', () => {
    const log = JSON.stringify(served.log);
    expect(served.log).not.to.be.empty;
    for (const secret of SECRETS) expect(log).not.to.contain(secret);
  });
});
