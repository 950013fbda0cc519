import { type Busy, isHold } from '../../src/adapter/simulator/records.ts';
import { formatInstant, type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps, sameInterval } from '../../src/domain/interval.ts';
import type { Calendar, Policy, Release } from '../../src/domain/schedule.ts';
import type { Database } from '../../src/store/database.ts';
import { type Ask, CANARY, type Moving, type Request } from './callers.ts';
import { CONNECTIONS, type ConnectionId, lanesOf, lanesOfSchedule, whoseTime } from './clinic.ts';
import { type Closure, closures, type Shut } from './closer.ts';
import type { Order } from './desk.ts';
import { handovers } from './handovers.ts';
import { type Held, holds } from './holds.ts';
import { mostAtOnce } from './lanes.ts';
import { mirrors } from './mirrors.ts';
import { movedIds, moves } from './moves.ts';
import { offerings } from './offerings.ts';
import { offers } from './offers.ts';
import type { Plan } from './planner.ts';
import { releases } from './releases.ts';
import { conflictRows, givenUp, pairs, type Settled, settlements } from './settlements.ts';
import { shares, withheldIds } from './shares.ts';
import type { Site } from './site.ts';
import { isUnheard } from './unheard.ts';

/**
 * What must hold when all is quiet (design.md, section 6). It reads the platforms' own records, what callers were told
 * and the rows of the database, and nothing of the engine: it would share its mistakes.
 */

export type Evidence = {
  readonly sites: Readonly<Record<ConnectionId, Site>>;
  readonly requests: readonly Request[];
  readonly asks: readonly Ask[];
  readonly moves: readonly Moving[];
  readonly held: readonly Held[];
  /** The marks of ours on bookings that somebody cancelled at their platform, and when. */
  readonly cancelledReferences: ReadonlyMap<string, Instant>;
  /** What the clinic said of conflicts. */
  readonly orders: readonly Order[];
  /** What it said of schedules. */
  readonly plans: readonly Plan[];
  /** What it closed by itself, by what it was told; and by the database. */
  readonly closed: readonly Closure[];
  readonly shut: readonly Shut[];
  readonly policy: Policy['conflicts'];
  readonly sharing: Policy['sharing'];
  readonly release: Release;
  /** How RVSQ takes part; the vendor has slots of its own. */
  readonly topology: Calendar['topology'];
  readonly database: Database;
  readonly now: Instant;
};

export type Taken = { readonly actor: string; readonly calendar: string; readonly busy: Busy };

export const MARK = 'passerelle:';

export async function violations(evidence: Evidence): Promise<string[]> {
  const waiting = await promised(evidence);
  const rows = await conflictRows(evidence);
  return [
    ...mirrors(evidence, waiting, await withheldIds(evidence)),
    ...(await shares(evidence, waiting)),
    ...(await handovers(evidence)),
    ...(await offers(evidence, waiting)),
    ...(await offerings(evidence)),
    ...closures(evidence),
    ...doubles(evidence),
    ...(await appointments(evidence, waiting)),
    ...pairs(evidence, rows, visits(evidence, waiting)),
    ...(await settlements(evidence, rows)),
    ...(await moves(evidence, rows)),
    ...(await promises(evidence, rows, waiting)),
    ...(await locked(evidence)),
    ...(await releases(evidence)),
    ...holds(evidence),
    ...(await leaks(evidence)),
    ...(await differing(evidence, waiting)),
    ...(await flickers(evidence)),
  ];
}

/** All that takes time on a platform and has not begun. */
export function taken({ sites, now }: Evidence, id: ConnectionId): Taken[] {
  const { agenda } = sites[id];
  return agenda.calendars.flatMap(({ id: calendar, actor }) =>
    agenda
      .busy(calendar)
      .filter((busy) => busy.interval.start > plus(now, MINUTE))
      .map((busy) => ({ actor: whoseTime(actor), calendar, busy })),
  );
}

export const isOurBlock = (busy: Busy): boolean =>
  busy.kind === 'block' && (busy.reference?.startsWith(MARK) ?? false);

const isVisit = (busy: Busy): boolean => busy.kind === 'reservation' && !isHold(busy);

export const when = (actor: string, { start, end }: Interval): string =>
  `${actor} ${formatInstant(start)}–${formatInstant(end)}`;

/** A visit that was accepted while its home was down, and whose time home gave to somebody else: for a person. */
export type Waiting = {
  readonly appointmentId: string;
  readonly calendar: string;
  readonly actor: string;
  readonly interval: Interval;
};

