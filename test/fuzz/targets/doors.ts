import fc from 'fast-check';
import { createFront } from '../../../src/fhir/front.ts';
import type { Operation, OperationParameter } from '../../../src/fhir/operation.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { fakePorts } from '../../support/fake-ports.ts';
import { bookingOf, PATIENT } from '../../support/incoming-appointment.ts';
import { RICH_APPOINTMENT, RICH_SLOT } from '../../support/r4-samples.ts';
import { REST_HOOK } from '../../support/rest-hook.ts';
import type { Exchange } from '../harness/exchange.ts';
import type { Target } from '../harness/target.ts';
import { spoiltJson } from '../inputs/json.ts';
import { anyText, spoiltText } from '../inputs/text.ts';
import { POINTERS } from './patch.ts';
import { published } from './samples.ts';
import { openServer, type Server } from './server.ts';

/** Bodies at every door of the FHIR front. Which doors there are, its own tables say: a new one is fuzzed the day it is made. */

const JSON_TYPE = { 'content-type': 'application/fhir+json' };
const PATCH_TYPE = { 'content-type': 'application/json-patch+json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

type Sample = Readonly<Record<string, unknown>>;

const parameters = (...parameter: object[]): Sample => ({ resourceType: 'Parameters', parameter });
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** What is sent of each type that can be written; a type that has none fails the target. */
const SENT: Readonly<Record<string, (server: Server) => readonly Sample[]>> = {
  Slot: ({ ownSchedule }) => [
    {
      ...RICH_SLOT,
      schedule: { reference: `Schedule/${ownSchedule}` },
      ...{ start: `${day(3)}T09:00:00-05:00`, end: `${day(3)}T09:20:00-05:00` },
    },
    {
      resourceType: 'Slot',
      schedule: { reference: `Schedule/${ownSchedule}` },
      status: 'free',
      start: `${day(9)}T14:00:00Z`,
      end: `${day(9)}T14:20:00Z`,
    },
  ],
  Appointment: ({ slots, appointment }) => [
    ...slots.slice(0, 12).map((slot) => ({
      ...bookingOf(String(slot['id'])),
      start: slot['start'],
      end: slot['end'],
      participant: [{ actor: { reference: '#patient' }, status: 'accepted' }],
    })),
    appointment,
    { ...appointment, status: 'cancelled' },
    RICH_APPOINTMENT,
  ],
  Schedule: ({ ownSchedule }) => [
    {
      ...{ resourceType: 'Schedule', id: ownSchedule, active: true, comment: 'x' },
      actor: [{ reference: 'Practitioner/dr-tremblay' }],
      planningHorizon: { start: day(0), end: day(30) },
    },
  ],
  Subscription: ({ ownSchedule }) => [
    {
      ...REST_HOOK,
      criteria: `Slot?schedule=Schedule/${ownSchedule}`,
      channel: { ...REST_HOOK.channel, endpoint: 'http://127.0.0.1:9/' },
    },
  ],
};

/** Where one of a type is, that can be changed. */
const idOf = (type: string, server: Server): string =>
  ({
    Schedule: server.ownSchedule,
    Appointment: String(server.appointment['id']),
    Slot: String(server.slots[0]?.['id']),
  })[type] ?? 'x';

const week = parameters(
  { name: 'start', valueDate: day(2) },
  { name: 'end', valueDate: day(4) },
  {
    name: 'template',
    part: [
      ...[
        { name: 'rrule', valueString: 'FREQ=DAILY' },
        { name: 'from', valueTime: '09:00:00' },
        { name: 'to', valueTime: '10:00:00' },
      ],
      ...[
        { name: 'duration', valuePositiveInt: 20 },
        { name: 'slot', resource: { ...RICH_SLOT, id: undefined } },
      ],
    ],
  },
  { name: 'exception', part: [{ name: 'date', valueDate: day(3) }] },
);

/** Beside what its table says, of operations whose parameters depend on each other. */
const CALLED: Readonly<Record<string, (server: Server) => readonly Sample[]>> = {
  'generate-slots': () => [week],
  hold: (server) => [chosen(server)],
  book: (server) => [chosen(server)],
  find: () => [parameters({ name: 'start', valueDateTime: day(1) }, { name: 'end', valueDateTime: day(4) })],
};
const chosen = ({ slots, appointment }: Server): Sample =>
  parameters(
    { name: 'appointment-reference', valueReference: { reference: `Appointment/${appointment['id']}` } },
    { name: 'slot-reference', valueReference: { reference: `Slot/${slots[20]?.['id']}` } },
    { name: 'patient-resource', resource: PATIENT },
    { name: 'comment', valueString: 'x' },
  );

const OF_TYPE: Readonly<Record<string, unknown>> = {
  ...{
    date: '2026-12-01',
    dateTime: '2026-12-01T09:00:00-05:00',
    time: '09:00:00',
    instant: '2026-12-01T09:00:00Z',
  },
  ...{
    boolean: true,
    integer: 1,
    positiveInt: 20,
    unsignedInt: 0,
    decimal: 1.5,
    code: 'free',
    string: 'x',
    uri: 'urn:x',
  },
  ...{
    Reference: { reference: 'Slot/1' },
    Coding: { code: 'x' },
    CodeableConcept: { coding: [{ code: 'x' }] },
    Period: { start: '2026' },
  },
  ...{ Identifier: { value: 'x' }, canonical: 'urn:x', url: 'http://x.example', id: 'x' },
};

function parameterOf(parameter: OperationParameter): object {
  const { name } = parameter;
  if ('parts' in parameter) return { name, part: parameter.parts.map(parameterOf) };
  const { type } = parameter;
  if (type === 'Resource' || /^[A-Z].*(Map|Set|System)$/.test(type)) return { name, resource: RICH_SLOT };
  return { name, [`value${type.charAt(0).toUpperCase()}${type.slice(1)}`]: OF_TYPE[type] ?? 'x' };
}

const calledWith = (name: string, { parameters: table }: Operation, server: Server): readonly Sample[] => [
  parameters(...table.filter(({ use }) => use === 'in').map(parameterOf)),
  ...(CALLED[name]?.(server) ?? []),
];

type Door = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: fc.Arbitrary<string>;
};

