import { z } from 'zod';
import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import { personOf } from '../../../src/adapter/simulator/people.ts';
import {
  createRouter,
  type Routes,
  type SimReply,
  type SimRequest,
} from '../../../src/adapter/simulator/router.ts';
import { toLocal } from '../../../src/adapter/zone.ts';
import { type Instant, parseInstant } from '../../../src/domain/instant.ts';
import { type Interval, interval, overlaps } from '../../../src/domain/interval.ts';
import { Chart, type Entry, isUnavailability, type World } from './chart.ts';

/**
 * The REST interface of the appointments module on a simulated agenda, by its source. As there, nothing looks at what else
 * a provider has at a time, what is cancelled stays in every list, and a search knows a limit and no offset.
 */

export type Installation = {
  readonly user: { readonly username: string; readonly password: string };
  readonly world: World;
  readonly slotMinutes: number;
};

const BASE = '/openmrs/ws/rest/v1';
/** Of a search without an end. */
const ROWS_DEFAULT = 50;
const HOURS = [
  ['09:00:00', '12:00:00'],
  ['13:00:00', '16:00:00'],
] as const;
const WEEKDAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];
const STATUSES = [
  'Requested',
  'WaitList',
  'Scheduled',
  'Arrived',
  'CheckedIn',
  'Completed',
  'Cancelled',
  'Missed',
] as const;

