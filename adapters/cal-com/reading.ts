import type { Connect, Platform, ReadRequest } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Observation, Page, Rejected } from '../../src/adapter/observation.ts';
import { DAY, FOREVER, plus } from '../../src/domain/instant.ts';
import { type Interval, intersection } from '../../src/domain/interval.ts';
import type { Client } from './client.ts';
import type { Settings } from './manifest.ts';
import { bookingsIn, busyOf, createSlots } from './normalize.ts';
import { type Booking, EventType } from './wire.ts';

/** Every reading is whole: what its booking page offers now, and what is booked. */
export function createReading(
  client: Client,
  { settings, maps, environment }: Connect<Settings>,
): Platform['read'] {
  const slotsOf = createSlots(maps);

  async function eventTypes(
    calendars: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<readonly EventType[]> {
    const readable = (await client.eventTypes(signal)).flatMap(
      (record) => EventType.safeParse(record).data ?? [],
    );
    const found = settings.eventTypeIds.map((id) => {
      const eventType = readable.find((each) => each.id === id);
      if (!eventType)
        throw new Fault('malformed', `event type ${id} is not at the platform, or cannot be read`);
      return eventType;
    });
    for (const calendar of calendars) {
      if (!found.some(({ ownerId }) => String(ownerId) === calendar))
        throw new Fault('malformed', 'a calendar is no owner of an event type that is configured');
    }
    return found.filter(({ ownerId }) => calendars.has(String(ownerId)));
  }

  return async function* read({ calendars, window, signal }: ReadRequest): AsyncGenerator<Page> {
    const wanted = new Set(calendars);
    const types = await eventTypes(wanted, signal);
    const ahead = intersection(window, { start: environment.clock.now(), end: FOREVER });
    // Its list of slots has the free ones only, so it is read before the bookings: what is booked in between is in both.
    const free = new Map<number, readonly Interval[]>();
    for (const { id } of types) free.set(id, ahead ? await client.freeSlots(id, ahead, signal) : []);
    const from = { start: plus(window.start, -DAY), end: null };
    const { bookings, rejected } = bookingsIn(await client.bookings(from, signal));
    const busy = bookings.flatMap((booking) => busyOf(booking, wanted) ?? []);
    yield rowsOf(busy, rejected);
    for (const type of types) {
      if ((type.seats?.seatsPerTimeSlot ?? 1) > 1) {
        yield rowsOf([], [severalAtOnce(type)]);
        continue;
      }
      const times = distinct([...(free.get(type.id) ?? []), ...bookedOf(type, bookings, ahead)]);
      const slots = slotsOf(type, times);
      yield rowsOf(slots.rows, slots.rejected);
    }
    // A record without a readable id may be any of those that are missing, so none of them is known to be gone.
    const isNameless = rejected.some(({ externalId }) => externalId === null);
    yield { kind: 'end', complete: isNameless ? null : ahead, cursor: null };
  };
}

const rowsOf = (rows: readonly Observation[], rejected: readonly Rejected[]): Page => ({
  kind: 'rows',
  rows,
  removed: [],
  rejected,
});

/** A booking stands in a slot that is still on offer, to nobody else: without it the slot would look withdrawn. */
const bookedOf = (
  type: EventType,
  bookings: readonly Booking[],
  ahead: Interval | null,
): readonly Interval[] =>
  bookings.flatMap(({ eventType, hosts, status, start, end }) => {
    const isItsOwn = eventType?.id === type.id && hosts.some(({ id }) => id === type.ownerId);
    const isTaken = status === 'accepted' || status === 'pending';
    const isSlot = end - start === type.lengthInMinutes * 60_000 && ahead !== null && start >= ahead.start;
    return isItsOwn && isTaken && isSlot ? [{ start, end }] : [];
  });

/** A request that nobody confirmed may leave its time on offer. */
const distinct = (times: readonly Interval[]): Interval[] => [
  ...new Map(times.map((time) => [time.start, time])).values(),
];

/** Several attendees share a time there, so that one who is booked does not take it. */
const severalAtOnce = (type: EventType): Rejected => ({
  externalId: String(type.id),
  reason: 'seats: more than one, and such an event type is not offered',
  raw: type,
});
