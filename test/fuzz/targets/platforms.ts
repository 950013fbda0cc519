import axios, { type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { sign } from '../../../adapters/bonjour-sante/signature.ts';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../../adapters/bonjour-sante/simulator/platform.ts';
import { startSimulator as startVendor } from '../../../adapters/bonjour-sante/simulator/start.ts';
import {
  PASSWORD as CLIC_PASSWORD,
  TOKEN as CLIC_TOKEN,
  USERNAME as CLIC_USERNAME,
  ESTABLISHMENT,
  SERVICES,
} from '../../../adapters/clic-sante/simulator/establishment.ts';
import { clicSante } from '../../../adapters/clic-sante/simulator/platform.ts';
import { startSimulator as startClicSante } from '../../../adapters/clic-sante/simulator/start.ts';
import { CLIENT as GOOGLE_CLIENT } from '../../../adapters/google-calendar/simulator/account.ts';
import { startSimulator as startGoogle } from '../../../adapters/google-calendar/simulator/start.ts';
import { csvOf, icsOf, jsonOf } from '../../../adapters/roster/simulator/formats.ts';
import { Rosters } from '../../../adapters/roster/simulator/rosters.ts';
import { SIMULATOR_KEY as RVSQ_KEY } from '../../../adapters/rvsq/simulator/platform.ts';
import { startSimulator as startRvsq } from '../../../adapters/rvsq/simulator/start.ts';
import { codeMaps } from '../../../src/adapter/concept-map.ts';
import type { Adapter, Platform, WebhookRequest } from '../../../src/adapter/contract.ts';
import { markOf, type Page } from '../../../src/adapter/observation.ts';
import type { Simulator } from '../../../src/adapter/simulator/server.ts';
import type { Ids } from '../../../src/domain/environment.ts';
import { DAY, HOUR, MINUTE, parseInstant, plus } from '../../../src/domain/instant.ts';
import { UNKNOWN_ATTRIBUTES } from '../../../src/domain/slot.ts';
import { codeTables } from '../../../src/system/mappings.ts';
import { EXAMPLES_MAPPINGS, openings, regionalAgenda, vendorAgenda } from '../../described/examples.ts';
import { event } from '../../support/caldav-text.ts';
import { loopback } from '../../support/loopback.ts';
import { ours } from './samples.ts';
import { SENDERS, SIMULATED } from './simulated.ts';

/** Each adapter with a platform of ours behind it, what that answers, and what it sends. */

export const NOW = parseInstant('2026-11-23T12:00:00Z');
const CLOCK = { now: () => NOW, sleep: async () => undefined };
const WINDOW = { start: NOW, end: plus(NOW, 14 * DAY) };
const MARK = markOf('00000000-0000-4000-8000-000000000001');
/** Of the fuzzed adapter: nothing here waits. */
const TIMEOUT_MILLISECONDS = 1_000;
const ZONE = 'America/Toronto';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};
/** What was answered to one thing that is asked of the adapter, in order. */
export type Recording = { readonly call: string; readonly answers: readonly Answer[] };

/** How one adapter is put before a platform. */
export type Stage = {
  readonly settings: (baseUrl: string) => Record<string, unknown>;
  readonly calendar: string;
  /** The words of its language, beside what its samples are made of. */
  readonly words: readonly string[];
} & (
  | { readonly simulator: (options: object) => Promise<Pick<Simulator, 'url' | 'close'>> }
  | { readonly answers: readonly Recording[] }
);

