import { createHash } from 'node:crypto';
import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import { personOf } from '../../../src/adapter/simulator/people.ts';
import type { Busy, OfferedSlot, SimCalendar } from '../../../src/adapter/simulator/records.ts';
import type { SimReply, SimRequest } from '../../../src/adapter/simulator/router.ts';
import { toOffset } from '../../../src/adapter/zone.ts';
import { DAY, formatInstant, type Instant, instant } from '../../../src/domain/instant.ts';
import type { Interval } from '../../../src/domain/interval.ts';

/**
 * A publisher with two publications of one agenda, after specification.md of smart-on-fhir/smart-scheduling-links (`/2021`)
 * and hl7.fhir.uv.ssl (`/2026`): a manifest, and files of NDJSON by week. It lists what is taken besides, as the
 * specification wants it to; time that is taken outside of any slot has a slot of its own, which is never free.
 */

export type Offer = { readonly appointmentType: string };

const SHAPES = {
  '2021': {
    extensions: 'http://fhir-registry.smarthealthit.org/StructureDefinition',
    held: 'busy',
    closed: 'busy',
  },
  '2026': {
    extensions: 'http://hl7.org/fhir/uv/smart-scheduling-links/StructureDefinition',
    held: 'busy-tentative',
    closed: 'busy-unavailable',
  },
} as const;
type Shape = keyof typeof SHAPES;
type Status = 'free' | 'busy' | 'busy-tentative' | 'busy-unavailable';

const PLACE = 'clinique-fictive';
const PATH = /^\/(2021|2026)\/(\$bulk-publish|data\/[\w-]+\.ndjson)$/;

export const createApi =
  (key: string) =>
  (agenda: Agenda<Offer>, { method, path, headers }: SimRequest): SimReply => {
    if (headers['authorization'] !== `Bearer ${key}`) return { status: 401 };
    const match = PATH.exec(path);
    if (method !== 'GET' || !match) return { status: 404 };
    const [, shape, name = ''] = match as unknown as [string, Shape, string];
    const base = `http://${headers['x-forwarded-host'] ?? headers['host']}/${shape}/`;
    const text = name === '$bulk-publish' ? manifestOf(agenda, shape, base) : fileOf(agenda, shape, name);
    if (text === null) return { status: 404 };
    const etag = `"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`;
    const type = name === '$bulk-publish' ? 'application/json' : 'application/fhir+ndjson';
    if (headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
    return { status: 200, text, headers: { etag, 'content-type': type } };
  };

function manifestOf(agenda: Agenda<Offer>, shape: Shape, base: string): string {
  const output = [
    { type: 'Location', url: `${base}data/locations.ndjson` },
    { type: 'Schedule', url: `${base}data/schedules.ndjson` },
    ...(shape === '2026' ? [{ type: 'PractitionerRole', url: `${base}data/roles.ndjson` }] : []),
    ...weeksOf(agenda).map((week) => ({
      type: 'Slot',
      url: `${base}data/slots-${week}.ndjson`,
      extension: { state: ['QC'] },
    })),
  ];
  return JSON.stringify({
    transactionTime: formatInstant(agenda.clock.now()),
    request: `${base}$bulk-publish`,
    output,
    error: [],
  });
}

function fileOf(agenda: Agenda<Offer>, shape: Shape, name: string): string | null {
  const lines = (resources: readonly object[]): string =>
    resources.map((each) => `${JSON.stringify(each)}\n`).join('');
  if (name === 'data/locations.ndjson') return lines([location]);
  if (name === 'data/roles.ndjson') return lines(agenda.calendars.map(({ id }) => roleOf(id)));
  if (name === 'data/schedules.ndjson') return lines(agenda.calendars.map((each) => scheduleOf(each, shape)));
  const week = /^data\/slots-(\d+)\.ndjson$/.exec(name)?.[1];
  if (week === undefined || !weeksOf(agenda).includes(Number(week))) return null;
  return lines(
    entriesOf(agenda)
      .filter(({ interval }) => weekOf(interval.start) === Number(week))
      .map((entry) => slotOf(entry, agenda.zone, shape)),
  );
}

const location = {
  resourceType: 'Location',
  id: PLACE,
  name: 'Clinique fictive du Vieux-Moulin',
  telecom: [{ system: 'phone', value: '514-555-0100' }],
  address: { line: ['1, rue Imaginaire'], city: 'Montréal', state: 'QC', postalCode: 'H0H 0H0' },
};

function nameOf(actor: string): string {
  const { title, given, family } = personOf(actor);
  return [title, given, family].filter(Boolean).join(' ');
}

const idOf = (calendar: string): string => calendar.slice('Schedule/'.length);
const roleOf = (calendar: string): object => ({
  resourceType: 'PractitionerRole',
  id: `role-${idOf(calendar)}`,
  location: [{ reference: `Location/${PLACE}` }],
});
const scheduleOf = ({ id: calendar, actor }: SimCalendar, shape: Shape): object => ({
  resourceType: 'Schedule',
  id: idOf(calendar),
  serviceType: [
    {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/service-type',
          code: '124',
          display: 'General Practice',
        },
      ],
    },
  ],
  actor: [
    { reference: `Location/${PLACE}` },
    ...(shape === '2026'
      ? [{ reference: `PractitionerRole/role-${idOf(calendar)}`, display: nameOf(actor) }]
      : []),
  ],
});