export async function promised(evidence: Evidence): Promise<Waiting[]> {
  const rows = await evidence.database.query<{
    connection_id: ConnectionId;
    subject_id: string;
    calendar: string;
    actor_id: string;
    start_ms: Instant;
    end_ms: Instant;
  }>(
    `select listing.connection_id, listing.subject_id, listing.calendar, busy_period.actor_id, listing.start_ms, listing.end_ms
     from listing join busy_period on busy_period.id = listing.subject_id
     join appointment on appointment.id = listing.subject_id
     where listing.kind = 'booking' and listing.known is null and listing.desired is not null
       and appointment.status = 'booked' and listing.start_ms > $1`,
    [plus(evidence.now, MINUTE)],
  );
  return rows
    .map(({ connection_id, subject_id, calendar, actor_id, start_ms, end_ms }) => ({
      appointmentId: subject_id,
      calendar,
      actor: actor_id,
      interval: { start: start_ms, end: end_ms },
      isTaken: evidence.sites[connection_id].agenda
        .busy(calendar)
        .some((busy) => !isOurBlock(busy) && overlaps(busy.interval, { start: start_ms, end: end_ms })),
    }))
    .filter(({ isTaken }) => isTaken);
}

/** Rule 4: what we write stands there once, at any time. */
function doubles(evidence: Evidence): string[] {
  return CONNECTIONS.flatMap((id) => {
    const written = evidence.sites[id].doubled.map((reference) => `${id}: ${reference} was written twice`);
    const seen = new Set<string>();
    const standing = taken(evidence, id).flatMap(({ actor, calendar, busy }) => {
      const key = `${calendar} ${busy.reference}`;
      if (busy.reference === null || !seen.has(key)) {
        seen.add(key);
        return [];
      }
      return [`${id}: ${when(actor, busy.interval)} stands there twice`];
    });
    return [...written, ...standing];
  });
}

/** Rule 2: every visit that a platform has is one of ours, and each of ours is one of theirs. */
async function appointments(evidence: Evidence, waiting: readonly Waiting[]): Promise<string[]> {
  const { database, now } = evidence;
  const rows = await database.query<{
    actor_id: string;
    start_ms: Instant;
    end_ms: Instant;
    shown_ms: Instant;
  }>(
    `select busy_period.actor_id, busy_period.start_ms, busy_period.end_ms, appointment.start_ms as shown_ms
     from appointment join busy_period on busy_period.id = appointment.id
     where appointment.status = 'booked' and busy_period.ended_ms is null and busy_period.start_ms > $1`,
    [plus(now, MINUTE)],
  );
  const left = new Map<string, number>();
  const add = (key: string, by: number) => left.set(key, (left.get(key) ?? 0) + by);
  for (const { actor_id, start_ms, end_ms } of rows)
    add(when(actor_id, { start: start_ms, end: end_ms }), -1);
  for (const { actor, interval } of visits(evidence, waiting)) add(when(actor, interval), 1);
  return [
    ...[...left]
      .filter(([, balance]) => balance !== 0)
      .map(([time, balance]) => `the visit ${time} is ${balance > 0 ? 'not known' : 'known, and nowhere'}`),
    ...rows
      .filter(({ start_ms, shown_ms }) => start_ms !== shown_ms)
      .map(
        ({ actor_id, start_ms, end_ms }) =>
          `the visit ${when(actor_id, { start: start_ms, end: end_ms })} is shown at another time`,
      ),
  ];
}

const visits = (evidence: Evidence, waiting: readonly Waiting[]): Pick<Waiting, 'actor' | 'interval'>[] => [
  ...CONNECTIONS.flatMap((id) => taken(evidence, id))
    .filter(({ busy }) => isVisit(busy))
    .map(({ actor, busy }) => ({ actor, interval: busy.interval })),
  ...waiting,
];