const multistatus = (...responses: string[]): Answer => ({
  status: 207,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">${responses.join('')}</d:multistatus>`,
});
const response = (href: string, properties: string): string =>
  `<d:response><d:href>${href}</d:href><d:propstat><d:prop>${properties}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;

/** In the form of the examples of RFC 5397, 3, and RFC 4791, 6.2.1 and 5.2.3. */
const homeAnswers = (): readonly Answer[] => [
  multistatus(response('/', '<d:current-user-principal><d:href>/p/</d:href></d:current-user-principal>')),
  multistatus(response('/p/', '<c:calendar-home-set><d:href>/home/</d:href></c:calendar-home-set>')),
  multistatus(
    response('/home/', '<d:resourcetype><d:collection/></d:resourcetype>'),
    response(
      '/home/a/',
      '<d:resourcetype><d:collection/><c:calendar/></d:resourcetype><d:displayname>Agenda</d:displayname>' +
        '<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>',
    ),
  ),
];

/** In the form of the examples of RFC 4791, 7.9.1 and 8.1, and RFC 6578, 3.8 to 3.10. */
function caldavAnswers(): readonly Recording[] {
  const text = event('DTSTART:20261124T142000Z', 'DTEND:20261124T144000Z', 'RRULE:FREQ=WEEKLY');
  const token = multistatus(
    response(
      '/c/',
      '<d:sync-token>http://example.org/ns/sync/1</d:sync-token><d:resourcetype><d:collection/></d:resourcetype>',
    ),
  );
  const list = multistatus(
    response('/c/', '<d:resourcetype><d:collection/></d:resourcetype>'),
    response('/c/a.ics', '<d:getetag>"1"</d:getetag>'),
    response('/c/b%20b.ics', '<d:getetag>W/"2"</d:getetag>'),
  );
  const contents = multistatus(
    response(
      '/c/a.ics',
      `<d:getetag>"1"</d:getetag><d:getlastmodified>Mon, 23 Nov 2026 10:00:00 GMT</d:getlastmodified><c:calendar-data>${text}</c:calendar-data>`,
    ),
    response(
      '/c/b%20b.ics',
      `<d:getetag>W/"2"</d:getetag><c:calendar-data><![CDATA[${text}]]></c:calendar-data>`,
    ),
  );
  const changes = multistatus(
    response('/c/a.ics', '<d:getetag>"3"</d:getetag>'),
    '<d:response><d:href>/c/gone.ics</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>',
    '<d:sync-token>http://example.org/ns/sync/2</d:sync-token>',
  );
  const event200: Answer = {
    status: 200,
    headers: { etag: '"1"', 'content-type': 'text/calendar' },
    body: text,
  };
  const made: Answer = { status: 201, headers: { etag: '"1"' }, body: '' };
  return [
    { call: 'read', answers: [token, list, contents, token, token] },
    { call: 'changes', answers: [changes, contents] },
    { call: 'check', answers: [token] },
    { call: 'calendars', answers: homeAnswers() },
    { call: 'readBack', answers: [event200, contents] },
    { call: 'block', answers: [made, event200] },
    { call: 'book', answers: [contents, contents, contents, made, contents, contents, contents] },
    { call: 'move', answers: [event200, contents, contents, contents, made] },
    { call: 'unblock', answers: [event200, { ...made, status: 204 }] },
  ];
}

/** A feed whole, and one that its server says has not changed (RFC 9110, 15.4.5). */
function icsAnswers(): readonly Recording[] {
  const whole: Answer = {
    status: 200,
    headers: {
      etag: '"1"',
      'last-modified': 'Mon, 23 Nov 2026 10:00:00 GMT',
      'content-type': 'text/calendar',
    },
    body: ours('adapters/ics/fixtures', '.ics')[0] ?? '',
  };
  return [
    { call: 'read', answers: [whole] },
    { call: 'changes', answers: [{ ...whole, status: 304, body: '' }] },
    { call: 'changes', answers: [{ ...whole, headers: { etag: '"2"', age: '60' } }] },
    { call: 'check', answers: [whole] },
  ];
}

/** A manifest of the specification's own form and its files; then the same, of which one has changed. */
function linksAnswers(): readonly Recording[] {
  const answer = (body: string, etag: string): Answer => ({ status: 200, headers: { etag }, body });
  const manifest = answer(
    JSON.stringify({
      transactionTime: '2026-11-23T12:00:00Z',
      request: 'https://platform.example/$bulk-publish',
      output: [
        { type: 'Schedule', url: 'schedules.ndjson' },
        { type: 'Slot', url: 'https://platform.example/slots.ndjson', extension: { state: ['QC'] } },
      ],
      error: [],
    }),
    '"m"',
  );
  const [schedules = '', slots = ''] = ours('adapters/smart-scheduling-links/fixtures', '.ndjson');
  const files = [answer(schedules, '"a"'), answer(slots, '"b"')];
  return [
    { call: 'read', answers: [manifest, ...files] },
    { call: 'changes', answers: [manifest, ...files] },
    { call: 'check', answers: [manifest] },
    { call: 'calendars', answers: [manifest, files[0] ?? manifest] },
  ];
}

const SHOWN: Answer = {
  status: 200,
  headers: { 'content-type': 'application/fhir+json', etag: 'W/"1"' },
  body: '',
};
const resource = (body: object, status = 200): Answer => ({ ...SHOWN, status, body: JSON.stringify(body) });
const bundle = (...resources: object[]): Answer =>
  resource({
    resourceType: 'Bundle',
    type: 'searchset',
    total: resources.length,
    link: [{ relation: 'self', url: 'https://fhir.example.org/r4/Slot' }],
    entry: resources.map((each) => ({ resource: each, search: { mode: 'match' } })),
  });

/** One roster in each of its formats, as the simulator publishes it. */
function rosterAnswers(): readonly Recording[] {
  const rosters = new Rosters(ZONE, CLOCK);
  rosters.fill(['dr-tremblay'], 7);
  const answer = (type: string, body: string): Answer => ({
    status: 200,
    headers: { 'content-type': type, etag: '"a"' },
    body,
  });
  const all = [
    answer('application/json', jsonOf(rosters)),
    answer('text/csv; charset=utf-8', csvOf(rosters)),
    answer('text/calendar', icsOf(rosters, 'dr-tremblay')),
  ];
  return [
    { call: 'read', answers: all },
    { call: 'changes', answers: all },
    { call: 'check', answers: all },
  ];
}

/** In the form of the examples of R4: schedule.html, slot.html, appointment.html. */
function fhirAnswers(): readonly Recording[] {
  const meta = { versionId: '1', lastUpdated: '2026-11-23T10:00:00Z' };
  const time = { start: '2026-11-24T09:20:00-05:00', end: '2026-11-24T09:40:00-05:00' };
  const schedule = resource({ resourceType: 'Schedule', id: 's', actor: [{ reference: 'Practitioner/p' }] });
  const listed = {
    resourceType: 'Schedule',
    id: 's',
    actor: [{ reference: 'Practitioner/p', display: 'P' }],
  };
  const person = {
    ...{ resourceType: 'Practitioner', id: 'p', name: [{ family: 'Fictif', given: ['P'] }] },
    identifier: [{ system: 'urn:oid:1.2', value: '1' }],
  };
  const slot = {
    resourceType: 'Slot',
    id: 'a',
    meta,
    schedule: { reference: 'Schedule/s' },
    status: 'free',
    ...time,
  };
  const appointment = {
    ...{ resourceType: 'Appointment', id: 'b', meta, status: 'booked', ...time },
    participant: [{ actor: { reference: 'Practitioner/p' }, status: 'accepted' }],
  };
  const ownBlock = {
    ...{ ...slot, id: 'c', status: 'busy-unavailable' },
    identifier: [{ system: 'urn:passerelle:block', value: MARK }],
  };
  const metadata = resource({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', rest: [] });
  return [
    { call: 'read', answers: [schedule, bundle(slot), bundle(ownBlock), bundle(appointment)] },
    { call: 'changes', answers: [schedule, bundle(slot), bundle(appointment)] },
    { call: 'check', answers: [bundle(), metadata] },
    { call: 'calendars', answers: [bundle(listed, person)] },
    { call: 'readBack', answers: [schedule, bundle(ownBlock), bundle(), bundle()] },
    { call: 'block', answers: [schedule, resource(ownBlock, 201), bundle(ownBlock)] },
    { call: 'book', answers: [schedule, bundle(), bundle(), bundle(), resource(appointment, 201), bundle()] },
    { call: 'unblock', answers: [resource(ownBlock), resource({}, 204), resource({}, 404)] },
  ];
}

/** By its id; an adapter that reaches a platform and is not here fails its target (test/fuzz/targets/answers.ts). */
export const STAGES: Readonly<Record<string, Stage>> = {
  ...SIMULATED,
  'bonjour-sante': {
    simulator: startVendor,
    settings: (baseUrl) => ({ baseUrl, apiKey: VENDOR_KEY, webhookSecret: 'made-up-secret-of-the-fuzzer' }),
    calendar: 'ag-dr-tremblay',
    words: ['genre', 'plage', 'reservation', 'blocage', 'version', 'debut', 'fin', 'suite', 'elements'],
  },
  rvsq: {
    simulator: startRvsq,
    settings: (baseUrl) => ({ baseUrl, apiKey: RVSQ_KEY }),
    calendar: 'pro-dr-tremblay',
    words: [
      'type',
      'availability',
      'activity',
      'changeNumber',
      'dateUtc',
      'duration',
      'timeZone',
      'cursor',
      'hasMore',
      'next',
    ],
  },
  'google-calendar': {
    simulator: startGoogle,
    settings: (baseUrl) => ({
      baseUrl: `${baseUrl}/calendar/v3`,
      tokenUrl: `${baseUrl}/token`,
      ...GOOGLE_CLIENT,
      calendars: {
        'dr-tremblay@clinique-fictive.invalid': {
          availability: {
            kind: 'plan',
            slotMinutes: 20,
            hours: [{ weekdays: ['MO', 'TU'], from: '09:00', to: '12:00' }],
          },
        },
      },
    }),
    calendar: 'dr-tremblay@clinique-fictive.invalid',
    words: [
      ...[
        'kind',
        'items',
        'id',
        'etag',
        'status',
        'cancelled',
        'start',
        'end',
        'date',
        'dateTime',
        'timeZone',
      ],
      ...[
        'nextSyncToken',
        'nextPageToken',
        'recurringEventId',
        'extendedProperties',
        'private',
        'passerelle',
      ],
      ...['access_token', 'expires_in', '2026-02-30', 'Nowhere/Town', '2026-11-01T01:30:00'],
    ],
  },
  'smart-scheduling-links': {
    answers: linksAnswers(),
    settings: (baseUrl) => ({ url: `${baseUrl}/$bulk-publish`, everySeconds: 0 }),
    calendar: 'Schedule/10',
    words: [
      ...['transactionTime', 'output', 'type', 'url', 'extension', 'state', 'error', 'Slot', 'Schedule'],
      ...[
        'resourceType',
        'id',
        'schedule',
        'reference',
        'Schedule/10',
        'status',
        'busy',
        'start',
        'end',
        '\n',
        '-05',
      ],
    ],
  },
  ics: {
    answers: icsAnswers(),
    settings: (baseUrl) => ({
      calendars: {
        dre: {
          url: `${baseUrl}/secret/agenda.ics`,
          availability: { kind: 'vavailability', slotMinutes: 20 },
        },
      },
    }),
    calendar: 'dre',
    words: [
      ...[
        'BEGIN:VCALENDAR\r\n',
        'END:VCALENDAR\r\n',
        'BEGIN:VEVENT\r\n',
        'END:VEVENT\r\n',
        '\r\n ',
        ':',
        ';',
      ],
      ...[
        'UID:a\r\n',
        'RECURRENCE-ID:20261125T140000Z\r\n',
        'TZID=Nowhere/Town',
        'FREEBUSY:P1D/P1D\r\n',
        'P1D',
      ],
    ],
  },
  roster: {
    answers: rosterAnswers(),
    settings: (baseUrl) => ({
      documents: [
        { url: `${baseUrl}/roster.json`, format: 'json' },
        { url: `${baseUrl}/roster.csv`, format: 'csv' },
        {
          url: `${baseUrl}/roster/dr-tremblay.ics`,
          format: 'ics',
          calendar: 'dr-tremblay',
        },
      ],
    }),
    calendar: 'dr-tremblay',
    words: [
      ...['shifts', 'practitioner', 'period', 'publishedAt', '24/11/2026', '46350,333', '24:00', '8 h 30'],
      ...[';', '"', '\uFEFF', '\t', 'Date', '2026-11-01 01:30', '2027-03-14 02:30', '9999-12-31 23:59'],
    ],
  },
  'clic-sante': {
    simulator: startClicSante,
    settings: (baseUrl) => ({
      ...{ baseUrl, username: CLIC_USERNAME, password: CLIC_PASSWORD },
      ...{ establishment: ESTABLISHMENT, services: [...SERVICES] },
      appointments: {
        ...{ baseUrl: `${baseUrl}/fhir`, token: CLIC_TOKEN },
        calendar: clicSante.calendarOf('dr-tremblay'),
      },
    }),
    calendar: clicSante.calendarOf('dr-tremblay'),
    words: [
      'availabilities',
      'length',
      'start',
      'place',
      'status',
      'participant',
      'entry',
      'link',
      'next',
      'TAKEN',
    ],
  },
  'fhir-r4': {
    answers: fhirAnswers(),
    settings: () => ({ baseUrl: 'https://fhir.example.org/r4', changes: 'lastUpdated' }),
    calendar: 's',
    words: [
      'Bundle',
      'searchset',
      'entry',
      'resource',
      'Slot',
      'Appointment',
      'status',
      'meta',
      'versionId',
      'next',
    ],
  },
  caldav: {
    answers: caldavAnswers(),
    settings: () => ({
      ...{ serverUrl: 'https://dav.example.org/', token: 'made-up', events: 'appointment' },
      calendars: { '/c/': { availability: { kind: 'vavailability', slotMinutes: 20 } } },
    }),
    calendar: '/c/',
    words: [
      ...[
        '<d:response>',
        '</d:response>',
        '<d:href>',
        '<d:propstat>',
        '<d:status>HTTP/1.1 507 x</d:status>',
        '<d:sync-token>',
      ],
      ...[
        '<!--',
        '-->',
        '<?x?>',
        '<d:href>https://elsewhere.example/c/x.ics</d:href>',
        '<d:href>/c/../x</d:href>',
        '&lt;',
        '&#0;',
        '&#x110000;',
      ],
      ...[
        '<d:href>%</d:href>',
        '<d:href>//a/c/x.ics</d:href>',
        ' xmlns:d="x"',
        '<a '.repeat(500),
        '<a>'.repeat(2_000),
        ']]>',
        '<![CDATA[',
      ],
    ],
  },
};

/** The same for each connection, and never the same twice: a platform may refuse what it was told before. */
function counting(): Ids {
  let last = 0;
  return {
    next() {
      last += 1;
      return `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;
    },
  };
}