/** What is in a Slot file. */
type Entry = {
  readonly id: string;
  readonly calendar: string;
  readonly interval: Interval;
  readonly status: 'free' | 'busy' | 'held' | 'blocked';
  readonly appointmentType: string | null;
};

function entriesOf(agenda: Agenda<Offer>): readonly Entry[] {
  return agenda.calendars.flatMap(({ id: calendar }) => {
    const slots = agenda.slots(calendar);
    const times = new Set(slots.map(timesOf));
    const alone = agenda.busy(calendar).filter((busy) => !times.has(timesOf(busy)));
    return [
      ...slots.map((slot) => ({
        ...{ id: slot.id, calendar, interval: slot.interval, status: agenda.stateOf(slot) },
        appointmentType: slot.offer.appointmentType,
      })),
      ...alone.map((busy) => ({
        ...{ id: busy.id, calendar, interval: busy.interval, status: stateOf(busy) },
        appointmentType: null,
      })),
    ];
  });
}

const timesOf = ({ interval: { start, end } }: OfferedSlot<Offer> | Busy): string => `${start}-${end}`;
const stateOf = (busy: Busy): Entry['status'] =>
  busy.kind === 'block' ? 'blocked' : busy.expiresAt === null ? 'busy' : 'held';

function slotOf(
  { id, calendar, interval, status, appointmentType }: Entry,
  zone: string,
  shape: Shape,
): object {
  const { extensions, held, closed } = SHAPES[shape];
  const shown: Status = status === 'held' ? held : status === 'blocked' ? closed : status;
  const link = {
    url: `${extensions}/booking-deep-link`,
    valueUrl: `https://reservation.invalid/slots/${id}`,
  };
  return {
    resourceType: 'Slot',
    id,
    schedule: { reference: calendar },
    status: shown,
    start: toOffset(interval.start, zone),
    end: toOffset(interval.end, zone),
    ...(appointmentType === null ? {} : { appointmentType: typeOf(appointmentType) }),
    ...(shown === 'free' ? { extension: [link] } : {}),
  };
}

const typeOf = (code: string): object => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0276', code }],
});

/** Weeks since the epoch: how files are divided is the publisher's own business. */
const weekOf = (at: Instant): number => Math.floor(at / (7 * DAY));
const weeksOf = (agenda: Agenda<Offer>): readonly number[] =>
  [
    ...new Set([
      weekOf(instant(agenda.clock.now())),
      ...entriesOf(agenda).map(({ interval }) => weekOf(interval.start)),
    ]),
  ].sort((a, b) => a - b);
