import { z } from 'zod';
import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import { personOf } from '../../../src/adapter/simulator/people.ts';
import type { Busy } from '../../../src/adapter/simulator/records.ts';
import {
  createRouter,
  type Routes,
  type SimReply,
  type SimRequest,
} from '../../../src/adapter/simulator/router.ts';
import { toLocal } from '../../../src/adapter/zone.ts';
import { MINUTE, plus } from '../../../src/domain/instant.ts';
import { interval } from '../../../src/domain/interval.ts';
import type { Credentials } from '../oauth.ts';
import { HalfDayTime } from '../wire.ts';
import { demographicOf, javaInstant, rowOf, STATUSES } from './records.ts';
import { createGuard } from './signed.ts';

/**
 * OSCAR's schedule service on a simulated agenda, by its source. As there, no overlap is refused, an appointment ends with
 * the last minute that it takes, the list of a day leaves out those of status C, and updateAppointment fails.
 */

export type Installation = {
  readonly credentials: Credentials;
  /** What OSCAR believes its address to be. */
  readonly origin: string;
  /** Web context, as /oscar. */
  readonly context: string;
  readonly placeholder: number;
};

type World<Offer> = {
  readonly agenda: Agenda<Offer>;
  readonly placeholder: number;
  readonly base: string;
  /** By appointment, where it is not the first one any more. */
  readonly statuses: Map<string, string>;
};

/** What Java throws comes as a page of the server. */
const ERROR: SimReply = { status: 500, body: 'HTTP Status 500 – Internal Server Error' };
const ok = (body: unknown): SimReply => ({ status: 200, body });

const NewAppointment = z.object({
  providerNo: z.string(),
  appointmentDate: z.iso.date(),
  startTime: z
    .string()
    .regex(/^\d\d:\d\d$/)
    .nullish(),
  startTime12hWithMedian: HalfDayTime.nullish(),
  duration: z.int().min(1),
  demographicNo: z.int(),
  status: z.string().max(2),
  notes: z.string().nullish(),
});
const Numbered = z.object({ id: z.int() });
const Status = z.object({ status: z.string().min(1).max(2) });

export function createApi<Offer>({
  credentials,
  origin,
  context,
  placeholder,
}: Installation): (agenda: Agenda<Offer>, request: SimRequest) => SimReply {
  type Installed = {
    readonly isSigned: (request: SimRequest) => boolean;
    readonly route: (request: SimRequest) => SimReply;
  };
  // One installation for each agenda, which lives as long as its simulator.
  const installed = new WeakMap<Agenda<Offer>, Installed>();
  return (agenda, request) => {
    let own = installed.get(agenda);
    if (!own) {
      const world = { agenda, placeholder, base: `${context}/ws/services/schedule`, statuses: new Map() };
      own = {
        isSigned: createGuard(credentials, origin, agenda.clock),
        route: createRouter({ ...reading(world), ...writing(world) }),
      };
      installed.set(agenda, own);
    }
    if (!own.isSigned(request)) return { status: 401, headers: { 'www-authenticate': 'OAuth' } };
    return own.route(request);
  };
}

function reading<Offer>({ agenda, placeholder, base, statuses }: World<Offer>): Routes {
  const rowsOf = (providerNo: string, day: string): SimReply => {
    const { zone } = agenda;
    const date = day === 'today' ? toLocal(agenda.clock.now(), zone).slice(0, 10) : day;
    if (!z.iso.date().safeParse(date).success) return ERROR;
    const rows = agenda
      .busy(providerNo)
      .filter((record) => toLocal(record.interval.start, zone).startsWith(date))
      .map((record) => rowOf(record, statuses.get(record.id) ?? 't', zone, placeholder));
    return ok({ patients: rows });
  };
  return {
    [`GET ${base}/:provider/day/:date`]: (_, [providerNo = '', day = '']) => rowsOf(providerNo, day),
    [`GET ${base.replace(/schedule$/, 'providerService')}/providers_json`]: () =>
      ok({
        content: agenda.calendars.map(({ id, actor }) => ({
          providerNo: id,
          firstName: personOf(actor).given,
          lastName: personOf(actor).family,
          enabled: true,
        })),
        total: agenda.calendars.length,
      }),
    [`GET ${base}/statuses`]: () =>
      ok({
        content: STATUSES.map(([status, description], index) => ({
          id: index + 1,
          status,
          description,
          active: 1,
        })),
        total: STATUSES.length,
      }),
    [`GET ${base}/types`]: () =>
      ok({
        types: [{ id: 1, name: 'Suivi', duration: 15, location: '', notes: '', reason: '', resources: '' }],
      }),
  };
}

function writing<Offer>({ agenda, placeholder, base, statuses }: World<Offer>): Routes {
  const busy = (id: number): Busy | null =>
    agenda.find('reservation', String(id)) ?? agenda.find('block', String(id));
  const appointment = (record: Busy): SimReply =>
    ok({
      appointment: {
        id: Number(record.id),
        providerNo: record.calendar,
        demographicNo: demographicOf(record, placeholder),
        status: statuses.get(record.id) ?? 't',
        notes: record.reference,
      },
    });
  return {
    [`POST ${base}/add`]: ({ body }) => {
      const parsed = NewAppointment.safeParse(body);
      if (!parsed.success) return ERROR;
      const { providerNo, appointmentDate, duration, demographicNo, notes } = parsed.data;
      const time = parsed.data.startTime ?? parsed.data.startTime12hWithMedian;
      // There is a patient behind every number but 0.
      if (!time || demographicNo <= 0) return ERROR;
      const start = javaInstant(appointmentDate, time, agenda.zone);
      const when = interval(start, plus(start, duration * MINUTE));
      const record =
        demographicNo === placeholder
          ? agenda.block(providerNo, when, notes ?? '')
          : agenda.take({
              calendar: providerNo,
              interval: when,
              slotId: null,
              reference: notes ?? '',
              expiresAt: null,
            });
      return appointment(record);
    },
    // Its converter gives no appointment back from JSON, and the next line asks that for its number.
    [`POST ${base}/updateAppointment`]: () => ERROR,
    [`POST ${base}/appointment/:id/updateStatus`]: ({ body }, [id = '']) => {
      const record = busy(Number(id));
      const parsed = Status.safeParse(body);
      if (!record || !parsed.success) return ERROR;
      statuses.set(record.id, parsed.data.status);
      const answer = appointment(record);
      // It stays in OSCAR's tables, and takes no time and is in no list of a day any more.
      if (parsed.data.status === 'C') agenda.remove(record);
      return answer;
    },
    [`POST ${base}/deleteAppointment`]: ({ body }) => {
      const parsed = Numbered.safeParse(body);
      const record = parsed.success ? busy(parsed.data.id) : null;
      if (!record) return ERROR;
      agenda.remove(record);
      return { status: 200 };
    },
  };
}
