import fc from 'fast-check';
import { sign } from '../../../adapters/bonjour-sante/signature.ts';
import { instant } from '../../../src/domain/instant.ts';
import { scheduleOf, WEBHOOK_SECRET } from '../../support/clinic-configuration.ts';
import type { Exchange } from '../harness/exchange.ts';
import type { Target } from '../harness/target.ts';
import { spoiltJson } from '../inputs/json.ts';
import { anyText, percentEncoded, spoiltText } from '../inputs/text.ts';
import { WEBHOOKS } from './platforms.ts';
import { BY_HAND, openServer, type Server } from './server.ts';

/** What comes to the server before anybody reads a resource: paths, headers, deliveries, and the small API. */

const served = (
  name: string,
  inputs: (server: Server) => fc.Arbitrary<Exchange>,
  run: (server: Server) => (asked: Exchange) => Promise<string> = ({ ask }) => ask,
  share = 1,
): Target<Exchange> => ({
  name,
  share,
  needs: 'PostgreSQL',
  open: async () => {
    const server = await openServer();
    return { inputs: inputs(server), run: run(server), close: server.close };
  },
});

const PATHS = [
  ...[
    '/fhir/metadata',
    '/fhir/Slot',
    '/fhir/Slot/x',
    '/fhir/Appointment/$find',
    '/fhir/Slot/x/_history/1',
    '/fhir/$bulk-publish',
  ],
  ...[
    '/fhir/$bulk-publish/Slot-1-2026-11-23.ndjson',
    '/fhir',
    '/api/status',
    '/api/conflicts',
    '/api/roster',
    '/api/policies',
    '/api/tasks',
    '/api/agenda?from=2026-11-24T00:00:00Z&before=2026-12-01T00:00:00Z',
    '/api/connections/rvsq/history?hours=24',
    '/api/connections/rvsq/listings',
    '/api/adapters/rvsq',
    '/api/events?criteria=Slot',
  ],
  ...[
    '/healthz',
    '/readyz',
    '/metrics',
    '/webhooks/bonjour-sante',
    '/api/connections/rvsq/rejected?raw=true',
    '/api/conflicts/x/resolve',
  ],
];
const PATH_WORDS = [
  '%00',
  '%2f',
  '%2e%2e',
  '..',
  '//',
  ';',
  '?',
  '#',
  '%',
  '%zz',
  '%ff%fe',
  '$',
  '\\',
  ':8080',
  '@',
  'http://',
  '_history',
  '*',
];
const METHODS = [
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
];

const paths = served('paths', () =>
  fc.record({
    method: fc.constantFrom(...METHODS),
    path: spoiltText(PATHS, PATH_WORDS).map((path) => path.slice(0, 6_000)),
  }),
);

/** By name, with what is usual in each. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'if-match': ['W/"1"', '"1"', '*', 'W/"1", W/"2"'],
  'if-none-match': ['W/"1"', '*', '"x"', `${'"a",'.repeat(500)}"b"`],
  'if-none-exist': [
    'identifier=urn:x|1',
    'patient=1',
    '?identifier=a',
    'identifier=urn:x|1&identifier=urn:x|2',
  ],
  'if-modified-since': ['Tue, 24 Nov 2026 14:00:00 GMT'],
  prefer: ['return=minimal', 'handling=strict', 'return=OperationOutcome, handling=lenient', 'respond-async'],
  accept: [
    'application/fhir+json',
    'application/xml',
    '*/*;q=0',
    'application/fhir+json; fhirVersion=5.0',
    `${'a/b,'.repeat(500)}*/*`,
  ],
  'accept-language': ['fr-CA', 'en;q=0.5, fr;q=0.9', '*', 'x-klingon'],
  'accept-encoding': ['gzip', 'br;q=1, gzip;q=0', 'identity', '*'],
  'content-type': [
    'application/fhir+json',
    'application/json; charset=utf-16',
    'text/plain',
    'multipart/form-data',
  ],
  'content-encoding': ['gzip', 'identity', 'br', 'gzip, gzip'],
  host: ['localhost', 'a.example:80', '[::1]:8080', '"><x>', 'a b'],
  authorization: ['Bearer x', 'Basic eDp5', 'Bearer', 'bearer  a', 'Digest x'],
  'last-event-id': ['1-1', '0', '99999999999999999999-1', '-1--1'],
  range: ['bytes=0-1', 'bytes=-9999999999', 'x=1'],
  origin: ['https://app.example', 'null'],
  'x-forwarded-for': ['127.0.0.1', '::1, x'],
  'x-forwarded-host': ['evil.example'],
  'x-http-method-override': ['DELETE'],
};
const BODIES = ['', '{}', '{"resourceType":"Slot"}', '[]', '\u001f\u008b\u0008'];

