import { expect } from 'chai';
import type { Bundle, FhirResource, OperationOutcome, Schedule, Slot } from 'fhir/r4.js';
import { EXTENSION } from '../../mappings/fhir/canonical.ts';
import { HOUR } from '../../src/domain/instant.ts';
import { NOW, slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

const PATH = 'Schedule/agenda-gagnon';
const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
const BODY = {
  resourceType: 'Schedule',
  id: 'agenda-gagnon',
  actor: [
    { reference: 'Practitioner/gagnon' },
    { reference: 'Location/verdun' },
    { reference: 'HealthcareService/visite' },
  ],
};

describe('fhir: a schedule that is written', () => {
  let served: Served;
  beforeEach(async () => {
    const shares = { east: 1, west: 1 };
    const dealt = { shares, unitMinutes: 60, pooledMillisecondsBefore: HOUR };
    served = await serve({ slots: 4, policy: { sharing: { mode: 'allotted', ...dealt } } });
  });
  afterEach(() => served.close());

  async function ask<R extends FhirResource>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) {
    const answer = await served.request(method, `/fhir/${path}`, { body, headers });
    const json = answer.json<R>();
    expect(faultsOf(json), answer.text).to.deep.equal([]);
    return { status: answer.status, etag: answer.headers.get('etag'), json };
  }
  const put = (change: object, headers = {}) => ask<Schedule>('PUT', PATH, { ...BODY, ...change }, headers);
  const patch = (operations: readonly object[], headers = {}) =>
    ask<Schedule>('PATCH', PATH, operations, { ...JSON_PATCH, ...headers });
  const read = async () => (await ask<Schedule>('GET', PATH)).json;
  async function refused(method: string, path: string, body: unknown, headers = {}) {
    const told = await Promise.all(
      ['fr', 'en'].map(async (language) => {
        const asked = { ...headers, 'accept-language': language };
        const { status, json } = await ask<OperationOutcome>(method, path, body, asked);
        const { issue } = json;
        return {
          as: [status, ...issue.map(({ expression }) => expression?.[0])],
          said: issue.map(({ diagnostics }) => diagnostics ?? ''),
        };
      }),
    );
    const [fr, en] = told;
    expect(fr?.as).to.deep.equal(en?.as);
    expect(fr?.said).to.not.deep.equal(en?.said);
    return { as: en?.as, said: en?.said.join(' ') ?? '' };
  }
  const found = async (query: string) =>
    resourcesOf((await ask<Bundle>('GET', query, undefined, { prefer: 'handling=strict' })).json).map(
      ({ id }) => id,
    );

  it('goes off offer by PUT, for a while by its horizon, and is served so at once', async () => {
    const before = await read();
    expect(before).to.include({ active: true }).and.to.not.have.any.keys('planningHorizon', 'comment');
    const planningHorizon = { start: '2026-12', end: '2027-03-14' };
    const change = { active: false, planningHorizon, comment: 'Congé jusqu’au printemps' };
    const { status, etag, json } = await put(change);
    expect([status, etag]).to.deep.equal([200, 'W/"2"']);
    expect(json.meta).to.deep.equal({ versionId: '2', lastUpdated: new Date(NOW).toISOString() });
    expect(json).to.deep.equal({ ...before, ...change, meta: json.meta });
    expect(await read()).to.deep.equal(json);
    expect(served.world.schedules.get('agenda-gagnon')).to.deep.include({
      active: false,
      // 1 December at midnight in Toronto; 14 March is the day of 23 hours.
      start: Date.parse('2026-12-01T05:00:00Z'),
      end: Date.parse('2027-03-15T04:00:00Z'),
      startText: '2026-12',
      endText: '2027-03-14',
    });
    expect((await ask<Schedule>('GET', 'Schedule/agenda-tremblay')).json.active).to.equal(true);
  });

  it('is back on offer, without bounds and comment, where PUT leaves them out', async () => {
    const first = await read();
    await put({ active: false, planningHorizon: { end: '2027' }, comment: 'x' });
    const { json, etag } = await put({});
    expect(etag).to.equal('W/"3"');
    expect({ ...json, meta: null }).to.deep.equal({ ...first, meta: null });
  });

  it('has a version and a history of what it was, and none of what changes nothing', async () => {
    const first = await read();
    await put({ active: false });
    const { json, etag } = await ask<Schedule>('PUT', PATH, await read());
    expect([etag, json.active]).to.deep.equal(['W/"2"', false]);
    const { json: history } = await ask<Bundle<Schedule>>('GET', `${PATH}/_history`);
    expect(history.entry?.map(({ resource, request }) => [resource?.active, request?.method])).to.deep.equal([
      [false, 'PUT'],
      [true, 'POST'],
    ]);
    expect((await ask('GET', `${PATH}/_history/1`)).json).to.deep.equal(first);
    expect((await ask('GET', `${PATH}/_history/2`)).json).to.deep.equal(json);
    expect(await found(`Schedule?_lastUpdated=ge${new Date(NOW).toISOString()}`)).to.deep.equal([
      'agenda-gagnon',
    ]);
  });

  it('is changed only as the version that is meant', async () => {
    expect((await put({ active: false }, { 'if-match': 'W/"1"' })).status).to.equal(200);
    const late = { 'if-match': 'W/"1"' };
    const mismatch = [412, 'Schedule.meta.versionId'];
    expect((await refused('PUT', PATH, BODY, late)).as).to.deep.equal(mismatch);
    const operations = [{ op: 'replace', path: '/active', value: true }];
    const patched = await refused('PATCH', PATH, operations, { ...JSON_PATCH, ...late });
    expect(patched.as).to.deep.equal(mismatch);
    expect(patched.said).to.contain('version 2');
    expect((await refused('PUT', PATH, BODY, { 'if-none-match': '*' })).as?.[0]).to.equal(412);
    expect((await read()).active).to.equal(false);
  });

  it('is changed by a JSON Patch, of these three elements only', async () => {
    const operations = [
      { op: 'test', path: '/active', value: true },
      { op: 'replace', path: '/active', value: false },
      { op: 'add', path: '/planningHorizon', value: { end: '2026-12-24T12:00:00-05:00' } },
    ];
    const { status, json } = await patch(operations, { 'if-match': 'W/"1"' });
    expect([status, json.active, json.planningHorizon]).to.deep.equal([
      200,
      false,
      { end: '2026-12-24T12:00:00-05:00' },
    ]);
    expect((await patch([{ op: 'remove', path: '/planningHorizon' }])).json).to.not.have.any.keys(
      'planningHorizon',
    );
    expect((await refused('PATCH', PATH, operations, JSON_PATCH)).as).to.deep.equal([409, 'patch[0]']);
    const lost = [
      { op: 'remove', path: '/serviceType' },
      { op: 'replace', path: '/actor/0/reference', value: 'Practitioner/tremblay' },
      { op: 'add', path: '/serviceCategory', value: [{ text: 'x' }] },
    ];
    expect((await refused('PATCH', PATH, lost, JSON_PATCH)).as).to.deep.equal([
      422,
      'Schedule.serviceType',
      'Schedule.actor',
      'Schedule.serviceCategory',
    ]);
    const unread = [{ op: 'add', path: '/planningHorizon', value: { start: 'soon' } }];
    expect((await refused('PATCH', PATH, unread, JSON_PATCH)).as).to.deep.equal([
      422,
      'Schedule.planningHorizon.start',
    ]);
  });

  it('is patched as it is now, where another process has just written it', async () => {
    const { offerSchedule } = served.ports.offerings;
    const state = { start: null, end: null, startText: null, endText: null };
    let others = 1;
    // Between the reading of the schedule and the write.
    Object.assign(served.ports.offerings, {
      offerSchedule: async (change: Parameters<typeof offerSchedule>[0]) => {
        if (others > 0) {
          others -= 1;
          const { scheduleId } = change;
          await offerSchedule({ ...state, scheduleId, active: false, comment: 'x', ifVersion: null });
        }
        return offerSchedule(change);
      },
    });
    const { status, json } = await patch([{ op: 'add', path: '/comment', value: 'y' }]);
    expect([status, json.active, json.comment]).to.deep.equal([200, false, 'y']);
  });

  it('is refused where it says what the configuration says otherwise, or is not read', async () => {
    const [first, ...others] = BODY.actor;
    const other = { ...BODY, actor: [{ reference: 'Practitioner/tremblay' }, ...others] };
    const { as, said } = await refused('PUT', PATH, { ...other, specialty: [{ text: 'x' }] });
    expect(as).to.deep.equal([422, 'Schedule.actor', 'Schedule.specialty']);
    expect(said).to.contain('configuration');
    expect((await refused('PUT', PATH, { ...BODY, actor: [first] })).as).to.deep.equal([
      422,
      'Schedule.actor',
    ]);
    const wrong = { ...BODY, active: 'no', planningHorizon: { start: '2026-13', end: '2026-12-24T09:00' } };
    expect((await refused('PUT', PATH, wrong)).as).to.deep.equal([
      422,
      'Schedule.active',
      'Schedule.planningHorizon.start',
      'Schedule.planningHorizon.end',
    ]);
    expect((await refused('PUT', PATH, { ...BODY, id: 'agenda-tremblay' })).as).to.deep.equal([
      400,
      'Schedule.id',
    ]);
    expect((await refused('PUT', PATH, { ...BODY, planing: {} })).as?.[0]).to.equal(422);
    expect((await refused('PUT', 'Schedule/nobody', { ...BODY, id: 'nobody' })).as?.[0]).to.equal(404);
    expect((await refused('PATCH', 'Schedule/nobody', [], JSON_PATCH)).as?.[0]).to.equal(404);
    expect(served.world.schedules.size).to.equal(0);
  });

  it('is neither made nor deleted, and who asks is told what to do instead', async () => {
    for (const [method, path] of [
      ['POST', 'Schedule'],
      ['DELETE', PATH],
    ] as const) {
      const { as, said } = await refused(method, path, BODY);
      expect(as?.[0]).to.equal(405);
      expect(said).to.contain('active false');
    }
  });

  it('is written in a batch, and refused in a transaction', async () => {
    const entry = [
      { request: { method: 'PUT', url: PATH, ifMatch: 'W/"1"' }, resource: { ...BODY, active: false } },
      { request: { method: 'PUT', url: PATH, ifMatch: 'W/"1"' }, resource: BODY },
    ];
    const bundle = (type: string) => ({ resourceType: 'Bundle', type, entry });
    expect((await refused('POST', '', bundle('transaction'))).as).to.deep.equal([
      422,
      'Bundle.entry[0].request.url',
    ]);
    expect(served.world.schedules.size).to.equal(0);
    const { json } = await ask<Bundle<Schedule>>('POST', '', bundle('batch'));
    expect(json.entry?.map(({ response }) => [response?.status, response?.etag])).to.deep.equal([
      ['200 OK', 'W/"2"'],
      ['412 Precondition Failed', undefined],
    ]);
  });

  it('is found by whether it is on offer, also by its slots', async () => {
    expect(await found('Schedule?active=false')).to.deep.equal([]);
    await put({ active: false });
    expect(await found('Schedule?active=false')).to.deep.equal(['agenda-gagnon']);
    expect(await found('Schedule?active=true')).to.deep.equal(['agenda-tremblay']);
    expect(await found('Slot?schedule.active=true')).to.deep.equal([uuid(2), uuid(4)]);
    const { json } = await ask<Bundle>('GET', `Slot?_id=${uuid(1)}&_include=Slot:schedule`);
    expect(resourcesOf<Schedule>(json, 'include').map(({ active }) => active)).to.deep.equal([false]);
    await put({});
    expect(await found('Schedule?active=false')).to.deep.equal([]);
  });

  it('has slots that nobody may book, and nobody knows from when on', async () => {
    const withheld = { withheld: true };
    served.world.slots = [1, 2, 3].map((number) => slotRow(number, withheld));
    // From the second slot of Dr Gagnon on.
    const end = new Date(slotRow(1).endMs).toISOString();
    await put({ planningHorizon: { end } });
    const extensions = async (number: number) => {
      const { json } = await ask<Slot>('GET', `Slot/${uuid(number)}`);
      expect(json.status).to.equal('busy-unavailable');
      return json.meta?.extension?.map(({ url }) => url);
    };
    expect(await extensions(3)).to.deep.equal([EXTENSION.lastConfirmed]);
    expect(await extensions(1), 'another’s to sell').to.include(EXTENSION.bookableFrom);
    expect(await extensions(2), 'of another schedule, whose roster closes it').to.deep.equal([
      EXTENSION.lastConfirmed,
    ]);
    expect(await found('Slot?status=free')).to.deep.equal([]);
  });

  describe('by its horizon, 2026-12-01 to 2026-12-24 at noon', () => {
    const OPEN = 'agenda-tremblay';
    const BOUND = 'agenda-gagnon';
    beforeEach(() => put({ planningHorizon: { start: '2026-12-01', end: '2026-12-24T12:00:00-05:00' } }));
    for (const [value, ids] of [
      ['2026-11-30', [OPEN]],
      ['2026-12-01', [BOUND, OPEN]],
      ['2026-12-24', [BOUND, OPEN]],
      ['2026-12-24T12:00:00-05:00', [OPEN]],
      ['2026-12-25', [OPEN]],
      ['2026', [BOUND, OPEN]],
      ['2026-12', [BOUND, OPEN]],
      ['2027,2026-12-02', [BOUND, OPEN]],
      ['ne2026-12-02', []],
      ['ne2027', [BOUND]],
      ['gt2026-12-24', [OPEN]],
      ['gt2026-12-23', [BOUND, OPEN]],
      ['ge2026-12-24', [BOUND, OPEN]],
      ['ge2026-12-25', [OPEN]],
      ['lt2026-12-01', [OPEN]],
      ['lt2026-12-02', [BOUND, OPEN]],
      ['le2026-12-01', [BOUND, OPEN]],
      ['le2026-11', [OPEN]],
      ['sa2026-11-30', [BOUND]],
      ['sa2026-12-01', []],
      ['eb2026-12-25', [BOUND]],
      ['eb2026-12-24', []],
      // A tenth of six or seven days from NOW, to either side.
      ['ap2026-11-30', [BOUND, OPEN]],
      ['ap2026-11-28', [OPEN]],
      ['ge2026-12-10&date=lt2026-12-01', [OPEN]],
    ] as const) {
      it(`date=${value}`, async () => {
        expect(await found(`Schedule?date=${value}`)).to.deep.equal(ids);
      });
    }

    it('and a slot by that of its schedule', async () => {
      expect(await found('Slot?schedule.date=2027')).to.deep.equal([uuid(2), uuid(4)]);
    });

    it('refuses what is no date, and too many', async () => {
      for (const value of ['soon', 'xx2026', '2026-02-30', '2026,'.repeat(60)]) {
        const { as } = await refused('GET', `Schedule?date=${value}`, undefined);
        expect(as).to.deep.equal([400, 'http.date']);
      }
    });
  });
});
