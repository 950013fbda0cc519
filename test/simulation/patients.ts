import type { Agenda } from '../../src/adapter/simulator/agenda.ts';
import { isHold, type OfferedSlot, type Reservation } from '../../src/adapter/simulator/records.ts';
import { type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { overlaps } from '../../src/domain/interval.ts';
import { Callers, type CallersWorld } from './callers.ts';
import { CONNECTIONS, type ConnectionId, isWalkIn, whoseTime } from './clinic.ts';
import type { Dice } from './dice.ts';
import type { Site } from './site.ts';

/** What patients and staff do, on the platforms' own sites and through our API. */

export type PatientsWorld = CallersWorld & { readonly sites: Readonly<Record<ConnectionId, Site>> };

export class Patients {
  readonly callers: Callers;
  /** The marks of ours on what was cancelled at its platform, and when. */
  readonly cancelledReferences = new Map<string, Instant>();
  bookings = 0;
  readonly #world: PatientsWorld;

  constructor(world: PatientsWorld) {
    this.#world = world;
    this.callers = new Callers(world);
  }

  /** One of all that they may do, at this moment. */
  act(): void {
    const { dice } = this.#world;
    const site = this.#world.sites[dice.one(CONNECTIONS)];
    const throwOf = dice.next();
    if (throwOf < 0.05) this.rush();
    else if (throwOf < 0.1) this.#bookOnBoth();
    else if (throwOf < 0.22) void this.callers.book(site.id as ConnectionId, null);
    else if (throwOf < 0.3) void this.callers.hold(site.id as ConnectionId);
    else if (throwOf < 0.38) void this.callers.cancel();
    else if (throwOf < 0.48) void this.callers.move(null);
    // The platform itself is down for its patients too.
    else if (site.faults.down !== null) return;
    else if (throwOf < 0.7) this.#book(site);
    else if (throwOf < 0.82) this.#cancel(site);
    else if (throwOf < 0.9) this.#move(site);
    else if (throwOf < 0.96) this.#hold(site);
    else this.#block(site);
  }

  #free(agenda: Agenda<unknown>, isWanted: (agenda: string) => boolean = () => true): OfferedSlot<unknown>[] {
    const soon = plus(agenda.clock.now(), 90 * MINUTE);
    const wanted = agenda.calendars.filter(({ actor }) => isWanted(actor));
    return wanted.flatMap(({ id }) =>
      agenda
        .slots(id)
        // Few enough that many want the same.
        .filter((slot) => slot.interval.start > soon && agenda.stateOf(slot) === 'free')
        .slice(0, 10),
    );
  }

  #own(agenda: Agenda<unknown>): Reservation[] {
    return agenda
      .records()
      .filter((record) => record.kind === 'reservation' && !isHold(record)) as Reservation[];
  }

  #book({ agenda }: Site): void {
    const free = this.#free(agenda);
    if (free.length === 0) return;
    const { calendar, interval, id } = this.#world.dice.one(free);
    if (agenda.reserve({ calendar, interval, slotId: id, reference: null, expiresAt: null }))
      this.bookings += 1;
  }

  /** Two who want the same time, each on the site that they know. */
  #bookOnBoth(): void {
    const [one, other] = CONNECTIONS.map((id) => this.#world.sites[id]);
    if (!one || !other || one.faults.down !== null || other.faults.down !== null) return;
    const free = this.#free(one.agenda);
    if (free.length === 0) return;
    const mine = this.#world.dice.one(free);
    const actor = one.agenda.calendars.find(({ id }) => id === mine.calendar)?.actor;
    const theirs = this.#free(other.agenda).find(
      ({ calendar, interval }) =>
        overlaps(interval, mine.interval) &&
        other.agenda.calendars.some(
          ({ id, actor: whose }) => id === calendar && whoseTime(whose) === whoseTime(actor ?? ''),
        ),
    );
    for (const [{ agenda }, slot] of [
      [one, mine],
      [other, theirs],
    ] as const) {
      if (!slot) continue;
      const { calendar, interval, id } = slot;
      if (agenda.reserve({ calendar, interval, slotId: id, reference: null, expiresAt: null }))
        this.bookings += 1;
    }
  }

  /** Some who come to the walk-in service within the same half hour, each by another of its agendas. */
  crowd(dice: Dice): void {
    const { sites } = this.#world;
    const open = CONNECTIONS.map((id) => sites[id]).filter(({ faults }) => faults.down === null);
    const free = open.flatMap(({ agenda }) => this.#free(agenda, isWalkIn).map((slot) => ({ agenda, slot })));
    if (free.length === 0) return;
    const { interval: near } = dice.one(free).slot;
    const time = { start: near.start, end: plus(near.start, 30 * MINUTE) };
    const places = free.filter(({ slot }) => overlaps(slot.interval, time));
    for (const { agenda, slot } of places) {
      const { calendar, interval, id } = slot;
      if (dice.chance(0.4)) continue;
      if (agenda.reserve({ calendar, interval, slotId: id, reference: null, expiresAt: null }))
        this.bookings += 1;
    }
  }

  #cancel({ agenda }: Site): void {
    const own = this.#own(agenda);
    if (own.length === 0) return;
    const reservation = this.#world.dice.one(own);
    agenda.remove(reservation);
    if (reservation.reference !== null)
      this.cancelledReferences.set(reservation.reference, this.#world.now());
    for (const request of this.callers.requests) {
      if (reservation.reference === `passerelle:${request.appointmentId}`) request.fate = 'cancelled';
    }
  }

  /** Within the agenda, as a platform lets its own patients do it. */
  #move({ agenda }: Site): void {
    const own = this.#own(agenda).filter((reservation) => reservation.reference === null);
    if (own.length === 0) return;
    const reservation = this.#world.dice.one(own);
    const free = this.#free(agenda).filter((slot) => slot.calendar === reservation.calendar);
    if (free.length === 0) return;
    const { interval, id } = this.#world.dice.one(free);
    agenda.change(reservation, { interval, slotId: id });
  }

  #hold({ agenda }: Site): void {
    const free = this.#free(agenda);
    if (free.length === 0) return;
    const { dice } = this.#world;
    const { calendar, interval, id } = dice.one(free);
    const expiresAt = plus(agenda.clock.now(), dice.whole(1, 10) * MINUTE);
    const hold = agenda.reserve({ calendar, interval, slotId: id, reference: null, expiresAt });
    if (!hold || dice.chance(0.5)) return;
    agenda.change(hold, { expiresAt: null });
    this.bookings += 1;
  }

  #block({ agenda }: Site): void {
    const { dice } = this.#world;
    const blocks = agenda.records().filter((record) => record.kind === 'block' && record.reference === null);
    if (blocks.length > 2 && dice.chance(0.6)) {
      agenda.remove(dice.one(blocks));
      return;
    }
    const free = this.#free(agenda);
    if (free.length === 0) return;
    const { calendar, interval } = dice.one(free);
    agenda.block(calendar, interval, null);
  }

  /** Several at once for the same time, on all platforms: to book it, or to move there. */
  rush(): void {
    const { dice, sites } = this.#world;
    const free = this.#free(sites[dice.one(CONNECTIONS)].agenda);
    if (free.length === 0) return;
    const { interval } = dice.one(free);
    for (const home of CONNECTIONS) void this.callers.book(home, interval);
    void this.callers.book(dice.one(CONNECTIONS), interval);
    void this.callers.move(interval);
  }
}