const headers = served(
  'headers',
  ({ slots }) => {
    const ids = slots.slice(0, 3).map((slot) => String(slot['id']));
    const one = fc.oneof(
      ...Object.entries(HEADERS).map(([name, values]) =>
        fc.tuple(
          fc.constant(name),
          anyText(values).map((text) => text.slice(0, 3_000)),
        ),
      ),
    );
    const path = fc.constantFrom(...PATHS, '/fhir/Appointment', ...ids.map((id) => `/fhir/Slot/${id}`));
    const asked = {
      path,
      headers: fc
        .array(one, { minLength: 1, maxLength: 4 })
        .map((all): Record<string, string> => Object.fromEntries(all)),
    };
    return fc.oneof(
      fc.record({ method: fc.constantFrom('GET', 'HEAD', 'OPTIONS'), ...asked }),
      fc.record({
        method: fc.constantFrom('POST', 'PUT', 'PATCH'),
        ...asked,
        body: fc.constantFrom(...BODIES),
      }),
    );
  },
  ({ ask }) => ask,
  1.5,
);

/** Of a platform that signs what it sends, whatever that is. */
const deliveries = served(
  'webhook-deliveries',
  () =>
    spoiltJson(WEBHOOKS['bonjour-sante']?.samples() ?? [], {
      keys: ['genre', 'version', 'debut', 'fin'],
      values: ['ag-dr-tremblay', 'pla-1', 'res-2', '2027-01-01T09:00:00Z'],
    }).map((body): Exchange => ({ method: 'POST', path: '/webhooks/bonjour-sante', body })),
  ({ askAside }) =>
    (asked) =>
      askAside({ ...asked, headers: sign(WEBHOOK_SECRET, asked.body ?? '', instant(Date.now())) }),
);

const INSTANTS = [
  ...['2026-11-24T00:00:00Z', '2026-12-01T00:00:00Z', '2026-11-24T00:00:00-05:00', '9999-12-31T23:59:59Z'],
  ...['0000-01-01T00:00:00Z', '0001-01-05T00:00:00.000Z', '2026-02-30T00:00:00Z'],
];

const RESOLUTIONS = [
  ...[{ resolution: 'keep-a' }, { resolution: 'keep-both' }],
  { resolution: 'move', booking: 'b', slot: '00000000-0000-4000-8000-000000000001' },
];

const IN_2030 = { start: '2030-01-07T15:00:00Z', end: '2030-01-07T15:20:00Z' };

/** What persons send, by the console or the command line: samples of each route, and what is usual in them. */
const SAID: Readonly<Record<string, { samples: readonly object[]; keys: string[]; values: unknown[] }>> = {
  [`/api/connections/${BY_HAND.connection}/lists`]: {
    samples: [
      { text: 'date,start,end,status\n2030-01-07,10:00,10:20,pris\n', calendar: BY_HAND.calendar },
      {
        text: 'date;début;fin;statut;agenda\n2030-01-07;10 h 40;11 h;libre;Dre Fictive\n',
        ...{ complete: { from: '2030-01-07', to: '2030-01-07' }, partial: true },
      },
    ],
    keys: ['text', 'calendar', 'seenAt', 'complete', 'partial', 'from', 'to'],
    values: ['2026-02-30', '0000-01-01', '9999-12-31', '2030-03-10', new Date(0).toISOString()],
  },
  '/api/blocks': {
    samples: [{ schedule: scheduleOf(BY_HAND.calendar), ...IN_2030, reason: 'lunch' }],
    keys: ['schedule', 'start', 'end', 'reason'],
    values: [...INSTANTS, 'absence'],
  },
  '/api/appointments': {
    samples: [
      { schedule: scheduleOf(BY_HAND.calendar), ...IN_2030, comment: 'x', override: { reason: 'urgent' } },
      { schedule: scheduleOf(BY_HAND.calendar), ...IN_2030, patient: { reference: 'Patient/x' } },
    ],
    keys: ['schedule', 'start', 'end', 'patient', 'reference', 'comment', 'override', 'reason'],
    values: [...INSTANTS, { resourceType: 'Patient', name: [{ family: 'x' }] }],
  },
  '/api/people': {
    samples: [{ login: 'marie', name: 'Marie', scopes: ['system/Slot.rs'], organization: 'clinique-essai' }],
    keys: ['login', 'name', 'scopes', 'organization'],
    values: ['system/*.cruds', 'passerelle/administer', 'a@b.example', 'Marie\u0000'],
  },
  '/api/incidents': {
    samples: [
      {
        information: 'x',
        access: { agent: 'token:x', from: '2026-11-01T00:00:00Z', before: '2026-11-02T00:00:00Z' },
      },
      { id: '00000000-0000-4000-8000-000000000001', measures: 'x' },
    ],
    keys: ['id', 'access', 'agent', 'from', 'before', 'risk', 'persons'],
    values: ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', 'administrator', 'x\u0000'],
  },
  '/api/patients/export': {
    samples: [{ patient: 'FICB02020211' }],
    keys: ['patient'],
    values: ['\u0000', ' '],
  },
  '/api/patients/erase': {
    samples: [{ patient: 'FICB02020211' }],
    keys: ['patient'],
    values: ['\u0000', ' '],
  },
};

