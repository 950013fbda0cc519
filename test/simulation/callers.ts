import type { PatientDetails } from '../../src/adapter/contract.ts';
import { type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { BookOutcome, HoldOutcome, MoveOutcome } from '../../src/engine/ports/front.ts';
import type { SlotDetails } from '../../src/engine/ports/store.ts';
import type { ConnectionId } from './clinic.ts';
import type { Dice } from './dice.ts';
import type { Gateway } from './gateway.ts';
import type { Held } from './holds.ts';

/** Who books, holds, moves and cancels through our API, and what they were told. */

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
  /** When it is, as they were told; several where a move of it was not answered, or nobody could say. */
  times: readonly Interval[];
  /** Where a move of it is under way: nobody asks for another meanwhile. */
  movingAt: Gateway | null;
};

/** Somebody asked for a booking to be at another time. */
export type Moving = {
  readonly appointmentId: string;
  readonly scheduleId: string;
  readonly interval: Interval;
  readonly from: Instant;
  /** Null: they were not answered. */
  outcome: MoveOutcome['outcome'] | null;
};

/** Somebody asked for a slot that they did not hold, and this is what they were told. */
export type Ask = {
  readonly scheduleId: string;
  readonly interval: Interval;
  /** When they asked, and when they had the answer. */
  readonly from: Instant;
  readonly until: Instant;
  readonly outcome: BookOutcome['outcome'] | HoldOutcome['outcome'] | MoveOutcome['outcome'];
};

/** Whether they were given the time. */
export const isGiven = ({ outcome }: Pick<Ask, 'outcome'>): boolean =>
  outcome === 'booked' || outcome === 'pending' || outcome === 'held' || outcome === 'moved';

export type CallersWorld = {
  readonly dice: Dice;
  readonly now: () => Instant;
  readonly later: (milliseconds: number, run: () => void) => void;
  readonly gateway: () => Gateway | null;
  /** How many of the free slots they look at, the soonest first. */
  readonly reach: number;
  /** Told of each hold that a caller was given. */
  readonly watch: (hold: Held) => void;
};

export class Callers {
  readonly requests: Request[] = [];
  readonly asks: Ask[] = [];
  readonly held: Held[] = [];
  readonly moves: Moving[] = [];
  bookings = 0;
  holds = 0;
  readonly #world: CallersWorld;

  constructor(world: CallersWorld) {
    this.#world = world;
  }

  async book(home: ConnectionId, near: Interval | null): Promise<void> {
    const gateway = this.#world.gateway();
    if (!gateway) return;
    try {
      const slot = await this.#offered(gateway, { home, near });
      if (slot) await this.#bookSlot(gateway, slot, null, this.#world.now());
    } catch {
      // The database did not answer: the caller was told nothing.
    }
  }

