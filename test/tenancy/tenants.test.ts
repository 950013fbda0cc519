import { expect } from 'chai';
import type { Appointment, Bundle, Patient, Slot } from 'fhir/r4.js';
import { createFront } from '../../src/fhir/front.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { DUTIES } from '../support/duties.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { PATIENT } from '../support/incoming-appointment.ts';
import { requireServer, until } from '../support/servers.ts';
import { CLINICS, type Clinic, openTwoClinics, type TwoClinics, wordOf } from '../support/two-clinics.ts';

/** Two organizations in one gateway: everything of the one, asked for by the other, is as if it were not there. */

const DAY_MILLISECONDS = 86_400_000;
const JSON_TYPE = 'application/json';
/** Behind its own signature, or of nobody's organization: who has not said who it is, and the pages by which people sign in. */
const OUTSIDE =
  /^(GET \/(healthz|readyz|api\/openapi\.json)|POST \/(oauth|webhooks)\/.*|(GET|POST) \/auth\/.*)$/;
/** What is of the whole process is shown to nobody of one organization. */
const OF_ALL =
  /^(GET \/metrics|GET \/api\/backup|(GET|POST) \/api\/(audit|incidents|keys)(\/.*)?|[A-Z]+ \/api\/configuration(\/.*)?)$/;
/** What has to be asked for. */
const QUERIES: Readonly<Record<string, string>> = {
  '/api/events': '?criteria=Slot',
  '/api/agenda': `?${new URLSearchParams({
    from: new Date().toISOString(),
    before: new Date(Date.now() + 14 * DAY_MILLISECONDS).toISOString(),
  })}`,
};
/** An adapter that both use. */
const PLATFORM = 'roster';
/** Of a whole day: staff close and book whole minutes. */
const A_WEEK_ON = (Math.floor(Date.now() / DAY_MILLISECONDS) + 7) * DAY_MILLISECONDS;
const IN_A_WEEK = {
  start: new Date(A_WEEK_ON).toISOString(),
  end: new Date(A_WEEK_ON + 1_200_000).toISOString(),
};
/** What is sent to whoever it is; of the other, where that is named. */
const SENT: Readonly<Record<string, (other: Clinic, ids: Readonly<Record<string, string>>) => unknown>> = {
  'POST /api/tokens': (other) => ({
    ...{ name: 'intrus', scopes: ['system/Slot.rs'], expiresInDays: 1, organization: other },
  }),
  'POST /api/people': (other) => ({
    ...{ login: 'intrus', name: 'Intrus', scopes: ['system/Slot.rs'], organization: other },
  }),
  'POST /api/blocks': (other) => ({ schedule: `horaire-${wordOf(other)}`, ...IN_A_WEEK }),
  'POST /api/appointments': (other) => ({ schedule: `horaire-${wordOf(other)}`, ...IN_A_WEEK }),
  'POST /api/appointments/:id/move': () => IN_A_WEEK,
  'POST /api/patients/export': (_, ids) => ({ patient: ids['Patient'] }),
  'POST /api/patients/erase': (_, ids) => ({ patient: ids['Patient'] }),
  'POST /api/conflicts/:id/resolve': () => ({ resolution: 'keep-a' }),
  'POST /api/connections/:id/lists': () => ({ text: 'date,start,end,status\n', complete: true }),
};
/** What an :id is of, by what stands before it. */
const KINDS: Readonly<Record<string, string>> = {
  ...{ connections: 'Connection', conflicts: 'Conflict', tasks: 'Task', tokens: 'Token', people: 'Person' },
  ...{ blocks: 'Block', appointments: 'Appointment', policies: 'Schedule' },
  // Whatever it is of: the file is of all organizations.
  configuration: 'Connection',
};
/** What a search of each type may show of the other: nothing. What describes the server is everybody's. */
const SHARED = new Set([
  'StructureDefinition',
  'CodeSystem',
  'ValueSet',
  'ConceptMap',
  'OperationDefinition',
]);

