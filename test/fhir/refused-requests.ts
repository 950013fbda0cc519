import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import { HOUR, instant } from '../../src/domain/instant.ts';
import type { OfferingRefusal } from '../../src/engine/ports/offerings.ts';
import type { OutcomeName } from '../../src/fhir/outcomes.ts';
import { appointmentRow, CONFLICT, NOW, said, slotRow, uuid, type World } from '../support/fake-ports.ts';
import { fakeTask } from '../support/fake-tasks.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { REST_HOOK, subscriptionOf } from '../support/rest-hook.ts';
import { type Init, SLOTS_TOKEN } from '../support/served-front.ts';

/** A request that is refused, and how. */
export type Case = {
  readonly method?: string;
  readonly path: string;
  readonly init?: Init;
  readonly arrange?: (world: World) => void;
  /** FHIRPath or http.<name>; null = the error has no place. */
  readonly at: string | null;
  readonly headers?: Readonly<Record<string, string>>;
};

const FREE_SLOT = {
  resourceType: 'Slot',
  schedule: { reference: 'Schedule/agenda-gagnon' },
  status: 'free',
  start: '2026-12-01T09:00:00-05:00',
  end: '2026-12-01T09:20:00-05:00',
};
const good = bookingOf(uuid(1));
const POST = { method: 'POST', path: '/fhir/Appointment' };
const NUMBERED = { system: 'urn:test:portal', value: 'request-1' };
const CRITERION = 'identifier=urn:test:portal|request-1';
const FORM = 'application/x-www-form-urlencoded';
const booked = appointmentRow(900, slotRow(1), null);
const cancelled = { ...JSON.parse(`${booked.document}}`), status: 'cancelled' };
const PUT = { method: 'PUT', path: `/fhir/Appointment/${booked.id}`, init: { body: cancelled } };
/** To another slot of the same agenda. */
const moved = { ...JSON.parse(`${appointmentRow(900, slotRow(3), null).document}}`), status: 'booked' };
const MOVE = { ...PUT, init: { body: moved } };
const PATCH = {
  method: 'PATCH',
  path: PUT.path,
  init: {
    body: [{ op: 'test', path: '/status', value: 'cancelled' }],
    headers: { 'content-type': 'application/json-patch+json' },
  },
};
const RESOLVE = {
  method: 'POST',
  path: `/api/conflicts/${CONFLICT.id}/resolve`,
  init: { body: { resolution: 'keep-a' } },
};
const LIST = { method: 'POST', path: '/api/connections/vendor/lists', init: { body: { text: 'x' } } };
const OFFER = { method: 'POST', path: '/fhir/Slot', init: { body: FREE_SLOT } };
const WRITE_SCHEDULE = {
  method: 'PUT',
  path: '/fhir/Schedule/agenda-gagnon',
  init: { body: { resourceType: 'Schedule', id: 'agenda-gagnon', serviceType: [] } },
};
const offeringRefused =
  (refusal: OfferingRefusal) =>
  (world: World): void => {
    world.offeringRefusal = refusal;
  };
const CONFIGURE = { method: 'PUT', path: '/api/configuration/organization' };
const SUBSCRIBE = { method: 'POST', path: '/fhir/Subscription', init: { body: REST_HOOK } };
const withBooked = (world: World): void => {
  world.appointments.push(booked);
};

const withGone = (world: World): void => {
  world.past.slots.push({ state: 'gone', row: { id: uuid(77), version: 2, updatedMs: NOW } });
};

