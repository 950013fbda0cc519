import { expect } from 'chai';
import type { Bundle, Slot } from 'fhir/r4.js';
import { EXTENSION } from '../../mappings/fhir/canonical.ts';
import { slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { nextPage, r4, resourcesOf, type Served, serve } from '../support/served-front.ts';

describe('fhir: search, as fhir-kit-client reads it', () => {
  let served: Served;
  before(async () => {
    served = await serve({ slots: 12 });
    served.world.slots = served.world.slots.map((row, index) => {
      if (index % 4 === 3) return { ...row, status: 'busy' };
      return row;
    });
  });
  after(() => served.close());

  type Query = Record<string, string | string[]>;
  const search = async (resourceType: string, searchParams: Query, options = {}): Promise<Bundle> =>
    r4<Bundle>(await served.client.search({ resourceType, searchParams, options }));
  const idsOf = (bundle: Bundle): (string | undefined)[] =>
    resourcesOf(bundle).map((resource) => resource.id);
  const slotsWhere = (test: (row: ReturnType<typeof slotRow>) => boolean): string[] =>
    served.world.slots.filter(test).map((row) => row.id);

  it('finds every slot in order of start, each valid R4', async () => {
    const bundle = await search('Slot', {});
    expect(faultsOf(bundle)).to.deep.equal([]);
    expect(idsOf(bundle)).to.deep.equal(slotsWhere(() => true));
    expect(bundle.entry?.[0]?.fullUrl).to.equal(`${served.url}/fhir/Slot/${uuid(1)}`);
    expect(bundle).to.not.have.property('total');
  });

  it('serves a slot completed with status, version and source', async () => {
    const slot = r4<Slot>(await served.client.read({ resourceType: 'Slot', id: uuid(3) }));
    expect(faultsOf(slot)).to.deep.equal([]);
    expect(slot.status).to.equal('free');
    expect(slot.meta).to.deep.equal({
      versionId: '1',
      lastUpdated: '2026-11-23T12:00:00.000Z',
      source: 'https://passerelle.example/fhir/connection/vendor',
      extension: [{ url: EXTENSION.lastConfirmed, valueInstant: '2026-11-23T13:00:00.000Z' }],
    });
    expect(slot.extension?.map((each) => each.url)).to.include(EXTENSION.availableSince);
  });

  const rows: Record<string, [query: Query, test: (row: ReturnType<typeof slotRow>) => boolean]> = {
    'schedule by reference': [{ schedule: 'Schedule/agenda-gagnon' }, (row) => row.calendar === 'gagnon'],
    'schedule by id': [{ schedule: 'agenda-gagnon' }, (row) => row.calendar === 'gagnon'],
    'schedules in or': [{ schedule: 'Schedule/agenda-gagnon,agenda-tremblay' }, () => true],
    'schedules in and': [{ schedule: ['agenda-gagnon', 'agenda-tremblay'] }, () => false],
    'schedule that nobody knows': [{ schedule: 'Schedule/nobody' }, () => false],
    'schedule elsewhere': [
      { schedule: 'https://elsewhere.example/fhir/Schedule/agenda-gagnon' },
      () => false,
    ],
    status: [{ status: 'free' }, (row) => row.status === 'free'],
    'status with its system': [
      { status: 'http://hl7.org/fhir/slotstatus|busy' },
      (row) => row.status === 'busy',
    ],
    'statuses in or': [{ status: 'busy,free' }, () => true],
    'start from and to': [
      { start: ['ge2026-11-24T09:20:00-05:00', 'lt2026-11-24T10:00:00-05:00'] },
      (row) => row.startMs >= slotRow(2).startMs && row.startMs < slotRow(6).startMs,
    ],
    'start in the zone of the place': [
      { start: '2026-11-24T09:40' },
      (row) => row.startMs === slotRow(4).startMs,
    ],
    ids: [{ _id: `${uuid(2)},${uuid(5)}` }, (row) => [uuid(2), uuid(5)].includes(row.id)],
    'id that is no UUID': [{ _id: 'nobody' }, () => false],
    'ids and schedule': [
      { _id: `${uuid(2)},${uuid(5)}`, schedule: 'agenda-gagnon' },
      (row) => row.id === uuid(5),
    ],
  };
  for (const [title, [query, test]] of Object.entries(rows)) {
    it(`finds slots by ${title}`, async () => {
      const bundle = await search('Slot', query);
      expect(faultsOf(bundle)).to.deep.equal([]);
      expect(idsOf(bundle)).to.deep.equal(slotsWhere(test));
    });
    it(`finds the same by POST _search: ${title}`, async () => {
      const bundle = await search('Slot', query, { postSearch: true });
      expect(idsOf(bundle)).to.deep.equal(slotsWhere(test));
    });
  }

  it('pages by the next link and includes each schedule once a page', async () => {
    const query = { _count: '5', _include: 'Slot:schedule', status: 'free' };
    let bundle: Bundle | undefined = await search('Slot', query);
    const found: (string | undefined)[] = [];
    const included: string[] = [];
    while (bundle) {
      expect(faultsOf(bundle)).to.deep.equal([]);
      found.push(...idsOf(bundle));
      included.push(
        resourcesOf(bundle, 'include')
          .map((each) => each.id)
          .sort()
          .join(),
      );
      bundle = await nextPage(served.client, bundle);
    }
    expect(found).to.deep.equal(slotsWhere((row) => row.status === 'free'));
    expect(included).to.deep.equal(['agenda-gagnon,agenda-tremblay', 'agenda-gagnon,agenda-tremblay']);
  });

  it('links to itself with what it used, and to the next page from there', async () => {
    const bundle = await search('Slot', { schedule: 'Schedule/agenda-gagnon', _count: '2', unknown: 'x' });
    const base = `${served.url}/fhir/Slot?schedule=Schedule%2Fagenda-gagnon&_count=2`;
    expect(bundle.link?.[0]).to.deep.equal({ relation: 'self', url: base });
    expect(bundle.link?.[1]?.relation).to.equal('next');
    expect(bundle.link?.[1]?.url.startsWith(`${base}&_after=`)).to.equal(true);
  });

  it('counts on request, and gives nothing else on _count=0 or _summary=count', async () => {
    expect(await search('Slot', { _total: 'accurate', _count: '2' })).to.have.property('total', 12);
    expect(await search('Slot', { _total: 'none' })).to.not.have.property('total');
    for (const query of [{ _count: '0' }, { _summary: 'count' }]) {
      const bundle = await search('Slot', { ...query, status: 'busy' });
      expect(faultsOf(bundle)).to.deep.equal([]);
      expect(bundle).to.include({ total: 3 });
      expect(bundle).to.not.have.property('entry');
    }
  });

  it('answers at most a thousand at once', async () => {
    const many = await serve({ slots: 1_100 });
    const bundle = (await many.request('GET', '/fhir/Slot?_count=5000')).json<Bundle>();
    await many.close();
    expect(bundle.entry).to.have.length(1_000);
    expect(bundle.link?.map((each) => each.relation)).to.deep.equal(['self', 'next']);
  });

  it('tells what it ignored, and refuses it under strict handling', async () => {
    const bundle = await search('Slot', { 'slot-colour': 'x', _include: 'Slot:nothing' });
    expect(faultsOf(bundle)).to.deep.equal([]);
    expect(idsOf(bundle)).to.have.length(12);
    expect(JSON.stringify(resourcesOf(bundle, 'outcome')))
      .to.contain('slot-colour')
      .and.contain('_include');
    const strict = await served.request('GET', '/fhir/Slot?slot-colour=x', {
      headers: { prefer: 'handling=strict' },
    });
    expect(strict.status).to.equal(400);
  });

  it('uses the public URL in every link where one is configured', async () => {
    const behind = await serve({ publicUrl: 'https://passerelle.test/' });
    const bundle = (await behind.request('GET', '/fhir/Slot?_count=1')).json<Bundle>();
    await behind.close();
    const urls = [bundle.entry?.[0]?.fullUrl, ...(bundle.link ?? []).map((each) => each.url)];
    for (const url of urls) expect(url).to.match(/^https:\/\/passerelle\.test\/fhir\/Slot/);
  });

  const others: [type: string, query: Query, ids: string[]][] = [
    ['Schedule', {}, ['agenda-gagnon', 'agenda-tremblay']],
    ['Schedule', { actor: 'Practitioner/gagnon' }, ['agenda-gagnon']],
    ['Schedule', { actor: ['Practitioner/gagnon', 'Location/verdun'] }, ['agenda-gagnon']],
    ['Schedule', { actor: 'Location/elsewhere' }, []],
    ['Schedule', { active: 'false' }, []],
    ['Schedule', { active: 'true', _id: 'agenda-tremblay' }, ['agenda-tremblay']],
    ['Practitioner', { name: 'emi' }, ['tremblay']],
    ['Practitioner', { name: 'TREM,gag' }, ['gagnon', 'tremblay']],
    ['Practitioner', { identifier: 'urn:test:cmq|10001' }, ['tremblay']],
    ['Practitioner', { identifier: '10001' }, ['tremblay']],
    ['Practitioner', { identifier: 'urn:test:cmq|' }, ['tremblay']],
    ['Practitioner', { identifier: 'urn:test:other|10001' }, []],
    ['Location', { name: 'clinique FICTIVE' }, ['verdun']],
    ['Location', { identifier: '1' }, []],
    ['HealthcareService', { name: 'medical' }, ['visite']],
    ['Organization', {}, ['clinique']],
    ['CodeSystem', { url: 'https://passerelle.example/fhir/CodeSystem/mode' }, ['mode']],
  ];
  for (const [type, query, ids] of others) {
    it(`finds ${type} by ${JSON.stringify(query)}`, async () => {
      const bundle = await search(type, query);
      expect(faultsOf(bundle)).to.deep.equal([]);
      expect(idsOf(bundle)).to.deep.equal(ids);
      expect(bundle.total).to.equal(ids.length);
      for (const id of ids) {
        expect(faultsOf(await served.client.read({ resourceType: type, id }))).to.deep.equal([]);
      }
    });
  }

  it('pages what it keeps in memory too', async () => {
    const first = await search('Practitioner', { _count: '1' });
    const second = await nextPage(served.client, first);
    if (!second) throw new Error('no second page');
    expect([...idsOf(first), ...idsOf(second)]).to.deep.equal(['gagnon', 'tremblay']);
    expect(second.link?.map((each) => each.relation)).to.deep.equal(['self']);
  });
});
