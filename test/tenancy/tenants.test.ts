import { expect } from 'chai';
import type { Appointment, Bundle, Patient, Slot } from 'fhir/r4.js';
import { createFront } from '../../src/fhir/front.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { PATIENT } from '../support/incoming-appointment.ts';
import { requireServer, until } from '../support/servers.ts';
import { CLINICS, type Clinic, openTwoClinics, type TwoClinics, wordOf } from '../support/two-clinics.ts';

/** Two organizations in one gateway: everything of the one, asked for by the other, is as if it were not there. */

const DAY_MILLISECONDS = 86_400_000;
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

    const as = (clinic: Clinic | null, method: string, path: string, body?: unknown, type?: string) =>
      clinics.ask(token.get(clinic) ?? '', method, path, body, type);
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
      const audited = await as(clinic, 'GET', '/fhir/AuditEvent?_count=1');
      const [record] = (JSON.parse(audited.text) as Bundle).entry ?? [];
      return {
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
      for (const [method, path] of [
        ['POST', '/api/connections/agenda-sud/sync'],
        ['POST', '/api/connections/agenda-sud/confirm'],
        ['GET', '/api/connections/agenda-sud/rejected'],
        ['POST', '/api/connections/accueil-sud/lists'],
      ] as const) {
        expect((await as(north, method, path)).status, path).to.equal(404);
      }
      expect((await as(north, 'GET', '/metrics')).status).to.equal(403);
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

    it('close, open and book their own time only', async () => {
      const [start, end] = [5, 5.02].map((days) =>
        new Date(Date.now() + days * DAY_MILLISECONDS).toISOString(),
      );
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
      for (const [method, path] of [
        ['GET', `/api/tasks/${other?.id}`],
        ['POST', `/api/tasks/${other?.id}/done`],
        ['POST', `/api/tasks/${other?.id}/undo`],
        ['POST', `/api/tasks/${other?.id}/taken`],
        ['GET', '/api/tasks?connection=accueil-sud'],
      ] as const)
        expect((await as(north, method, path)).status, path).to.equal(404);
      const list = { text: 'date,start,end,status\n2030-01-07,10:00,10:20,pris\n', calendar: 'ecran-sud' };
      const asJson = 'application/json';
      expect((await as(north, 'POST', '/api/connections/accueil-nord/lists', list, asJson)).status).to.equal(
        422,
      );
      expect((await as(south, 'POST', '/api/connections/accueil-sud/lists', list, asJson)).status).to.equal(
        200,
      );
      expect((await as(north, 'POST', `/api/tasks/${own?.id}/done`)).status).to.equal(200);
      expect((await tasksOf(null)).map(({ id }) => id)).to.deep.equal([other?.id]);
    });

    it('make tokens for themselves only', async () => {
      const body = { name: 'autre', scopes: ['system/Slot.rs'], expiresInDays: 1 };
      const other = await as(
        north,
        'POST',
        '/api/tokens',
        { ...body, organization: south },
        'application/json',
      );
      expect(other.status).to.equal(422);
      const own = await as(north, 'POST', '/api/tokens', body, 'application/json');
      expect((JSON.parse(own.text) as { organization: string }).organization).to.equal(north);
      const listed = JSON.parse((await as(south, 'GET', '/api/tokens')).text) as {
        tokens: { organization: string }[];
      };
      expect([...new Set(listed.tokens.map(({ organization }) => organization))]).to.deep.equal([south]);
      expect((await as(south, 'POST', '/api/tokens/autre/revoke')).status).to.equal(404);
      expect((await as(north, 'POST', '/api/tokens/autre/revoke')).status).to.equal(200);
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
