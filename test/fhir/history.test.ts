import { expect } from 'chai';
import type { Bundle, BundleEntry, FhirResource, Slot } from 'fhir/r4.js';
import { DAY, HOUR, type Instant, instant, MINUTE } from '../../src/domain/instant.ts';
import type { SlotVersion } from '../../src/engine/ports/versions.ts';
import { appointmentRow, ENTRIES, NOW, slotRow, uuid, type World } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { type Answered, resourcesOf, type Served, serve } from '../support/served-front.ts';

const iso = (at: number): string => new Date(at).toISOString();
const minutesAgo = (minutes: number): Instant => instant(NOW - minutes * MINUTE);

const former = (number: number, version: number, updatedMs: number, change: object = {}): SlotVersion => {
  const { id, connectionId, document } = slotRow(number);
  const row = { id, version, updatedMs, connectionId, status: 'free' as const, document, ...change };
  return { state: 'former', row };
};
const gone = (number: number, version: number, updatedMs: number): SlotVersion => ({
  state: 'gone',
  row: { id: uuid(number), version, updatedMs },
});

/** Slot 1 was free, then busy, and is free again; slot 77 is gone. */
function withPast(world: World): void {
  world.slots = world.slots.map((row) =>
    row.id === uuid(1) ? { ...row, version: 3, updatedMs: minutesAgo(5) } : row,
  );
  world.past.slots.push(
    former(1, 1, minutesAgo(40)),
    former(1, 2, minutesAgo(20), { status: 'busy' }),
    former(77, 1, minutesAgo(30)),
    gone(77, 2, minutesAgo(10)),
  );
}

