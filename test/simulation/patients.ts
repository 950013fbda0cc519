import type { PatientDetails } from '../../src/adapter/contract.ts';
import type { Agenda } from '../../src/adapter/simulator/agenda.ts';
import { isHold, type OfferedSlot, type Reservation } from '../../src/adapter/simulator/records.ts';
import { type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps } from '../../src/domain/interval.ts';
import type { BookOutcome } from '../../src/engine/ports/front.ts';
import type { SlotDetails } from '../../src/engine/ports/store.ts';
import { CONNECTIONS, type ConnectionId } from './clinic.ts';
import type { Dice } from './dice.ts';
import type { Gateway } from './gateway.ts';
import type { Site } from './site.ts';

/** What patients and staff do, on the platforms' own sites and through our API, and what they were told. */

/** Made up, and easy to find wherever it should not be. */
export const CANARY = 'Canari-Fictif';
export const PATIENT: PatientDetails = {
  family: CANARY,
  given: 'Rose',
  nam: null,
  birthDate: null,
  phone: null,
  email: null,
};

/** A booking through our API, as its caller knows it. */
export type Request = {
  readonly home: ConnectionId;
  readonly scheduleId: string;
  readonly interval: Interval;
  /** When they first asked for the time: as a hold, or to book it at once. */
  readonly askedAt: Instant;
  /** Null: the process died before it answered. */
  outcome: BookOutcome['outcome'] | null;
  appointmentId: string | null;
  /** `unknown`: somebody was cancelling it and was not answered. */
  fate: 'standing' | 'cancelled' | 'unknown';
};

export type PatientsWorld = {
  readonly sites: Readonly<Record<ConnectionId, Site>>;
  readonly dice: Dice;
  readonly now: () => Instant;
  readonly later: (milliseconds: number, run: () => void) => void;
  readonly gateway: () => Gateway | null;
};

export class Patients {
  readonly requests: Request[] = [];
  /** The marks of ours on what was cancelled at its platform. */
  readonly cancelledReferences = new Set<string>();
  bookings = 0;
  holds = 0;
  readonly #world: PatientsWorld;

  constructor(world: PatientsWorld) {
    this.#world = world;
  }

  /** One of all that they may do, at this moment. */
  act(): void {
    const { dice } = this.#world;
    const site = this.#world.sites[dice.one(CONNECTIONS)];
    const throwOf = dice.next();
    if (throwOf < 0.05) this.#rush();
    else if (throwOf < 0.1) this.#bookOnBoth();
    else if (throwOf < 0.22) void this.#bookByApi(site.id as ConnectionId, null);
    else if (throwOf < 0.3) void this.#holdByApi(site.id as ConnectionId);
    else if (throwOf < 0.38) void this.#cancelByApi();
    // The platform itself is down for its patients too.
    else if (site.faults.down !== null) return;
    else if (throwOf < 0.7) this.#book(site);
    else if (throwOf < 0.82) this.#cancel(site);
    else if (throwOf < 0.9) this.#move(site);
    else if (throwOf < 0.96) this.#hold(site);
    else this.#block(site);
  }

  #free(agenda: Agenda<unknown>): OfferedSlot<unknown>[] {
    const soon = plus(agenda.clock.now(), 90 * MINUTE);
    return agenda.calendars.flatMap(({ id }) =>
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
        other.agenda.calendars.some(({ id, actor: whose }) => id === calendar && whose === actor),
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

  #cancel({ agenda }: Site): void {
    const own = this.#own(agenda);
    if (own.length === 0) return;
    const reservation = this.#world.dice.one(own);
    agenda.remove(reservation);
    if (reservation.reference !== null) this.cancelledReferences.add(reservation.reference);
    for (const request of this.requests) {
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

  /** Several at once for the same time, on all platforms. */
  #rush(): void {
    const { dice, sites } = this.#world;
    const free = this.#free(sites[dice.one(CONNECTIONS)].agenda);
    if (free.length === 0) return;
    const { interval } = dice.one(free);
    for (const home of CONNECTIONS) void this.#bookByApi(home, interval);
    void this.#bookByApi(dice.one(CONNECTIONS), interval);
  }

  async #bookByApi(home: ConnectionId, near: Interval | null): Promise<void> {
    const gateway = this.#world.gateway();
    if (!gateway) return;
    try {
      const slot = await this.#offered(gateway, home, near);
      if (slot) await this.#bookSlot(gateway, slot, null, this.#world.now());
    } catch {
      // The database did not answer: the caller was told nothing.
    }
  }