/** Those of an example of a description are beside it. */
const tablesOf = (id: string): readonly unknown[] =>
  codeTables(id, DESCRIBED.some(({ manifest }) => manifest.id === id) ? { root: EXAMPLES_MAPPINGS } : {});

/** @param settings as the configuration would have them. */
export const connect = (adapter: Adapter, settings: unknown, transport?: AxiosAdapter): Platform =>
  adapter.connect({
    connectionId: adapter.manifest.id,
    settings: adapter.manifest.settings.parse(settings),
    limits: { ...adapter.manifest.limits, timeoutMilliseconds: TIMEOUT_MILLISECONDS },
    pace: (call) => call(),
    environment: { clock: CLOCK, random: { next: () => 0.5 }, ids: counting() },
    maps: codeMaps(tablesOf(adapter.manifest.id)),
    zoneOf: () => ZONE,
    targets: loopback,
    transport,
  });

/** Examples of descriptions, each an adapter like any other. */
export const DESCRIBED: readonly Adapter[] = [regionalAgenda, vendorAgenda, openings].map(
  ({ adapter }) => adapter,
);

export type Asked = {
  readonly platform: Platform;
  readonly calendar: string;
  readonly cursor: string | null;
};
type Ask = (asked: Asked) => Promise<unknown>;