/** Rules 1 and 2, for those who booked through our API, also while the platform was down and its word not waited for. */
async function promises(
  evidence: Evidence,
  conflicts: readonly Settled[],
  waiting: readonly Waiting[],
): Promise<string[]> {
  const { requests, sites, now, database, cancelledReferences } = evidence;
  const lost = givenUp(conflicts);
  const moved = movedIds(conflicts);
  const rows = await database.query<{ subject_id: string }>(
    `select subject_id from event where type = 'appointment.accepted'`,
  );
  const accepted = new Set(rows.map(({ subject_id }) => subject_id));
  const waits = new Set(waiting.map(({ appointmentId }) => appointmentId));
  const isPromise = ({ outcome, appointmentId }: Request): boolean =>
    outcome === 'booked' || (outcome === 'pending' && accepted.has(appointmentId ?? ''));
  const told = requests
    .filter(isPromise)
    .map((request) => ({
      ...request,
      // Where its platform moved it to; what they asked for may be another's by now.
      interval:
        (moved.has(request.appointmentId ?? '') || request.times.length > 1
          ? records(sites[request.home], request.appointmentId)[0]?.interval
          : null) ??
        request.times[0] ??
        request.interval,
      fate: lost.has(request.appointmentId ?? '') ? ('cancelled' as const) : request.fate,
    }))
    .filter(({ interval }) => interval.start > plus(now, MINUTE));
  // The answer to a booking may be slower than whoever cancels it at its platform.
  const standing = told.filter(
    ({ fate, appointmentId }) => fate === 'standing' && !cancelledReferences.has(`${MARK}${appointmentId}`),
  );
  const missing = standing.filter(
    ({ home, appointmentId }) =>
      records(sites[home], appointmentId).length !== 1 && !waits.has(appointmentId ?? ''),
  );
  // At the clinic somebody may have moved it as well, to settle a conflict.
  const misplaced = standing.filter(
    ({ home, appointmentId, times }) =>
      !moved.has(appointmentId ?? '') &&
      records(sites[home], appointmentId).some(
        (record) => !times.some((time) => sameInterval(time, record.interval)),
      ),
  );
  const undead = told.filter(
    ({ fate, home, appointmentId }) =>
      fate === 'cancelled' &&
      records(sites[home], appointmentId).length > 0 &&
      !isUnheard(evidence, { home, appointmentId }),
  );
  const crowded = standing.filter(({ scheduleId, interval }) => {
    const sold = standing.filter((other) => other.scheduleId === scheduleId).map((other) => other.interval);
    return mostAtOnce(interval, sold) > lanesOfSchedule(scheduleId);
  });
  return [
    ...missing.map(
      (request) => `booked by our API and not there: ${when(request.scheduleId, request.interval)}`,
    ),
    ...misplaced.map(
      ({ scheduleId, interval }) => `not where our API said that it is: ${when(scheduleId, interval)}`,
    ),
    ...undead.map((request) => `cancelled and there: ${when(request.scheduleId, request.interval)}`),
    ...crowded.map((request) => `booked too often by our API: ${when(request.scheduleId, request.interval)}`),
  ];
}

/** What stands there of that appointment, but for its mirror on other agendas of the same platform. */
export const records = ({ agenda }: Site, appointmentId: string | null): Busy[] =>
  agenda
    .records()
    .filter(
      (record): record is Busy =>
        record.kind === 'reservation' && record.reference === `${MARK}${appointmentId}`,
    );

/** Rule 1: at no moment has the lock more in it than there are lanes, whichever they are in. */
async function locked({ database }: Evidence): Promise<string[]> {
  const rows = await database.query<{ actor_id: string; start_ms: Instant; end_ms: Instant }>(
    `select actor_id, start_ms, end_ms from busy_period where ended_ms is null and lane is not null`,
  );
  const inside = rows.map(({ actor_id, start_ms, end_ms }) => ({
    actor: actor_id,
    interval: { start: start_ms, end: end_ms },
  }));
  return inside
    .filter(({ actor, interval }) => {
      const theirs = inside.filter((other) => other.actor === actor).map((other) => other.interval);
      return mostAtOnce(interval, theirs) > lanesOf(actor);
    })
    .map(({ actor, interval }) => `more in the lock than there are lanes: ${when(actor, interval)}`);
}

/** Rule 5: who comes is told to the platform that honours the booking, and to nobody else. */
async function leaks({ sites, requests, database }: Evidence): Promise<string[]> {
  const rows = await database.query<{ subject_id: string; connection_id: string }>(
    `select subject_id, connection_id from listing where kind = 'booking'`,
  );
  const home = new Set([
    ...rows.map(({ subject_id, connection_id }) => `${connection_id} ${subject_id}`),
    // What could not be booked there is held again, and maybe by a block: then nothing says that it was asked.
    ...requests.map((request) => `${request.home} ${request.appointmentId}`),
  ]);
  return CONNECTIONS.flatMap((id) =>
    sites[id].log
      .filter(({ body }) => body.includes(CANARY))
      .filter(({ body }) => !home.has(`${id} ${/passerelle:([0-9a-f-]{36})/.exec(body)?.[1]}`))
      .map(({ method, path }) => `${id} was told who comes: ${method} ${path}`),
  );
}

/**
 * Rule 6: a list that lags behind, or could not be read, ends nobody's visit, not even for a moment; nor does a clock that
 * is ahead of the platform's end what that holds. A hold of ours comes back when it is booked too late.
 */
async function flickers({ database }: Evidence): Promise<string[]> {
  const rows = await database.query<{ actor_id: string; start_ms: Instant; end_ms: Instant }>(
    `select busy_period.actor_id, busy_period.start_ms, busy_period.end_ms
     from event join busy_period on busy_period.id = event.subject_id
     where event.type = 'busy.ended' and event.connection_id is not null and event.data->>'busyKind' <> 'block'
       and busy_period.ended_ms is null`,
  );
  return rows.map(
    ({ actor_id, start_ms, end_ms }) =>
      `a visit that stands was taken for over: ${when(actor_id, { start: start_ms, end: end_ms })}`,
  );
}

/** Rule 3. */
async function differing({ database }: Evidence, waiting: readonly Waiting[]): Promise<string[]> {
  const rows = await database.query<{ n: number }>(
    'select count(*)::integer as n from listing where differs',
  );
  const left = (rows[0]?.n ?? 0) - waiting.length;
  return left > 0 ? [`${left} listings differ`] : [];
}
