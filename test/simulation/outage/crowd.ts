import type { OfferedSlot, Reservation } from '../../../src/adapter/simulator/records.ts';
import { HOUR, type Instant, MINUTE, plus } from '../../../src/domain/instant.ts';
import { type Interval, overlaps } from '../../../src/domain/interval.ts';
import { CONNECTIONS, type ConnectionId, RVSQ, VENDOR } from '../clinic.ts';
import type { Dice } from '../dice.ts';
import type { Site } from '../site.ts';
import type { Timeline } from '../timeline.ts';
import { AHEAD_MILLISECONDS, localOf } from './clinics.ts';
import { outagesOf, type Timetable } from './timetable.ts';

/** The patients, who book and cancel on the platforms' own sites, and what each of them was sold. */

/** A visit as its patient knows it. */
export type Visit = {
  readonly home: ConnectionId;
  readonly actor: string;
  readonly interval: Interval;
  readonly soldAt: Instant;
  /** The platform's id of it. */
  readonly reservationId: string;
  cancelledAt: Instant | null;
};

/** Two visits of one doctor at one time, both standing when the later was sold. */
export type DoubleSale = { readonly first: Visit; readonly second: Visit };

const STEP_MILLISECONDS = 10 * MINUTE;
/** At the end nobody comes, so that the last news can arrive. */
const QUIET_MILLISECONDS = HOUR;
const SURGE_MILLISECONDS = 6 * HOUR;
/** After an outage many come who waited for its end. */
const SURGE_FACTOR = 3;
const PREFERS_VENDOR = 0.6;
/** Of those whom their platform did not answer, so many try the other one; the rest telephone. */
const TRIES_THE_OTHER = 0.6;
const CANCELS = 0.12;
const CANCELS_AGAIN_MILLISECONDS = 3 * HOUR;
/** Nobody books a visit that is about to begin. */
const NOTICE_MILLISECONDS = 30 * MINUTE;

export type CrowdWorld = {
  readonly timeline: Timeline;
  readonly timetable: Timetable;
  readonly sites: Readonly<Record<ConnectionId, Site>>;
  readonly actors: readonly string[];
  readonly dice: Dice;
  readonly bookingsPerClinicAndWeek: number;
};

export class Crowd {
  readonly visits: Visit[] = [];
  readonly doubleSales: DoubleSale[] = [];
  cancelled = 0;
  /** Wanted a visit and got none: no platform answered that they would try, or nothing was free. */
  turnedAway = 0;
  readonly #world: CrowdWorld;
  readonly #ofActor = new Map<string, Visit[]>();

  constructor(world: CrowdWorld) {
    this.#world = world;
    this.#step();
  }

  #step(): void {
    const { timeline, dice } = this.#world;
    if (this.#isQuiet()) return;
    const expected = this.#demand(timeline.now);
    const count = Math.floor(expected) + (dice.chance(expected % 1) ? 1 : 0);
    for (let index = 0; index < count; index += 1)
      timeline.after(dice.between(0, STEP_MILLISECONDS), () => this.#come());
    timeline.after(STEP_MILLISECONDS, () => this.#step());
  }

  #isQuiet(): boolean {
    const { timeline, timetable } = this.#world;
    return timeline.now >= timetable.until - QUIET_MILLISECONDS;
  }

  /** How many come in the next step. */
  #demand(at: Instant): number {
    const { actors, bookingsPerClinicAndWeek, timetable } = this.#world;
    const week = localOf(at);
    const isSurge = outagesOf(timetable).some(({ until }) => until <= at && at < until + SURGE_MILLISECONDS);
    const weight = weightOf(week.hour, week.dayOfWeek) * (isSurge ? SURGE_FACTOR : 1);
    return (actors.length * bookingsPerClinicAndWeek * weight) / WEIGHT_OF_WEEK / (HOUR / STEP_MILLISECONDS);
  }

  #come(): void {
    const { dice, actors } = this.#world;
    const actor = dice.one(actors);
    const [first, other] = dice.chance(PREFERS_VENDOR)
      ? ([VENDOR, RVSQ] as const)
      : ([RVSQ, VENDOR] as const);
    const isAnswered = this.#answers(first);
    const home = isAnswered ? first : dice.chance(TRIES_THE_OTHER) && this.#answers(other) ? other : null;
    if (home === null || !this.#book(home, actor)) this.turnedAway += 1;
  }

