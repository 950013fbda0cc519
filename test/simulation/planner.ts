import { HOUR, type Instant, plus } from '../../src/domain/instant.ts';
import { type Offering, ON_OFFER } from '../../src/domain/offering.ts';
import type { ScheduleOutcome } from '../../src/engine/ports/offerings.ts';
import type { Dice } from './dice.ts';
import type { Gateway } from './gateway.ts';

/** Somebody at the clinic who takes schedules off offer, for good or for a time, and puts them back. */

export type Plan = {
  readonly scheduleId: string;
  readonly offering: Offering;
  /** Null: they were not answered. */
  outcome: ScheduleOutcome['outcome'] | null;
};

export class Planner {
  /** In the order in which they were asked for. */
  readonly plans: Plan[] = [];
  readonly #dice: Dice;
  readonly #now: () => Instant;
  readonly #scheduleIds: readonly string[];
  readonly #gateway: () => Gateway | null;

  constructor(world: {
    readonly dice: Dice;
    readonly now: () => Instant;
    readonly scheduleIds: readonly string[];
    readonly gateway: () => Gateway | null;
  }) {
    this.#dice = world.dice;
    this.#now = world.now;
    this.#scheduleIds = world.scheduleIds;
    this.#gateway = world.gateway;
  }

  async act(): Promise<void> {
    const gateway = this.#gateway();
    if (!gateway) return;
    const plan: Plan = {
      scheduleId: this.#dice.one(this.#scheduleIds),
      offering: this.#offering(),
      outcome: null,
    };
    this.plans.push(plan);
    const { scheduleId, offering } = plan;
    const unsaid = { startText: null, endText: null, comment: null, ifVersion: null };
    try {
      plan.outcome = (await gateway.engine.offerSchedule({ scheduleId, ...offering, ...unsaid })).outcome;
    } catch {
      // The database did not answer.
    }
  }

  #offering(): Offering {
    const throwOf = this.#dice.next();
    if (throwOf < 0.4) return { ...ON_OFFER, active: false };
    if (throwOf < 0.7) return ON_OFFER;
    const start = plus(this.#now(), this.#dice.whole(0, 48) * HOUR);
    return {
      active: true,
      start: this.#dice.chance(0.6) ? start : null,
      end: this.#dice.chance(0.6) ? plus(start, this.#dice.whole(1, 48) * HOUR) : null,
    };
  }
}