const said = Object.entries(SAID).map(([path, { samples, ...words }]) =>
  fc.record({
    ...{ method: fc.constant('POST'), path: fc.constant(path) },
    headers: fc.constant({ 'content-type': 'application/json' }),
    body: spoiltJson(samples, words),
  }),
);

const api = served(
  'api',
  ({ conflictIds, taskIds }) => {
    const task = fc.oneof(fc.constantFrom(...taskIds), anyText().map(percentEncoded));
    const id = fc.oneof(
      fc.constantFrom(...conflictIds, '00000000-0000-4000-8000-000000000001'),
      anyText().map(percentEncoded),
    );
    const body = spoiltJson(RESOLUTIONS, {
      keys: ['resolution', 'booking', 'slot', 'by', 'reason'],
      values: ['keep-b', 'move', 'a'],
    });
    const query = (names: readonly string[], values: readonly string[]) =>
      fc
        .array(fc.tuple(fc.constantFrom(...names), anyText(values)), { maxLength: 3 })
        .map((all) => all.map(([name, value]) => `${name}=${percentEncoded(value)}`).join('&'));
    const get = (path: fc.Arbitrary<string>) => fc.record({ method: fc.constant('GET'), path });
    return fc.oneof(
      fc.record({
        method: fc.constant('POST'),
        path: id.map((each) => `/api/conflicts/${each}/resolve`),
        headers: fc.constant({ 'content-type': 'application/json' }),
        body,
      }),
      ...said,
      fc.record({
        method: fc.constant('POST'),
        path: fc.oneof(
          fc
            .tuple(task, fc.constantFrom('done', 'undo', 'taken'))
            .map(([each, deed]) => `/api/tasks/${each}/${deed}`),
          id.map((each) => `/api/connections/${each}/lists`),
          fc
            .tuple(
              id,
              fc.constantFrom('disable', 'enable', 'sign-out', 'reset-password', 'reset-second-factor'),
            )
            .map(([each, deed]) => `/api/people/${each}/${deed}`),
        ),
      }),
      get(
        query(['state', 'connection', 'state[]'], ['open', 'overdue', 'all', 'rvsq']).map(
          (asked) => `/api/tasks?${asked}`,
        ),
      ),
      get(
        fc
          .tuple(id, query(['state', 'x'], ['open', 'all', 'gone']))
          .map(([each, asked]) => `/api/conflicts/${each}?${asked}`),
      ),
      get(query(['state', 'state[]', 'state[x]'], ['open', 'all']).map((asked) => `/api/conflicts?${asked}`)),
      get(
        query(['from', 'before', 'schedule', 'from[]'], [...INSTANTS, scheduleOf(BY_HAND.calendar)]).map(
          (asked) => `/api/agenda?from=${INSTANTS[0]}&before=${INSTANTS[1]}&${asked}`,
        ),
      ),
      get(query(['from', 'before'], INSTANTS).map((asked) => `/api/agenda?${asked}`)),
      get(query(['days', 'schedule', 'days[]'], ['7', '92', 'x']).map((asked) => `/api/roster?${asked}`)),
      get(
        query(
          ['criteria', 'criteria[]', 'x'],
          [
            'Slot?schedule=x',
            'Appointment?status=booked',
            'Slot?start=ge2026&_count=1',
            'Slot?_has:x',
            'Patient?_id=1',
          ],
        ).map((asked) => `/api/events?${asked}`),
      ),
      get(
        query(
          ['_since', '_profile', '_format', '_after'],
          ['2026-11-24T09:00:00Z', 'ssl', 'ndjson', '2026-11-24T09:00:00 05:00'],
        ).map((asked) => `/fhir/$bulk-publish?${asked}`),
      ),
      get(
        anyText([
          'Slot-1-2026-11-23.ndjson',
          'Slot-1.ndjson',
          'Location.ndjson',
          'Slot-999999-9999-12-31.ndjson',
        ]).map((name) => `/fhir/$bulk-publish/${percentEncoded(name)}`),
      ),
      get(
        fc
          .tuple(id, query(['raw', 'raw[]'], ['true']))
          .map(([each, asked]) => `/api/connections/${each}/rejected?${asked}`),
      ),
      fc.record({
        method: fc.constant('POST'),
        path: query(['feed', 'feed[]'], ['*', 'ag-dr-tremblay']).map(
          (asked) => `/api/connections/rvsq/confirm?${asked}`,
        ),
      }),
      fc.record({ method: fc.constant('POST'), path: id.map((each) => `/api/connections/${each}/sync`) }),
    );
  },
  ({ askAside }) => askAside,
  2,
);

export const RIM_TARGETS = [paths, headers, deliveries, api];
