import { z } from 'zod';
import { issuesOf } from '../../../src/adapter/http.ts';
import type { Block, Reservation } from '../../../src/adapter/simulator/records.ts';
import type { Routes, SimReply, SimRequest } from '../../../src/adapter/simulator/router.ts';
import { MINUTE } from '../../../src/domain/instant.ts';
import { localOf, problem, providersOf, SERVICES, timeOf, type World } from './office.ts';

/** The lists of the simulated API, and what is written to them. */

const DEFAULT_LENGTH = 20;
const EVENT_MINIMUM_MILLISECONDS = 5 * MINUTE;
/** Whoever books on the site itself. */
const SITE_CUSTOMER = 900_000;

type Row = Record<string, unknown>;

export function lists(world: World): Routes {
  const { agenda, office } = world;
  const busy = () => agenda.calendars.flatMap(({ id }) => agenda.busy(id));
  const rows: Record<string, () => Row[]> = {
    appointments: () =>
      busy().flatMap((each) => (each.kind === 'reservation' ? [appointmentOf(world, each)] : [])),
    unavailabilities: () =>
      busy().flatMap((each) => (each.kind === 'block' ? [unavailabilityOf(world, each)] : [])),
    blocked_periods: () => office.blockedPeriods.map((each) => ({ ...each })),
    providers: () => providersOf(world),
    services: () => SERVICES.map((each) => ({ ...each })),
    customers: () => office.customers.map((each) => ({ ...each })),
  };
  return Object.fromEntries(
    Object.entries(rows).flatMap(
      ([name, all]): [string, (request: SimRequest, ids: readonly string[]) => SimReply][] => [
        [
          `GET /api/v1/${name}`,
          ({ query }) => ({ status: 200, body: page(filtered(name, all(), query), query) }),
        ],
        [
          `GET /api/v1/${name}/:id`,
          (_, [id]) => {
            const found = all().find((row) => String(row['id']) === id);
            return found ? { status: 200, body: found } : { status: 404 };
          },
        ],
      ],
    ),
  );
}

/** Only appointments can be narrowed by provider and date; all can be searched. */
function filtered(name: string, rows: Row[], query: URLSearchParams): Row[] {
  const keyword = query.get('q')?.toLowerCase();
  if (keyword)
    return rows.filter((row) => SEARCHED.some((field) => text(row[field]).toLowerCase().includes(keyword)));
  if (name !== 'appointments') return rows;
  const [provider, from, till] = [query.get('providerId'), query.get('from'), query.get('till')];
  return rows.filter(
    (row) =>
      (provider === null || text(row['providerId']) === provider) &&
      (from === null || text(row['start']).slice(0, 10) >= from) &&
      (till === null || text(row['end']).slice(0, 10) <= till),
  );
}

const SEARCHED = [
  'start',
  'end',
  'location',
  'notes',
  'hash',
  'name',
  'firstName',
  'lastName',
  'email',
  'phone',
];
const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

function page(rows: Row[], query: URLSearchParams): Row[] {
  const length = Number(query.get('length') ?? DEFAULT_LENGTH);
  const offset = (Number(query.get('page') ?? 1) - 1) * length;
  const sort = query.get('sort');
  const fields = query.get('fields')?.split(',');
  const sorted = sort ? [...rows].sort(by(sort)) : rows;
  const shown = sorted.slice(offset, offset + length);
  if (!fields) return shown;
  return shown.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name))),
  );
}

function by(sort: string): (a: Row, b: Row) => number {
  const field = sort.replace(/^[+-]/, '');
  const sign = sort.startsWith('-') ? -1 : 1;
  return (a, b) => sign * text(a[field]).localeCompare(text(b[field]), 'en', { numeric: true });
}

export function appointmentOf(
  { agenda, office }: World,
  { id, interval, reference, calendar }: Reservation,
): Row {
  const visit = office.visits.get(id) ?? { serviceId: SERVICES[0].id, customerId: SITE_CUSTOMER };
  return {
    ...timed(agenda.zone, interval),
    id: Number(id),
    ...visit,
    notes: reference,
    providerId: Number(calendar),
    status: '',
  };
}

export const unavailabilityOf = ({ agenda }: World, { id, interval, reference, calendar }: Block): Row => ({
  ...timed(agenda.zone, interval),
  id: Number(id),
  notes: reference,
  providerId: Number(calendar),
  googleCalendarId: null,
});

const timed = (zone: string, { start, end }: Block['interval']): Row => ({
  start: localOf(start, zone),
  end: localOf(end, zone),
  location: null,
});

const LocalTime = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
const Wanted = z.object({
  start: LocalTime,
  end: LocalTime,
  providerId: z.number().int(),
  notes: z.string().nullable().optional(),
});
const Visit = Wanted.extend({ serviceId: z.number().int(), customerId: z.number().int() });
const Person = z.object({
  firstName: z.string().min(1),
  lastName: z.string().min(1),
  email: z.email(),
  phone: z.string().min(1),
});

/** A body that does not fit is answered as every other error. */
function using<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  use: (value: z.output<Schema>) => SimReply,
): SimReply {
  const parsed = schema.safeParse(body);
  return parsed.success
    ? use(parsed.data)
    : problem(`Not all required fields are provided: ${issuesOf(parsed.error)}`);
}

