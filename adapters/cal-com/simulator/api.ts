import { z } from 'zod';
import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import { personOf } from '../../../src/adapter/simulator/people.ts';
import type { Reservation } from '../../../src/adapter/simulator/records.ts';
import {
  createRouter,
  type Routes,
  type SimReply,
  type SimRequest,
} from '../../../src/adapter/simulator/router.ts';
import { toLocal, toOffset } from '../../../src/adapter/zone.ts';
import { formatInstant, type Instant, MINUTE, parseInstant, plus } from '../../../src/domain/instant.ts';
import { type Interval, interval, overlaps } from '../../../src/domain/interval.ts';
import { eventTypesOf, House, problem, type SimulatedEventType, SLOT_MINUTES, success } from './house.ts';
import type { Offer } from './platform.ts';

/**
 * API v2 of Cal.com on a simulated agenda, by its published reference. The header cal-api-version decides which version of a
 * resource answers, and here only the versions that we ask for do. A time that is taken is answered 400, as it does.
 */

type World = { readonly agenda: Agenda<Offer>; readonly house: House };

const RESOURCES = [
  { path: /^\/v2\/slots(\/|$)/, version: '2024-09-04' },
  { path: /^\/v2\/bookings(\/|$)/, version: '2024-08-13' },
  { path: /^\/v2\/event-types(\/|$)/, version: '2024-06-14' },
];
const RESERVATION_MINUTES = 5;
const NOT_AVAILABLE = 'User either already has booking at this time or is not available';

export function createApi(key: string): (agenda: Agenda<Offer>, request: SimRequest) => SimReply {
  const accounts = new WeakMap<Agenda<Offer>, { house: House; router: (request: SimRequest) => SimReply }>();
  return (agenda, request) => {
    let account = accounts.get(agenda);
    if (!account) {
      const world = { agenda, house: new House() };
      const router = createRouter({
        ...slots(world),
        ...bookings(world),
        ...changes(world),
      });
      account = { house: world.house, router };
      accounts.set(agenda, account);
    }
    const { house, router } = account;
    if (request.headers['authorization'] !== `Bearer ${key}`)
      return problem(401, 'UnauthorizedException', 'ApiAuthStrategy - api key - Your api key is not valid');
    const headers = house.limitHeaders(agenda.clock.now());
    const resource = RESOURCES.find(({ path }) => path.test(request.path));
    const isOlder = resource && request.headers['cal-api-version'] !== resource.version;
    const reply = isOlder
      ? problem(404, 'NotFoundException', `Cannot ${request.method} ${request.path}`)
      : router(request);
    return { ...reply, headers: { ...headers, ...reply.headers } };
  };
}

const typesOf = ({ agenda }: World): readonly SimulatedEventType[] =>
  agenda.calendars.flatMap(({ id }) => eventTypesOf(id));

function nameOf({ agenda }: World, owner: number): string {
  const { given, family } = personOf(agenda.calendars.find(({ id }) => id === String(owner))?.actor ?? '');
  return `${given} ${family}`.trim();
}

const findType = (world: World, id: number): SimulatedEventType | undefined =>
  typesOf(world).find((each) => each.id === id);

const WantedHold = z.object({
  eventTypeId: z.number().int(),
  slotStart: z.iso.datetime({ offset: true }).transform(parseInstant),
  reservationDuration: z.number().int().min(1).default(RESERVATION_MINUTES),
});

