import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import { personOf } from '../../../src/adapter/simulator/people.ts';
import type { Reservation, SimCalendar, SimRecord } from '../../../src/adapter/simulator/records.ts';
import {
  createRouter,
  type Routes,
  type SimReply,
  type SimRequest,
  withBody,
} from '../../../src/adapter/simulator/router.ts';
import { earlier, MINUTE, plus } from '../../../src/domain/instant.ts';
import { overlaps } from '../../../src/domain/interval.ts';
import {
  ChangeQuery,
  Confirmation,
  LookupQuery,
  MovedActivity,
  type Offer,
  RecordQuery,
  timeOf,
  WantedActivity,
  WantedAvailability,
  WantedLock,
  WantedUnavailability,
} from '../wire.ts';
import { changeOf, recordOf } from './records.ts';

/** RVSQ's own interface, as we assume it, on a simulated agenda. */

/** Long enough for the form, short enough for who comes next. */
const LOCK_MAX_MILLISECONDS = 15 * MINUTE;

const NOT_FOUND: SimReply = { status: 404, body: { code: 'NOT_FOUND' } };
const TAKEN: SimReply = { status: 409, body: { code: 'NOT_AVAILABLE' } };
const EXPIRED: SimReply = { status: 410, body: { code: 'CURSOR_EXPIRED' } };

const ok = ({ zone }: Agenda<Offer>, record: SimRecord<Offer>, status = 200): SimReply => ({
  status,
  body: recordOf(record, zone),
});

export function createApi(key: string): (agenda: Agenda<Offer>, request: SimRequest) => SimReply {
  // One router for each agenda, which lives as long as its simulator.
  const routers = new WeakMap<Agenda<Offer>, (request: SimRequest) => SimReply>();
  return (agenda, request) => {
    if (request.headers['x-api-key'] !== key) return { status: 401 };
    let router = routers.get(agenda);
    if (!router) {
      router = createRouter({
        ...reading(agenda),
        ...availabilities(agenda),
        ...unavailabilities(agenda),
        ...activities(agenda),
        ...locks(agenda),
      });
      routers.set(agenda, router);
    }
    return router(request);
  };
}

/** A simulated doctor has no licence: nobody's number is made up. */
function professionalOf({ id, actor }: SimCalendar): object {
  const { given: firstName, family: lastName } = personOf(actor);
  return { id, lastName, firstName, licenceNumber: null, locationName: null };
}

/** Opaque to callers; only the number of the last change is in it. */
const cursorOf = (version: number): string => `c${version.toString(36)}`;

function versionIn(cursor: string): number | null {
  const version = Number.parseInt(cursor.slice(1), 36);
  return cursorOf(version) === cursor ? version : null;
}

function reading(agenda: Agenda<Offer>): Routes {
  return {
    'GET /v1/status': () => ({ status: 200, body: { service: 'rvsq' } }),
    'GET /v1/professionals': () => ({
      status: 200,
      body: { professionals: agenda.calendars.map(professionalOf) },
    }),
    'GET /v1/changes/latest': () => ({ status: 200, body: { cursor: cursorOf(agenda.version) } }),
    'GET /v1/changes': ({ query }) =>
      withBody(ChangeQuery, Object.fromEntries(query), ({ cursor, limit }) => {
        const version = versionIn(cursor);
        const since = version === null ? null : agenda.changesSince(version, limit);
        if (!since) return EXPIRED;
        const last = since.more ? (since.changes.at(-1)?.version ?? agenda.version) : agenda.version;
        return {
          status: 200,
          body: {
            changes: since.changes.map((change) => changeOf(change, agenda.zone)),
            cursor: cursorOf(last),
            hasMore: since.more,
          },
        };
      }),
    'GET /v1/records': ({ query }) =>
      withBody(RecordQuery, Object.fromEntries(query), ({ from, to, after, limit }) => {
        const window = { start: from, end: to };
        const rest = agenda
          .records()
          .filter((record) => record.ordinal > after && overlaps(record.interval, window));
        const page = rest.slice(0, limit);
        const next = rest.length > limit ? String(page.at(-1)?.ordinal) : null;
        return { status: 200, body: { records: page.map((record) => recordOf(record, agenda.zone)), next } };
      }),
    'GET /v1/lookup': ({ query }) =>
      withBody(LookupQuery, Object.fromEntries(query), ({ professionalId, externalReference }) => ({
        status: 200,
        body: {
          records: agenda
            .byReference(professionalId, externalReference)
            .map((record) => recordOf(record, agenda.zone)),
          next: null,
        },
      })),
  };
}