/** At least one case for every outcome of the table. */
export const CASES: Readonly<Record<OutcomeName, Readonly<Record<string, Case>>>> = {
  'malformed-json': {
    'half an object': { ...POST, init: { body: '{"resourceType":"Appo' }, at: null },
    'an empty body': { ...POST, init: { body: '' }, at: null },
  },
  'wrong-resource': {
    'another type': { ...POST, init: { body: { resourceType: 'Slot' } }, at: 'Appointment.resourceType' },
    'a list': { ...POST, init: { body: [] }, at: 'Appointment' },
  },
  'invalid-parameter': {
    'a date that is none': { path: '/fhir/Slot?start=ge2026-02-30', at: 'http.start' },
    'a prefix that is none': { path: '/fhir/Slot?start=xx2026', at: 'http.start' },
    'too many dates': { path: `/fhir/Slot?start=${'2026,'.repeat(60)}2026`, at: 'http.start' },
    'a chain to nothing': { path: '/fhir/Slot?schedule.colour=red', at: 'http.schedule.colour' },
    'a chain through what is no reference': { path: '/fhir/Slot?status.x=1', at: 'http.status' },
    'an endless chain': {
      path: '/fhir/Slot?schedule.actor.a.b.c.d.e=1',
      at: 'http.schedule.actor.a.b.c.d.e',
    },
    'a place that is none': { path: '/fhir/Location?near=91|0', at: 'http.near' },
    'a health insurance number in an address': {
      path: '/fhir/Patient?identifier=FICA01010113',
      at: 'http.identifier',
    },
    'a type that is no actor': { path: '/fhir/Slot?schedule:Patient=x', at: 'http.schedule' },
    'a status that R4 does not have': { path: '/fhir/Slot?status=open', at: 'http.status' },
    'a reference to another type': { path: '/fhir/Slot?schedule=Location/x', at: 'http.schedule' },
    'no value': { path: '/fhir/Slot?schedule=', at: 'http.schedule' },
    'a stream of nothing': { path: '/api/events', at: 'http.criteria' },
    'a stream of another type': { path: '/api/events?criteria=Patient', at: 'http.criteria' },
    'a stream of what no search takes': {
      path: '/api/events?criteria=Slot%3Fstart%3Dx',
      at: 'http.criteria',
    },
    'a count below zero': { path: '/fhir/Slot?_count=-1', at: 'http._count' },
    'another order': { path: '/fhir/Slot?_sort=end', at: 'http._sort' },
    'a history since a date that is none': {
      path: '/fhir/Slot/_history?_since=2026-02-30',
      at: 'http._since',
    },
    'a history with a prefix': { path: `/fhir/Slot/${uuid(1)}/_history?_at=ge2026`, at: 'http._at' },
    'a history of a count that is none': { path: '/fhir/Slot/_history?_count=many', at: 'http._count' },
    'another summary': { path: '/fhir/Slot?_summary=some', at: 'http._summary' },
    'a modifier': { path: '/fhir/Slot?status:text=busy', at: 'http.status' },
    'in a form': {
      method: 'POST',
      path: '/fhir/Slot/_search',
      init: { body: 'start=tomorrow', headers: { 'content-type': FORM } },
      at: 'http.start',
    },
  },
  'unknown-parameter': {
    'under strict handling': {
      path: '/fhir/Slot?speciality=x',
      init: { headers: { prefer: 'return=minimal, handling=strict' } },
      at: 'http.speciality',
    },
    'of a history, under strict handling': {
      path: '/fhir/Slot/_history?_at=2026',
      init: { headers: { prefer: 'handling=strict' } },
      at: 'http._at',
    },
  },
  'invalid-cursor': {
    'not ours': { path: '/fhir/Slot?_after=abc', at: 'http._after' },
    'of another type': {
      path: `/fhir/Slot?_after=${Buffer.from('1|x').toString('base64url')}`,
      at: 'http._after',
    },
    'tampered with': { path: '/fhir/Slot?_after=MTc5fHg_', at: 'http._after' },
    'of a history, not ours': { path: '/fhir/Slot/_history?_after=abc', at: 'http._after' },
    'of a history of other ids': {
      path: `/fhir/Slot/_history?_after=${Buffer.from('1|1|tremblay').toString('base64url')}`,
      at: 'http._after',
    },
    'of a history, of a version that is too much': {
      path: `/fhir/Slot/_history?_after=${Buffer.from(`1|${'9'.repeat(10)}|${uuid(1)}`).toString('base64url')}`,
      at: 'http._after',
    },
  },
  'bad-request': {
    'a body that cannot be unpacked': {
      ...POST,
      init: { body: good, headers: { 'content-encoding': 'gzip' } },
      at: 'http.Content-Encoding',
    },
    'an If-Match that is none': {
      ...PUT,
      init: { ...PUT.init, headers: { 'if-match': 'yesterday' } },
      arrange: withBooked,
      at: 'http.If-Match',
    },
    'an If-None-Exist that is another search': {
      ...POST,
      init: { body: good, headers: { 'if-none-exist': 'status=booked' } },
      at: 'http.If-None-Exist',
    },
    'an If-None-Exist of a type without': {
      ...SUBSCRIBE,
      init: { ...SUBSCRIBE.init, headers: { 'if-none-exist': CRITERION } },
      at: 'http.If-None-Exist',
    },
    'a patch that is none': {
      ...PATCH,
      init: { ...PATCH.init, body: [{ op: 'test', path: 'status', value: 1 }] },
      arrange: withBooked,
      at: 'patch[0].path',
    },
    'an id that is not the address’s': {
      ...PUT,
      path: `/fhir/Appointment/${uuid(3)}`,
      at: 'Appointment.id',
    },
  },
  forbidden: {
    'another type': {
      path: '/fhir/Appointment',
      init: { headers: { authorization: `Bearer ${SLOTS_TOKEN}` } },
      at: 'http.Authorization',
      headers: {
        'www-authenticate':
          'Bearer realm="passerelle", error="insufficient_scope", scope="system/Appointment.s"',
      },
    },
    'a duty': {
      path: '/api/status',
      init: { headers: { authorization: `Bearer ${SLOTS_TOKEN}` } },
      at: 'http.Authorization',
      headers: {
        'www-authenticate':
          'Bearer realm="passerelle", error="insufficient_scope", scope="passerelle/status"',
      },
    },
  },
  unauthenticated: {
    'no token': {
      path: '/fhir/Slot',
      init: { headers: { authorization: '' } },
      at: 'http.Authorization',
      headers: { 'www-authenticate': 'Bearer realm="passerelle"' },
    },
    'a wrong token': {
      path: '/fhir/Slot',
      init: { headers: { authorization: 'Bearer wrong' } },
      at: 'http.Authorization',
      headers: { 'www-authenticate': 'Bearer realm="passerelle", error="invalid_token"' },
    },
    'another scheme': {
      path: '/fhir/Slot',
      init: { headers: { authorization: 'Basic eDp5' } },
      at: 'http.Authorization',
    },
  },
  'unknown-type': {
    'a type of R4': { path: '/fhir/Encounter', at: null },
    'no type': { path: '/fhir', at: null },
    'the history of the server': { path: '/fhir/_history', at: null },
  },
  'not-found': {
    'a slot': { path: `/fhir/Slot/${uuid(999)}`, at: null },
    'a slot whose id is no UUID': { path: '/fhir/Slot/nothing', at: null },
    'an appointment': { path: `/fhir/Appointment/${uuid(999)}`, at: null },
    'a location': { path: '/fhir/Location/nowhere', at: null },
    'an id that cannot be one': { path: '/fhir/Slot/%20', at: null },
    'a version that there never was': { path: `/fhir/Slot/${uuid(1)}/_history/2`, at: null },
    'a version that is no number': { path: `/fhir/Slot/${uuid(1)}/_history/first`, at: null },
    'a version that is too much': { path: `/fhir/Slot/${uuid(1)}/_history/${'9'.repeat(12)}`, at: null },
    'a version of nothing': { path: `/fhir/Slot/${uuid(999)}/_history/1`, at: null },
    'a version of an id that is no UUID': { path: '/fhir/Appointment/nothing/_history/1', at: null },
    'something below a version': { path: `/fhir/Slot/${uuid(1)}/_history/1/x`, at: null },
    'the history of nothing': { path: `/fhir/Slot/${uuid(999)}/_history`, at: null },
    'the history of an id that is no UUID': { path: '/fhir/Slot/nothing/_history', at: null },
    'the history of a location': { path: '/fhir/Location/nowhere/_history', at: null },
    'a schedule to write': { ...WRITE_SCHEDULE, path: '/fhir/Schedule/nobody', at: null },
    'an appointment to cancel': { ...PUT, at: null },
    'an appointment to patch': { ...PATCH, at: null },
    'an appointment that is gone meanwhile': {
      ...PUT,
      arrange: (world) => {
        withBooked(world);
        world.cancelOutcome = { outcome: 'unknown-appointment' };
      },
      at: null,
    },
    'an operation': { method: 'POST', path: '/fhir/$export', at: null },
    'another address': { path: '/nothing', at: null },
  },
  'not-allowed': {
    'to delete': {
      method: 'DELETE',
      path: `/fhir/Appointment/${uuid(1)}`,
      at: null,
      headers: { allow: 'GET, PUT, PATCH' },
    },
    'to create a schedule': {
      method: 'POST',
      path: '/fhir/Schedule',
      init: { body: {} },
      at: null,
      headers: { allow: 'GET' },
    },
    'to delete a schedule': {
      method: 'DELETE',
      path: '/fhir/Schedule/agenda-gagnon',
      at: null,
      headers: { allow: 'GET, PUT, PATCH' },
    },
    'to write a history': {
      method: 'POST',
      path: '/fhir/Slot/_history',
      init: { body: {} },
      at: null,
      headers: { allow: 'GET' },
    },
    'to get a form': { path: '/fhir/Slot/_search', at: null, headers: { allow: 'POST' } },
    'to write the statement': { method: 'POST', path: '/fhir/metadata', at: null, headers: { allow: 'GET' } },
  },
  'not-acceptable': {
    'XML by header': {
      path: '/fhir/Slot',
      init: { headers: { accept: 'application/fhir+xml' } },
      at: 'http.Accept',
    },
    'XML by parameter': { path: '/fhir/Slot?_format=xml', at: 'http._format' },
    'another version of FHIR': {
      path: '/fhir/Slot',
      init: { headers: { accept: 'application/fhir+json; fhirVersion=5.0' } },
      at: 'http.Accept',
    },
  },
  'slot-taken': {
    'a slot that is busy': {
      ...POST,
      init: { body: good },
      arrange: (world) => {
        world.slots = world.slots.map((row) => ({ ...row, status: 'busy' }));
      },
      at: 'Appointment.slot',
    },
    'a new time that the platform has no more': {
      ...MOVE,
      arrange: (world) => {
        withBooked(world);
        world.moveOutcome = { outcome: 'refused', reason: said('taken there') };
      },
      at: 'Appointment.slot',
    },
  },
  'patch-conflict': {
    'a test that fails': { ...PATCH, arrange: withBooked, at: 'patch[0]' },
  },
  'not-held': {
    'an appointment that was not proposed': {
      method: 'POST',
      path: '/fhir/Appointment/$hold',
      init: {
        body: {
          resourceType: 'Parameters',
          parameter: [{ name: 'appointment-reference', valueReference: { reference: 'Appointment/x' } }],
        },
      },
      at: "Parameters.parameter.where(name='appointment-reference').value",
    },
  },
  'slot-not-released': {
    'a slot whose time has not come': {
      ...POST,
      init: { body: good },
      arrange: (world) => {
        world.bookOutcome = { outcome: 'not-released', from: instant(booked.startMs - HOUR) };
      },
      at: 'Appointment.slot',
    },
  },
  'slot-not-offered': {
    'a slot whose schedule is not on offer': {
      ...POST,
      init: { body: good },
      arrange: (world) => {
        world.bookOutcome = { outcome: 'not-offered' };
      },
      at: 'Appointment.slot',
    },
  },
  'slot-duplicate': {
    'the same time twice': {
      ...OFFER,
      arrange: offeringRefused({ refusal: 'duplicate', slotId: uuid(2) }),
      at: 'Slot.start',
    },
  },
  'status-contradicted': {
    'free, where somebody is booked': {
      ...OFFER,
      arrange: offeringRefused({ refusal: 'status', status: 'busy' }),
      at: 'Slot.status',
    },
  },
  'slot-not-editable': {
    'a slot of a platform': {
      ...OFFER,
      arrange: offeringRefused({ refusal: 'elsewhere', reason: said('read from there') }),
      at: 'Slot.schedule',
    },
  },
  gone: {
    'a slot that was withdrawn': { path: `/fhir/Slot/${uuid(77)}`, arrange: withGone, at: null },
    'the version with which it was': {
      path: `/fhir/Slot/${uuid(77)}/_history/2`,
      arrange: withGone,
      at: null,
    },
    'a location that is configured no more': {
      path: '/fhir/Location/old',
      arrange: (world) => {
        const gone = { type: 'Location', id: 'old', version: 2, updatedMs: NOW, document: null };
        world.past.resources.push(gone);
      },
      at: null,
    },
  },
  'version-mismatch': {
    'an If-None-Match of what is there': {
      ...PUT,
      init: { ...PUT.init, headers: { 'if-none-match': '*' } },
      arrange: withBooked,
      at: 'http.If-None-Match',
    },
    'an older version of a schedule': {
      ...WRITE_SCHEDULE,
      init: {
        body: { resourceType: 'Schedule', id: 'agenda-gagnon' },
        headers: { 'if-match': 'W/"7"' },
      },
      at: 'Schedule.meta.versionId',
    },
    'an older version': {
      ...PUT,
      init: { ...PUT.init, headers: { 'if-match': 'W/"7"' } },
      arrange: withBooked,
      at: 'Appointment.meta.versionId',
    },
  },
  'version-required': {
    'a change of the configuration that nobody has read': {
      ...CONFIGURE,
      init: { body: {} },
      at: 'http.If-Match',
    },
  },
  'configuration-not-editable': {
    'a file that is read-only': {
      ...CONFIGURE,
      init: { body: {}, headers: { 'if-match': `"${'0'.repeat(64)}"` } },
      at: null,
    },
  },
  'several-matches': {
    'two appointments of one identifier': {
      ...POST,
      init: { body: { ...good, identifier: [NUMBERED] }, headers: { 'if-none-exist': CRITERION } },
      arrange: (world) => {
        const identifiers = [NUMBERED];
        world.appointments.push(
          { ...booked, identifiers },
          { ...appointmentRow(901, slotRow(2), null), identifiers },
        );
      },
      at: 'http.If-None-Exist',
    },
  },
  'too-large': {
    'a body over 256 kB': {
      ...POST,
      init: { body: { ...good, comment: 'x'.repeat(300 * 1024) } },
      at: null,
    },
    'a delivery over 1 MB': {
      method: 'POST',
      path: '/webhooks/vendor',
      init: { body: 'x'.repeat(1024 * 1024 + 1) },
      at: null,
    },
  },
  'wrong-media-type': {
    XML: {
      ...POST,
      init: { body: '<Appointment/>', headers: { 'content-type': 'application/fhir+xml' } },
      at: 'http.Content-Type',
    },
    'a form that is JSON': {
      method: 'POST',
      path: '/fhir/Slot/_search',
      init: { body: {} },
      at: 'http.Content-Type',
    },
    'a patch that is a resource': {
      ...PATCH,
      init: { body: { resourceType: 'Parameters' } },
      at: 'http.Content-Type',
      headers: { 'accept-patch': 'application/json-patch+json' },
    },
    'a compressed body': {
      ...POST,
      init: { body: good, headers: { 'content-encoding': 'br' } },
      at: 'http.Content-Encoding',
    },
  },
  'invalid-resource': {
    'a status that is none': {
      ...POST,
      init: { body: { ...good, status: 'taken' } },
      at: 'Appointment.status',
    },
    'a status that is not for new ones': {
      ...POST,
      init: { body: { ...good, status: 'fulfilled' } },
      at: 'Appointment.status',
    },
    'a health insurance number in place of an identifier': {
      ...POST,
      init: { body: { ...good, identifier: [{ system: SYSTEM.nam, value: 'FICA01010113' }] } },
      at: 'Appointment.identifier[0]',
    },
    'an If-None-Exist that it would not meet itself': {
      ...POST,
      init: { body: good, headers: { 'if-none-exist': CRITERION } },
      at: 'Appointment.identifier',
    },
    'no slot': { ...POST, init: { body: { ...good, slot: undefined } }, at: 'Appointment.slot' },
  },
  'unknown-slot': {
    'no such slot': { ...POST, init: { body: bookingOf(uuid(999)) }, at: 'Appointment.slot' },
  },
  'slot-differs': {
    'at another time': {
      ...POST,
      init: { body: { ...good, start: '2026-11-24T09:05:00-05:00' } },
      at: 'Appointment.start',
    },
  },
  'not-bookable': {
    'a platform without booking': {
      ...POST,
      init: { body: good },
      arrange: (world) => {
        world.bookOutcome = { outcome: 'not-bookable', reason: said('book it on their page') };
      },
      at: 'Appointment.slot',
    },
  },
  'conflict-settled': {
    'one that ended by itself': {
      ...RESOLVE,
      arrange: (world) => {
        world.conflicts.push({ ...CONFLICT, endedAt: NOW });
      },
      at: null,
    },
  },
  'task-not-so': {
    'one that ended': {
      method: 'POST',
      path: `/api/tasks/${uuid(5)}/done`,
      arrange: (world) => {
        world.taskOutcome = { outcome: 'refused', task: fakeTask(5), reason: said('it was done') };
      },
      at: null,
    },
  },
  'list-not-taken': {
    'a line that cannot be read': {
      ...LIST,
      arrange: (world) => {
        world.listOutcome = { outcome: 'wrong-lines', wrong: [{ line: 3, reason: said('no time') }] };
      },
      at: 'text',
    },
    'a platform that is read': {
      ...LIST,
      arrange: (world) => {
        world.listOutcome = { outcome: 'refused', reason: said('it is read') };
      },
      at: null,
    },
  },
  'not-cancellable': {
    'a booking in conflict': {
      ...RESOLVE,
      arrange: (world) => {
        world.resolveOutcome = { outcome: 'not-cancellable', reason: said('phone them') };
      },
      at: null,
    },
    'a platform without cancelling': {
      ...PUT,
      arrange: (world) => {
        withBooked(world);
        world.cancelOutcome = { outcome: 'not-cancellable', reason: said('phone them') };
      },
      at: 'Appointment.status',
    },
  },
  'too-late-to-cancel': {
    'an appointment that is near': {
      ...PUT,
      arrange: (world) => {
        withBooked(world);
        world.cancelOutcome = { outcome: 'too-late', until: instant(booked.startMs - HOUR) };
      },
      at: 'Appointment.status',
    },
  },
  'too-late-to-move': {
    'an appointment that is near': {
      ...MOVE,
      arrange: (world) => {
        withBooked(world);
        world.moveOutcome = { outcome: 'too-late', until: instant(booked.startMs - HOUR) };
      },
      at: 'Appointment.start',
    },
  },
  'not-movable': {
    'a platform that moves nothing': {
      ...MOVE,
      arrange: (world) => {
        withBooked(world);
        world.moveOutcome = { outcome: 'not-movable', reason: said('book it there') };
      },
      at: 'Appointment.slot',
    },
    'a booking in conflict of a patient whom we do not know': {
      ...RESOLVE,
      arrange: (world) => {
        world.resolveOutcome = { outcome: 'not-movable', reason: said('book it there') };
      },
      at: null,
    },
  },
  'change-not-offered': {
    'what a schedule has from the configuration': { ...WRITE_SCHEDULE, at: 'Schedule.serviceType' },
    'a schedule in a transaction': {
      method: 'POST',
      path: '/fhir',
      init: {
        body: {
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [
            {
              request: { method: 'PUT', url: 'Schedule/agenda-gagnon' },
              resource: WRITE_SCHEDULE.init.body,
            },
          ],
        },
      },
      at: 'Bundle.entry[0].request.url',
    },
    'another status': {
      ...PUT,
      init: { body: { ...cancelled, status: 'fulfilled' } },
      arrange: withBooked,
      at: 'Appointment.status',
    },
  },
  'too-many-subscriptions': {
    'one more than there may be': {
      ...SUBSCRIBE,
      arrange: (world) => {
        world.subscriptions = [1, 2, 3].map((n) => subscriptionOf(n));
      },
      at: null,
    },
  },
  'too-many-requests': {
    'one more than a client may make': {
      path: '/fhir/Slot',
      arrange: (world) => {
        world.isThrottled = true;
      },
      at: null,
      headers: { 'retry-after': '42' },
    },
    'one more elsewhere': {
      path: '/api/status',
      arrange: (world) => {
        world.isThrottled = true;
      },
      at: null,
      headers: { 'retry-after': '42', ratelimit: '"client";r=0;t=42' },
    },
  },
  'too-many-streams': {
    'one more than the server bears': {
      path: '/api/events?criteria=Slot',
      arrange: (world) => {
        world.mayStream = false;
      },
      at: null,
      headers: { 'retry-after': '30' },
    },
  },
  failed: {
    'a store that fails': {
      path: '/fhir/Slot',
      arrange: (world) => {
        world.failure = new Error('duplicate key value: (SECRET PATIENT)');
      },
      at: null,
    },
    'a status that cannot be told': {
      path: '/api/status',
      arrange: (world) => {
        world.failure = new Error('duplicate key value: (SECRET PATIENT)');
      },
      at: null,
    },
  },
  'not-audited': {
    'a change that could not be recorded': {
      ...PUT,
      init: { body: cancelled },
      arrange: (world) => {
        withBooked(world);
        world.auditFailure = new Error('disk full: (SECRET PATIENT)');
      },
      at: null,
      headers: { 'retry-after': '30' },
    },
  },
  'no-sheet': {
    'a database that never answered': {
      path: '/api/contingency',
      arrange: (world) => {
        world.sheet = null;
      },
      at: null,
      headers: { 'retry-after': '30' },
    },
  },
  unavailable: {
    'a platform that is down': {
      ...POST,
      init: { body: good },
      arrange: (world) => {
        world.bookOutcome = { outcome: 'unavailable', reason: said('the platform does not answer') };
      },
      at: 'Appointment.slot',
      headers: { 'retry-after': '30' },
    },
  },
};
