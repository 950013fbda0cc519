import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import { personOf } from '../../../src/adapter/simulator/people.ts';
import type { RecordKind, SimCalendar, SimRecord } from '../../../src/adapter/simulator/records.ts';
import {
  createRouter,
  type Routes,
  type SimReply,
  type SimRequest,
  withBody,
} from '../../../src/adapter/simulator/router.ts';
import { earlier, type Instant, MINUTE, plus } from '../../../src/domain/instant.ts';
import { type Interval, interval, overlaps, sameInterval } from '../../../src/domain/interval.ts';
import {
  BlocageDemande,
  Confirmation,
  Fenetre,
  type Offre,
  PlageDemandee,
  ReservationDemandee,
  ReservationDeplacee,
} from '../wire.ts';
import { elementOf } from './elements.ts';

/** The vendor's own interface, as we assume it, on a simulated agenda. */

const LOCK_MILLISECONDS = 5 * MINUTE;
const LOCK_MAX_MILLISECONDS = 30 * MINUTE;

const NOT_FOUND: SimReply = { status: 404, body: { erreur: 'introuvable' } };
const TAKEN: SimReply = { status: 409, body: { erreur: 'deja pris' } };
const CHANGED: SimReply = { status: 412, body: { erreur: 'version depassee' } };

const ok = (record: SimRecord<Offre>, status = 200): SimReply => ({ status, body: elementOf(record) });
const timeOf = ({ debut, fin }: { debut: Instant; fin: Instant }): Interval => interval(debut, fin);

export function createApi(key: string): (agenda: Agenda<Offre>, request: SimRequest) => SimReply {
  // One router for each agenda, which lives as long as its simulator.
  const routers = new WeakMap<Agenda<Offre>, (request: SimRequest) => SimReply>();
  return (agenda, request) => {
    if (request.headers['authorization'] !== `Bearer ${key}`) return { status: 401 };
    let router = routers.get(agenda);
    if (!router) {
      router = createRouter({
        ...reading(agenda),
        ...slots(agenda),
        ...blocks(agenda),
        ...reservations(agenda),
      });
      routers.set(agenda, router);
    }
    return router(request);
  };
}

function agendaOf({ id, actor }: SimCalendar): object {
  const { title: titre, given: prenom, family: nom } = personOf(actor);
  return { id, nom: null, professionnel: { titre, prenom, nom }, clinique: null };
}

function reading(agenda: Agenda<Offre>): Routes {
  return {
    'GET /v1/etat': () => ({ status: 200, body: { plateforme: 'bonjour-sante' } }),
    'GET /v1/agendas': () => ({ status: 200, body: { agendas: agenda.calendars.map(agendaOf) } }),
    'GET /v1/agendas/:agenda/grille': ({ query }, [calendar = '']) =>
      withBody(Fenetre, Object.fromEntries(query), ({ du, au, apres, limite }) => {
        if (!isKnown(agenda, calendar)) return NOT_FOUND;
        const window = { start: du, end: au };
        const rest = agenda
          .records(calendar)
          .filter((record) => record.ordinal > apres && overlaps(record.interval, window));
        const page = rest.slice(0, limite);
        const suite = rest.length > limite ? String(page.at(-1)?.ordinal) : null;
        return { status: 200, body: { elements: page.map(elementOf), suite } };
      }),
    'GET /v1/agendas/:agenda/references/:reference': (_, [calendar = '', reference = '']) => {
      const [found] = agenda.byReference(calendar, reference);
      return found ? ok(found) : NOT_FOUND;
    },
  };
}

function slots(agenda: Agenda<Offre>): Routes {
  return {
    'POST /v1/agendas/:agenda/plages': (request, [calendar = '']) =>
      withBody(PlageDemandee, request.body, ({ debut, fin, referenceExterne, ...offre }) => {
        if (!isKnown(agenda, calendar)) return NOT_FOUND;
        const again = repeated(agenda, calendar, 'slot', request);
        if (again) return ok(again);
        const time = interval(debut, fin);
        return ok(agenda.offer(calendar, time, { ...offre, lien: null }, referenceExterne), 201);
      }),
    'PUT /v1/plages/:id': (request, [id = '']) =>
      withBody(PlageDemandee, request.body, ({ debut, fin, referenceExterne, ...offre }) =>
        conditionally(agenda.find('slot', id), request, (slot) => {
          const time = interval(debut, fin);
          const moves = time.start !== slot.interval.start || time.end !== slot.interval.end;
          if (moves && isReserved(agenda, slot)) return TAKEN;
          const offer = { ...offre, lien: slot.offer.lien };
          return ok(agenda.change(slot, { interval: time, reference: referenceExterne, offer }));
        }),
      ),
    'DELETE /v1/plages/:id': (request, [id = '']) =>
      conditionally(agenda.find('slot', id), request, (slot) => {
        if (isReserved(agenda, slot)) return TAKEN;
        agenda.remove(slot);
        return { status: 204 };
      }),
  };
}