export function changes(world: World): Routes {
  return {
    ...appointments(world),
    ...unavailabilities(world),
    ...blockedPeriods(world),
    ...customers(world),
  };
}

function appointments(world: World): Routes {
  const { agenda, office } = world;
  const find = (id = '') => agenda.find('reservation', id);
  return {
    'POST /api/v1/appointments': ({ body }) =>
      using(Visit, body, ({ providerId, serviceId, customerId, notes = null, ...span }) => {
        if (!knows(world, providerId))
          return problem('The appointment provider ID was not found in the database.');
        if (!office.customers.some(({ id }) => id === customerId))
          return problem('The appointment customer ID was not found in the database.');
        if (!SERVICES.some(({ id }) => id === serviceId))
          return problem('Appointment service id is invalid.');
        const interval = lasting(timeOf(span, agenda.zone));
        const calendar = String(providerId);
        const made = agenda.take({ calendar, interval, reference: notes, slotId: null, expiresAt: null });
        office.visits.set(made.id, { serviceId, customerId });
        return { status: 201, body: appointmentOf(world, made) };
      }),
    'PUT /api/v1/appointments/:id': ({ body }, [id]) =>
      using(Visit.partial(), body, ({ start, end, notes }) => {
        const standing = find(id);
        if (!standing) return { status: 404 };
        const now = timed(agenda.zone, standing.interval);
        const span = { start: start ?? String(now['start']), end: end ?? String(now['end']) };
        const interval = lasting(timeOf(span, agenda.zone));
        const reference = notes === undefined ? standing.reference : notes;
        return { status: 200, body: appointmentOf(world, agenda.change(standing, { interval, reference })) };
      }),
    'DELETE /api/v1/appointments/:id': (_, [id]) => {
      const standing = find(id);
      if (!standing) return { status: 404 };
      agenda.remove(standing);
      return { status: 204 };
    },
  };
}

function unavailabilities(world: World): Routes {
  const { agenda } = world;
  return {
    'POST /api/v1/unavailabilities': ({ body }) =>
      using(Wanted, body, ({ providerId, notes = null, ...span }) => {
        if (!knows(world, providerId))
          return problem('The unavailability provider ID was not found in the database.');
        const made = agenda.block(String(providerId), lasting(timeOf(span, agenda.zone)), notes);
        return { status: 201, body: unavailabilityOf(world, made) };
      }),
    'PUT /api/v1/unavailabilities/:id': ({ body }, [id = '']) =>
      using(Wanted.partial(), body, ({ start, end, notes }) => {
        const standing = agenda.find('block', id);
        if (!standing) return { status: 404 };
        const now = timed(agenda.zone, standing.interval);
        const span = { start: start ?? String(now['start']), end: end ?? String(now['end']) };
        const interval = lasting(timeOf(span, agenda.zone));
        const reference = notes === undefined ? standing.reference : notes;
        return {
          status: 200,
          body: unavailabilityOf(world, agenda.change(standing, { interval, reference })),
        };
      }),
    'DELETE /api/v1/unavailabilities/:id': (_, [id = '']) => {
      const standing = agenda.find('block', id);
      if (!standing) return { status: 404 };
      agenda.remove(standing);
      return { status: 204 };
    },
  };
}

function blockedPeriods({ office }: World): Routes {
  const Period = z.object({
    name: z.string().min(1),
    start: LocalTime,
    end: LocalTime,
    notes: z.string().nullable().default(null),
  });
  return {
    'POST /api/v1/blocked_periods': ({ body }) =>
      using(Period, body, (wanted) => {
        const made = { id: office.next(), ...wanted };
        office.blockedPeriods.push(made);
        return { status: 201, body: made };
      }),
  };
}

function customers({ office }: World): Routes {
  return {
    'POST /api/v1/customers': ({ body }) => {
      const isAsked = (field: string) => office.settings.get(`require_${field}`) === '1';
      const asked = Person.partial({
        ...(isAsked('email') ? {} : { email: true as const }),
        ...(isAsked('phone_number') ? {} : { phone: true as const }),
      });
      return using(asked, body, ({ firstName = '', lastName = '', email, phone = '' }) => {
        const isKnown = email !== undefined && office.customers.some((each) => each.email === email);
        if (isKnown)
          return problem('The provided email address is already in use, please use a different one.');
        const made = { id: office.next(), firstName, lastName, email: email ?? null, phone };
        office.customers.push(made);
        return { status: 201, body: made };
      });
    },
    'DELETE /api/v1/customers/:id': (_, [id]) => {
      const index = office.customers.findIndex((each) => String(each.id) === id);
      if (index < 0) return { status: 404 };
      office.customers.splice(index, 1);
      return { status: 204 };
    },
  };
}

const knows = ({ agenda }: World, provider: number): boolean =>
  agenda.calendars.some(({ id }) => id === String(provider));

function lasting(interval: Block['interval']): Block['interval'] {
  if (interval.end - interval.start < EVENT_MINIMUM_MILLISECONDS)
    throw new Error('The duration cannot be less than 5 minutes.');
  return interval;
}