  /** Holds, then books in time, or too late, or gives it back, or never comes back. */
  async hold(home: ConnectionId): Promise<void> {
    const gateway = this.#world.gateway();
    if (!gateway) return;
    const { dice, later } = this.#world;
    try {
      const slot = await this.#offered(gateway, { home });
      if (!slot) return;
      const milliseconds = dice.whole(1, 10) * MINUTE;
      const askedAt = this.#world.now();
      const answer = await gateway.engine.hold({ slot, milliseconds });
      this.#note(slot, askedAt, answer.outcome);
      if (answer.outcome !== 'held') return;
      this.holds += 1;
      const kept = this.#keep(home, slot, {
        id: answer.appointment.id,
        milliseconds,
        from: askedAt,
        expiresAt: answer.expiresAt,
      });
      const isBooked = dice.chance(0.7);
      const wait = dice.between(0, 1.5 * milliseconds);
      later(
        wait,
        () => void this.#endHold(isBooked ? 'booked' : dice.chance(0.5) ? 'released' : 'left', kept, slot.id),
      );
    } catch {
      // The database did not answer.
    }
  }

  #keep(
    home: ConnectionId,
    { scheduleId, interval }: SlotDetails,
    told: Pick<Held, 'id' | 'milliseconds' | 'from' | 'expiresAt'>,
  ): Held {
    const since = this.#world.now();
    const unseen = { endedByCallerAt: null, stoodBefore: null, stoodAfter: null };
    const hold: Held = { ...told, ...unseen, home, scheduleId, interval, since };
    this.held.push(hold);
    this.#world.watch(hold);
    return hold;
  }

  async #endHold(end: 'booked' | 'released' | 'left', hold: Held, slotId: string): Promise<void> {
    const gateway = this.#world.gateway();
    if (!gateway || end === 'left') return;
    hold.endedByCallerAt = this.#world.now();
    try {
      if (end === 'released') {
        await gateway.engine.cancel(hold.id);
        return;
      }
      const slot = await gateway.engine.find(slotId);
      if (slot) await this.#bookSlot(gateway, slot, hold.id, hold.from);
    } catch {
      // The database did not answer.
    }
  }

  async #offered(
    gateway: Gateway,
    {
      home,
      near = null,
      scheduleId = null,
    }: { readonly home: ConnectionId; readonly near?: Interval | null; readonly scheduleId?: string | null },
  ): Promise<SlotDetails | null> {
    const { dice, now, reach } = this.#world;
    const start = { fromMs: plus(now(), 90 * MINUTE), beforeMs: null };
    const query = {
      ids: null,
      scheduleIds: scheduleId === null ? null : [scheduleId],
      statuses: ['free'] as const,
      staleCalendars: [],
      unreleased: [],
      onlySellable: true,
      after: null,
    };
    const rows = await gateway.reader.searchSlots({ ...query, start, limit: reach });
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
      times: [interval],
      movingAt: null,
    };
    this.requests.push(request);
    const answer = await gateway.engine.book({ slot, patient: PATIENT, comment: null, holdId });
    request.outcome = answer.outcome;
    if (holdId === null) this.#note(slot, askedAt, answer.outcome);
    if (answer.outcome === 'booked' || answer.outcome === 'pending') {
      request.appointmentId = answer.appointment.id;
      this.bookings += 1;
    }
  }

  #note({ scheduleId, interval }: SlotDetails, from: Instant, outcome: Ask['outcome']): void {
    this.asks.push({ scheduleId, interval, from, until: this.#world.now(), outcome });
  }

  get #live(): Request[] {
    return this.requests.filter(({ outcome, fate }) => outcome === 'booked' && fate === 'standing');
  }

  /** Somebody who would rather come at another time. */
  async move(near: Interval | null): Promise<void> {
    const gateway = this.#world.gateway();
    // Whoever asked a process that died does not wait for ever.
    const live = this.#live.filter(({ movingAt }) => movingAt === null || movingAt.life.isOver);
    if (!gateway || live.length === 0) return;
    const request = this.#world.dice.one(live);
    request.movingAt = gateway;
    try {
      const { home, scheduleId } = request;
      const slot = await this.#offered(gateway, { home, near, scheduleId });
      if (slot) await this.#moveTo(gateway, slot, request);
    } catch {
      // The database did not answer.
    }
    request.movingAt = null;
  }

  async #moveTo(gateway: Gateway, slot: SlotDetails, request: Request): Promise<void> {
    const { scheduleId, interval } = slot;
    const appointmentId = request.appointmentId ?? '';
    const from = this.#world.now();
    const moving: Moving = { appointmentId, scheduleId, interval, from, outcome: null };
    this.moves.push(moving);
    const before = request.times;
    request.times = [...before, interval];
    const { outcome } = await gateway.engine.move({ appointmentId, slot });
    moving.outcome = outcome;
    this.#note(slot, from, outcome);
    if (outcome === 'moved') request.times = [interval];
    else if (outcome !== 'unknown') request.times = before;
  }

  async cancel(): Promise<void> {
    const gateway = this.#world.gateway();
    const live = this.#live;
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
