import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import { isHold, type Reservation } from '../../../src/adapter/simulator/records.ts';
import { createRouter, type SimReply, type SimRequest } from '../../../src/adapter/simulator/router.ts';
import { toLocal, toOffset } from '../../../src/adapter/zone.ts';
import { formatInstant, parseInstant } from '../../../src/domain/instant.ts';
import { ESTABLISHMENT, PASSWORD, SERVICES, SLOT_MINUTES, TOKEN, USERNAME } from './establishment.ts';

/**
 * Its reading interface as public code has it, and appointments as its FHIR guide has them, with what is known to be odd:
 * UTC whatever zone was asked for, 404 for a day on which nothing is free, ids that variants of a service repeat, and no
 * place in an Appointment.
 */

const NOT_FOUND: SimReply = { status: 404, body: { status: 404 } };
const PAGE_ROWS = 50;
const EXTENSIONS = 'https://clicsante.example/StructureDefinition';

export function createApi(): (agenda: Agenda<null>, request: SimRequest) => SimReply {
  return (agenda, request) => {
    const { authorization } = request.headers;
    const basic = `Basic ${Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64')}`;
    const wanted = request.path.startsWith('/fhir/') ? `Bearer ${TOKEN}` : basic;
    return authorization === wanted ? routerOf(agenda)(request) : { status: 401 };
  };
}

const routerOf = (agenda: Agenda<null>) =>
  createRouter({
    'GET /v3/establishments/:e/services': (_, [establishment]) =>
      establishment === ESTABLISHMENT ? { status: 200, body: SERVICES.map(serviceOf) } : NOT_FOUND,
    'GET /v3/establishments/:e/schedules/public': ({ query }, [establishment]) => {
      if (establishment !== ESTABLISHMENT || !isService(query)) return NOT_FOUND;
      const free = freeTimes(agenda, query);
      return {
        status: 200,
        body: { availabilities: [...new Set(free.map(({ day }) => day))].sort(), daysComplete: [] },
      };
    },
    'GET /v3/establishments/:e/schedules/day': ({ query }, [establishment]) => {
      if (establishment !== ESTABLISHMENT || !isService(query)) return NOT_FOUND;
      const free = freeTimes(agenda, query);
      return free.length === 0
        ? NOT_FOUND
        : { status: 200, body: { availabilities: free.map(({ day: _, ...shown }) => shown) } };
    },
    'GET /fhir/Appointment': ({ query }) => appointments(agenda, query),
  });

const serviceOf = (id: string) => ({
  id: Number(id),
  name_fr: 'Service fictif',
  name_en: 'Made-up service',
  length: SLOT_MINUTES,
  service_template: { name: 'made-up' },
});

const isService = (query: URLSearchParams): boolean =>
  SERVICES.some((service) => service === query.get('service'));

/** Of the days from `dateStart` to `dateStop`, both included, by the zone that was asked for; told in UTC all the same. */
function freeTimes(agenda: Agenda<null>, query: URLSearchParams) {
  const place = query.get('places') ?? '';
  const zone = query.get('timezone') ?? agenda.zone;
  const [from, to] = [query.get('dateStart') ?? '', query.get('dateStop') ?? ''];
  if (!agenda.calendars.some(({ id }) => id === place)) return [];
  return agenda
    .slots(place)
    .filter((slot) => agenda.stateOf(slot) === 'free')
    .map((slot) => ({
      id: Number(slot.id),
      start: formatInstant(slot.interval.start).replace('.000Z', '+00:00'),
      place: Number(place),
      day: toLocal(slot.interval.start, zone).slice(0, 10),
    }))
    .filter(({ day }) => from <= day && day <= to);
}

/** Of the first place, whose token it is: nothing in them says which. */
function appointments(agenda: Agenda<null>, query: URLSearchParams): SimReply {
  const bounds = query
    .getAll('date')
    .map((text) => ({ is: text.slice(0, 2), at: parseInstant(text.slice(2)) }));
  const [first] = agenda.calendars;
  const found = (first ? agenda.busy(first.id) : []).filter(
    (each): each is Reservation =>
      each.kind === 'reservation' &&
      bounds.every(({ is, at }) => (is === 'ge' ? each.interval.start >= at : each.interval.start < at)),
  );
  const from = Number(query.get('page') ?? 0) * PAGE_ROWS;
  const next = new URLSearchParams(query);
  next.set('page', String(from / PAGE_ROWS + 1));
  const isLast = from + PAGE_ROWS >= found.length;
  return {
    status: 200,
    body: {
      resourceType: 'Bundle',
      type: 'searchset',
      total: found.length,
      link: isLast ? [] : [{ relation: 'next', url: `Appointment?${next}` }],
      entry: found
        .slice(from, from + PAGE_ROWS)
        .map((each) => ({ resource: appointmentOf(each, agenda.zone) })),
    },
  };
}

const appointmentOf = (reservation: Reservation, zone: string) => ({
  resourceType: 'Appointment',
  id: reservation.id,
  meta: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: zone }] },
  language: 'fr-CA',
  contained: [{ resourceType: 'Patient', id: 'p', name: [{ family: 'Exemple-Fictive', given: ['Rose'] }] }],
  extension: [{ url: `${EXTENSIONS}/appointment-availability-state`, valueCode: 'active' }],
  status: isHold(reservation) ? 'PENDING' : 'TAKEN',
  created: toOffset(reservation.changedAt, zone),
  start: toOffset(reservation.interval.start, zone),
  end: toOffset(reservation.interval.end, zone),
  participant: [{ actor: { reference: '#p', display: 'Rose Exemple-Fictive' }, status: 'undefined' }],
});