function availabilities(agenda: Agenda<Offer>): Routes {
  return {
    'POST /v1/availabilities': ({ body }) =>
      withBody(WantedAvailability, body, (wanted) => {
        const { professionalId, externalReference } = wanted;
        if (!isKnown(agenda, professionalId)) return NOT_FOUND;
        return ok(
          agenda,
          agenda.offer(professionalId, timeOf(wanted), offerIn(wanted), externalReference),
          201,
        );
      }),
    'PUT /v1/availabilities/:id': ({ body }, [id = '']) =>
      withBody(WantedAvailability, body, (wanted) => {
        const slot = agenda.find('slot', id);
        if (!slot) return NOT_FOUND;
        const interval = timeOf(wanted);
        const moves = interval.start !== slot.interval.start || interval.end !== slot.interval.end;
        if (moves && isReserved(agenda, slot)) return TAKEN;
        return ok(
          agenda,
          agenda.change(slot, { interval, offer: offerIn(wanted), reference: wanted.externalReference }),
        );
      }),
    'DELETE /v1/availabilities/:id': (_, [id = '']) => {
      const slot = agenda.find('slot', id);
      if (!slot) return NOT_FOUND;
      return isReserved(agenda, slot) ? TAKEN : removed(agenda, slot);
    },
  };
}

function unavailabilities(agenda: Agenda<Offer>): Routes {
  return {
    'POST /v1/unavailabilities': ({ body }) =>
      withBody(WantedUnavailability, body, (wanted) => {
        const { professionalId, externalReference } = wanted;
        if (!isKnown(agenda, professionalId)) return NOT_FOUND;
        return ok(agenda, agenda.block(professionalId, timeOf(wanted), externalReference), 201);
      }),
    'PUT /v1/unavailabilities/:id': ({ body }, [id = '']) =>
      withBody(WantedUnavailability, body, (wanted) => {
        const block = agenda.find('block', id);
        if (!block) return NOT_FOUND;
        return ok(
          agenda,
          agenda.change(block, { interval: timeOf(wanted), reference: wanted.externalReference }),
        );
      }),
    'DELETE /v1/unavailabilities/:id': (_, [id = '']) => removed(agenda, agenda.find('block', id)),
  };
}

function activities(agenda: Agenda<Offer>): Routes {
  return {
    'POST /v1/activities': ({ body }) =>
      withBody(WantedActivity, body, (wanted) => {
        if (!isKnown(agenda, wanted.professionalId)) return NOT_FOUND;
        const booked = agenda.reserve({
          calendar: wanted.professionalId,
          interval: timeOf(wanted),
          slotId: wanted.availabilityId,
          reference: wanted.externalReference,
          expiresAt: null,
        });
        return booked ? ok(agenda, booked, 201) : TAKEN;
      }),
    'PUT /v1/activities/:id': ({ body }, [id = '']) =>
      withBody(MovedActivity, body, (wanted) => {
        const activity = agenda.find('reservation', id);
        if (!activity) return NOT_FOUND;
        // A lock is nobody's visit yet.
        if (activity.expiresAt !== null) return TAKEN;
        const moved = agenda.move(activity, timeOf(wanted), wanted.availabilityId);
        return moved ? ok(agenda, moved) : TAKEN;
      }),
    'DELETE /v1/activities/:id': (_, [id = '']) => removed(agenda, agenda.find('reservation', id)),
  };
}

/** The time of an activity while somebody fills in the form. */
function locks(agenda: Agenda<Offer>): Routes {
  const lockOf = (id: string): Reservation | null => {
    const found = agenda.find('reservation', id);
    return found && found.expiresAt !== null ? found : null;
  };
  return {
    'POST /v1/locks': ({ body }) =>
      withBody(WantedLock, body, (wanted) => {
        if (!isKnown(agenda, wanted.professionalId)) return NOT_FOUND;
        const locked = agenda.reserve({
          calendar: wanted.professionalId,
          interval: timeOf(wanted),
          slotId: wanted.availabilityId,
          reference: wanted.externalReference,
          expiresAt: earlier(wanted.lockedUntilUtc, plus(agenda.clock.now(), LOCK_MAX_MILLISECONDS)),
        });
        return locked ? ok(agenda, locked, 201) : TAKEN;
      }),
    'POST /v1/locks/:id/confirmation': ({ body }, [id = '']) =>
      withBody(Confirmation, body, ({ externalReference }) => {
        const lock = lockOf(id);
        if (lock) return ok(agenda, agenda.change(lock, { expiresAt: null, reference: externalReference }));
        // What was confirmed is an activity under the same id.
        const activity = agenda.find('reservation', id);
        if (!activity) return NOT_FOUND;
        return activity.reference === externalReference ? ok(agenda, activity) : TAKEN;
      }),
    'DELETE /v1/locks/:id': (_, [id = '']) => removed(agenda, lockOf(id)),
  };
}

const offerIn = (wanted: Offer): Offer => ({
  availableSinceUtc: wanted.availableSinceUtc,
  consultingReasons: wanted.consultingReasons,
  clientele: wanted.clientele,
  origins: wanted.origins,
  visitType: wanted.visitType,
});

const isKnown = (agenda: Agenda<Offer>, calendar: string): boolean =>
  agenda.calendars.some(({ id }) => id === calendar);

const isReserved = (agenda: Agenda<Offer>, slot: SimRecord<Offer>): boolean =>
  agenda
    .busy(slot.calendar)
    .some((busy) => busy.kind === 'reservation' && overlaps(busy.interval, slot.interval));

function removed(agenda: Agenda<Offer>, record: SimRecord<Offer> | null): SimReply {
  if (!record) return NOT_FOUND;
  agenda.remove(record);
  return { status: 204 };
}