describe('fhir: versions', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve({ slots: 4 });
  });
  afterEach(() => served.close());

  const get = async (path: string, status = 200): Promise<Answered> => {
    const answer = await served.request('GET', `/fhir/${path}`);
    expect(answer.status, `${path}: ${answer.text}`).to.equal(status);
    expect(faultsOf(answer.json()), path).to.deep.equal([]);
    return answer;
  };
  const bundle = async (path: string): Promise<Bundle> => (await get(path)).json<Bundle>();
  const told = ({ entry = [] }: Bundle): string[] =>
    entry.map(({ fullUrl, request, resource }) => {
      const [type, id] = (fullUrl ?? '').split('/').slice(-2);
      const name = id?.startsWith('0000') ? Number.parseInt(id.slice(-12), 16) : id;
      return `${type} ${name} ${request?.method} ${resource?.meta?.versionId ?? '-'}`;
    });
  const next = (page: Bundle): string | undefined =>
    page.link?.find((link) => link.relation === 'next')?.url.slice(`${served.url}/fhir/`.length);

  describe('of whatever is read', () => {
    const OTHERS = [
      'Schedule/agenda-tremblay',
      'Location/verdun',
      'Practitioner/gagnon',
      'HealthcareService/visite',
      'Organization/clinique',
    ];

    it('are told by ETag, Last-Modified and meta', async () => {
      served.world.appointments.push(appointmentRow(900, slotRow(1), null));
      const system = resourcesOf((await bundle('CodeSystem?_count=1')) as Bundle)[0]?.id;
      const since = {
        [`Slot/${uuid(1)}`]: NOW - HOUR,
        [`Appointment/${uuid(900)}`]: NOW,
        ...Object.fromEntries([...OTHERS, `CodeSystem/${system}`].map((path) => [path, NOW - DAY])),
      };
      for (const [path, updatedMs] of Object.entries(since)) {
        const answer = await get(path);
        expect(answer.headers.get('etag'), path).to.equal('W/"1"');
        expect(answer.headers.get('last-modified'), path).to.equal(new Date(updatedMs).toUTCString());
        const { meta } = answer.json();
        expect(meta, path).to.include({ versionId: '1', lastUpdated: iso(updatedMs) });
        const version = await get(`${path}/_history/1`);
        expect(version.text, path).to.equal(answer.text);
        expect(version.headers.get('etag'), path).to.equal('W/"1"');
        expect(version.headers.get('last-modified')).to.equal(answer.headers.get('last-modified'));
        expect(told(await bundle(`${path}/_history`)), path).to.have.length(1);
      }
    });

    it('are told in searches, and of what is included', async () => {
      for (const path of OTHERS) {
        const [type] = path.split('/');
        for (const { meta } of resourcesOf(await bundle(`${type}`))) {
          expect(meta, path).to.deep.equal({ versionId: '1', lastUpdated: iso(NOW - DAY) });
        }
      }
      const included = resourcesOf(await bundle('Slot?_include=Slot:schedule'), 'include');
      expect(included.map(({ meta }) => meta?.versionId)).to.deep.equal(['1', '1']);
    });
  });

  describe('of one resource', () => {
    beforeEach(() => withPast(served.world));

    it('are its history, the newest first, with what each came of', async () => {
      const history = await bundle(`Slot/${uuid(1)}/_history`);
      expect(history).to.include({ type: 'history', total: 3 });
      expect(told(history)).to.deep.equal(['Slot 1 PUT 3', 'Slot 1 PUT 2', 'Slot 1 POST 1']);
      const links = { relation: 'self', url: `${served.url}/fhir/Slot/${uuid(1)}/_history` };
      expect(history.link).to.deep.equal([links]);
      const [, second, first] = history.entry as BundleEntry<Slot>[];
      expect(second?.request).to.deep.equal({ method: 'PUT', url: `Slot/${uuid(1)}` });
      expect(second?.response).to.deep.equal({
        status: '200 OK',
        etag: 'W/"2"',
        lastModified: iso(minutesAgo(20)),
      });
      expect(second?.resource?.status).to.equal('busy');
      expect(first?.request).to.deep.equal({ method: 'POST', url: 'Slot' });
      expect(first?.response?.status).to.equal('201 Created');
    });

    it('are each served as it was', async () => {
      const answer = await get(`Slot/${uuid(1)}/_history/2`);
      const { status, meta, start } = answer.json<Slot>();
      expect(status).to.equal('busy');
      expect(start).to.equal(JSON.parse(`${slotRow(1).document}}`).start);
      const source = 'source' in (meta ?? {}) ? meta?.source : undefined;
      expect(source).to.contain('vendor');
      expect(meta).to.deep.equal({ versionId: '2', lastUpdated: iso(minutesAgo(20)), source });
      expect(answer.headers.get('etag')).to.equal('W/"2"');
      expect(answer.headers.get('last-modified')).to.equal(new Date(minutesAgo(20)).toUTCString());
    });

    it('end where it is gone, and can be read all the same', async () => {
      await get(`Slot/${uuid(77)}`, 410);
      await get(`Slot/${uuid(77)}/_history/2`, 410);
      expect((await get(`Slot/${uuid(77)}/_history/1`)).json<Slot>().status).to.equal('free');
      const history = await bundle(`Slot/${uuid(77)}/_history`);
      expect(told(history)).to.deep.equal(['Slot 77 DELETE -', 'Slot 77 POST 1']);
      expect(history.entry?.[0]).to.deep.equal({
        fullUrl: `${served.url}/fhir/Slot/${uuid(77)}`,
        request: { method: 'DELETE', url: `Slot/${uuid(77)}` },
        response: { status: '204 No Content', etag: 'W/"2"', lastModified: iso(minutesAgo(10)) },
      });
    });

    it('of now follow the clock as what is read does, and those of before do not', async () => {
      served.world.stale.set('vendor', minutesAgo(60));
      const { entry = [] } = await bundle(`Slot/${uuid(1)}/_history`);
      const slots = entry.map(({ resource }) => resource as Slot);
      expect(slots.map(({ status }) => status)).to.deep.equal(['busy-unavailable', 'busy', 'free']);
      const extensions = slots.map(({ meta }) => meta?.extension?.length ?? 0);
      expect(extensions).to.deep.equal([2, 0, 0]);
      const current = await get(`Slot/${uuid(1)}/_history/3`);
      expect(current.text).to.equal((await get(`Slot/${uuid(1)}`)).text);
    });

    it('come page by page, and are counted', async () => {
      let path: string | undefined = `Slot/${uuid(1)}/_history?_count=1`;
      const versions: string[] = [];
      for (let pages = 0; path !== undefined && pages < 9; pages += 1) {
        const page: Bundle = await bundle(path);
        expect(page.total).to.equal(3);
        versions.push(...told(page));
        path = next(page);
      }
      expect(versions).to.deep.equal(['Slot 1 PUT 3', 'Slot 1 PUT 2', 'Slot 1 POST 1']);
      const { total, entry } = await bundle(`Slot/${uuid(1)}/_history?_count=0`);
      expect([total, entry]).to.deep.equal([3, undefined]);
    });

    it('are narrowed to those since an instant, or that were the latest at a moment', async () => {
      const of = async (query: string): Promise<string[]> =>
        told(await bundle(`Slot/${uuid(1)}/_history?${query}`)).map((each) => each.slice(-1));
      expect(await of(`_since=${iso(minutesAgo(20))}`)).to.deep.equal(['3', '2']);
      expect(await of('_since=2026-11-24')).to.deep.equal([]);
      expect(await of(`_at=${iso(minutesAgo(15))}`)).to.deep.equal(['2']);
      expect(await of(`_at=${iso(minutesAgo(50))}`)).to.deep.equal([]);
      expect(await of('_at=2026-11-23')).to.deep.equal(['3', '2', '1']);
      // Not told, since a history has no place for it: the self link has what was used.
      const history = await bundle(`Slot/${uuid(1)}/_history?status=busy&_count=1`);
      expect(history.link?.[0]?.url).to.equal(`${served.url}/fhir/Slot/${uuid(1)}/_history?_count=1`);
    });
  });

  describe('of a type', () => {
    beforeEach(() => withPast(served.world));
    const EXPECTED = [
      'Slot 1 PUT 3',
      'Slot 77 DELETE -',
      'Slot 1 PUT 2',
      'Slot 77 POST 1',
      'Slot 1 POST 1',
      'Slot 4 POST 1',
      'Slot 3 POST 1',
      'Slot 2 POST 1',
    ];

    it('are all that there is, the newest first, also page by page', async () => {
      expect(told(await bundle('Slot/_history'))).to.deep.equal(EXPECTED);
      let path: string | undefined = 'Slot/_history?_count=3';
      const versions: string[] = [];
      for (let pages = 0; path !== undefined && pages < 9; pages += 1) {
        const page: Bundle = await bundle(path);
        versions.push(...told(page));
        path = next(page);
      }
      expect(versions).to.deep.equal(EXPECTED);
    });

    it('are counted where that is asked for', async () => {
      expect((await bundle('Slot/_history')).total).to.equal(undefined);
      expect((await bundle('Slot/_history?_total=accurate&_count=1')).total).to.equal(8);
      const since = await bundle(`Slot/_history?_since=${iso(minutesAgo(10))}&_count=0`);
      expect([since.total, since.entry]).to.deep.equal([2, undefined]);
    });
  });

  it('of an appointment are as it was', async () => {
    const row = appointmentRow(900, slotRow(1), 'Fauteuil roulant');
    served.world.past.appointments.push({ ...row, status: 'pending', updatedMs: minutesAgo(9) });
    served.world.appointments.push({ ...row, version: 2 });
    expect(told(await bundle(`Appointment/${uuid(900)}/_history`))).to.deep.equal([
      'Appointment 900 PUT 2',
      'Appointment 900 POST 1',
    ]);
    const { text } = await get(`Appointment/${uuid(900)}/_history/1`);
    expect(JSON.parse(text)).to.include({ status: 'pending', id: uuid(900) });
  });

  it('of what follows from the configuration are those that were stored', async () => {
    const [location] = ENTRIES.locations;
    const before = served.world.past.resources.find(({ type }) => type === 'Location');
    if (!before?.document || !location) throw new Error('no location');
    const old = JSON.parse(before.document) as FhirResource;
    const profiled = { ...old, name: 'Avant', meta: { profile: ['https://example.org/profile'] } };
    // Another process was started with another configuration meanwhile: its version is the latest there is.
    served.world.past.resources.push(
      { ...before, version: 2, updatedMs: minutesAgo(3), document: JSON.stringify(profiled) },
      {
        type: 'Location',
        id: 'old',
        version: 1,
        updatedMs: minutesAgo(2),
        document: '{"resourceType":"Location","id":"old"}',
      },
      { type: 'Location', id: 'old', version: 2, updatedMs: minutesAgo(1), document: null },
    );
    expect(told(await bundle('Location/_history'))).to.deep.equal([
      'Location old DELETE -',
      'Location old POST 1',
      'Location verdun PUT 2',
      'Location verdun POST 1',
    ]);
    const { meta } = (await get('Location/verdun/_history/2')).json();
    expect(meta).to.deep.equal({
      profile: ['https://example.org/profile'],
      versionId: '2',
      lastUpdated: iso(minutesAgo(3)),
    });
    await get('Location/old', 410);
    await get('Location/old/_history/2', 410);
    await get('Location/nowhere', 404);
  });

  it('are logged and measured by pattern, never by id', async () => {
    withPast(served.world);
    for (const path of [`Slot/${uuid(1)}/_history/2`, `Slot/${uuid(1)}/_history`, 'Slot/_history'])
      await get(path);
    const routes = served.log.map((line) => line['route']);
    expect(routes).to.include.members([
      '/fhir/Slot/:id/_history/:version',
      '/fhir/Slot/:id/_history',
      '/fhir/Slot/_history',
    ]);
  });
});