  /** What troubles the gateway's calls troubles patients as well. */
  #answers(id: ConnectionId): boolean {
    const { faults } = this.#world.sites[id];
    const { dice } = this.#world;
    return faults.down === null && !dice.chance(faults.fails) && !dice.chance(faults.throttles);
  }

  #book(home: ConnectionId, actor: string): boolean {
    const { sites, dice } = this.#world;
    const site = sites[home];
    const free = this.freeAt(home, actor);
    if (free.length === 0) return false;
    // Most want to come soon.
    const slot = free[Math.floor(free.length * dice.next() ** 2)];
    if (!slot) return false;
    const { calendar, interval, id } = slot;
    const sold = site.agenda.reserve({ calendar, interval, slotId: id, reference: null, expiresAt: null });
    if (!sold) return false;
    this.#sold(home, actor, sold);
    return true;
  }

  #sold(home: ConnectionId, actor: string, reservation: Reservation): void {
    const { timeline, dice } = this.#world;
    const { interval, id: reservationId } = reservation;
    const visit: Visit = { home, actor, interval, soldAt: timeline.now, reservationId, cancelledAt: null };
    const before = this.#ofActor.get(actor) ?? [];
    for (const first of before)
      if (first.cancelledAt === null && overlaps(first.interval, interval))
        this.doubleSales.push({ first, second: visit });
    this.#ofActor.set(actor, [...before, visit]);
    this.visits.push(visit);
    if (dice.chance(CANCELS))
      timeline.at(plus(timeline.now, dice.between(0, interval.start - timeline.now)), () =>
        this.#cancel(visit, reservation),
      );
  }

  #cancel(visit: Visit, reservation: Reservation): void {
    const { timeline, sites } = this.#world;
    if (timeline.now >= visit.interval.start || this.#isQuiet()) return;
    if (!this.#answers(visit.home)) {
      timeline.after(CANCELS_AGAIN_MILLISECONDS, () => this.#cancel(visit, reservation));
      return;
    }
    sites[visit.home].agenda.remove(reservation);
    visit.cancelledAt = timeline.now;
    this.cancelled += 1;
  }

  /** What a platform shows as free of a doctor, soonest first. */
  freeAt(id: ConnectionId, actor: string): OfferedSlot<unknown>[] {
    const { sites, timeline } = this.#world;
    const { agenda, platform } = sites[id];
    const from = plus(timeline.now, NOTICE_MILLISECONDS);
    const until = plus(timeline.now, AHEAD_MILLISECONDS);
    return agenda
      .slots(platform.calendarOf(actor))
      .filter(({ interval }) => from < interval.start && interval.start < until)
      .filter((slot) => agenda.stateOf(slot) === 'free');
  }

  soldOn(id: ConnectionId, from: Instant, until: Instant): number {
    return this.visits.filter(({ home, soldAt }) => home === id && from <= soldAt && soldAt < until).length;
  }

  /** Somebody comes at some of that time, wherever it was booked. */
  isSold(actor: string, time: Interval): boolean {
    const all = this.#ofActor.get(actor) ?? [];
    return all.some(({ interval, cancelledAt }) => cancelledAt === null && overlaps(interval, time));
  }
}

/** How many come in an hour of the week, by comparison. */
function weightOf(hour: number, dayOfWeek: number): number {
  const byDay = dayOfWeek > 5 ? 0.6 : 1;
  if (hour < 7) return 0.1 * byDay;
  return (hour < 22 ? 1 : 0.3) * byDay;
}

const WEIGHT_OF_WEEK = Array.from({ length: 7 * 24 }, (_, hour) =>
  weightOf(hour % 24, Math.floor(hour / 24) + 1),
).reduce((sum, weight) => sum + weight, 0);

/** Both platforms, as often as needed. */
export const each = <T>(make: (id: ConnectionId) => T): Record<ConnectionId, T> =>
  Object.fromEntries(CONNECTIONS.map((id) => [id, make(id)])) as Record<ConnectionId, T>;