const DateText = z.string().transform((text, context): Instant => {
  try {
    return parseInstant(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  } catch {
    context.addIssue({ code: 'custom', message: 'not a Date' });
    return z.NEVER;
  }
});
const Search = z.object({
  startDate: DateText,
  endDate: DateText.nullish(),
  providerUuid: z.string().nullish(),
  limit: z.int().default(0),
});
const Wanted = z.object({
  uuid: z.string().nullish(),
  patientUuid: z.string().min(1),
  serviceUuid: z.string().min(1),
  startDateTime: DateText,
  endDateTime: DateText,
  appointmentKind: z.enum(['Scheduled', 'WalkIn', 'Virtual']),
  status: z.enum(STATUSES).nullish(),
  comments: z.string().nullish(),
  providers: z.array(z.object({ uuid: z.string() })).min(1),
});
type Wanted = z.output<typeof Wanted>;
const Transition = z.object({ toStatus: z.enum(STATUSES) });

const ok = (body: unknown): SimReply => ({ status: 200, body });
const wrong = (status: number, message: string): SimReply => ({ status, body: { error: { message } } });

export function createApi<Offer>(
  installation: Installation,
): (agenda: Agenda<Offer>, request: SimRequest) => SimReply {
  const { username, password } = installation.user;
  const accepted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  // One installation for each agenda, which lives as long as its simulator.
  const installed = new WeakMap<Agenda<Offer>, (request: SimRequest) => SimReply>();
  return (agenda, request) => {
    const authenticated = request.headers['authorization'] === accepted;
    if (request.path === `${BASE}/session`) return ok({ authenticated });
    if (!authenticated) return wrong(401, 'User is not logged in');
    let route = installed.get(agenda);
    if (!route) {
      const chart = new Chart(agenda, installation.world);
      route = createRouter({ ...supply(chart, installation), ...reading(chart), ...writing(chart) });
      installed.set(agenda, route);
    }
    return route(request);
  };
}

function supply<Offer>({ agenda, world }: Chart<Offer>, { slotMinutes }: Installation): Routes {
  return {
    [`GET ${BASE}/appointmentService`]: ({ query }) =>
      query.get('uuid') === world.serviceUuid
        ? ok({
            ...{
              uuid: world.serviceUuid,
              name: 'Consultation',
              durationMins: slotMinutes,
              startTime: '',
              endTime: '',
            },
            weeklyAvailability: WEEKDAYS.flatMap((dayOfWeek) =>
              HOURS.map(([startTime, endTime]) => ({
                dayOfWeek,
                startTime,
                endTime,
                maxAppointmentsLimit: null,
              })),
            ),
          })
        : wrong(500, 'Appointment Service does not exist'),
    // One a page, so that there are several.
    [`GET ${BASE}/provider`]: ({ query }) => {
      const from = Number(query.get('startIndex') ?? 0);
      const results = agenda.calendars.slice(from, from + 1).map(({ id, actor }) => ({
        uuid: id,
        person: { display: `${personOf(actor).given} ${personOf(actor).family}` },
      }));
      const isLast = from + results.length >= agenda.calendars.length;
      return ok({ results, ...(isLast ? {} : { links: [{ rel: 'next', uri: 'made-up' }] }) });
    },
    [`GET ${BASE}/appointmentUnavailability`]: ({ query }) => {
      const [from, to] = [query.get('startDate') ?? '', query.get('endDate') ?? '9999'];
      const { zone } = agenda;
      const rows = agenda.calendars
        .flatMap(({ id }) => agenda.busy(id))
        .filter(isUnavailability)
        .map(({ id, calendar, interval: { start, end } }) => {
          const [first, last] = [toLocal(start, zone), toLocal(end, zone)];
          return {
            uuid: id,
            location: { uuid: world.locationUuid, name: 'Clinique fictive' },
            service: null,
            provider: { uuid: calendar, name: 'Docteur Fictif' },
            ...{ startDate: first.slice(0, 10), startTime: first.slice(11, 16) },
            ...{ endDate: last.slice(0, 10), endTime: last.slice(11, 16) },
            voided: false,
          };
        })
        .filter(({ startDate, endDate }) => endDate >= from && startDate <= to);
      return ok(rows);
    },
  };
}

function reading<Offer>(chart: Chart<Offer>): Routes {
  return {
    [`POST ${BASE}/appointments/search`]: ({ body }) => {
      const parsed = Search.safeParse(body);
      if (!parsed.success) return wrong(500, 'StartDate is not provided');
      const { startDate, endDate, providerUuid, limit } = parsed.data;
      const found = chart
        .entries()
        .filter(({ interval: { start } }) => start >= startDate && (!endDate || start <= endDate))
        .filter(({ calendar }) => !providerUuid || calendar === providerUuid);
      const rows = limit > 0 ? limit : endDate ? found.length : ROWS_DEFAULT;
      return ok(found.slice(0, rows).map((entry) => appointmentOf(entry, chart.world)));
    },
    [`POST ${BASE}/appointments/conflicts`]: ({ body }) => {
      const parsed = Wanted.safeParse(body);
      if (!parsed.success)
        return wrong(500, 'Runtime error while trying to get getConflicts for appointment');
      const kinds = conflictsOf(chart, parsed.data);
      // What it lists is the appointment that was asked about.
      return kinds.length === 0 ? { status: 204 } : ok(Object.fromEntries(kinds.map((kind) => [kind, [{}]])));
    },
    [`GET ${BASE}/appointments/:uuid`]: (_, [uuid = '']) => {
      const entry = chart.find(uuid);
      return entry ? ok(appointmentOf(entry, chart.world)) : { status: 404 };
    },
  };
}

function writing<Offer>(chart: Chart<Offer>): Routes {
  const { agenda, world } = chart;
  const create = (wanted: Wanted): SimReply => {
    const calendar = wanted.providers[0]?.uuid ?? '';
    if (!agenda.calendars.some(({ id }) => id === calendar))
      return wrong(400, 'Bad Request. No such provider.');
    if (wanted.serviceUuid !== world.serviceUuid)
      return wrong(400, 'Appointment cannot be created without Service');
    const details = { patientUuid: wanted.patientUuid, comments: wanted.comments ?? null };
    const entry = chart.add(calendar, timeOf(wanted), { ...details, status: wanted.status ?? 'Scheduled' });
    return ok(appointmentOf(entry, world));
  };
  return {
    [`POST ${BASE}/appointments`]: ({ body }) => {
      const parsed = Wanted.safeParse(body);
      return parsed.success ? create(parsed.data) : wrong(400, 'Invalid Submission');
    },
    [`POST ${BASE}/appointment`]: ({ body }) => {
      const parsed = Wanted.safeParse(body);
      if (!parsed.success) return wrong(400, 'Invalid Submission');
      const { uuid, comments } = parsed.data;
      if (!uuid) return create(parsed.data);
      const record = chart.record(uuid);
      return record
        ? ok(appointmentOf(chart.change(record, timeOf(parsed.data), comments ?? null), world))
        : wrong(400, 'Appointment does not exist');
    },
    [`POST ${BASE}/appointments/:uuid/status-change`]: ({ body }, [uuid = '']) => {
      const record = chart.record(uuid);
      const parsed = Transition.safeParse(body);
      if (!record || !parsed.success) return wrong(500, 'Appointment does not exist');
      return ok(appointmentOf(chart.setStatus(record, parsed.data.toStatus), world));
    },
  };
}

/** Of its service's hours, of what is closed, and of the patient; not of the provider's other appointments. */
function conflictsOf<Offer>(chart: Chart<Offer>, wanted: Wanted): readonly string[] {
  const { agenda } = chart;
  const time = timeOf(wanted);
  const [start, end] = [toLocal(time.start, agenda.zone), toLocal(time.end, agenda.zone)];
  const weekday = new Date(`${start.slice(0, 10)}T12:00:00Z`).getUTCDay();
  const isOpen =
    weekday >= 1 &&
    weekday <= 5 &&
    HOURS.some(([from, to]) => start.slice(11) >= from && end.slice(11) <= to);
  const isClosed = agenda
    .busy(wanted.providers[0]?.uuid ?? '')
    .some((record) => isUnavailability(record) && overlaps(record.interval, time));
  const isTwice = chart
    .entries()
    .some(
      (entry) =>
        entry.patientUuid === wanted.patientUuid &&
        entry.uuid !== wanted.uuid &&
        entry.status !== 'Cancelled' &&
        overlaps(entry.interval, time),
    );
  return [
    ...(isOpen ? [] : ['SERVICE_UNAVAILABLE']),
    ...(isClosed ? ['UNAVAILABILITY'] : []),
    ...(isTwice ? ['PATIENT_DOUBLE_BOOKING'] : []),
  ];
}

const timeOf = ({ startDateTime, endDateTime }: Wanted): Interval => interval(startDateTime, endDateTime);

/** Times as Jackson writes a Date. */
function appointmentOf(entry: Entry, { serviceUuid, locationUuid }: World) {
  return {
    uuid: entry.uuid,
    appointmentNumber: entry.uuid.slice(0, 8),
    dateCreated: entry.dateCreated,
    dateAppointmentScheduled: entry.dateCreated,
    patient: {
      uuid: entry.patientUuid,
      name: 'Patient Fictif',
      identifier: 'FICT00000000',
      gender: 'U',
      age: 40,
    },
    service: { uuid: serviceUuid, name: 'Consultation', durationMins: null },
    serviceType: null,
    location: { uuid: locationUuid, name: 'Clinique fictive' },
    startDateTime: entry.interval.start,
    endDateTime: entry.interval.end,
    appointmentKind: 'Scheduled',
    status: entry.status,
    comments: entry.comments,
    priority: null,
    providers: [{ uuid: entry.calendar, name: 'Docteur Fictif', response: 'ACCEPTED', comments: null }],
    reasons: [],
    recurring: false,
    voided: false,
    extensions: { patientEmailDefined: false },
    teleconsultationLink: null,
  };
}
