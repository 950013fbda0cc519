import { expect } from 'chai';
import type { CapabilityStatement, OperationDefinition, OperationOutcome, Slot } from 'fhir/r4.js';
import { SCHEDULING_LINKS } from '../../mappings/fhir/canonical.ts';
import { formatInstant, HOUR, MINUTE, plus } from '../../src/domain/instant.ts';
import { ATTRIBUTES, ENTRIES, FIRST_START, NOW, slotRow } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { linesOf, SHAPES } from '../support/scheduling-links.ts';
import { type Answered, type Init, type Served, serve } from '../support/served-front.ts';

type Manifest = ReturnType<(typeof SHAPES)['2021']['manifest']['parse']>;

const MANIFEST = '/fhir/$bulk-publish';
const WEEK_FILE = `${MANIFEST}/Slot-1-2026-11-23.ndjson`;
const PUBLIC = 'https://clinic.example/passerelle';

describe('scheduling links over HTTP', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve({ publicUrl: `${PUBLIC}/` });
  });
  afterEach(() => served.close());

  const get = (path: string, headers: Record<string, string> = {}): Promise<Answered> =>
    served.request('GET', path, { headers });
  const pathOf = (url: string): string => {
    expect(url.startsWith(`${PUBLIC}/fhir/`), url).to.equal(true);
    return url.slice(PUBLIC.length);
  };
  const manifest = async (query = ''): Promise<Manifest> => (await get(MANIFEST + query)).json<never>();
  const slotsOf = async (path: string): Promise<Slot[]> => linesOf((await get(path)).text) as Slot[];
  const statusOf = async (number: number, query = ''): Promise<string | undefined> =>
    (await slotsOf(WEEK_FILE + query)).find(({ id }) => id === slotRow(number).id)?.status;

  describe('the manifest', () => {
    it('is that of 2021', async () => {
      const given = await manifest();
      SHAPES['2021'].manifest.parse(given);
      const file = (name: string, type: string) => ({
        type,
        url: `${PUBLIC}/fhir/$bulk-publish/${name}.ndjson`,
        extension: { state: ['QC'] },
      });
      expect(given).to.deep.equal({
        transactionTime: '2026-11-23T13:00:00.000Z',
        request: `${PUBLIC}/fhir/$bulk-publish`,
        output: [
          file('Location', 'Location'),
          file('Schedule', 'Schedule'),
          file('Slot-1-2026-11-23', 'Slot'),
        ],
        error: [],
      });
    });

    it('is that of the draft of 2026, if asked for', async () => {
      const given = await manifest('?_profile=ssl');
      SHAPES.ssl.manifest.parse(given);
      expect(given.request).to.equal(`${PUBLIC}/fhir/$bulk-publish?_profile=ssl`);
      expect(given.output.map(({ type }) => type)).to.deep.equal([
        'Location',
        'Schedule',
        'HealthcareService',
        'Practitioner',
        'PractitionerRole',
        'Slot',
      ]);
      for (const { url } of given.output) expect(url).to.match(/\.ndjson\?_profile=ssl$/);
    });

    it('is the same JSON for whoever takes JSON, or says nothing', async () => {
      const texts = new Set<string>();
      for (const accept of ['', 'application/json', '*/*', 'application/fhir+json', 'text/html, */*;q=0.1']) {
        const answered = await get(MANIFEST, accept === '' ? {} : { accept });
        expect(answered.status, accept).to.equal(200);
        expect(answered.headers.get('content-type'), accept).to.equal('application/json');
        texts.add(answered.text);
      }
      expect(texts.size).to.equal(1);
    });

    it('leads to files that are all there', async () => {
      for (const shape of ['2021', 'ssl'] as const) {
        const { output } = await manifest(shape === 'ssl' ? '?_profile=ssl' : '');
        for (const { type, url } of output) {
          const answered = await get(pathOf(url));
          expect(answered.status, url).to.equal(200);
          const lines = linesOf(answered.text);
          expect(lines, url).to.not.be.empty;
          const schema: { parse: (line: unknown) => unknown } = Object.entries(SHAPES[shape].lines).find(
            ([name]) => name === type,
          )?.[1] ?? { parse: () => expect.fail(type) };
          for (const line of lines) {
            schema.parse(line);
            expect(faultsOf(line)).to.deep.equal([]);
          }
        }
      }
    });

    it('has no reference that its files do not have', async () => {
      const { output } = await manifest('?_profile=ssl');
      const resources = (await Promise.all(output.map(({ url }) => get(pathOf(url))))).flatMap(
        ({ text }) => linesOf(text) as { resourceType: string; id: string }[],
      );
      const there = new Set(resources.map(({ resourceType, id }) => `${resourceType}/${id}`));
      expect(there.size).to.equal(resources.length);
      const referred = [...JSON.stringify(resources).matchAll(/"reference":"([^"]+)"/g)].map(([, to]) => to);
      // Nobody publishes an Organization: the draft has no file for it.
      const missing = referred.filter((to) => !there.has(to ?? '') && !to?.startsWith('Organization/'));
      expect(missing).to.deep.equal([]);
    });

    it('is the same for a minute, and says so', async () => {
      const first = await get(MANIFEST);
      expect(first.headers.get('cache-control')).to.equal('max-age=60');
      expect(first.headers.get('last-modified')).to.equal('Mon, 23 Nov 2026 13:00:00 GMT');
      const again = await get(MANIFEST, { 'if-none-match': first.headers.get('etag') ?? '' });
      expect(again.status).to.equal(304);
      expect(again.text).to.equal('');
    });
  });

  describe('a file', () => {
    it('is NDJSON for whoever takes it, or JSON, or says nothing', async () => {
      const texts = new Set<string>();
      for (const accept of [
        '',
        'application/fhir+ndjson',
        '*/*',
        'application/json',
        'application/fhir+json',
        'Application/NDJSON; charset=utf-8',
      ]) {
        const answered = await get(WEEK_FILE, accept === '' ? {} : { accept });
        expect(answered.status, accept).to.equal(200);
        expect(answered.headers.get('content-type'), accept).to.equal('application/fhir+ndjson');
        texts.add(answered.text);
      }
      expect(texts.size).to.equal(1);
    });

    it('is found where the dollar is escaped', async () => {
      expect((await get('/fhir/%24bulk-publish')).status).to.equal(200);
      expect((await get(WEEK_FILE.replace('$', '%24'))).status).to.equal(200);
    });

    it('has every slot ahead of its week, and none that has begun', async () => {
      served.world.slots = [
        slotRow(1, { startMs: NOW - MINUTE }),
        slotRow(2, { startMs: NOW }),
        slotRow(3),
        slotRow(4, { startMs: NOW + 7 * 24 * HOUR }),
      ];
      expect((await slotsOf(WEEK_FILE)).map(({ id }) => id)).to.deep.equal([slotRow(2).id, slotRow(3).id]);
    });

    it('is empty where there is none', async () => {
      served.world.slots = [];
      const answered = await get(WEEK_FILE);
      expect(answered).to.include({ status: 200, text: '' });
    });

    it('says where a free slot is booked', async () => {
      const slots = await slotsOf(WEEK_FILE);
      expect(slots[2]?.extension).to.deep.equal([
        { url: SCHEDULING_LINKS.deepLink, valueUrl: ATTRIBUTES.bookingUrl },
      ]);
      expect(slots[0]?.extension).to.deep.equal([
        { url: SCHEDULING_LINKS.phone, valueString: '+1 514 555-0100' },
      ]);
    });

    it('tells as free what may be booked now, and nothing else', async () => {
      const change = (number: number, rest: Parameters<typeof slotRow>[1]): void => {
        served.world.slots = served.world.slots.map((row, index) =>
          index + 1 === number ? slotRow(number, rest) : row,
        );
      };
      change(2, { status: 'busy' });
      change(3, { status: 'busy-tentative' });
      change(4, { status: 'busy-unavailable' });
      change(5, { withheld: true });
      change(6, { connectionId: 'public' });
      change(7, { calendar: 'forgotten' });
      served.world.stale.set('public', null);
      served.world.releasedUntil = plus(FIRST_START, 100 * MINUTE);
      const statuses = (query: string) =>
        Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 10, 12].map((n) => statusOf(n, query)));
      expect(await statuses('')).to.deep.equal([
        'free',
        'busy',
        'busy',
        'busy',
        'busy',
        'busy',
        'busy',
        'free',
        'busy',
        'busy',
      ]);
      const unavailable = 'busy-unavailable';
      expect(await statuses('?_profile=ssl')).to.deep.equal([
        'free',
        'busy',
        'busy-tentative',
        ...Array(4).fill(unavailable),
        'free',
        ...Array(2).fill(unavailable),
      ]);
    });

    it('names no patient, whoever booked', async () => {
      const body = bookingOfCanary();
      const booked = await served.request('POST', '/fhir/Appointment', { body });
      expect(booked.status, booked.text).to.equal(201);
      for (const shape of ['', '?_profile=ssl']) {
        const { output } = await manifest(shape);
        for (const { url } of output) expect((await get(pathOf(url))).text).to.not.match(/canary/i);
      }
      expect(await statusOf(1)).to.equal('busy');
    });
  });

  describe('what a client has already', () => {
    const files = [
      MANIFEST,
      `${MANIFEST}/Location.ndjson`,
      `${MANIFEST}/Practitioner.ndjson?_profile=ssl`,
      WEEK_FILE,
      `${MANIFEST}/Slot-1.ndjson?_since=2026-11-23T12:00:00Z`,
    ];
    for (const path of files) {
      it(`is not sent again: ${path}`, async () => {
        const { headers } = await get(path);
        const etag = headers.get('etag') ?? '';
        const date = headers.get('last-modified') ?? '';
        expect(etag).to.match(/^W\/"[\w-]+"$/);
        expect(headers.get('cache-control')).to.equal('max-age=60');
        for (const condition of [{ 'if-none-match': etag }, { 'if-modified-since': date }]) {
          const answered = await get(path, condition);
          expect(answered).to.include({ status: 304, text: '' });
          expect(answered.headers.get('etag')).to.equal(etag);
          expect(answered.headers.get('last-modified')).to.equal(date);
        }
        expect((await get(path, { 'if-none-match': '"other"' })).status).to.equal(200);
      });

      it(`is told by HEAD: ${path}`, async () => {
        const { headers } = await get(path);
        const head = await served.request('HEAD', path);
        expect(head).to.include({ status: 200, text: '' });
        for (const name of ['etag', 'last-modified', 'content-type']) {
          expect(head.headers.get(name), name).to.equal(headers.get(name));
        }
      });
    }

    const changes: Record<string, (served: Served) => void> = {
      'a slot was booked': ({ world }) => {
        world.slots = world.slots.map((row, index) =>
          index === 3 ? { ...row, status: 'busy', version: 2 } : row,
        );
      },
      'a slot was withdrawn': ({ world }) => {
        world.slots = world.slots.slice(0, -1);
      },
      'another slot came': ({ world }) => {
        world.slots = [...world.slots, slotRow(30)];
      },
      'a source went stale': ({ world }) => {
        world.stale.set('vendor', null);
      },
      'a rule holds slots back': ({ world }) => {
        world.releasedUntil = plus(FIRST_START, 20 * MINUTE);
      },
    };
    for (const [title, change] of Object.entries(changes)) {
      it(`is sent again where ${title}`, async () => {
        const before = await get(WEEK_FILE);
        change(served);
        const etag = before.headers.get('etag') ?? '';
        const date = before.headers.get('last-modified') ?? '';
        const after = await get(WEEK_FILE, { 'if-none-match': etag, 'if-modified-since': date });
        expect(after.status).to.equal(200);
        expect(after.text).to.not.equal(before.text);
        expect(after.headers.get('etag')).to.not.equal(etag);
        expect((await get(WEEK_FILE, { 'if-modified-since': date })).status).to.equal(200);
      });
    }

    it('is sent again where a schedule was taken off offer', async () => {
      const path = `${MANIFEST}/Schedule.ndjson?_profile=ssl`;
      const before = await get(path);
      const { id } = ENTRIES.schedules[0] ?? { id: '' };
      served.world.schedules.set(id, {
        ...{ id, version: 2, updatedMs: NOW, active: false, comment: null },
        ...{ start: null, end: plus(NOW, HOUR), startText: null, endText: '2026-11-23' },
      });
      const etag = before.headers.get('etag') ?? '';
      const after = await get(path, { 'if-none-match': etag });
      expect(after.status).to.equal(200);
      const [written] = linesOf(after.text).filter((line) => (line as { id: string }).id === id);
      SHAPES.ssl.lines.Schedule.parse(written);
      expect(written).to.deep.include({ active: false, planningHorizon: { end: '2026-11-23' } });
      expect((await get(path, { 'if-none-match': after.headers.get('etag') ?? '' })).status).to.equal(304);
    });

    it('is the same compressed for whoever takes gzip, under one tag', async () => {
      const [plain, packed] = [
        await get(WEEK_FILE, { 'accept-encoding': 'identity' }),
        await get(WEEK_FILE, { 'accept-encoding': 'gzip' }),
      ];
      expect(packed.headers.get('content-encoding')).to.equal('gzip');
      expect(plain.headers.get('content-encoding')).to.equal(null);
      expect(packed.text).to.equal(plain.text);
      expect(packed.headers.get('etag')).to.equal(plain.headers.get('etag'));
      expect(packed.headers.get('vary')).to.contain('Accept-Encoding');
    });

    it('is no other where only the version of a source changed', async () => {
      const before = await get(WEEK_FILE);
      served.world.stale.set('public', NOW);
      const after = await get(WEEK_FILE, { 'if-none-match': before.headers.get('etag') ?? '' });
      expect(after.status).to.equal(304);
    });
  });

  describe('what changed since', () => {
    it('is asked for in each file of slots, of which there is one for all weeks', async () => {
      const given = await manifest('?_since=2026-11-23T07:30:00-05:00');
      const since = '?_since=2026-11-23T12%3A30%3A00.000Z';
      expect(given.request).to.equal(`${PUBLIC}/fhir/$bulk-publish${since}`);
      expect(given.output.map(({ url }) => url.slice(`${PUBLIC}/fhir/$bulk-publish/`.length))).to.deep.equal([
        'Location.ndjson',
        'Schedule.ndjson',
        `Slot-1.ndjson${since}`,
      ]);
    });

    it('is the slots of which a row changed then or later', async () => {
      served.world.slots = [
        slotRow(1, { updatedMs: NOW - 3 * HOUR }),
        slotRow(2, { updatedMs: NOW - HOUR }),
        slotRow(3, { updatedMs: NOW - MINUTE }),
      ];
      const { output } = await manifest(`?_since=${formatInstant(plus(NOW, -HOUR))}`);
      const url = output.find(({ type }) => type === 'Slot')?.url ?? '';
      expect((await slotsOf(pathOf(url))).map(({ id }) => id)).to.deep.equal([slotRow(2).id, slotRow(3).id]);
    });

    it('may be asked for by the transactionTime of a manifest as it stands there, and with a bare +', async () => {
      const { transactionTime } = await manifest();
      for (const since of [transactionTime, '2026-11-23T13:00:00+00:00', '2026-11-23T13:00:00%2B00:00']) {
        expect((await manifest(`?_since=${since}`)).request, since).to.contain(
          '2026-11-23T13%3A00%3A00.000Z',
        );
      }
    });
  });

  describe('a request that cannot be', () => {
    const refusals: Record<string, [status: number, path: string, init?: Init & { method?: string }]> = {
      'a time without an offset': [400, `${MANIFEST}?_since=2026-11-23T08:00:00`],
      'a time without seconds': [400, `${MANIFEST}?_since=2026-11-23T08:00Z`],
      'a day': [400, `${MANIFEST}?_since=2026-11-23`],
      'a day that is none': [400, `${WEEK_FILE}?_since=2026-02-30T08:00:00Z`],
      'no time': [400, `${MANIFEST}?_since=`],
      'two times': [400, `${MANIFEST}?_since=2026-11-23T08:00:00Z&_since=2026-11-24T08:00:00Z`],
      'another profile': [400, `${MANIFEST}?_profile=2021`],
      'no profile': [400, `${WEEK_FILE}?_profile=`],
      'a parameter that nobody knows, strictly': [
        400,
        `${MANIFEST}?patient=x`,
        { headers: { prefer: 'handling=strict' } },
      ],
      'a file that there is not': [404, `${MANIFEST}/Patient.ndjson`],
      'a file of the other profile': [404, `${MANIFEST}/Practitioner.ndjson`],
      'a week that is long over': [404, `${MANIFEST}/Slot-1-2026-11-09.ndjson`],
      'a file in a folder': [404, `${MANIFEST}/x/Slot-1.ndjson`],
      'a name that cannot be read': [404, `${MANIFEST}/%FF`],
      'no name': [404, `${MANIFEST}/`],
      'another operation': [404, '/fhir/$bulk-publishing'],
      'another format': [406, MANIFEST, { headers: { accept: 'text/html' } }],
      'another format of a file': [406, WEEK_FILE, { headers: { accept: 'text/csv, application/xml' } }],
      'a format that is not wanted': [406, WEEK_FILE, { headers: { accept: 'application/fhir+ndjson;q=0' } }],
      'another method': [405, MANIFEST, { method: 'POST', body: { resourceType: 'Parameters' } }],
      'another method on a file': [405, WEEK_FILE, { method: 'DELETE' }],
      'nobody’s token': [401, MANIFEST, { headers: { authorization: '' } }],
      'nobody’s token for a file': [401, WEEK_FILE, { headers: { authorization: 'Bearer x' } }],
    };
    for (const [title, [status, path, { method = 'GET', ...init } = {}]] of Object.entries(refusals)) {
      it(`is refused: ${title}`, async () => {
        const answered = await served.request(method, path, init);
        expect(answered.status, answered.text).to.equal(status);
        const outcome = answered.json<OperationOutcome>();
        expect(faultsOf(outcome)).to.deep.equal([]);
        expect(outcome.resourceType).to.equal('OperationOutcome');
        if (status === 405) expect(answered.headers.get('allow')).to.equal('GET, HEAD');
      });
    }

    it('is a defect of ours where the store fails, and tells nothing of it', async () => {
      served.world.failure = new Error('connection to secret-host lost');
      const answered = await get(WEEK_FILE);
      expect(answered.status).to.equal(500);
      expect(answered.text).to.not.contain('secret-host');
      expect((await get(MANIFEST)).status, 'the manifest needs no store').to.equal(200);
    });
  });

  it('is declared by the capability statement, with its parameters', async () => {
    const statement = (await get('/fhir/metadata')).json<CapabilityStatement>();
    const declared = statement.rest?.[0]?.operation?.find(({ name }) => name === 'bulk-publish');
    const id = declared?.definition.split('/').at(-1);
    const definition = (await get(`/fhir/OperationDefinition/${id}`)).json<OperationDefinition>();
    expect(definition).to.include({
      url: declared?.definition,
      base: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/bulk-publish',
      system: true,
      affectsState: false,
    });
    const values: Record<string, string> = { _since: '2026-11-23T13:00:00Z', _profile: 'ssl' };
    const headers = { prefer: 'handling=strict' };
    for (const { name } of definition.parameter ?? []) {
      expect((await get(`${MANIFEST}?${name}=${values[name]}`, headers)).status, name).to.equal(200);
    }
    expect(definition.parameter).to.have.length(2);
  });

  it('is counted by the patterns of its routes', async () => {
    await get(MANIFEST);
    await get(WEEK_FILE);
    const text = await served.metrics.text(null, null);
    expect(text).to.contain('route="/fhir/$bulk-publish"').and.contain('route="/fhir/$bulk-publish/:file"');
    expect(text).to.not.contain('Slot-1');
  });
});

/** A patient of whom everything is the canary. */
const bookingOfCanary = () => ({
  resourceType: 'Appointment',
  status: 'proposed',
  comment: 'CANARY comment',
  contained: [{ resourceType: 'Patient', id: 'p', name: [{ family: 'CANARY', given: ['CANARY'] }] }],
  slot: [{ reference: `Slot/${slotRow(1).id}` }],
  participant: [{ actor: { reference: '#p' }, status: 'accepted' }],
});