const words = (resource: Resource) => ({
  keys: resource.parameters.map(({ name }) => name),
  values: [
    'Slot/1',
    '#patient',
    '2026-02-30',
    'free',
    'booked',
    { reference: '#zzz' },
    { extension: [{ url: 'urn:x' }] },
    { id: 'x' },
  ],
});

function doorsOf(resource: Resource, server: Server): Door[] {
  const { type, create, update, patch, operations = {} } = resource;
  const sent = (): fc.Arbitrary<string> => {
    const samples = SENT[type]?.(server);
    if (!samples)
      throw new Error(
        `${type} can be written, and nothing says what is sent: SENT in test/fuzz/targets/doors.ts`,
      );
    const others = published('fhir-r4', '.json')
      .map((text): Sample => JSON.parse(text))
      .filter((each) => each['resourceType'] === type);
    return spoiltJson([...samples, ...others], words(resource));
  };
  const one = `/fhir/${type}/${idOf(type, server)}`;
  const called = Object.entries(operations).flatMap(([name, operation]): Door[] => {
    const bodies = spoiltJson(calledWith(name, operation, server), words(resource));
    const at = (path: string): Door => ({
      method: 'POST',
      path: `${path}/$${name}`,
      headers: JSON_TYPE,
      bodies,
    });
    return [...(operation.type ? [at(`/fhir/${type}`)] : []), ...(operation.instance ? [at(one)] : [])];
  });
  return [
    ...(create ? [{ method: 'POST', path: `/fhir/${type}`, headers: JSON_TYPE, bodies: sent() }] : []),
    ...(update ? [{ method: 'PUT', path: one, headers: JSON_TYPE, bodies: sent() }] : []),
    ...(patch ? [{ method: 'PATCH', path: one, headers: PATCH_TYPE, bodies: patches }] : []),
    {
      method: 'POST',
      path: `/fhir/${type}/_search`,
      headers: FORM_TYPE,
      bodies: spoiltText([
        '_count=1&_sort=x',
        '_id=1,2',
        ...resource.parameters.map(({ name }) => `${name}=x`),
      ]),
    },
    ...called,
  ];
}

const patches = fc.oneof(
  spoiltJson(
    [
      [
        { op: 'test', path: '/status', value: 'booked' },
        { op: 'replace', path: '/status', value: 'cancelled' },
      ],
      [{ op: 'add', path: '/comment', value: 'x' }],
    ],
    {
      values: POINTERS,
      keys: ['op', 'path', 'from', 'value'],
    },
  ),
  fc.constantFrom(...POINTERS).map((path) => JSON.stringify([{ op: 'replace', path, value: { a: ['x'] } }])),
);

function bundles(server: Server): Door {
  const [slot] = SENT['Slot']?.(server) ?? [];
  const entry = [
    { request: { method: 'POST', url: 'Slot' }, resource: slot },
    { request: { method: 'PUT', url: `Slot/${server.slots[0]?.['id']}`, ifMatch: 'W/"1"' }, resource: slot },
    { request: { method: 'DELETE', url: `Slot/${server.slots[1]?.['id']}` } },
    { request: { method: 'GET', url: 'Slot?_count=1' } },
  ];
  const samples = ['transaction', 'batch'].map((type) => ({ resourceType: 'Bundle', type, entry }));
  return {
    method: 'POST',
    path: '/fhir',
    headers: JSON_TYPE,
    bodies: spoiltJson(samples, {
      keys: ['request', 'url', 'method', 'ifNoneExist', 'fullUrl'],
      values: ['PATCH', 'Slot/1', 'metadata', '$find', 'Slot/$x', '/', 'Patient?_id=1'],
    }),
  };
}

export const doors: Target<Exchange> = {
  name: 'fhir-bodies',
  share: 6,
  needs: 'PostgreSQL',
  open: async () => {
    const server = await openServer();
    const { resources } = createFront(fakePorts());
    const all = [...resources.flatMap((resource) => doorsOf(resource, server)), bundles(server)];
    const condition = fc.oneof(
      { weight: 9, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.record({ 'if-match': anyText(['W/"1"']) }) },
    );
    return {
      inputs: fc.oneof(
        ...all.map(({ method, path, headers, bodies }) =>
          fc
            .tuple(bodies, condition)
            .map(([body, more]): Exchange => ({ method, path, headers: { ...headers, ...more }, body })),
        ),
      ),
      run: server.askAside,
      close: server.close,
    };
  },
};