const KNOWN = { externalId: '/c/a.ics', revision: '"1"' };
const span = { start: plus(NOW, DAY), end: plus(NOW, DAY + 20 * MINUTE) };
const common = { mark: MARK, interval: span, known: null };

async function readAll({ platform, calendar, cursor }: Asked): Promise<Page[]> {
  const pages: Page[] = [];
  const request = { calendars: [calendar], cursor, window: WINDOW, signal: new AbortController().signal };
  for await (const page of platform.read(request)) pages.push(page);
  return pages;
}

/** What is asked of a platform, in an order in which a platform of ours says yes to most of it. */
export const CALLS: Readonly<Record<string, Ask>> = {
  read: (asked) => readAll({ ...asked, cursor: null }),
  changes: readAll,
  check: ({ platform }) => platform.check(new AbortController().signal),
  calendars: async ({ platform }) => platform.calendars?.(new AbortController().signal),
  block: async ({ platform: { operations }, calendar }) => operations.block?.({ calendar, ...common }),
  unblock: async ({ platform: { operations }, calendar }) =>
    operations.unblock?.({ calendar, mark: MARK, known: KNOWN }),
  hold: async ({ platform: { operations }, calendar }) =>
    operations.hold?.({ calendar, ...common, slot: null, expiresAt: plus(NOW, HOUR) }),
  release: async ({ platform: { operations }, calendar }) =>
    operations.release?.({ calendar, mark: MARK, known: KNOWN }),
  book: async ({ platform: { operations }, calendar }) =>
    operations.book?.({ calendar, ...common, slot: null, patient: null, hold: null }),
  move: async ({ platform: { operations }, calendar }) =>
    operations.move?.({ calendar, mark: MARK, interval: span, known: KNOWN, slot: null }),
  cancel: async ({ platform: { operations }, calendar }) =>
    operations.cancel?.({ calendar, mark: MARK, known: KNOWN }),
  publish: async ({ platform: { operations }, calendar }) =>
    operations.publish?.({ calendar, ...common, attributes: UNKNOWN_ATTRIBUTES }),
  withdraw: async ({ platform: { operations }, calendar }) =>
    operations.withdraw?.({ calendar, mark: MARK, known: KNOWN }),
  readBack: async ({ platform, calendar }) => platform.readBack?.(calendar, MARK),
};