function slots(world: World): Routes {
  const { agenda } = world;
  return {
    'GET /v2/event-types': () =>
      success(
        typesOf(world).map(({ seats, confirms, ...rest }) => ({
          ...rest,
          lengthInMinutes: SLOT_MINUTES,
          confirmationPolicy: confirms ? { type: 'always' } : { disabled: true },
          seats: seats === null ? { disabled: true } : { seatsPerTimeSlot: seats },
          hidden: false,
          users: [{ id: rest.ownerId, name: nameOf(world, rest.ownerId) }],
        })),
      ),
    'GET /v2/slots': ({ query }) => {
      const type = findType(world, Number(query.get('eventTypeId')));
      if (!type) return problem(404, 'NotFoundException', 'Event Type not found');
      const window = interval(parseInstant(query.get('start') ?? ''), parseInstant(query.get('end') ?? ''));
      const zone = query.get('timeZone') ?? 'UTC';
      const data: Record<string, { start: string; end: string }[]> = {};
      for (const { interval: time } of freeSlots(world, String(type.ownerId), window)) {
        const date = toLocal(time.start, zone).slice(0, 10);
        data[date] = [
          ...(data[date] ?? []),
          { start: toOffset(time.start, zone), end: toOffset(time.end, zone) },
        ];
      }
      return success(data);
    },
    'POST /v2/slots/reservations': ({ body }) =>
      using(WantedHold, body, ({ eventTypeId, slotStart, reservationDuration }) => {
        const type = findType(world, eventTypeId);
        if (!type) return problem(404, 'NotFoundException', `Event Type with ID=${eventTypeId} not found`);
        const time = interval(slotStart, plus(slotStart, SLOT_MINUTES * MINUTE));
        const until = plus(agenda.clock.now(), reservationDuration * MINUTE);
        const held = agenda.reserve({
          calendar: String(type.ownerId),
          interval: time,
          slotId: null,
          reference: null,
          expiresAt: until,
        });
        if (!held)
          return problem(
            422,
            'UnprocessableEntityException',
            "Can't reserve a slot if the event is already booked.",
          );
        return success(
          {
            eventTypeId,
            slotStart: formatInstant(time.start),
            slotEnd: formatInstant(time.end),
            slotDuration: SLOT_MINUTES,
            reservationUid: held.id,
            reservationDuration,
            reservationUntil: formatInstant(until),
          },
          201,
        );
      }),
    'DELETE /v2/slots/reservations/:uid': (_, [uid = '']) => {
      const held = agenda.find('reservation', uid);
      if (held?.expiresAt) agenda.remove(held);
      return success(undefined);
    },
  };
}

/** No platform offers what has begun. */
const freeSlots = ({ agenda }: World, calendar: string, window: Interval) =>
  agenda
    .slots(calendar)
    .filter(
      (slot) =>
        slot.interval.start >= window.start &&
        slot.interval.end <= window.end &&
        slot.interval.start > agenda.clock.now() &&
        agenda.stateOf(slot) === 'free',
    );

function bookingOf(
  { agenda, house }: World,
  { id, ordinal, calendar, interval: time, reference, changedAt }: Reservation,
) {
  const type = house.bookedAs.get(id) ?? eventTypesOf(calendar)[0]?.id ?? 0;
  return {
    id: ordinal,
    uid: id,
    title: 'Rendez-vous',
    hosts: [{ id: Number(calendar), name: 'Dre Fictive', timeZone: agenda.zone }],
    status: house.pending.has(id) ? 'pending' : 'accepted',
    start: formatInstant(time.start),
    end: formatInstant(time.end),
    duration: (time.end - time.start) / MINUTE,
    eventTypeId: type,
    eventType: { id: type, slug: eventTypesOf(calendar).find((each) => each.id === type)?.slug ?? '' },
    createdAt: formatInstant(changedAt),
    updatedAt: formatInstant(changedAt),
    metadata: reference === null ? {} : { passerelle: reference },
    attendees: [
      {
        name: 'Patiente Fictive',
        email: 'patiente.fictive@example.invalid',
        timeZone: agenda.zone,
        absent: false,
      },
    ],
  };
}

/** Holds are in no list: only who knows the uid of one can ask for it. */
const standing = ({ agenda }: World): Reservation[] =>
  agenda.calendars
    .flatMap(({ id }) => agenda.busy(id))
    .filter((each): each is Reservation => each.kind === 'reservation' && each.expiresAt === null)
    .sort((a, b) => a.ordinal - b.ordinal);