for (const form of ['PGlite', 'PostgreSQL'] as const) {
  describe(`organizations, on ${form}`, function () {
    this.timeout(120_000);
    let clinics: TwoClinics;
    let drop: () => Promise<void> = async () => undefined;
    const token = new Map<Clinic | null, string>();
    const ids = new Map<Clinic, Record<string, string>>();
    const [north, south] = CLINICS;

    before(async function () {
      if (form === 'PostgreSQL') {
        requireServer(form, hasPostgres).call(this);
        const opened = await freshPostgres();
        drop = opened.drop;
        clinics = await openTwoClinics(opened.url);
      } else {
        clinics = await openTwoClinics(null);
      }
      for (const clinic of [...CLINICS, null]) token.set(clinic, await clinics.tokenOf(clinic));
      for (const clinic of CLINICS) ids.set(clinic, await fill(clinic));
    });
    after(async () => {
      await clinics?.close();
      await drop();
    });

    const as = (
      clinic: Clinic | null,
      method: string,
      path: string,
      body?: unknown,
      type?: string,
      more?: Readonly<Record<string, string>>,
    ) => clinics.ask(token.get(clinic) ?? '', method, path, body, type, more);
    const idOf = (clinic: Clinic, type: string): string => ids.get(clinic)?.[type] ?? '';

    /** A slot that is free, one that is booked by the same patient at both, one that is gone, and a subscription. */
    async function fill(clinic: Clinic): Promise<Record<string, string>> {
      const word = wordOf(clinic);
      const slots: string[] = [];
      for (const day of [1, 2, 3]) {
        const start = new Date(
          Math.ceil(Date.now() / DAY_MILLISECONDS) * DAY_MILLISECONDS + day * DAY_MILLISECONDS,
        );
        const end = new Date(start.getTime() + 1_200_000);
        const slot = {
          resourceType: 'Slot',
          status: 'free',
          schedule: { reference: `Schedule/horaire-${word}` },
          start: start.toISOString(),
          end: end.toISOString(),
        };
        const made = await as(clinic, 'POST', '/fhir/Slot', slot);
        expect(made.status, made.text).to.equal(201);
        slots.push((JSON.parse(made.text) as Slot).id ?? '');
      }
      const [booked = '', free = '', gone = ''] = slots;
      const slot = JSON.parse((await as(clinic, 'GET', `/fhir/Slot/${booked}`)).text) as Slot;
      const appointment = await as(clinic, 'POST', '/fhir/Appointment', {
        resourceType: 'Appointment',
        status: 'booked',
        contained: [PATIENT],
        slot: [{ reference: `Slot/${booked}` }],
        start: slot.start,
        end: slot.end,
        comment: `secret-${word}`,
        participant: [
          { actor: { reference: '#patient' }, status: 'accepted' },
          { actor: { reference: `Practitioner/dre-${word}` }, status: 'accepted' },
        ],
      });
      expect(appointment.status, appointment.text).to.equal(201);
      expect((await as(clinic, 'DELETE', `/fhir/Slot/${gone}`)).status).to.equal(204);
      const patients = JSON.parse((await as(clinic, 'GET', '/fhir/Patient')).text) as Bundle<Patient>;
      expect(patients.entry?.length, 'each has a patient of its own').to.equal(1);
      const subscription = await as(clinic, 'POST', '/fhir/Subscription', {
        resourceType: 'Subscription',
        status: 'off',
        reason: `essai ${word}`,
        criteria: 'Slot?',
        channel: { type: 'rest-hook', endpoint: 'http://127.0.0.1:9/x', payload: 'application/fhir+json' },
      });
      expect(subscription.status, subscription.text).to.equal(201);
      const more = await fillDesk(clinic);
      const audited = await as(clinic, 'GET', '/fhir/AuditEvent?_count=1');
      const [record] = (JSON.parse(audited.text) as Bundle).entry ?? [];
      return {
        ...more,
        AuditEvent: record?.resource?.id ?? '',
        Slot: free,
        'Slot gone': gone,
        'Slot booked': booked,
        Appointment: (JSON.parse(appointment.text) as Appointment).id ?? '',
        Patient: patients.entry?.[0]?.resource?.id ?? '',
        Subscription: (JSON.parse(subscription.text) as { id: string }).id,
        Schedule: `horaire-${word}`,
        PractitionerRole: `horaire-${word}`,
        Practitioner: `dre-${word}`,
        Location: `lieu-${word}`,
        Organization: clinic,
      };
    }

    /** What is no resource: a person, two bookings of one time that its front desk tells of, and what it is asked to do. */
    async function fillDesk(clinic: Clinic): Promise<Record<string, string>> {
      const word = wordOf(clinic);
      const of = async <T>(path: string): Promise<T> => JSON.parse((await as(clinic, 'GET', path)).text) as T;
      const who = { login: `accueil-${word}`, name: `Fictive-${word}`, scopes: ['system/Slot.rs'] };
      const person = await as(clinic, 'POST', '/api/people', who, JSON_TYPE);
      const day = new Date(Date.now() + 9 * DAY_MILLISECONDS).toISOString().slice(0, 10);
      const list = `date,start,end,status\n${day},10:00,10:20,pris\n${day},10:10,10:30,pris\n`;
      const path = `/api/connections/accueil-${word}/lists`;
      const taken = await as(clinic, 'POST', path, { text: list, calendar: `ecran-${word}` }, JSON_TYPE);
      expect(taken.status, taken.text).to.equal(200);
      const tasks = () => of<{ tasks: { id: string }[] }>('/api/tasks');
      await until('it is asked to close what was booked', async () => (await tasks()).tasks.length > 0);
      const { conflicts } = await of<{ conflicts: { id: string }[] }>('/api/conflicts');
      const { tokens } = await of<{ tokens: { id: string }[] }>('/api/tokens');
      return {
        Connection: `accueil-${word}`,
        Person: (JSON.parse(person.text) as { id: string }).id,
        Task: (await tasks()).tasks[0]?.id ?? '',
        Conflict: conflicts[0]?.id ?? '',
        Token: tokens[0]?.id ?? '',
      };
    }

    /** Nothing that the other clinic is called by, and none of its ids. */
    function showsNothingOf(other: Clinic, text: string, place: string, but: readonly string[] = []): void {
      const words = [wordOf(other), ...Object.values(ids.get(other) ?? {})].filter(
        (each) => !but.includes(each),
      );
      for (const word of words)
        expect(text.includes(word), `${place}: ${word} in ${text.slice(0, 2_000)}`).to.equal(false);
    }

    const { resources } = createFront(fakePorts());

    it('refuses what no text of the database has in a search, and does not fail of it', async () => {
      const statuses = await Promise.all(
        [
          'AuditEvent?agent-name=a%00',
          'AuditEvent?agent=token:%00',
          'AuditEvent?entity=Slot/%00',
          'Appointment?identifier=urn:x%7Ca%00',
          'Slot?schedule=%00',
          'Slot?schedule.actor:PractitionerRole.identifier=%00',
        ].map(async (search) => [search, (await as(null, 'GET', `/fhir/${search}`)).status]),
      );
      expect(statuses.filter(([, status]) => status !== 400)).to.deep.equal([]);
      const access = { agent: 'token:\0', from: '2026-11-01T00:00:00Z', before: '2026-12-01T00:00:00Z' };
      expect((await as(null, 'POST', '/api/incidents', { access })).status).to.equal(422);
    });

    it('find, by every type, their own and nothing of the other', async () => {
      for (const clinic of CLINICS) {
        const other = clinic === north ? south : north;
        for (const { type, revincludes } of resources) {
          const everything = revincludes.map((each) => `&_revinclude=${each}`).join('');
          for (const path of [`${type}?_total=accurate${everything}`, `${type}/_history?_total=accurate`]) {
            const { status, text } = await as(clinic, 'GET', `/fhir/${path}`);
            if (path.includes('_history') && status === 404) continue;
            expect(status, `${path} ${text}`).to.equal(200);
            showsNothingOf(other, text, `${clinic} ${path}`);
            const { total, entry = [] } = JSON.parse(text) as Bundle;
            if (!SHARED.has(type) && !path.includes('revinclude') && total !== undefined) {
              expect(total, path).to.be.at.most(Math.max(entry.length, 0));
            }
          }
        }
      }
    });

    it('are, to each other, as if they were not there: every type, every interaction', async () => {
      for (const clinic of CLINICS) {
        const other = clinic === north ? south : north;
        for (const resource of resources) {
          const { type } = resource;
          if (SHARED.has(type) || type === 'HealthcareService') continue;
          const id = idOf(other, type);
          expect(id, `${type} is not among what was made: make one`).not.to.equal('');
          const own = JSON.parse((await as(clinic, 'GET', `/fhir/${type}/${idOf(clinic, type)}`)).text);
          const body = { ...own, id };
          const patch = [{ op: 'test', path: '/resourceType', value: type }];
          const asked: (readonly [string, string, unknown?, string?])[] = [
            ['GET', ''],
            ['GET', '/_history'],
            ['GET', '/_history/1'],
            ...(resource.update ? ([['PUT', '', body]] as const) : []),
            ...(resource.patch ? ([['PATCH', '', patch, 'application/json-patch+json']] as const) : []),
            ...(resource.delete ? ([['DELETE', '']] as const) : []),
            ...Object.entries(resource.operations ?? {}).flatMap(([name, { instance }]) =>
              instance ? ([['POST', `/$${name}`, generate(name)]] as [string, string, unknown][]) : [],
            ),
          ];
          for (const [method, more, sent, mediaType] of asked) {
            const place = `${method} ${type}/${id}${more}`;
            const { status, text } = await as(clinic, method, `/fhir/${type}/${id}${more}`, sent, mediaType);
            expect(status, `${clinic}: ${place}: ${text}`).to.be.oneOf([404, 422]);
            // It may say what it was asked for.
            showsNothingOf(other, text.replaceAll(id, ''), place, [id]);
          }
        }
      }
      for (const clinic of CLINICS) {
        const slot = JSON.parse((await as(clinic, 'GET', `/fhir/Slot/${idOf(clinic, 'Slot')}`)).text) as Slot;
        expect([slot.status, slot.meta?.versionId]).to.deep.equal(['free', '1']);
        const { text } = await as(clinic, 'GET', `/fhir/Appointment/${idOf(clinic, 'Appointment')}`);
        expect((JSON.parse(text) as Appointment).status).to.equal('booked');
      }
    });

    const generate = (name: string) =>
      name === 'generate-slots'
        ? {
            resourceType: 'Parameters',
            parameter: [
              { name: 'start', valueDate: '2030-01-07' },
              { name: 'end', valueDate: '2030-01-08' },
            ],
          }
        : undefined;

    it('do not book, hold or move to time of each other', async () => {
      const slot = idOf(south, 'Slot');
      const time = JSON.parse((await as(south, 'GET', `/fhir/Slot/${slot}`)).text) as Slot;
      const booking = {
        resourceType: 'Appointment',
        status: 'booked',
        slot: [{ reference: `Slot/${slot}` }],
        start: time.start,
        end: time.end,
        participant: [{ actor: { reference: 'Practitioner/dre-sud' }, status: 'accepted' }],
      };
      for (const [method, path, body] of [
        ['POST', 'Appointment', booking],
        ['POST', `Slot/${slot}/$hold`, undefined],
        ['PUT', `Appointment/${idOf(north, 'Appointment')}`, { ...booking, id: idOf(north, 'Appointment') }],
        [
          'POST',
          'Slot',
          {
            ...time,
            id: undefined,
            meta: undefined,
            start: '2030-01-07T10:00:00Z',
            end: '2030-01-07T10:20:00Z',
          },
        ],
      ] as const) {
        const { status, text } = await as(north, method, `/fhir/${path}`, body);
        expect(status, `${method} ${path}: ${text}`).to.be.oneOf([404, 422]);
      }
      const now = JSON.parse((await as(south, 'GET', `/fhir/Slot/${slot}`)).text) as Slot;
      expect(now.status).to.equal('free');
    });

    it('may number their appointments alike, and do not learn so', async () => {
      const identifier = [{ system: 'urn:test:numbers', value: '1001' }];
      for (const clinic of CLINICS) {
        const word = wordOf(clinic);
        const start = new Date(
          Math.ceil(Date.now() / DAY_MILLISECONDS) * DAY_MILLISECONDS + 5 * DAY_MILLISECONDS,
        );
        const made = await as(clinic, 'POST', '/fhir/Slot', {
          ...{ resourceType: 'Slot', status: 'free', schedule: { reference: `Schedule/horaire-${word}` } },
          ...{ start: start.toISOString(), end: new Date(start.getTime() + 1_200_000).toISOString() },
        });
        const { id, start: from, end } = JSON.parse(made.text) as Slot;
        const slot = `Slot/${id}`;
        const booking = {
          ...{ resourceType: 'Appointment', status: 'booked', identifier, start: from, end },
          slot: [{ reference: slot }],
          participant: [{ actor: { reference: `Practitioner/dre-${word}` }, status: 'accepted' }],
        };
        const once = { 'if-none-exist': 'identifier=urn:test:numbers|1001' };
        const book = () => as(clinic, 'POST', '/fhir/Appointment', booking, undefined, once);
        const first = await book();
        expect(first.status, first.text).to.equal(201);
        const again = await book();
        expect([again.status, JSON.parse(again.text).id]).to.deep.equal([200, JSON.parse(first.text).id]);
        const held = JSON.parse(
          (await as(clinic, 'GET', `/fhir/Appointment/${JSON.parse(first.text).id}`)).text,
        );
        const cancelled = { ...held, status: 'cancelled' };
        expect((await as(clinic, 'PUT', `/fhir/Appointment/${held.id}`, cancelled)).status).to.equal(200);
      }
    });

    it('know the same person each by itself, and by its own number only', async () => {
      expect(idOf(north, 'Patient')).not.to.equal(idOf(south, 'Patient'));
      const body = new URLSearchParams({ identifier: PATIENT.identifier[0].value }).toString();
      const found = async (clinic: Clinic | null): Promise<string[]> => {
        const { text } = await as(
          clinic,
          'POST',
          '/fhir/Patient/_search',
          body,
          'application/x-www-form-urlencoded',
        );
        return ((JSON.parse(text) as Bundle).entry ?? []).map(({ resource }) => resource?.id ?? '').sort();
      };
      expect(await found(north)).to.deep.equal([idOf(north, 'Patient')]);
      expect(await found(south)).to.deep.equal([idOf(south, 'Patient')]);
      expect(await found(null)).to.deep.equal([idOf(north, 'Patient'), idOf(south, 'Patient')].sort());
    });

    it('see their own connections only, and not what is of the whole process', async () => {
      const status = await as(north, 'GET', '/api/status');
      expect(status.status).to.equal(200);
      expect(status.text).to.contain('agenda-nord');
      showsNothingOf(south, status.text, 'status');
      expect((await as(null, 'GET', '/metrics')).status).to.equal(200);
      const ready = await fetch(`${clinics.url}/readyz`);
      expect(await ready.json()).to.deep.equal({ ready: true });
    });

    it('see their own agenda only', async () => {
      const [from, before] = [0, 14].map((days) =>
        new Date(Date.now() + days * DAY_MILLISECONDS).toISOString(),
      );
      const agenda = await as(north, 'GET', `/api/agenda?from=${from}&before=${before}`);
      expect(agenda.status, agenda.text).to.equal(200);
      expect(agenda.text).to.contain(idOf(north, 'Appointment'));
      expect(agenda.text).to.contain('"kind":"booking"');
      showsNothingOf(south, agenda.text, 'agenda');
      const foreign = await as(
        north,
        'GET',
        `/api/agenda?schedule=horaire-sud&from=${from}&before=${before}`,
      );
      expect(foreign.status).to.equal(400);
      showsNothingOf(south, foreign.text, 'agenda of another');
    });

    it('see and preview the rules of their own schedules only', async () => {
      for (const clinic of CLINICS) {
        const other = clinic === north ? south : north;
        const own = await as(clinic, 'GET', '/api/policies');
        expect(own.text).to.contain(`horaire-${wordOf(clinic)}`);
        showsNothingOf(other, own.text, 'policies');
        const path = `/api/policies/horaire-${wordOf(clinic)}/preview`;
        const preview = await as(clinic, 'POST', path, { release: { hoursBefore: 1 } }, JSON_TYPE);
        expect(preview.status, preview.text).to.equal(200);
        expect(preview.text).to.contain('"unknowns"');
        showsNothingOf(other, preview.text, 'preview');
      }
    });

    it('close, open and book their own time only', async () => {
      const noon = (Math.ceil(Date.now() / DAY_MILLISECONDS) + 5.5) * DAY_MILLISECONDS;
      const [start, end] = [0, 1_800_000].map((after) => new Date(noon + after).toISOString());
      const json = 'application/json';
      const closed = await as(south, 'POST', '/api/blocks', { schedule: 'horaire-sud', start, end }, json);
      expect(closed.status, closed.text).to.equal(201);
      const { id } = (JSON.parse(closed.text) as { period: { id: string } }).period;
      const other = { schedule: 'horaire-sud', start, end };
      expect((await as(north, 'POST', '/api/blocks', other, json)).status).to.equal(422);
      expect((await as(north, 'POST', '/api/appointments', other, json)).status).to.equal(422);
      expect((await as(north, 'DELETE', `/api/blocks/${id}`)).status).to.equal(404);
      const move = `/api/appointments/${idOf(south, 'Appointment')}/move`;
      expect((await as(north, 'POST', move, { start, end }, json)).status).to.equal(404);
      expect((await as(south, 'DELETE', `/api/blocks/${id}`)).status).to.equal(200);
    });

    it('are, to each other, as if they were not there: every route that is no resource', async () => {
      for (const clinic of CLINICS) {
        const time = { schedule: `horaire-${wordOf(clinic)}`, ...IN_A_WEEK };
        const { status, text } = await as(clinic, 'POST', '/api/blocks', time, JSON_TYPE);
        expect(status, text).to.equal(201);
        const block = (JSON.parse(text) as { period: { id: string } }).period.id;
        ids.set(clinic, { ...ids.get(clinic), Block: block });
      }
      for (const clinic of CLINICS) {
        const other = clinic === north ? south : north;
        for (const route of Object.keys(DUTIES).filter((each) => !OUTSIDE.test(each))) {
          const [method = '', pattern = ''] = route.split(' ');
          const kind = KINDS[pattern.split('/')[2] ?? ''] ?? '';
          const id = pattern.includes(':id') ? idOf(other, kind) : null;
          expect(id, `${route}: nothing is made that it could be of`).not.to.equal('');
          const path =
            pattern.replace(':id', id ?? '').replace(':platform', PLATFORM) + (QUERIES[pattern] ?? '');
          const body = SENT[route]?.(other, ids.get(other) ?? {});
          const { status, text } = await as(
            clinic,
            pattern === '/api/events' ? 'HEAD' : method,
            path,
            body ?? (method === 'POST' ? {} : undefined),
            JSON_TYPE,
          );
          const place = `${clinic}: ${method} ${path} (${status}) ${text}`;
          if (OF_ALL.test(route)) expect(status, place).to.equal(403);
          else if (id !== null) expect(status, place).to.equal(404);
          else expect(status, place).to.be.oneOf(method === 'GET' ? [200] : [200, 404, 422]);
          showsNothingOf(other, text.replaceAll(id ?? other, ''), place, [id ?? other]);
        }
      }
      // Each has all of its own still, and nothing was done to it.
      for (const clinic of CLINICS) {
        for (const [path, kind, state] of [
          ['/api/tasks', 'Task', 'open'],
          ['/api/conflicts', 'Conflict', 'open'],
          ['/api/tokens', 'Token', 'active'],
          ['/api/people', 'Person', 'invited'],
          [`/fhir/Patient/${idOf(clinic, 'Patient')}`, 'Patient', 'Patient'],
        ] as const) {
          const { text } = await as(clinic, 'GET', path);
          expect(text, path).to.contain(idOf(clinic, kind)).and.to.contain(`"${state}"`);
        }
        expect((await as(clinic, 'DELETE', `/api/blocks/${idOf(clinic, 'Block')}`)).status).to.equal(200);
      }
    });

    it('see by their roster and by the key of their program what is their own', async () => {
      for (const clinic of CLINICS) {
        const other = clinic === north ? south : north;
        const { rosters } = JSON.parse((await as(clinic, 'GET', '/api/roster')).text) as {
          rosters: { schedule: string; shifts: number }[];
        };
        expect(rosters.map(({ schedule, shifts }) => [schedule, shifts])).to.deep.equal([
          [`horaire-${wordOf(clinic)}`, 1],
        ]);
        const named = await as(clinic, 'GET', `/api/roster?schedule=horaire-${wordOf(other)}`);
        expect([named.status, named.text.includes('quarts-')]).to.deep.equal([400, false]);
        const program = await clinics.programTokenOf(clinic);
        const get = (path: string) => clinics.ask(program, 'GET', path);
        const own = await get('/fhir/Slot');
        expect(own.text).to.contain(idOf(clinic, 'Slot'));
        showsNothingOf(other, own.text, 'Slot, by a key');
        expect((await get(`/fhir/Patient/${idOf(other, 'Patient')}`)).status).to.equal(404);
        showsNothingOf(other, (await get('/api/status')).text, 'status, by a key');
      }
    });

    it('are asked, and tick, what is to be done for themselves only', async () => {
      type Tasks = { tasks: { id: string; connection: string; text: { en: string } }[] };
      const tasksOf = async (clinic: Clinic | null): Promise<Tasks['tasks']> =>
        (JSON.parse((await as(clinic, 'GET', '/api/tasks')).text) as Tasks).tasks;
      await until('both are asked to close what was booked', async () => (await tasksOf(null)).length === 2);
      const [own, ...more] = await tasksOf(north);
      const [other] = await tasksOf(south);
      expect(more).to.deep.equal([]);
      expect(own?.connection).to.equal('accueil-nord');
      showsNothingOf(south, (await as(north, 'GET', '/api/tasks?state=all')).text, 'tasks');
      expect((await as(north, 'GET', '/api/tasks?connection=accueil-sud')).status).to.equal(404);
      const list = { text: 'date,start,end,status\n2030-01-07,10:00,10:20,pris\n', calendar: 'ecran-sud' };
      expect(
        (await as(north, 'POST', '/api/connections/accueil-nord/lists', list, JSON_TYPE)).status,
      ).to.equal(422);
      expect(
        (await as(south, 'POST', '/api/connections/accueil-sud/lists', list, JSON_TYPE)).status,
      ).to.equal(200);
      expect((await as(north, 'POST', `/api/tasks/${own?.id}/done`)).status).to.equal(200);
      expect((await tasksOf(null)).map(({ id }) => id)).to.deep.equal([other?.id]);
    });

    it('have a contingency sheet and a report of an outage of their own only', async () => {
      for (const [clinic, other] of [
        [north, south],
        [south, north],
      ] as const) {
        for (const path of ['/api/contingency', '/api/outage']) {
          const own = await as(clinic, 'GET', path);
          expect(own.status, own.text).to.equal(200);
          expect(own.text).to.include(wordOf(clinic)).and.not.to.include(wordOf(other));
        }
        expect((await as(clinic, 'GET', `/api/contingency?organization=${other}`)).status).to.equal(400);
        const named = await as(null, 'GET', `/api/contingency?organization=${clinic}`);
        expect(named.text).to.include(wordOf(clinic)).and.not.to.include(wordOf(other));
      }
      expect((await as(null, 'GET', '/api/contingency')).status, 'of which is not clear').to.equal(400);
    });

    it('make tokens for themselves only', async () => {
      const body = { name: 'autre', scopes: ['system/Slot.rs'], expiresInDays: 1 };
      const other = await as(north, 'POST', '/api/tokens', { ...body, organization: south }, JSON_TYPE);
      expect(other.status).to.equal(422);
      const own = await as(north, 'POST', '/api/tokens', body, JSON_TYPE);
      expect((JSON.parse(own.text) as { organization: string }).organization).to.equal(north);
      const listed = JSON.parse((await as(south, 'GET', '/api/tokens')).text) as {
        tokens: { organization: string }[];
      };
      expect([...new Set(listed.tokens.map(({ organization }) => organization))]).to.deep.equal([south]);
      expect((await as(south, 'POST', '/api/tokens/autre/revoke')).status).to.equal(404);
      const alike = await as(south, 'POST', '/api/tokens', body, JSON_TYPE);
      expect(alike.status, 'a name is of an organization').to.equal(201);
      expect((await as(north, 'POST', '/api/tokens', body, JSON_TYPE)).status).to.equal(422);
      expect((await as(null, 'POST', '/api/tokens/autre/revoke')).status, 'whose is not said').to.equal(422);
      expect((await as(north, 'POST', '/api/tokens/autre/revoke')).status).to.equal(200);
      const { id } = JSON.parse(alike.text) as { id: string };
      expect((await as(null, 'POST', `/api/tokens/${id}/revoke`)).status).to.equal(200);
    });

    it('publish each its own, and all of it to an authority, which sees nobody', async () => {
      const published = async (clinic: Clinic | null): Promise<string> => {
        const manifest = JSON.parse((await as(clinic, 'GET', '/fhir/$bulk-publish')).text) as {
          output: { url: string }[];
        };
        const files = manifest.output.map(({ url }) => url.replace(clinics.url, ''));
        return (await Promise.all(files.map(async (file) => (await as(clinic, 'GET', file)).text))).join('');
      };
      const own = await published(north);
      expect(own).to.contain('horaire-nord');
      showsNothingOf(south, own, '$bulk-publish');
      const all = await published(null);
      for (const clinic of CLINICS) expect(all).to.contain(idOf(clinic, 'Slot'));

      const authority = await clinics.tokenOf(
        null,
        'system/Slot.rs system/Schedule.rs system/Location.rs system/Practitioner.rs system/Organization.rs',
      );
      const get = (path: string) => clinics.ask(authority, 'GET', path);
      const slots = await get('/fhir/Slot?_include=Slot:schedule&_include:iterate=Schedule:actor');
      for (const clinic of CLINICS) expect(slots.text).to.contain(idOf(clinic, 'Slot'));
      for (const path of [
        'Appointment',
        'Patient',
        `Appointment/${idOf(north, 'Appointment')}`,
        `Patient/${idOf(north, 'Patient')}`,
      ]) {
        const { status, text } = await get(`/fhir/${path}`);
        expect(status, path).to.equal(403);
        expect(text).not.to.contain('secret-');
      }
      expect(slots.text).not.to.contain('secret-').and.not.to.contain(idOf(north, 'Patient'));
    });

    it('hear of their own changes only', async () => {
      const left = new AbortController();
      const headers = { authorization: `Bearer ${token.get(north)}` };
      const events = `${clinics.url}/api/events?criteria=Slot&criteria=Appointment`;
      const { body } = await fetch(events, { headers, signal: left.signal });
      let heard = '';
      const listening = (async () => {
        for await (const chunk of body ?? []) heard += Buffer.from(chunk).toString();
      })().catch(() => undefined);
      await until('the stream has begun', async () => heard.includes('event: reset'));
      for (const clinic of [south, north]) {
        const slot = idOf(clinic, 'Slot');
        const own = JSON.parse((await as(clinic, 'GET', `/fhir/Slot/${slot}`)).text) as Slot;
        const { status, text } = await as(clinic, 'PUT', `/fhir/Slot/${slot}`, {
          ...own,
          comment: 'https://x.example',
        });
        expect(status, text).to.equal(200);
      }
      await until('the change was heard', async () => heard.includes(idOf(north, 'Slot')));
      left.abort();
      await listening;
      showsNothingOf(south, heard, '/api/events');
    });

    it('keep their subscriptions to those who made them, and who administers', async () => {
      const client = await clinics.tokenOf(north, 'system/Subscription.rs system/Slot.rs');
      const listed = JSON.parse((await clinics.ask(client, 'GET', '/fhir/Subscription')).text) as Bundle;
      expect(listed.total).to.equal(0);
      const all = JSON.parse((await as(null, 'GET', '/fhir/Subscription')).text) as Bundle;
      expect(all.total).to.equal(2);
    });
  });
}