  /** Holds, then books in time, or too late, or gives it back, or never comes back. */
  async #holdByApi(home: ConnectionId): Promise<void> {
    const gateway = this.#world.gateway();
    if (!gateway) return;
    const { dice, later } = this.#world;
    try {
      const slot = await this.#offered(gateway, home, null);
      if (!slot) return;
      const milliseconds = dice.whole(1, 10) * MINUTE;
      const askedAt = this.#world.now();
      const answer = await gateway.engine.hold({ slot, milliseconds });
      if (answer.outcome !== 'held') return;
      this.holds += 1;
      const { id } = answer.appointment;
      const isBooked = dice.chance(0.7);
      const wait = dice.between(0, 1.5 * milliseconds);
      later(
        wait,
        () =>
          void this.#endHold(
            isBooked ? 'booked' : dice.chance(0.5) ? 'released' : 'left',
            id,
            slot.id,
            askedAt,
          ),
      );
    } catch {
      // The database did not answer.
    }
  }

  async #endHold(
    end: 'booked' | 'released' | 'left',
    holdId: string,
    slotId: string,
    askedAt: Instant,
  ): Promise<void> {
    const gateway = this.#world.gateway();
    if (!gateway || end === 'left') return;
    try {
      if (end === 'released') {
        await gateway.engine.cancel(holdId);
        return;
      }
      const slot = await gateway.engine.find(slotId);
      if (slot) await this.#bookSlot(gateway, slot, holdId, askedAt);
    } catch {
      // The database did not answer.
    }
  }

  async #offered(gateway: Gateway, home: ConnectionId, near: Interval | null): Promise<SlotDetails | null> {
    const { dice, now } = this.#world;
    const start = { fromMs: plus(now(), 90 * MINUTE), beforeMs: null };
    const query = {
      ids: null,
      scheduleIds: null,
      statuses: ['free'] as const,
      staleCalendars: [],
      unreleased: [],
      onlySellable: true,
      after: null,
    };
    const rows = await gateway.reader.searchSlots({ ...query, start, limit: 60 });
    const offered = rows
      .filter((row) => row.connectionId === home)
      .filter((row) => !near || Math.abs(row.startMs - near.start) < 15 * MINUTE);
    return offered.length > 0 ? gateway.engine.find(dice.one(offered).id) : null;
  }

  async #bookSlot(
    gateway: Gateway,
    slot: SlotDetails,
    holdId: string | null,
    askedAt: Instant,
  ): Promise<void> {
    const { scheduleId, interval, connectionId } = slot;
    const request: Request = {
      home: connectionId as ConnectionId,
      scheduleId,
      interval,
      askedAt,
      outcome: null,
      appointmentId: holdId,
      fate: 'standing',
    };
    this.requests.push(request);
    const answer = await gateway.engine.book({ slot, patient: PATIENT, comment: null, holdId });
    request.outcome = answer.outcome;
    if (answer.outcome === 'booked' || answer.outcome === 'pending') {
      request.appointmentId = answer.appointment.id;
      this.bookings += 1;
    }
  }

  async #cancelByApi(): Promise<void> {
    const gateway = this.#world.gateway();
    const live = this.requests.filter(({ outcome, fate }) => outcome === 'booked' && fate === 'standing');
    if (!gateway || live.length === 0) return;
    const request = this.#world.dice.one(live);
    request.fate = 'unknown';
    try {
      const answer = await gateway.engine.cancel(request.appointmentId ?? '');
      request.fate = answer.outcome === 'cancelled' ? 'cancelled' : 'standing';
    } catch {
      // The database did not answer.
    }
  }
}