function bookings(world: World): Routes {
  const at = (text: string | null, otherwise: number): number =>
    text === null ? otherwise : parseInstant(text);
  return {
    'GET /v2/bookings': ({ query }) => {
      const take = Number(query.get('take') ?? 100);
      const skip = Number(query.get('skip') ?? 0);
      if (take < 1 || take > 250)
        return problem(400, 'BadRequestException', 'take must not be greater than 250');
      const after = at(query.get('afterStart'), Number.NEGATIVE_INFINITY);
      const before = at(query.get('beforeEnd'), Number.POSITIVE_INFINITY);
      const found = standing(world).filter(({ interval: time }) => time.start >= after && time.end <= before);
      const rows = found.slice(skip, skip + take).map((each) => bookingOf(world, each));
      const hasNextPage = skip + rows.length < found.length;
      const pagination = {
        totalItems: found.length,
        returnedItems: rows.length,
        itemsPerPage: take,
        hasNextPage,
      };
      return success(rows, 200, { pagination });
    },
    'GET /v2/bookings/:uid': (_, [uid = '']) => {
      const found = standing(world).find(({ id }) => id === uid);
      if (found) return success(bookingOf(world, found));
      const gone = world.house.cancelled.get(uid);
      return gone
        ? success(gone)
        : problem(404, 'NotFoundException', `Booking with uid=${uid} was not found`);
    },
  };
}

const Wanted = z.object({
  start: z.string().transform((text): Instant => parseInstant(text)),
  eventTypeId: z.number().int(),
  attendee: z.object({
    name: z.string().min(1),
    email: z.email().optional(),
    timeZone: z.string().min(1),
    phoneNumber: z
      .string()
      .regex(/^\+\d{8,15}$/)
      .optional(),
    language: z.string().optional(),
  }),
  metadata: z.record(z.string().max(40), z.string().max(500)).default({}),
});

function changes(world: World): Routes {
  const { agenda, house } = world;
  return {
    'POST /v2/bookings': ({ body }) =>
      using(Wanted, body, ({ start, eventTypeId, metadata }) => {
        const type = findType(world, eventTypeId);
        if (!type) return problem(404, 'NotFoundException', `Event type with id ${eventTypeId} not found.`);
        const time = interval(start, plus(start, SLOT_MINUTES * MINUTE));
        const calendar = String(type.ownerId);
        // A request that is not confirmed yet does not count, and neither does a hold.
        const isTaken = standing(world).some(
          (each) =>
            each.calendar === calendar && !house.pending.has(each.id) && overlaps(each.interval, time),
        );
        if (isTaken) return problem(400, 'BadRequestException', NOT_AVAILABLE);
        const reference = metadata['passerelle'] ?? null;
        const made = agenda.take({ calendar, interval: time, slotId: null, reference, expiresAt: null });
        house.bookedAs.set(made.id, type.id);
        if (type.confirms) house.pending.add(made.id);
        return success(bookingOf(world, made), 201);
      }),
    'POST /v2/bookings/:uid/confirm': (_, [uid = '']) => {
      const found = standing(world).find(({ id }) => id === uid);
      if (!found) return problem(404, 'NotFoundException', 'Booking not found');
      if (!house.pending.delete(uid)) return problem(400, 'BadRequestException', 'Booking already confirmed');
      // It looks at no other booking (its issue 29958).
      return success(bookingOf(world, agenda.change(found, {})));
    },
    'POST /v2/bookings/:uid/cancel': (_, [uid = '']) => {
      const found = standing(world).find(({ id }) => id === uid);
      if (!found) {
        if (!house.cancelled.has(uid)) return problem(404, 'NotFoundException', 'Booking not found');
        return problem(
          400,
          'BadRequestException',
          `Can't cancel booking with uid=${uid} because it has been cancelled already.`,
        );
      }
      const cancelled = { ...bookingOf(world, found), status: 'cancelled' };
      house.cancelled.set(uid, cancelled);
      agenda.remove(found);
      return success(cancelled);
    },
  };
}

function using<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  use: (value: z.output<Schema>) => SimReply,
): SimReply {
  const parsed = schema.safeParse(body);
  return parsed.success ? use(parsed.data) : problem(400, 'BadRequestException', 'the body does not fit');
}