function blocks(agenda: Agenda<Offre>): Routes {
  return {
    'POST /v1/agendas/:agenda/blocages': (request, [calendar = '']) =>
      withBody(BlocageDemande, request.body, (wanted) => {
        if (!isKnown(agenda, calendar)) return NOT_FOUND;
        const again = repeated(agenda, calendar, 'block', request);
        return again ? ok(again) : ok(agenda.block(calendar, timeOf(wanted), wanted.referenceExterne), 201);
      }),
    'PUT /v1/blocages/:id': (request, [id = '']) =>
      withBody(BlocageDemande, request.body, (wanted) =>
        conditionally(agenda.find('block', id), request, (block) =>
          ok(agenda.change(block, { interval: timeOf(wanted), reference: wanted.referenceExterne })),
        ),
      ),
    'DELETE /v1/blocages/:id': (request, [id = '']) =>
      conditionally(agenda.find('block', id), request, (block) => {
        agenda.remove(block);
        return { status: 204 };
      }),
  };
}

function reservations(agenda: Agenda<Offre>): Routes {
  return {
    'POST /v1/agendas/:agenda/reservations': (request, [calendar = '']) =>
      withBody(ReservationDemandee, request.body, (wanted) => {
        if (!isKnown(agenda, calendar)) return NOT_FOUND;
        const again = repeated(agenda, calendar, 'reservation', request);
        if (again?.kind === 'reservation') {
          const confirms = wanted.confirmation !== null && again.expiresAt !== null;
          return ok(confirms ? agenda.change(again, { expiresAt: null }) : again);
        }
        const now = agenda.clock.now();
        const lockEnd = earlier(
          wanted.expireLe ?? plus(now, LOCK_MILLISECONDS),
          plus(now, LOCK_MAX_MILLISECONDS),
        );
        const reserved = agenda.reserve({
          calendar,
          interval: timeOf(wanted),
          slotId: wanted.plageId,
          reference: wanted.referenceExterne,
          expiresAt: wanted.confirmation === null ? lockEnd : null,
        });
        return reserved ? ok(reserved, 201) : TAKEN;
      }),
    'POST /v1/reservations/:id/confirmation': (request, [id = '']) =>
      withBody(Confirmation, request.body, ({ referenceExterne }) => {
        const locked = agenda.find('reservation', id);
        if (!locked) return NOT_FOUND;
        if (locked.expiresAt === null) return locked.reference === referenceExterne ? ok(locked) : TAKEN;
        return ok(agenda.change(locked, { expiresAt: null, reference: referenceExterne }));
      }),
    'PUT /v1/reservations/:id': (request, [id = '']) =>
      withBody(ReservationDeplacee, request.body, ({ debut, fin, plageId }) => {
        const wanted = interval(debut, fin);
        const standing = agenda.find('reservation', id);
        // RFC 9110, section 13.1.1: what has been done already is answered so, whatever the condition says.
        if (standing && sameInterval(standing.interval, wanted)) return ok(standing);
        return conditionally(standing, request, (reservation) => {
          // A lock is nobody's visit yet.
          const moved = reservation.expiresAt === null && agenda.move(reservation, wanted, plageId);
          return moved ? ok(moved) : TAKEN;
        });
      }),
    'DELETE /v1/reservations/:id': (request, [id = '']) =>
      conditionally(agenda.find('reservation', id), request, (reservation) => {
        const lockOnly = request.query.get('statut') === 'verrouillee';
        if (lockOnly && reservation.expiresAt === null) return TAKEN;
        agenda.remove(reservation);
        return { status: 204 };
      }),
  };
}

const isKnown = (agenda: Agenda<Offre>, calendar: string): boolean =>
  agenda.calendars.some(({ id }) => id === calendar);

const isReserved = (agenda: Agenda<Offre>, slot: SimRecord<Offre>): boolean =>
  agenda
    .busy(slot.calendar)
    .some((busy) => busy.kind === 'reservation' && overlaps(busy.interval, slot.interval));

/** The record that this key made before, and that still stands. */
function repeated(
  agenda: Agenda<Offre>,
  calendar: string,
  kind: RecordKind,
  { headers }: SimRequest,
): SimRecord<Offre> | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  return agenda.byReference(calendar, key).find((record) => record.kind === kind) ?? null;
}

/** RFC 9110, section 13.1.1: If-Match keeps a caller from changing what it has not seen. */
function conditionally<R extends SimRecord<Offre>>(
  record: R | null,
  { headers }: SimRequest,
  use: (record: R) => SimReply,
): SimReply {
  if (!record) return NOT_FOUND;
  const wanted = headers['if-match'];
  return wanted !== undefined && wanted !== `"${record.version}"` ? CHANGED : use(record);
}