/** What is answered to each of them: by the simulator, or by what its stage has. */
export async function recordingsOf(adapter: Adapter, stage: Stage): Promise<readonly Recording[]> {
  if ('answers' in stage) return stage.answers;
  const simulator = await stage.simulator({ seed: 7, actors: ['dr-tremblay'], days: 3, clock: CLOCK });
  const recordings: Recording[] = [];
  let answers: Answer[] = [];
  const platform = connect(adapter, stage.settings(simulator.url), async (config) => {
    const answered = await axios.getAdapter('http')(config);
    answers.push({ status: answered.status, headers: {}, body: String(answered.data ?? '') });
    return answered;
  });
  let cursor: string | null = null;
  for (const [call, ask] of Object.entries(CALLS)) {
    answers = [];
    const got: unknown = await ask({ platform, calendar: stage.calendar, cursor }).catch(() => null);
    const last = Array.isArray(got) ? (got as Page[]).at(-1) : null;
    if (call === 'read' && last?.kind === 'end') cursor = last.cursor;
    if (answers.length > 0) recordings.push({ call, answers });
  }
  await platform.close();
  await simulator.close();
  return recordings;
}

const CALLS_MAX = 40;

/** A platform that answers so, whatever is asked, over and over; and falls silent when it was asked too often. */
export function scripted(answers: readonly Answer[]): AxiosAdapter {
  let asked = 0;
  return async (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
    const answer = answers[asked % Math.max(answers.length, 1)];
    asked += 1;
    if (!answer || asked > CALLS_MAX) throw new axios.AxiosError('scripted', 'ECONNRESET', config);
    return { data: answer.body, status: answer.status, statusText: '', headers: answer.headers, config };
  };
}

/** How each platform that sends webhooks signs them, and what it sends. */
export const WEBHOOKS: Readonly<
  Record<
    string,
    { readonly deliver: (body: string) => WebhookRequest; readonly samples: () => readonly unknown[] }
  >
> = {
  ...SENDERS,
  'bonjour-sante': {
    deliver: (body) => ({
      headers: sign('made-up-secret-of-the-fuzzer', body, NOW),
      body: Buffer.from(body),
    }),
    samples: () =>
      ours('adapters/bonjour-sante/fixtures', '.json').flatMap((text) =>
        (JSON.parse(text) as { elements: unknown[] }).elements.flatMap((element) => [
          { type: 'modification', emisLe: '2026-11-23T07:00:00-05:00', element },
          { type: 'suppression', emisLe: '2026-11-23T07:00:00-05:00', element },
        ]),
      ),
  },
};
